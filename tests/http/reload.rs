//! Rules and keys change without a restart, or stay as they were.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use vigie::config::Config;
use vigie::http::{AppState, Model, reload, router};
use vigie::secret::{Keys, new_key};

use crate::support::*;

fn write_profile(dir: &Path, id: &str, more: &str) {
    std::fs::create_dir_all(dir.join("policy")).unwrap();
    let text = format!("id = \"{id}\"\nlabel = \"Essai\"\ndescription = \"Un profil d’essai.\"\n{more}");
    std::fs::write(dir.join("policy/mine.toml"), text).unwrap();
}

async fn knows(state: &AppState, profile: &str) -> bool {
    let body = json!({"text": NOTE, "profile": profile});
    post(&router(state.clone()), "/v1/check", &body).await.status == 200
}

fn state_with(dir: &Path) -> AppState {
    let config = Config { rules_dir: Some(dir.to_owned()), ..config() };
    AppState::new(config, SCANNER.clone(), Keys::default())
}

#[tokio::test]
async fn a_failed_reload_keeps_what_was_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let state = state_with(dir.path());
    write_profile(dir.path(), "first", "");
    state.reload(Model::Keep).unwrap();
    assert!(knows(&state, "first").await);

    write_profile(dir.path(), "second", "unknown = 1\n");
    let error = state.reload(Model::Keep).unwrap_err().to_string();
    assert!(error.contains("mine.toml:4:"), "{error}");
    assert!(knows(&state, "first").await && !knows(&state, "second").await);
    let metrics = get(&router(state), "/metrics").await;
    for line in [r#"vigie_reloads_total{outcome="ok"} 1"#, r#"vigie_reloads_total{outcome="failed"} 1"#] {
        assert!(metrics.text().contains(line), "{line}");
    }
}

#[tokio::test]
async fn changed_files_are_taken_over_by_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let state = state_with(dir.path());
    let watch = tokio::spawn(reload::on_change(state.clone(), Duration::from_millis(10)));
    tokio::time::sleep(Duration::from_millis(30)).await;
    write_profile(dir.path(), "mine", "");
    let taken_over = async {
        while !knows(&state, "mine").await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), taken_over).await.expect("the new profile is served");
    watch.abort();
}

#[test]
fn keys_are_taken_over_but_never_all_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("keys");
    let (old, new) = (new_key("old").unwrap(), new_key("new").unwrap());
    let config = Config { keys_file: Some(file.clone()), ..config() };
    let state = AppState::new(config, SCANNER.clone(), Keys::new(vec![old.stored.clone()]));
    for written in [new.stored.line(), "# nobody\n".to_owned()] {
        std::fs::write(&file, written).unwrap();
        state.reload_keys().unwrap();
        assert_eq!(state.keys().client_of(&new.key), Some("new"));
        assert_eq!(state.keys().client_of(&old.key), None);
    }
    std::fs::write(&file, "not a key").unwrap();
    assert!(state.reload_keys().unwrap_err().to_string().contains("keys:1:"));
    assert_eq!(state.keys().client_of(&new.key), Some("new"));
}

#[tokio::test]
async fn broken_rules_do_not_keep_a_withdrawn_key() {
    let dir = tempfile::tempdir().unwrap();
    write_profile(dir.path(), "mine", "unknown = 1\n");
    let (old, new) = (new_key("old").unwrap(), new_key("new").unwrap());
    std::fs::write(dir.path().join("keys"), new.stored.line()).unwrap();
    let config = Config {
        rules_dir: Some(dir.path().to_owned()),
        keys_file: Some(dir.path().join("keys")),
        ..config()
    };
    let state = AppState::new(config, SCANNER.clone(), Keys::new(vec![old.stored.clone()]));
    assert!(state.reload(Model::Keep).is_err());
    assert_eq!(state.keys().client_of(&old.key), None);
}

#[test]
fn a_default_profile_that_does_not_exist_is_refused_at_the_start() {
    let error = AppState::load(Config { profile: "none".to_owned(), ..config() }).err().unwrap().to_string();
    assert!(error.contains("`profile`") && error.contains("insurance-health"), "{error}");
}
