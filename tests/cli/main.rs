//! The command line as a user meets it: what it prints, where, and with which exit code.

mod check;
mod eval;
mod generate;
mod others;
mod scan;

use std::path::Path;

use assert_cmd::Command;

/// A word of a disease, which every version must find, and never repeat in a message.
const ILL: &str = "diabétique";

/// The program with the rules alone, away from the user's settings.
fn vigie() -> Command {
    let mut command = bare();
    command.arg("--no-classifier");
    command
}

/// The program without any argument.
fn bare() -> Command {
    let mut command = Command::cargo_bin("vigie").unwrap();
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("VIGIE_") {
            command.env_remove(name);
        }
    }
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").timeout(std::time::Duration::from_secs(60));
    command
}

/// A file of a folder.
fn file(dir: &tempfile::TempDir, name: &str, content: impl AsRef<[u8]>) -> std::path::PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The JSON objects of an NDJSON output.
fn lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    text(bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn written_cases() {
    trycmd::TestCases::new().case("tests/cmd/*.toml");
}
