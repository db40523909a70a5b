//! What a cell may hold: one that cannot be read costs nothing but itself.

use vigie::rescan::source::sql;
use vigie::rescan::spec::{Columns, Table};

use super::support::{BOTH, Kind, Wire, all, read, shown, table};

#[test]
fn bytes_that_are_no_text_are_unreadable_and_the_rest_is_read() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run_each(
            "CREATE TABLE t (id int PRIMARY KEY, data bytea, note text); \
             INSERT INTO t VALUES (1, '\\x64696162e974', 'a'), (2, 'entier', 'b'), (3, '\\xc3a974c3a9', 'c'), (4, NULL, 'd')",
            "CREATE TABLE t (id int PRIMARY KEY, data blob, note text)",
        );
        if base.kind == Kind::Mysql {
            base.run("INSERT INTO t VALUES (1, x'64696162e974', 'a'), (2, 'entier', 'b'), (3, x'c3a974c3a9', 'c'), (4, NULL, 'd')");
        }
        let rows: Vec<String> = all(&base, table("t", None, &["data", "note"])).iter().map(shown).collect();
        assert!(
            rows[0].starts_with("1|?") && rows[0].ends_with("|a") && !rows[0].contains("diab"),
            "{}",
            rows[0]
        );
        assert_eq!(rows[1..], ["2|entier|b", "3|été|c", "4|-|d"]);
    }
}

#[test]
fn a_database_that_does_not_know_its_encoding() {
    let options = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0";
    let Some(base) = Kind::Postgres.base_with(options) else { return };
    base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
    base.run(
        "INSERT INTO t VALUES (1, convert_from('\\x64696162e974', 'SQL_ASCII')), (2, 'été'), (3, 'plain')",
    );
    let rows: Vec<String> = all(&base, table("t", None, &["note"])).iter().map(shown).collect();
    assert!(rows[0].starts_with("1|?the database does not know its own encoding"), "{}", rows[0]);
    assert!(!rows[0].contains("diab"));
    assert_eq!(rows[1..], ["2|été", "3|plain"]);
}

#[test]
fn a_database_in_windows_1252_is_converted_and_a_byte_that_has_no_character_costs_its_cell() {
    let options = "ENCODING 'WIN1252' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0";
    let Some(base) = Kind::Postgres.base_with(options) else { return };
    base.run("CREATE TABLE t (id int PRIMARY KEY, note text, other text)");
    base.run("INSERT INTO t SELECT i, 'été ' || i || ' €', 'œuf ' || i FROM generate_series(1, 3000) i");
    // 0x81 is nothing in Windows-1252; the server stores it all the same and fails to give it.
    base.run("UPDATE t SET note = convert_from('\\x8164696162', 'WIN1252') WHERE id IN (1, 700, 701, 3000)");
    let rows: Vec<String> = all(&base, table("t", None, &["note", "other"])).iter().map(shown).collect();
    assert_eq!(rows.len(), 3000);
    for (row, id) in rows.iter().zip(1..) {
        if [1, 700, 701, 3000].contains(&id) {
            assert!(row.starts_with(&format!("{id}|?")) && row.ends_with(&format!("|œuf {id}")), "{row}");
            assert!(row.contains("22P05") && !row.contains("diab"), "{row}");
        } else {
            assert_eq!(*row, format!("{id}|été {id} €|œuf {id}"));
        }
    }
}

#[test]
fn columns_in_latin1_are_converted() {
    let Some(base) = Kind::Mysql.base() else { return };
    base.run("CREATE TABLE t (id int PRIMARY KEY, note text CHARACTER SET latin1, o varchar(20) CHARACTER SET utf16)");
    base.run("INSERT INTO t VALUES (1, _utf8mb4'réunion à 8 € près', _utf8mb4'œuf 🙂')");
    let rows: Vec<String> = all(&base, table("t", None, &["note", "o"])).iter().map(shown).collect();
    assert_eq!(rows, ["1|réunion à 8 € près|œuf 🙂"]);
}

#[test]
fn a_cell_of_50_mb_is_not_fetched() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run_each(
            "CREATE TABLE t (id int PRIMARY KEY, note text)",
            "CREATE TABLE t (id int PRIMARY KEY, note longtext)",
        );
        base.run("INSERT INTO t VALUES (1, 'avant'), (2, repeat('é', 26214400)), (3, repeat('a', 1048576)), (4, 'après')");
        let wire = Wire::to(&base);
        let (mut source, unit) = wire.open(table("t", None, &["note"]));
        let pages = read(&mut *source, &unit, None, 500).unwrap();
        let rows: Vec<String> = pages.iter().flat_map(|(rows, _)| rows).map(shown).collect();
        assert!(
            rows[1].starts_with("2|?52428800 bytes, more than the limit of 1048576"),
            "{}",
            &rows[1][..80]
        );
        assert_eq!((rows[0].as_str(), rows[2].len(), rows[3].as_str()), ("1|avant", 1_048_578, "4|après"));
        // The third note is 1 MB, and read twice where a first query asks for lengths.
        assert!((1..4).contains(&wire.megabytes()), "{} MB came from the server", wire.megabytes());
    }
}

#[test]
fn many_large_rows_come_in_bounded_pieces() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run_each(
            "CREATE TABLE t (id int PRIMARY KEY, note text)",
            "CREATE TABLE t (id int PRIMARY KEY, note longtext)",
        );
        base.run("INSERT INTO t VALUES (1, repeat('x', 900000))");
        for doubling in [1, 2, 4, 8, 16, 32] {
            base.run(&format!("INSERT INTO t SELECT id + {doubling}, note FROM t"));
        }
        let (mut source, unit) = base.open(table("t", None, &["note"]));
        let pages = read(&mut *source, &unit, None, 10).unwrap();
        let sizes: Vec<usize> = pages.iter().map(|(rows, _)| rows.len()).collect();
        assert_eq!(sizes, [10, 10, 10, 10, 10, 10, 4], "cut by count alone");
    }
}

#[test]
fn labels_and_dates_that_are_none() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run_each(
            "CREATE TABLE t (id int PRIMARY KEY, note text, who text, team text, part text, at timestamptz)",
            "CREATE TABLE t (id int PRIMARY KEY, note text, who text, team text, part text, at datetime)",
        );
        base.run_each(
            "INSERT INTO t VALUES (1, 'a', 'marie', ' nord ', 'suivi', '2024-02-29 10:00'), (2, 'b', '', NULL, NULL, 'infinity')",
            "INSERT INTO t VALUES (1, 'a', 'marie', ' nord ', 'suivi', '2024-02-29 10:00')",
        );
        if base.kind == Kind::Mysql {
            base.run("SET STATEMENT sql_mode = '' FOR INSERT INTO t VALUES (2, 'b', '', NULL, NULL, '0000-00-00 00:00:00')");
        }
        let columns = Columns {
            text: vec!["note".into()],
            author: Some("who".into()),
            team: Some("team".into()),
            field: Some("part".into()),
            date: Some("at".into()),
            key: None,
        };
        let tables = vec![Table { name: "t".into(), columns, ..Table::default() }];
        for authors in [false, true] {
            let mut source = sql::open(&base.database(tables.clone()), authors).unwrap();
            let unit = source.units().unwrap().remove(0).unwrap();
            let pages = read(&mut *source, &unit, None, 10).unwrap();
            let labels: Vec<_> = pages[0].0.iter().map(|row| row.labels.clone()).collect();
            assert_eq!(labels[0].author.as_deref(), authors.then_some("marie"));
            let [team, field, month] =
                [&labels[0].team, &labels[0].field, &labels[0].month].map(Option::as_deref);
            assert_eq!([team, field, month], [Some("nord"), Some("suivi"), Some("2024-02")]);
            assert_eq!(labels[1], Default::default());
        }
    }
}

#[test]
fn blanks_nulls_and_zero_characters() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
        base.run("INSERT INTO t VALUES (1, NULL), (2, ''), (3, '  '), (4, 'x')");
        let mut expected = vec!["1|-", "2|-", "3|-", "4|x"];
        if base.kind == Kind::Mysql {
            base.run("INSERT INTO t VALUES (5, 'a\\0b')");
            expected.push("5|a\0b");
        }
        let rows: Vec<String> = all(&base, table("t", None, &["note"])).iter().map(shown).collect();
        assert_eq!(rows, expected);
    }
}
