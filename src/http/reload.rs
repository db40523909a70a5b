//! Takes over changed rules and keys without a restart: on SIGHUP, and when their files change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::state::{AppState, Model};

/// How often files are looked at.
pub const INTERVAL: Duration = Duration::from_secs(2);

/// Folders of rules are not nested deeper.
const MAX_DEPTH: usize = 4;

/// Reloads and logs the outcome. Never fails: on an error, what was in place stays.
pub async fn reload(state: &AppState, why: &'static str, model: Model) {
    let shared = state.clone();
    match tokio::task::spawn_blocking(move || shared.reload(model)).await {
        Ok(Ok(())) => {
            let versions = state.scanner().versions().clone();
            tracing::info!(why, lexicons = versions.lexicons, model = versions.model, "reloaded");
        }
        Ok(Err(error)) => {
            tracing::error!(why, %error, "not reloaded: the old rules, model and keys stay in place")
        }
        Err(_) => tracing::error!(
            why,
            "not reloaded: loading panicked; the old rules, model and keys stay in place"
        ),
    }
}

/// Reloads at each SIGHUP, the model of `--model-dir` too, for ever.
#[cfg(unix)]
pub async fn on_hangup(state: AppState) {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::hangup()) {
        Ok(mut hangups) => {
            while hangups.recv().await.is_some() {
                reload(&state, "SIGHUP", Model::Anew).await;
            }
        }
        Err(error) => tracing::warn!(%error, "SIGHUP will not reload"),
    }
}

/// Reloads when a file of the rules folder or the keys file changes, for ever. A change is taken over once two looks
/// in a row agree, so that files half written or half copied are left alone.
pub async fn on_change(state: AppState, interval: Duration) {
    let paths: Vec<PathBuf> =
        [&state.config().rules_dir, &state.config().keys_file].into_iter().flatten().cloned().collect();
    if paths.is_empty() {
        return;
    }
    let mut applied = look(paths.clone()).await;
    let mut last = applied.clone();
    loop {
        tokio::time::sleep(interval).await;
        let now = look(paths.clone()).await;
        if now != applied && now == last {
            reload(&state, "files changed", Model::Keep).await;
            applied = now.clone();
        }
        last = now;
    }
}

/// Size and time of change of every file.
type Look = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

async fn look(paths: Vec<PathBuf>) -> Look {
    let seen = tokio::task::spawn_blocking(move || {
        let mut seen = Look::new();
        paths.iter().for_each(|path| visit(path, 0, &mut seen));
        seen
    });
    seen.await.unwrap_or_default()
}

fn visit(path: &Path, depth: usize, seen: &mut Look) {
    let Ok(meta) = std::fs::metadata(path) else { return };
    if meta.is_dir() && depth < MAX_DEPTH {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| visit(&entry.path(), depth + 1, seen));
    } else if meta.is_file() {
        seen.insert(path.to_owned(), (meta.len(), meta.modified().ok()));
    }
}
