use serde_json::Value;
use tempfile::tempdir;

use super::{bare, file, shown, text, vigie};

fn json(args: &[&str]) -> Value {
    let output = vigie().args(args).assert().code(0);
    serde_json::from_slice(&output.get_output().stdout).unwrap()
}

#[test]
fn explain_shows_proposals_and_what_became_of_them() {
    let explained = json(&["rules", "explain", "--json", "Client diabétique"]);
    let proposal = &explained["proposals"][0];
    assert_eq!((&proposal["text"], &proposal["kept"]), (&"diabétique".into(), &true.into()));
    assert_eq!(explained["findings"][0]["action"], "block");
    assert_eq!(explained["verdict"], "block");
    let output = vigie().args(["rules", "explain", "Client", "diabétique"]).assert().code(0);
    let shown = text(&output.get_output().stdout);
    for part in ["« diabétique »", "kept: part of finding 1", "Verdict by the profile `default`: block"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn categories_and_profiles_are_listed() {
    assert_eq!(json(&["categories", "--json"]).as_array().unwrap().len(), 14);
    let profiles = json(&["profiles", "--json"]);
    assert!(
        profiles
            .as_array()
            .unwrap()
            .iter()
            .any(|p| p["id"] == "default" && p["rules"][0]["action"] == "block")
    );
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = bare().args(["completions", shell]).assert().code(0);
        assert!(text(&output.get_output().stdout).contains("fail-on"), "{shell}");
    }
}

#[test]
fn manual_pages_have_examples_and_exit_codes() {
    let dir = tempdir().unwrap();
    let target = dir.path().join("new/man1");
    bare().args(["man", &shown(&target)]).assert().code(0);
    for page in ["vigie.1", "vigie-scan.1", "vigie-rules-explain.1"] {
        let page = std::fs::read_to_string(target.join(page)).unwrap();
        assert!(page.contains("Example") && page.contains("Exit codes"));
    }
}

#[test]
fn a_key_is_shown_once_and_stored_hashed() {
    let dir = tempdir().unwrap();
    let keys = dir.path().join("keys");
    let output = bare().args(["key", "new", "crm", "--keys-file", &shown(&keys)]).assert().code(0);
    let key = text(&output.get_output().stdout);
    assert!(key.starts_with("vigie_") && key.lines().count() == 1);
    let stored = std::fs::read_to_string(&keys).unwrap();
    assert!(stored.starts_with("crm:") && !stored.contains(key.trim()));
    bare().args(["key", "new", "crm", "--keys-file", &shown(&keys)]).assert().code(2);
    bare().args(["key", "new", "a b"]).assert().code(2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o77, 0);
    }
}

#[test]
fn layers_of_settings_are_dumped() {
    let dir = tempdir().unwrap();
    let config = shown(&file(&dir, "vigie.toml", "profile = \"bank\"\nmax_batch = 7\n"));
    let output = bare()
        .args(["--config", &config, "--no-classifier", "--dump-config", "check", "x"])
        .env("VIGIE_MAX_BATCH", "9")
        .assert()
        .code(0);
    let dump = text(&output.get_output().stdout);
    for part in ["profile = \"bank\"", "max_batch = 9", "classifier = false"] {
        assert!(dump.contains(part), "{part}\n{dump}");
    }
    let output = vigie().args(["--config", &config, "check", "--json", "bonjour"]).assert().code(0);
    assert!(text(&output.get_output().stdout).contains("\"policy\": \"bank\""));
    let wrong = shown(&file(&dir, "wrong.toml", "\nprofil = \"bank\"\n"));
    let output = vigie().args(["--config", &wrong, "check", "x"]).assert().code(2);
    assert!(text(&output.get_output().stderr).contains("wrong.toml:2"));
}

#[test]
fn a_users_rules_are_checked_with_file_and_line() {
    let dir = tempdir().unwrap();
    std::fs::create_dir(dir.path().join("lexicons")).unwrap();
    let rules = shown(dir.path());
    let entry = |flag: &str| {
        format!(
            "category = \"judgement\"\n\n[[entry]]\nid = \"zygomar\"\nstrength = \"strong\"\n\
             terms = [\"zygomar\"]\nflag = [\"{flag}\"]\n"
        )
    };
    file(&dir, "lexicons/mine.toml", entry("un client charmant"));
    let output = bare().args(["--rules-dir", &rules, "rules", "check"]).assert().code(1);
    let list = text(&output.get_output().stdout);
    assert!(list.contains("mine.toml:3: judgement/zygomar: not flagged: « un client charmant »"), "{list}");

    file(&dir, "lexicons/mine.toml", entry("quel zygomar"));
    let output = bare().args(["--rules-dir", &rules, "rules", "list", "judgement/zyg"]).assert().code(0);
    let listed = text(&output.get_output().stdout);
    assert!(listed.lines().count() == 2 && listed.contains("mine.toml:3"), "{listed}");
    vigie().args(["--rules-dir", &rules, "check", "quel zygomar"]).assert().code(1);

    file(&dir, "lexicons/mine.toml", "category = \"judgement\"\n\n[[entry]]\nid = 5\n");
    let output = bare().args(["--rules-dir", &rules, "rules", "check", "--json"]).assert().code(1);
    let report: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!(report["problems"][0]["line"], 4);
    bare().args(["--rules-dir", "/nowhere", "rules", "check"]).assert().code(2);
}

#[cfg(unix)]
#[test]
fn serve_answers_until_told_to_stop() {
    use std::io::{BufRead, BufReader, Read, Write};
    let mut server = std::process::Command::new(assert_cmd::cargo::cargo_bin("vigie"))
        .args(["--no-classifier", "serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let address = log
        .find_map(|line| {
            let event: Value = serde_json::from_str(&line.unwrap()).unwrap();
            event["address"].as_str().map(|a| a.trim_start_matches("http://").to_owned())
        })
        .unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    std::process::Command::new("kill").arg(server.id().to_string()).status().unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[test]
fn serve_refuses_to_listen_to_the_network_without_a_key() {
    let output = vigie().args(["serve", "--listen", "0.0.0.0:0"]).assert().code(2);
    assert!(text(&output.get_output().stderr).contains("vigie key new"));
}
