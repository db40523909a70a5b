use serde_json::Value;

use super::{ILL, text, vigie};

const NOTE: &str = "Client diabétique, livrer le matin";

#[test]
fn a_person_sees_words_category_advice_and_verdict() {
    let output = vigie().args(["check", NOTE]).assert().code(1);
    let shown = text(&output.get_output().stdout);
    assert!(shown.starts_with("  Client diabétique, livrer le matin\n         ^^^^^^^^^^"), "{shown}");
    for part in ["Santé", "RGPD art. 9(1)", "→ ", "Verdict : ", "Client [santé], livrer le matin"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "no colour where the output is no terminal");
    assert!(output.get_output().stderr.is_empty());
}

#[test]
fn colour_takes_the_place_of_carets() {
    let output = vigie().args(["check", NOTE]).env("CLICOLOR_FORCE", "1").assert().code(1);
    let shown = text(&output.get_output().stdout);
    assert!(shown.contains("\u{1b}[4m") && !shown.contains('^'), "{shown}");
    let output = vigie().args(["check", NOTE]).env("NO_COLOR", "1").assert().code(1);
    assert!(!text(&output.get_output().stdout).contains('\u{1b}'));
}

#[test]
fn json_counts_in_the_unit_asked_for() {
    for (unit, start) in [("utf16", 3), ("codepoints", 2), ("utf8", 5)] {
        let text = format!("😀 {ILL}");
        let output = vigie().args(["check", "--json", "--offsets", unit, &text]).assert().code(1);
        let answer: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
        let finding = &answer["findings"][0];
        assert_eq!(finding["start"], start, "{unit}");
        assert_eq!(finding["text"], ILL);
        assert_eq!(answer["verdict"], "block");
    }
}

#[test]
fn standard_input_is_one_note() {
    for args in [&["check"][..], &["check", "-"]] {
        vigie().args(args).write_stdin("bonjour\nelle est diabétique\r\n").assert().code(1);
    }
    let output = vigie().arg("check").write_stdin("").assert().code(0);
    assert!(text(&output.get_output().stdout).contains("rien à signaler"));
}

#[test]
fn a_profile_may_admit_a_finding() {
    vigie().args(["check", "--profile", "insurance-health", NOTE]).assert().code(0);
    vigie().args(["check", "--min-score", "1", NOTE]).assert().code(0);
}

#[test]
fn what_cannot_be_read_fails_without_repeating_it() {
    let long = "diabétique ".repeat(1_000_000);
    for input in [b"diab\xE9tique".to_vec(), long.into_bytes()] {
        let output = vigie().arg("check").write_stdin(input).assert().code(2);
        let said = text(&output.get_output().stderr);
        assert!(said.starts_with("vigie: error: ") && said.lines().count() == 1, "{said}");
        assert!(!said.contains("diab"), "{said}");
        assert!(output.get_output().stdout.is_empty());
    }
}
