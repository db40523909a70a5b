use serde_json::Value;

use crate::support::{Place, csv};

#[test]
fn a_rescan_is_listed_and_shown() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 50);
    let (code, id, said) = place.run(&["run", "notes.csv", "--name", "crm"]);
    let id = id.trim();
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains("50\u{a0}notes lues dont 50\u{a0}analysées") && said.contains("10  Santé"),
        "{said}"
    );
    let (code, list, _) = place.run(&["list"]);
    assert!(code == 0 && list.contains(id) && list.contains("done") && list.contains("crm"), "{list}");
    let (_, shown, _) = place.run(&["show", id]);
    assert!(shown.contains("commentaire") && shown.contains("Santé") && !shown.contains("diab"), "{shown}");
    let (_, json, _) = place.run(&["show", id, "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rescan"]["notes"]["scanned"], 50);
    assert_eq!(json["units"][0]["columns"][0]["with_findings"], 10);
    assert_eq!(json["rescan"]["by_category"][0]["category"], "health");
    let (_, json, _) = place.run(&["list", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&json).unwrap()[0]["id"], id);
}

#[test]
fn findings_go_into_files_when_it_has_ended() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 50);
    let (code, _, said) = place.run(&["run", "notes.csv", "--out", "f.txt"]);
    assert!(code == 2 && said.contains(".ndjson") && place.newest().is_none(), "{said}");
    let (code, _, said) = place.run(&["run", "notes.csv", "--out", "f.ndjson", "--out", "f.csv"]);
    assert_eq!(code, 1, "{said}");
    let found = place.newest().unwrap().findings as usize;
    let lines = |name: &str| std::fs::read_to_string(place.path(name)).unwrap().lines().count();
    assert_eq!((lines("f.ndjson"), lines("f.csv")), (found, found + 1));
}

#[test]
fn a_resume_says_which_sinks_of_a_server_it_does_not_write() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 50);
    let (_, id, _) = place.run(&["run", "notes.csv"]);
    let id = id.trim();
    // As a server leaves it that was asked for a sink.
    let sql = "UPDATE rescan SET state = 'queued', spec = json_set(spec, '$.sinks', json_array('bi'))";
    place.store().connection().unwrap().execute_batch(sql).unwrap();
    let (code, _, said) = place.run(&["resume", id]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("(bi)") && said.contains(&format!("vigie rescan export {id} --out")), "{said}");
}

#[test]
fn an_incremental_rescan_reads_what_changed() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 1000);
    place.run(&["run", "notes.csv"]);
    let first = place.newest().unwrap();
    csv(&place.path("notes.csv"), 1010);
    let (code, _, said) = place.run(&["run", "notes.csv", "--incremental"]);
    assert_eq!(code, 1, "{said}");
    let second = place.newest().unwrap();
    assert_eq!((second.notes.scanned, second.notes.unchanged), (10, 1000));
    assert_eq!(second.findings, first.findings + 4);
}

#[test]
fn exit_codes_follow_what_was_found_and_read() {
    let place = Place::new();
    std::fs::write(place.path("clear.csv"), "id;commentaire\n1;livrer le matin\n").unwrap();
    std::fs::write(place.path("found.csv"), "id;commentaire\n1;cliente diabétique\n").unwrap();
    std::fs::write(place.path("ragged.csv"), "id;commentaire\n1;cliente diabétique\n2;a;b;c\n").unwrap();
    for (args, code) in [
        (vec!["run", "clear.csv"], 0),
        (vec!["run", "found.csv"], 1),
        (vec!["run", "found.csv", "--fail-on", "never"], 0),
        (vec!["run", "ragged.csv"], 3),
        (vec!["run", "missing.csv"], 2),
        (vec!["run", "clear.csv", "--text", "nope"], 2),
        (vec!["run", "clear.csv", "--profile", "nope"], 2),
        (vec!["run", "postgres://localhost/crm"], 2),
        (vec!["show", "r-none"], 2),
        (vec!["resume", "r-none"], 2),
    ] {
        let (got, _, said) = place.run(&args);
        assert_eq!(got, code, "{args:?}: {said}");
        assert!(!said.contains("diab"), "{said}");
    }
}

#[test]
fn excerpts_ask_for_a_key_of_the_environment() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 10);
    let mut command = place.vigie(&["run", "notes.csv", "--excerpts"]);
    let output = command.env_remove("VIGIE_DATA_KEY").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("VIGIE_DATA_KEY"), "{said}");
    let (code, _, said) = Place::run(&Place { dir: copy(&place) }, &["run", "notes.csv", "--excerpts"]);
    assert_eq!(code, 1, "{said}");
}

/// A folder with the notes alone: the first one has a store with a key of its own.
fn copy(place: &Place) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::copy(place.path("notes.csv"), dir.path().join("notes.csv")).unwrap();
    dir
}
