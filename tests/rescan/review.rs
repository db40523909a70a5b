use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Place, csv};

/// The program with something on its standard input: exit code, standard output, standard error.
fn fed(place: &Place, args: &[&str], input: &str) -> (i32, String, String) {
    let mut child = place.vigie(args).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A rescan of 50 notes, ten of them about health; gives its id.
fn scanned(place: &Place, more: &[&str]) -> String {
    csv(&place.path("notes.csv"), 50);
    let (code, id, said) = place.run(&[&["run", "notes.csv", "--name", "crm"], more].concat());
    assert_eq!(code, 1, "{said}");
    id.trim().to_owned()
}

fn ok(place: &Place, args: &[&str]) -> String {
    let (code, out, said) = place.run(args);
    assert_eq!(code, 0, "{args:?}: {said}");
    out
}

#[test]
fn findings_are_listed_filtered_counted_and_exported() {
    let place = Place::new();
    let id = scanned(&place, &[]);
    let health = ["findings", &id, "--category", "health"];
    let lines: Vec<Value> = ok(&place, &[&health[..], &["--to", "ndjson"]].concat())
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        lines.len() == 10 && lines.iter().all(|f| f["category"] == "health" && f["state"] == "to_review")
    );
    let ids = ok(&place, &[&health[..], &["--to", "ids"]].concat());
    assert_eq!(ids.lines().count(), 10);
    assert_eq!(ok(&place, &[&health[..], &["--to", "csv"]].concat()).lines().count(), 11);
    // Page after page, as the table says how to go on.
    let first = ok(&place, &[&health[..], &["--limit", "6"]].concat());
    let next = first.lines().last().unwrap().strip_prefix("more: --after ").unwrap();
    let second = ok(&place, &[&health[..], &["--after", next]].concat());
    let shown = |table: &str| table.lines().filter(|l| l.contains("to_review")).count();
    assert_eq!((shown(&first), shown(&second)), (6, 4));
    let counts = ok(&place, &["findings", &id, "--count-by", "category", "--to", "ndjson"]);
    assert!(counts.contains("{\"key\":[\"health\"],\"findings\":10,\"notes\":10}"), "{counts}");
    let (code, _, said) = place.run(&["findings", &id, "--count-by", "author"]);
    assert!(code == 2 && said.contains("L1222-4"), "{said}");
    ok(&place, &["export", &id, "--category", "health", "--out", "h.parquet", "--out", "h.csv"]);
    let csv = std::fs::read_to_string(place.path("h.csv")).unwrap();
    assert_eq!(csv.lines().count(), 11);
    for shown in [first, second, ids, csv] {
        assert!(!shown.contains("diabétique") && !shown.contains("livraison"), "{shown}");
    }
}

#[test]
fn decisions_hold_in_the_next_rescan_and_make_proposals() {
    let place = Place::new();
    let id = scanned(&place, &[]);
    let all = ok(&place, &["findings", &id, "--category", "health", "--to", "ids"]);
    let one = all.lines().next().unwrap();
    let (code, _, said) = place.run(&["review", one, "dismissed"]);
    assert!(code == 2 && said.contains("--reason") && said.contains("other_meaning"), "{said}");
    let (code, _, said) = place.run(&["review", "00", "confirmed"]);
    assert!(code == 2 && said.contains("32 hexadecimal digits"), "{said}");
    let dismiss = ["review", "--ids", "-", "dismissed", "--reason", "nobody", "--by", "ana"];
    let (code, _, said) = fed(&place, &dismiss, &all);
    assert!(code == 0 && said.contains("10 decided"), "{said}");
    ok(&place, &["review", one, "confirmed", "--by", "bo"]);
    ok(&place, &["review", one, "undo"]);
    let history = ok(&place, &["review", one, "history"]);
    assert!(history.contains("ana") && history.contains("undone") && history.contains("nobody"), "{history}");

    let again = scanned(&place, &[]);
    assert_ne!(again, id);
    let left = ok(&place, &["findings", &again, "--review", "dismissed", "--to", "ids"]);
    assert_eq!(left, all);
    let report: Value = serde_json::from_str(&ok(&place, &["report", &again, "--format", "json"])).unwrap();
    assert_eq!(report["backlog"]["dismissed"], 10);
    assert_eq!((&report["precision"]["right"], &report["precision"]["wrong"]), (&0.into(), &10.into()));
    assert_eq!((&report["changes"]["since"], &report["changes"]["new"]), (&id.into(), &0.into()));

    let (code, _, said) = place.run(&["proposals", "--output", "rules"]);
    assert!(code == 1 && said.contains("default-revue.toml"), "{said}");
    let (code, _, said) = place.run(&["proposals", "--output", "rules"]);
    assert!(code == 2 && said.contains("exists"), "{said}");
    let run = ["run", "notes.csv", "--rules-dir", "rules", "--profile", "default-revue"];
    place.run(&run);
    assert_eq!(
        place.newest().unwrap().by_category.iter().find(|c| c.category.id() == "health").map(|c| c.findings),
        None
    );
}

#[test]
fn a_manifest_is_verified_and_a_change_of_it_or_of_the_store_is_told() {
    let place = Place::new();
    let id = scanned(&place, &[]);
    ok(&place, &["report", &id, "--format", "manifest", "-o", "m.json"]);
    let said = ok(&place, &["verify", "m.json"]);
    assert!(said.contains("as it was signed") && said.contains("the store agrees"), "{said}");
    let report = ok(&place, &["report", &id]);
    let digest = said.lines().find_map(|l| l.strip_prefix("digest ")).unwrap();
    assert!(report.contains(digest));
    assert!(ok(&place, &["verify", &id, "--json"]).contains(digest));

    let signed = std::fs::read_to_string(place.path("m.json")).unwrap();
    std::fs::write(place.path("altered.json"), signed.replacen("\"scanned\":50", "\"scanned\":51", 1))
        .unwrap();
    let (code, said, _) = place.run(&["verify", "altered.json"]);
    assert!(code == 1 && said.contains("altered"), "{said}");
    std::fs::write(place.path("none.json"), "{}").unwrap();
    assert_eq!(place.run(&["verify", "none.json"]).0, 1);
    assert_eq!(place.run(&["verify", "missing.json"]).0, 2);

    let store = place.store();
    store
        .connection()
        .unwrap()
        .execute("DELETE FROM finding WHERE id = (SELECT MIN(id) FROM finding)", [])
        .unwrap();
    let (code, said, _) = place.run(&["verify", "m.json"]);
    assert!(code == 1 && said.contains("/findings/total"), "{said}");
    ok(&place, &["delete", &id]);
    assert!(ok(&place, &["verify", "m.json"]).contains("does not have the rescan"));
}

#[test]
fn reports_are_whole_files_and_who_saw_excerpts_is_recorded() {
    let place = Place::new();
    let id = scanned(&place, &["--excerpts"]);
    ok(&place, &["report", &id, "-o", "r.html", "--by", "ana"]);
    let html = std::fs::read_to_string(place.path("r.html")).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.ends_with("</html>\n"));
    assert!(
        html.contains("cliente d•••••••••") && !html.contains("diabétique") && !html.contains("06 12"),
        "{html}"
    );
    let print = ok(&place, &["findings", &id, "--category", "health", "--to", "ids", "--limit", "1"]);
    let shown =
        ok(&place, &["findings", &id, "--category", "health", "--limit", "1", "--excerpts", "--by", "bo"]);
    assert!(shown.contains("cliente d•••••••••, rappeler au [identifiant]"), "{shown}");
    let history = ok(&place, &["review", print.trim(), "history"]);
    assert!(history.contains("revealed") && history.contains("bo"), "{history}");
    let without = ok(&place, &["report", &id, "--no-examples"]);
    assert!(!without.contains("Exemples masqués") && without.contains("aucun texte de note"));
    let csv = ok(&place, &["report", &id, "--format", "csv"]);
    assert!(csv.contains("\ncategory,health,,findings,10\n"), "{csv}");
    let (code, _, said) = place.run(&["report", &id, "--authors"]);
    assert!(code == 2 && said.contains("kept no authors"), "{said}");
}
