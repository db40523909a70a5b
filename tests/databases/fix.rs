//! Remediation: what is prepared, and what the script does where it is run.

use std::path::Path;
use std::process::Command;

use vigie::rescan::review::{Decision, Grounds, Reason};
use vigie::store::reviews;

use super::program::{Place, bare};
use super::support::{BOTH, Base, Kind};

/// Runs a script with the server's own program; what it printed, columns with bars between.
fn run_script(base: &Base, script: &Path) -> String {
    let output = match base.kind {
        Kind::Postgres => Command::new("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f"])
            .arg(script)
            .arg(&base.url)
            .output()
            .unwrap(),
        Kind::Mysql => {
            let (_, rest) = base.url.split_once("127.0.0.1:").unwrap();
            let (port, name) = rest.split_once('/').unwrap();
            Command::new("mariadb")
                .args([
                    "--no-defaults",
                    "--default-character-set=utf8mb4",
                    "-h127.0.0.1",
                    "-uvigie_admin",
                    "-pessai",
                ])
                .args(["--skip-column-names", "--batch", "-P", port, name])
                .stdin(std::fs::File::open(script).unwrap())
                .output()
                .unwrap()
        }
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let said = text(output.stderr);
    assert!(output.status.success(), "{said}");
    text(output.stdout).replace('\t', "|")
}

/// A note that tries every way out of its quotes.
const NASTY: &str = "Client diabétique\r\n'); DROP TABLE t; -- l'été \\' \"x\" `y` $$ \t 🙂 \\";

fn fill(base: &Base) {
    base.run("CREATE TABLE t (a int, b varchar(40), note text, court varchar(20), PRIMARY KEY (a, b))");
    base.run("CREATE TABLE propre (id int PRIMARY KEY, note text)");
    base.run("INSERT INTO propre VALUES (1, 'Livraison mardi')");
    let nasty = match base.kind {
        Kind::Postgres => NASTY.replace('\'', "''"),
        Kind::Mysql => NASTY.replace('\\', "\\\\").replace('\'', "''"),
    };
    for (key, note, short) in [
        ("1, 'x'", "Client diabétique, livrer le matin", "NULL"),
        ("2, 'l''été, \"é\" '", "Livraison mardi", "'diabétique'"),
        ("3, 'x'", &nasty, "NULL"),
        ("4, 'x'", "Son fils est autiste, le rappeler", "NULL"),
        ("5, 'x'", "Son mari est diabétique, le rappeler", "NULL"),
        ("6, 'x'", "Sa femme est alcoolique, ne pas insister", "NULL"),
        ("7, 'x'", "Elle est enceinte et diabétique", "NULL"),
    ] {
        base.run(&format!("INSERT INTO t VALUES ({key}, '{note}', {short})"));
    }
}

fn notes(base: &Base) -> Vec<String> {
    base.rows("SELECT a, note, court FROM t ORDER BY a")
}

#[test]
fn the_script_changes_nothing_until_told_to_and_then_only_what_was_scanned() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        fill(&base);
        let place = Place::new();
        let spec = format!(
            "[[sources]]\nkind = \"database\"\nurl = \"{}\"\n[[sources.tables]]\nname = \"t\"\ncolumns.text = [\"note\", \
             \"court\"]\n[[sources.tables]]\nname = \"propre\"\n",
            bare(&base)
        );
        std::fs::write(place.path("spec.toml"), spec).unwrap();
        let (code, id, said) = place.run(&["run", "--spec", "spec.toml"]);
        assert_eq!(code, 1, "{said}");
        let id = id.trim();
        // Reviewers let note 4 be, and one of the two findings of note 7.
        let found = place.findings(id);
        let dismissed: Vec<_> = found
            .iter()
            .filter(|f| f.note.starts_with("4,") || (f.note.starts_with("7,") && f.start < 15))
            .map(|f| f.fingerprint)
            .collect();
        assert!(dismissed.len() >= 2, "{}", dismissed.len());
        let reason = Reason::new(Grounds::Lawful, None, None).unwrap();
        let store = place.store();
        reviews::decide(&store.connection().unwrap(), &dismissed, &Decision::Dismissed(reason), None)
            .unwrap();

        let (code, _, said) = place.run(&["fix", id, "--out", "fix"]);
        assert_eq!(code, 1, "{said}");
        assert!(!said.contains("diab"), "{said}");
        let read = |name: &str| std::fs::read_to_string(place.path("fix").join(name)).unwrap();
        for name in ["ids.csv", "redacted.ndjson", "update.sql"] {
            let mode =
                std::os::unix::fs::MetadataExt::mode(&place.path("fix").join(name).metadata().unwrap());
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        let ids = read("ids.csv");
        assert_eq!(ids.lines().count(), 7, "{ids}");
        assert!(!ids.contains("diab") && !ids.contains("autiste"), "{ids}");
        assert!(ids.lines().skip(1).all(|line| line.contains(",redacted,yes,")), "{ids}");
        let redacted = read("redacted.ndjson");
        assert!(redacted.contains("\"Client [santé], livrer le matin\""), "{redacted}");
        let seventh = redacted.lines().find(|line| line.contains("\"7,x\"")).unwrap();
        assert!(seventh.contains("enceinte") && !seventh.contains("diab"), "{seventh}");

        // Somebody corrects a note before the script is run.
        let before = notes(&base);
        base.run("UPDATE t SET note = 'Son mari est diabétique : corrigé' WHERE a = 5");
        let meanwhile = notes(&base);
        let script = place.path("fix/update.sql");
        let printed = run_script(&base, &script);
        let unit = if base.kind == Kind::Postgres { "public.t" } else { "t" };
        for column in [format!("{unit}|court|1|1"), format!("{unit}|note|5|4")] {
            assert!(printed.lines().any(|line| line == column), "{column} in {printed}");
        }
        assert_eq!(notes(&base), meanwhile, "ROLLBACK");

        let text = read("update.sql");
        assert!(text.trim_end().ends_with("ROLLBACK;"), "its last statement");
        let applied = place.path("fix/applied.sql");
        std::fs::write(&applied, text.trim_end().strip_suffix("ROLLBACK;").unwrap().to_owned() + "COMMIT;\n")
            .unwrap();
        run_script(&base, &applied);
        let after = notes(&base);
        assert_eq!(after[0], "1|Client [santé], livrer le matin|NULL");
        assert_eq!(after[1], "2|Livraison mardi|[santé]");
        assert_eq!(after[2], format!("3|{}|NULL", NASTY.replace("diabétique", "[santé]")));
        assert_eq!((&after[3], &after[4]), (&meanwhile[3], &meanwhile[4]), "dismissed; changed meanwhile");
        assert!(!after[5].contains("alcoolique") && after[6].contains("enceinte"), "{after:?}");

        // The backup has the old texts, and takes the change back.
        let backup = format!("vigie_backup_{}_t", id.replace('-', "_"));
        let saved = base.rows(&format!("SELECT a, vigie_column, vigie_old FROM {backup} ORDER BY a"));
        assert_eq!(saved.len(), 5);
        assert_eq!(saved[0], "1|note|Client diabétique, livrer le matin");
        assert_eq!(saved[2], format!("3|note|{NASTY}"));
        let undo = text
            .lines()
            .filter_map(|line| line.strip_prefix("--     "))
            .filter(|line| line.starts_with("UPDATE"));
        for line in undo {
            base.run(line);
        }
        let mut restored = before.clone();
        restored[4] = meanwhile[4].clone();
        assert_eq!(notes(&base), restored);
    }
}

#[test]
fn what_no_script_can_change_is_said() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int PRIMARY KEY, note varchar(40), court varchar(6))");
        base.run("INSERT INTO t VALUES (1, 'elle est diabétique.', NULL), (2, NULL, 'sida'), (3, 'diabétique', NULL)");
        base.run("CREATE VIEW v AS SELECT id, note FROM t");
        if base.kind == Kind::Mysql {
            base.run("CREATE TABLE m (id int PRIMARY KEY, note text) ENGINE = MyISAM");
            base.run("INSERT INTO m VALUES (1, 'Client diabétique')");
        }
        let more = if base.kind == Kind::Mysql { "[[sources.tables]]\nname = \"m\"\n" } else { "" };
        let spec = format!(
            "[[sources]]\nkind = \"database\"\nurl = \"{}\"\n[[sources.tables]]\nname = \"t\"\ncolumns.text = [\"note\", \
             \"court\"]\n[[sources.tables]]\nname = \"v\"\n[[sources.tables]]\nname = \"q\"\nquery = \"SELECT id, note FROM t\"\ncolumns.key = \"id\"\n{more}",
            bare(&base)
        );
        let place = Place::new();
        std::fs::write(place.path("spec.toml"), spec).unwrap();
        let (code, id, said) = place.run(&["run", "--spec", "spec.toml"]);
        assert_eq!(code, 1, "{said}");
        base.run("DELETE FROM t WHERE id = 3");
        let (code, _, said) = place.run(&["fix", id.trim(), "--out", "fix"]);
        assert_eq!(code, 3, "{said}");
        assert!(said.contains("it is a query") && said.contains("a view, or an engine without"), "{said}");
        let ids = std::fs::read_to_string(place.path("fix/ids.csv")).unwrap();
        let unit = if base.kind == Kind::Postgres { "public.t" } else { "t" };
        assert!(ids.contains(&format!("{unit},3,note,health,1,gone,no,")), "{ids}");
        assert!(ids.contains(&format!("{unit},1,note,health,1,redacted,yes,")), "{ids}");
        let second = ids.lines().find(|line| line.starts_with(&format!("{unit},2,"))).unwrap();
        assert!(
            second.contains(",redacted,no,") && second.contains("longer than the 6 characters"),
            "{second}"
        );
        assert!(ids.lines().any(|line| line.starts_with("q,1,note,health,1,redacted,no,")), "{ids}");
        // What the script has can be run.
        run_script(&base, &place.path("fix/update.sql"));
        // A table that is gone is said for each of its notes.
        base.run("DROP VIEW v");
        base.run("DROP TABLE t");
        let (code, _, said) = place.run(&["fix", id.trim(), "--out", "again"]);
        assert_eq!(code, 3, "{said}");
        let ids = std::fs::read_to_string(place.path("again/ids.csv")).unwrap();
        assert!(ids.lines().filter(|line| line.contains(",unit_gone,")).count() >= 3, "{ids}");
    }
}

#[test]
fn files_have_ids_and_new_texts_and_no_script() {
    let place = Place::new();
    std::fs::write(place.path("notes.csv"), "id;note\n1;Client diabétique\n2;Livraison mardi\n").unwrap();
    let (code, id, said) = place.run(&["run", "notes.csv"]);
    assert_eq!(code, 1, "{said}");
    let (code, _, said) = place.run(&["fix", id.trim(), "--out", "fix"]);
    assert_eq!(code, 1, "{said}");
    let mut names: Vec<_> =
        std::fs::read_dir(place.path("fix")).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["ids.csv", "redacted.ndjson"]);
    let redacted = std::fs::read_to_string(place.path("fix/redacted.ndjson")).unwrap();
    let line: serde_json::Value = serde_json::from_str(&redacted).unwrap();
    assert_eq!((&line["key"], &line["redacted"]), (&"1".into(), &"Client [santé]".into()));
}

#[test]
fn every_row_of_a_key_that_repeats_is_redacted() {
    let place = Place::new();
    let write = |notes: &str| {
        std::fs::write(place.path("notes.csv"), format!("ref;commentaire\n{notes}")).unwrap();
    };
    let prepared = |id: &str, folder: &str| {
        let (code, _, said) = place.run(&["fix", id, "--out", folder]);
        let read = |name: &str| std::fs::read_to_string(place.path(folder).join(name)).unwrap();
        (code, said, read("ids.csv"), read("redacted.ndjson"))
    };
    write("C12;Livraison mardi\nC12;Cliente diabétique\nC12;Cliente alcoolique\n");
    let (code, id, said) = place.run(&["run", "notes.csv"]);
    assert_eq!(code, 1, "{said}");
    let id = id.trim();
    let (code, said, ids, redacted) = prepared(id, "fix");
    assert!(code == 1 && said.contains("1 note with findings, 1 redacted"), "{said}");
    let expected = [2, 3].map(|row| format!("notes.csv,C12,commentaire,health,2,redacted,no,,{row}"));
    assert_eq!(ids.lines().skip(1).collect::<Vec<_>>(), expected);
    assert!(redacted.contains("\"row\":2}") && redacted.contains("\"row\":3}"), "{redacted}");
    assert!(!redacted.contains("diab") && !redacted.contains("alcool"), "{redacted}");

    // Both are at the same place, and reviewers let only the first be.
    let first = place.findings(id)[0].fingerprint;
    let reason = Reason::new(Grounds::Lawful, None, None).unwrap();
    reviews::decide(&place.store().connection().unwrap(), &[first], &Decision::Dismissed(reason), None)
        .unwrap();
    let (code, said, _, redacted) = prepared(id, "reviewed");
    assert_eq!(code, 1, "{said}");
    assert!(redacted.contains("\"row\":3}") && !redacted.contains("alcool"), "{redacted}");

    // What is clean in all its rows is said once.
    write("C12;Livraison mardi\nC12;Livraison jeudi\n");
    let (code, said, ids, _) = prepared(id, "again");
    assert_eq!(code, 3, "{said}");
    assert_eq!(ids.lines().skip(1).collect::<Vec<_>>(), ["notes.csv,C12,commentaire,health,1,clean,no,,1"]);
}
