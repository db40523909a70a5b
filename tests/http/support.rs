//! Requests through the router, without a socket.

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use vigie::config::Config;
use vigie::http::{AppState, router};
use vigie::scanner::{Scanner, ScannerOptions};
use vigie::secret::Keys;

/// A note with one finding, and the words found.
pub const NOTE: &str = "Client diabétique";
pub const FOUND: &str = "diabétique";

/// Scans by rules alone: the classifier is tested elsewhere, and takes longer to load.
pub static SCANNER: LazyLock<Arc<Scanner>> = LazyLock::new(|| {
    Arc::new(Scanner::load(&ScannerOptions { classifier: false, ..Default::default() }).unwrap())
});

/// No test may write into the data folder of who runs it: this one cannot be made.
pub fn config() -> Config {
    let data_dir = Some("/dev/null/vigie".into());
    Config { classifier: false, sessions: 2, data_dir, ..Config::default() }
}

pub fn app_of(config: Config, keys: Keys) -> Router {
    router(AppState::new(config, Arc::clone(&SCANNER), keys))
}

pub fn app() -> Router {
    app_of(config(), Keys::default())
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub async fn send(app: &Router, request: Request<Body>) -> Reply {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

pub fn request(method: &str, path: &str, kind: &str, body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    request.body(body.into()).unwrap()
}

pub async fn get(app: &Router, path: &str) -> Reply {
    send(app, request("GET", path, "", Body::empty())).await
}

pub async fn post(app: &Router, path: &str, body: &Value) -> Reply {
    send(app, request("POST", path, "application/json", body.to_string())).await
}

pub async fn stream(app: &Router, path: &str, body: impl Into<Body>) -> Reply {
    send(app, request("POST", path, "application/x-ndjson", body)).await
}
