use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::tempdir;

use super::{ILL, bare, file, lines, shown, text, vigie};

/// NDJSON of some notes, every tenth with a finding.
fn notes(count: usize) -> String {
    (0..count)
        .map(|i| {
            let text = if i % 10 == 0 { format!("note {i}, client {ILL}") } else { format!("note {i}") };
            json!({"id": i, "text": text}).to_string() + "\n"
        })
        .collect()
}

/// The answers without the time they took.
fn timeless(bytes: &[u8]) -> Vec<Value> {
    let mut answers = lines(bytes);
    for answer in &mut answers {
        answer.as_object_mut().unwrap().remove("took_us");
    }
    answers
}

#[test]
fn answers_come_in_order_and_do_not_depend_on_threads() {
    let one = vigie().args(["scan", "--jobs", "1"]).write_stdin(notes(500)).assert().code(1);
    let answers = timeless(&one.get_output().stdout);
    assert_eq!(answers.len(), 500);
    for (i, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], i);
        assert_eq!(answer["verdict"], if i % 10 == 0 { "block" } else { "clear" });
    }
    let four = vigie().args(["scan", "--stdin", "-j4"]).write_stdin(notes(500)).assert().code(1);
    assert_eq!(answers, timeless(&four.get_output().stdout));
    let said = text(&four.get_output().stderr);
    assert!(said.contains("500\u{a0}notes lues : 50 à bloquer") && said.contains("50  Santé"), "{said}");
}

#[test]
fn a_line_is_answered_before_the_next_one_is_written() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("vigie"))
        .args(["--no-classifier", "-q", "scan", "--stdin", "--fail-on", "never"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for i in 0..3 {
        writeln!(input, "{}", json!({"id": i, "text": ILL})).unwrap();
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["id"], i);
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn bad_lines_are_errors_in_their_place_and_repeat_nothing() {
    let input = format!("{{\"id\":\"a\",\"text\":\"{ILL}\"}}\n{ILL}\n{{\"id\":\"c\",\"txt\":\"{ILL}\"}}\n");
    let output = vigie().args(["scan", "--stdin"]).write_stdin(input).assert().code(3);
    let answers = lines(&output.get_output().stdout);
    assert_eq!(answers[0]["id"], "a");
    assert_eq!(answers[1]["line"], 2);
    assert_eq!(answers[1]["error"]["type"], "urn:vigie:problem:invalid-body");
    assert_eq!((&answers[2]["id"], &answers[2]["line"]), (&json!("c"), &json!(3)));
    let errors = format!("{}{}{}", answers[1], answers[2], text(&output.get_output().stderr));
    assert!(!errors.contains("diab"), "{errors}");
}

#[test]
fn exit_codes_follow_fail_on() {
    let dir = tempdir().unwrap();
    let found = shown(&file(&dir, "found.txt", "rien\nclient diabétique\n"));
    let clear = shown(&file(&dir, "clear.txt", "rien\nrien non plus\n"));
    for (args, code) in [
        (vec!["scan", &clear], 0),
        (vec!["scan", &found], 1),
        (vec!["scan", &clear, &found], 1),
        (vec!["scan", &found, "--fail-on", "block"], 1),
        (vec!["scan", &found, "--fail-on", "never"], 0),
        (vec!["scan", &found, "--profile", "insurance-health"], 0),
        (vec!["scan", &found, "--profile", "nope"], 2),
    ] {
        vigie().args(&args).assert().code(code);
    }
}

#[test]
fn csv_in_windows_1252_with_a_ragged_line() {
    let dir = tempdir().unwrap();
    let content = "Réf;Suivi;Date\r\nA1;\"client diabétique ;\r\nlivrer\";1\r\nA2;b\r\nA3;rien;3\r\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(content).0.into_owned();
    let input = shown(&file(&dir, "clients.csv", bytes));
    let output_file = shown(&dir.path().join("out.csv"));
    let output = vigie()
        .args(["scan", &input, "--text-column", "suivi", "--id-column", "1", "--to", "csv"])
        .args(["--output", &output_file])
        .assert()
        .code(3);
    assert!(
        text(&output.get_output().stderr).contains("clients.csv:2: not valid UTF-8; read as Windows-1252")
    );
    let written = std::fs::read_to_string(output_file).unwrap();
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(written.as_bytes()).records().map(Result::unwrap).collect();
    assert_eq!((&rows[0][0], &rows[0][1], &rows[0][2], &rows[0][3]), ("A1", "2", "block", "health"));
    assert_eq!(&rows[0][6], "client [santé] ;\r\nlivrer");
    assert!(rows[1][7].contains("2 cells, the header has 3"), "{:?}", rows[1]);
    assert_eq!((&rows[2][0], &rows[2][2]), ("A3", "clear"));
}

#[test]
fn sarif_points_into_the_file_whatever_its_format() {
    let dir = tempdir().unwrap();
    let files = [
        ("a.txt", "rien\nété : diabétique\n".to_owned(), (2, 7)),
        ("b.csv", "id;text\n1;\"dit \"\"oui\"\",\ndiabétique\"\n".to_owned(), (3, 1)),
        ("c.ndjson", "{\"id\":1,\"text\":\"\\u00e9t\\u00e9 diabétique\"}\n".to_owned(), (1, 31)),
    ];
    for (name, content, (line, column)) in files {
        let path = shown(&file(&dir, name, content));
        let output = vigie().args(["scan", &path, "--to", "sarif", "-q"]).assert().code(1);
        let document: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
        let region = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            *region,
            json!({"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 10}),
            "{name}"
        );
        assert!(output.get_output().stderr.is_empty());
    }
}

#[test]
fn pretty_shows_notes_with_findings_only() {
    let output = vigie()
        .args(["scan", "--from", "text", "--to", "pretty"])
        .write_stdin("rien\nest diabétique\n")
        .assert();
    let shown = text(&output.get_output().stdout);
    assert!(shown.starts_with("stdin:2  2\n  est diabétique\n      ^^^^^^^^^^"), "{shown}");
}

#[test]
fn what_cannot_be_opened_fails_before_anything_is_written() {
    let dir = tempdir().unwrap();
    let input = shown(&file(&dir, "a.csv", "x;y\n1;2\n"));
    let kept = shown(&file(&dir, "b.txt", "rien"));
    let folder = shown(dir.path());
    let missing = shown(&dir.path().join("missing.txt"));
    let target = shown(&dir.path().join("out.ndjson"));
    for (input, output, said) in [
        (&missing, &target, "missing.txt"),
        (&folder, &target, "is a folder"),
        (&input, &target, "--text-column"),
        (&kept, &kept, "name another"),
    ] {
        let output = vigie().args(["scan", input, "--output", output]).assert().code(2);
        assert!(text(&output.get_output().stderr).contains(said), "{}", text(&output.get_output().stderr));
    }
    assert!(!dir.path().join("out.ndjson").exists());
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "rien");
}

#[test]
fn nothing_in_gives_nothing_out() {
    let output = vigie().arg("scan").write_stdin("").assert().code(0);
    assert!(output.get_output().stdout.is_empty());
}

#[test]
fn binary_long_and_odd_input_gives_errors_and_no_panic() {
    let mut binary: Vec<u8> = (0..200_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    binary.extend(b"\n".iter().chain(&[b'x'; 300_000]).chain(b"\nrien\n"));
    for format in ["text", "csv", "ndjson"] {
        let output = vigie()
            .args(["scan", "--from", format, "--text-column", "1"])
            .write_stdin(binary.clone())
            .assert();
        let said = text(&output.get_output().stderr);
        assert!(!said.contains("panicked") && !said.contains("internal error"), "{format}: {said}");
        assert!(matches!(output.get_output().status.code(), Some(2 | 3)), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_a_failure_and_a_closed_pipe_is_not() {
    let output = vigie().args(["scan", "--output", "/dev/full"]).write_stdin(notes(10)).assert().code(2);
    let said = text(&output.get_output().stderr);
    assert!(said.contains("cannot write /dev/full") && said.lines().count() == 1, "{said}");

    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("vigie"))
        .args(["--no-classifier", "scan", "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // The program stops reading once nobody reads it: this write may fail.
    let _ = input.write_all(notes(20_000).as_bytes());
    // Standard input stays open: it must not be waited for.
    let output = child.wait_with_output().unwrap();
    drop(input);
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn a_wrong_option_names_itself() {
    let output = bare().args(["scan", "--to", "xml"]).assert().code(2);
    assert!(text(&output.get_output().stderr).contains("--to"));
}
