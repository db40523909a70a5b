//! A server with a data folder of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use serde_json::{Value, json};
use vigie::config::Config;
use vigie::http::{AppState, Rescans, router};
use vigie::secret::Keys;

use crate::support::*;

pub struct Place {
    dir: tempfile::TempDir,
    config: Config,
    pub state: AppState,
    pub app: Router,
}

impl Place {
    pub fn new() -> Self {
        Self::with(|_, _| {})
    }

    /// With settings changed; given the folder of the place, where the data folder is `data`.
    pub fn with(change: impl FnOnce(&mut Config, &Path)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config { data_dir: Some(dir.path().join("data")), ..config() };
        change(&mut config, dir.path());
        let (state, app) = Self::server(&config);
        Self { dir, config, state, app }
    }

    fn server(config: &Config) -> (AppState, Router) {
        let state = AppState::new(config.clone(), SCANNER.clone(), Keys::default());
        (state.clone(), router(state))
    }

    /// Stops the server as SIGTERM does.
    pub async fn stop(&self) {
        let state = self.state.clone();
        state.rescans().stop();
        tokio::task::spawn_blocking(move || state.rescans().wait()).await.unwrap();
    }

    /// Starts another server in its place.
    pub async fn start(&mut self) {
        (self.state, self.app) = Self::server(&self.config);
        let state = self.state.clone();
        tokio::task::spawn_blocking(move || Rescans::at_start(&state)).await.unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub async fn upload(&self, name: &str, text: String) -> Reply {
        let path = format!("/v1/rescans/uploads?name={name}");
        send(&self.app, request("POST", &path, "application/octet-stream", text)).await
    }

    /// The request for a rescan of a file, which is sent first.
    pub async fn asked(&self, text: String) -> Value {
        let reply = self.upload("notes.csv", text).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        json!({"sources": [{"kind": "upload", "upload": reply.json()["upload"]}]})
    }

    /// Starts a rescan of a file, with these members beside the source; its id.
    pub async fn begin(&self, text: String, members: Value) -> String {
        let mut asked = self.asked(text).await;
        asked.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let reply = post(&self.app, "/v1/rescans", &asked).await;
        assert_eq!(reply.status, 202, "{}", reply.text());
        reply.json()["id"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, id: &str) -> Value {
        get(&self.app, &format!("/v1/rescans/{id}")).await.json()
    }

    pub async fn order(&self, id: &str, order: &str) -> Reply {
        send(&self.app, request("POST", &format!("/v1/rescans/{id}/{order}"), "", Body::empty())).await
    }

    /// Waits until the rescan is as wanted.
    pub async fn until(&self, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let now = self.get(id).await;
            if wanted(&now) {
                return now;
            }
            assert!(begin.elapsed() < Duration::from_secs(60), "{now}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub async fn until_state(&self, id: &str, state: &str) -> Value {
        self.until(id, |now| now["state"] == state).await
    }

    /// A rescan of a file, to its end; its id.
    pub async fn rescan(&self, text: String) -> String {
        let id = self.begin(text, json!({})).await;
        self.until_state(&id, "done").await;
        id
    }

    /// Waits until the files that were sent are gone; how many there are else.
    pub async fn uploads(&self) -> usize {
        let count = || std::fs::read_dir(self.path("data/uploads")).unwrap().count();
        for _ in 0..200 {
            if count() == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        count()
    }
}

/// A file of so many notes, each third with something to find.
pub fn csv(notes: usize) -> String {
    let note = |i: usize| match i % 3 {
        0 => format!("{i};Client diabétique, dossier {i}\n"),
        _ => format!("{i};Livrer le matin, porte {i}\n"),
    };
    std::iter::once("id;note\n".to_owned()).chain((0..notes).map(note)).collect()
}
