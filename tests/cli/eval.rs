use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::{file, lines, shown, text, vigie};

/// Four notes: health found, health missed, an alarm on a clean note, a clean one.
const NOTES: &str = "# dev\n\
    Client [health:diabétique], livrer le matin\n\
    la [health:blrgh] de madame\n\
    Cliente diabétique, prévenir\n\
    rappeler mardi\n";

fn notes() -> (TempDir, String) {
    let dir = tempdir().unwrap();
    let path = shown(&file(&dir, "dev.txt", NOTES));
    (dir, path)
}

#[test]
fn measures_by_hand() {
    let (_dir, path) = notes();
    let output = vigie().args(["eval", "--json", &path]).assert().code(0);
    let scores: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    let health = &scores["categories"]["health"];
    assert_eq!((&health["tp"], &health["fp"], &health["fn"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!((&scores["macro_f1"], &scores["clean_alarm_rate"]), (&0.5.into(), &0.5.into()));
    assert_eq!((&scores["notes"], &scores["span_overlap"]), (&4.into(), &0.5.into()));
}

#[test]
fn the_table_and_the_mistakes_are_readable() {
    let (_dir, path) = notes();
    let output = vigie().args(["eval", "--errors", &path]).assert().code(0);
    let shown = text(&output.get_output().stdout);
    for part in [
        "dev.txt:3  missed  health  « blrgh »  (nothing proposed)\n    la blrgh de madame\n",
        "dev.txt:4  false alarm  health  « diabétique »  (health/",
        "health     1   1   1      0.500   0.500  0.500",
        "clean notes that raise something 50.0 % of 2",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn floors_decide_the_exit_code() {
    let (_dir, path) = notes();
    vigie().args(["eval", &path, "--fail-under", "macro=0.5,clean=0.5,span=0.5,health=0.5"]).assert().code(0);
    let output = vigie().args(["eval", &path, "--fail-under", "macro=0.9,clean=0.01"]).assert().code(1);
    let said = text(&output.get_output().stderr);
    assert!(
        said.contains("macro-F1: 0.5000, less than 0.9") && said.contains("clean notes: 0.5000"),
        "{said}"
    );
    vigie().args(["eval", &path, "--fail-under", "makro=0.9"]).assert().code(2);
}

#[test]
fn measures_do_not_depend_on_threads() {
    let dir = tempdir().unwrap();
    let path = shown(&file(&dir, "many.txt", NOTES.repeat(40)));
    let measure = |jobs: &str| {
        let features = dir.path().join(format!("features-{jobs}"));
        let output = vigie()
            .args(["eval", "--json", "--errors", "--jobs", jobs, &path, "--features", &shown(&features)])
            .assert()
            .code(0);
        let mut scores: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
        scores.as_object_mut().unwrap().retain(|name, _| !name.contains("second"));
        (scores, std::fs::read(features).unwrap())
    };
    let one = measure("1");
    assert_eq!(one, measure("3"));
    let features = lines(&one.1);
    assert_eq!(features.len(), 80);
    assert_eq!((&features[0]["category"], &features[0]["right"]), (&"health".into(), &1.into()));
    assert_eq!((&features[1]["right"], &features[1]["line"]), (&0.into(), &4.into()));
    for member in ["rule", "pattern", "rule_score", "token", "note", "file"] {
        assert!(features[0].get(member).is_some(), "{member}");
    }
}

#[test]
fn wrong_marks_and_missing_files_are_named() {
    let dir = tempdir().unwrap();
    let bad = shown(&file(&dir, "bad.txt", "bien\n[sante:malade]\n"));
    let empty = shown(&file(&dir, "empty.txt", "# rien\n"));
    for (path, said) in [
        (bad.as_str(), "bad.txt:2: unknown category `sante`"),
        (empty.as_str(), "no note"),
        ("/nowhere", "/nowhere"),
    ] {
        let output = vigie().args(["eval", path]).assert().code(2);
        assert!(text(&output.get_output().stderr).contains(said), "{}", text(&output.get_output().stderr));
    }
}
