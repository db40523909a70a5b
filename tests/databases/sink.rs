//! Findings put into a table of a database: whole, once, and again.

use vigie::rescan::sink::sql::export;
use vigie::store::findings::Filter;

use super::program::Place;
use super::support::{BOTH, Kind};

#[test]
fn a_table_of_findings_has_each_rescan_once() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id varchar(20) PRIMARY KEY, note text, equipe varchar(20))");
        base.run_each(
            "INSERT INTO t SELECT 'n' || i, 'Client diabétique n° ' || i, 'l''équipe \\ 1' FROM generate_series(1, 1203) i",
            "INSERT INTO t SELECT CONCAT('n', seq), CONCAT('Client diabétique n° ', seq), 'l''équipe \\\\ 1' FROM seq_1_to_1203",
        );
        let place = Place::new();
        let (code, _, said) = place.run(&["run", &base.url, "--table", "t", "--out", &base.url]);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("1203 findings") && !said.contains("essai"), "{said}");
        assert_eq!(base.rows("SELECT count(*) FROM vigie_findings"), ["1203"]);
        let id = place.newest().unwrap().id;
        let (code, _, said) = place.run(&["export", &id, "--out", &format!("{}?table=x&tables=y", base.url)]);
        assert!(code == 2 && said.contains("unknown parameter tables"), "{said}");
        let found = place.findings(&id);
        assert_eq!(found.len(), 1203);
        let store = place.store();
        let connection = store.connection().unwrap();
        let address = format!("{}?table=findings_of_mine", base.url);
        for _ in 0..2 {
            assert_eq!(export(&connection, &id, &Filter::default(), &address).unwrap(), 1203);
            assert_eq!(
                base.rows("SELECT count(*), count(DISTINCT fingerprint) FROM findings_of_mine"),
                ["1203|1203"]
            );
        }
        // Another rescan's rows stay.
        base.run("UPDATE findings_of_mine SET rescan = 'r-before' WHERE note = 'n7'");
        assert_eq!(export(&connection, &id, &Filter::default(), &address).unwrap(), 1203);
        let counts = "SELECT rescan, count(*) FROM findings_of_mine GROUP BY rescan ORDER BY count(*)";
        assert_eq!(base.rows(counts), ["r-before|1".to_owned(), format!("{id}|1203")]);
        let one = base.rows(&format!(
            "SELECT unit, note, column_name, category, severity, action, start_utf16, end_utf16, rule, team, review, author \
             FROM findings_of_mine WHERE note = 'n12' AND rescan = '{id}'"
        ));
        let unit = if base.kind == Kind::Postgres { "public.t" } else { "t" };
        assert_eq!(one.len(), 1);
        assert!(one[0].starts_with(&format!("{unit}|n12|note|health|")), "{}", one[0]);
        assert!(one[0].contains("|7|17|") && one[0].ends_with("|l'équipe \\ 1|to_review|NULL"), "{}", one[0]);
        // A table of another shape is not touched.
        base.run("CREATE TABLE other (x int)");
        let error = export(&connection, &id, &Filter::default(), &format!("{}?table=other", base.url))
            .unwrap_err()
            .to_string();
        assert!(error.contains("rescan") && !error.contains("essai"), "{error}");
        // Where it fails midway, what was there stays.
        base.run_each(
            "ALTER TABLE findings_of_mine ADD CHECK (note <> 'n999') NOT VALID",
            "CREATE TRIGGER no BEFORE INSERT ON findings_of_mine FOR EACH ROW IF NEW.note = 'n999' THEN SIGNAL SQLSTATE \
             '45000' SET MESSAGE_TEXT = 'no'; END IF",
        );
        let before = base.rows(counts);
        assert!(export(&connection, &id, &Filter::default(), &address).is_err());
        assert_eq!(base.rows(counts), before);
    }
}
