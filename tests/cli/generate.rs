use tempfile::tempdir;

use super::{bare, file, shown, text, vigie};

#[test]
fn the_extension_says_the_format_and_the_seed_the_notes() {
    let dir = tempdir().unwrap();
    for (name, begin) in [
        ("a.csv", "id;client;commentaire;champ;auteur;equipe;date;verite\n1;"),
        ("a.ndjson", "{\"id\":1,\"client\":"),
        ("a.sql", "-- Invented notes"),
        ("a.parquet", "PAR1"),
    ] {
        let output = shown(&dir.path().join(name));
        let generate = ["generate", "--notes", "50", "--seed", "7", "--truth", "--output", &output];
        let said = bare().args(generate).assert().code(0);
        assert!(text(&said.get_output().stderr).contains("50 invented notes"));
        let once = std::fs::read(&output).unwrap();
        assert!(once.starts_with(begin.as_bytes()), "{name}");
        bare().args(generate).arg("-q").assert().code(0).stderr("");
        assert!(std::fs::read(&output).unwrap() == once, "{name}");
    }
}

#[test]
fn what_is_generated_can_be_scanned() {
    let notes = bare().args(["generate", "--notes", "300"]).assert().code(0);
    let dir = tempdir().unwrap();
    let path = shown(&file(&dir, "a.csv", &notes.get_output().stdout));
    let scanned = vigie().args(["scan", &path, "--to", "csv"]).assert().code(1);
    assert!(text(&scanned.get_output().stderr).contains("300\u{a0}notes lues"));
}

#[test]
fn help_says_what_it_is_not_for() {
    let help = bare().args(["generate", "--help"]).assert().code(0);
    assert!(text(&help.get_output().stdout).contains("do not measure quality"));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_a_failure() {
    for format in ["csv", "ndjson", "parquet", "sql"] {
        let output = bare()
            .args(["generate", "--notes", "5000", "--format", format, "--output", "/dev/full"])
            .assert()
            .code(2);
        assert!(text(&output.get_output().stderr).contains("cannot write /dev/full"), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure() {
    use std::process::{Command, Stdio};
    for format in ["csv", "ndjson", "parquet", "sql"] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("vigie"))
            .args(["generate", "--notes", "50000", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{format}");
    }
}
