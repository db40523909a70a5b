//! A string that is in every request, good or bad, must not be in any log line, counter or error.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;
use vigie::config::{Config, LogFormat};
use vigie::http::{AppState, router};
use vigie::scanner::{Scanner, ScannerOptions};
use vigie::secret::{Keys, new_key};
use vigie::telemetry;

const CANARY: &str = "canari7f3a";

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn send(app: &Router, request: Request<Body>) -> (u16, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Method, path, content type and body of requests of every kind; `@` stands for the canary.
const REQUESTS: &[(&str, &str, &str, &str)] = &[
    ("POST", "/v1/check", "application/json", r#"{"text": "Client @ diabétique"}"#),
    ("POST", "/v1/redact", "application/json", r#"{"text": "Client @ diabétique"}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@""#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@", @}"#),
    ("POST", "/v1/check", "application/json", "@"),
    ("POST", "/v1/check", "application/json", r#""@""#),
    ("POST", "/v1/check", "application/json", r#"{"text": ["@"]}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": {"@": "@"}}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@", "profile": "@"}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@", "offsets": "@"}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@", "min_score": "@"}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@", "field": ["@"]}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "@", "note": "@"}"#),
    ("POST", "/v1/check", "application/json", r#"{"text": "\ud800 @"}"#),
    ("POST", "/v1/check", "text/plain", "@"),
    ("POST", "/v1/check", "text/@", "@"),
    ("POST", "/v1/check?text=@", "application/json", r#"{"text": 1}"#),
    ("POST", "/v1/check/batch", "application/json", r#"{"notes": [{"id": 1, "text": "@ diabétique"}]}"#),
    ("POST", "/v1/check/batch", "application/json", r#"{"notes": [{"id": ["@"], "text": ["@"]}, "@"]}"#),
    ("POST", "/v1/check/batch", "application/json", r#"{"notes": "@"}"#),
    (
        "POST",
        "/v1/scan",
        "application/x-ndjson",
        "{\"text\": \"@ diabétique\"}\n@\n{\"text\": [\"@\"]}\n\"@\"",
    ),
    ("POST", "/v1/scan?profile=@", "application/x-ndjson", ""),
    ("POST", "/v1/scan?offsets=@&min_score=@", "application/x-ndjson", ""),
    ("POST", "/v2/check", FORM, "text=Client @ diabétique&language=fr"),
    ("POST", "/v2/check", FORM, "text=@&language=@"),
    ("POST", "/v2/check", FORM, "text=@&data=@&language=fr"),
    ("POST", "/v2/check", FORM, "data=@&language=fr"),
    ("POST", "/v2/check", FORM, "data={\"annotation\":[{\"text\":[\"@\"]}]}&language=fr"),
    ("POST", "/v2/check", FORM, "text=@&language=fr&level=@&enabledOnly=true&profile=@"),
    ("POST", "/v2/check", FORM, "text=@%FF&language=fr"),
    ("POST", "/v2/check", "text/plain", "text=@&language=fr"),
    ("GET", "/v2/check?text=@&language=@&apiKey=@", "", ""),
    ("POST", "/analyze", "application/json", r#"{"text": "Client @ diabétique", "language": "fr"}"#),
    ("POST", "/analyze", "application/json", r#"{"text": ["@", {"@": 1}], "language": "@"}"#),
    ("POST", "/analyze", "application/json", r#"{"text": "@", "language": "fr", "entities": ["@"]}"#),
    ("POST", "/analyze", "application/json", r#"{"text": "@", "language": "fr", "allow_list_match": "@"}"#),
    (
        "POST",
        "/analyze",
        "application/json",
        r#"{"text": "@", "language": "fr", "correlation_id": "@", "allow_list": ["(@"], "allow_list_match": "regex"}"#,
    ),
    (
        "POST",
        "/analyze",
        "application/json",
        r#"{"text": "@", "language": "fr", "ad_hoc_recognizers": [{"supported_entity": "@", "patterns": [{"name": "@", "regex": "(@", "score": 1}]}]}"#,
    ),
    (
        "POST",
        "/anonymize",
        "application/json",
        r#"{"text": "@", "analyzer_results": [{"entity_type": "A", "start": 0, "end": 3, "score": 1}]}"#,
    ),
    (
        "POST",
        "/anonymize",
        "application/json",
        r#"{"text": "@", "analyzer_results": [{"entity_type": "@", "start": 0, "end": 300, "score": "@"}]}"#,
    ),
    (
        "POST",
        "/anonymize",
        "application/json",
        r#"{"text": "@", "analyzer_results": [], "anonymizers": {"@": {"type": "@"}}}"#,
    ),
    ("GET", "/recognizers?language=@", "", ""),
    ("POST", "/", "application/x-www-form-urlencoded", "text=Client+@+diabétique"),
    ("POST", "/", "application/x-www-form-urlencoded", "text=@&profile=@"),
    ("POST", "/", "application/x-www-form-urlencoded", "text=@%FF"),
    ("POST", "/", "multipart/form-data", "text=@"),
    ("POST", "/regles", "application/x-www-form-urlencoded", "text=Client+@+diabétique"),
    ("POST", "/regles", "application/x-www-form-urlencoded", "text=@%FF"),
    ("GET", "/regles?categorie=@", "", ""),
    ("GET", "/?text=@", "", ""),
    ("GET", "/static/@", "", ""),
    (
        "POST",
        "/v1/overrides",
        "application/json",
        r#"{"reason": "consent", "categories": ["health"], "text": "@"}"#,
    ),
    ("POST", "/v1/overrides", "application/json", r#"{"reason": "@", "categories": ["@"], "profile": "@"}"#),
    ("GET", "/v1/@?text=@", "", ""),
    ("PUT", "/v1/check", "application/json", "@"),
    ("@", "/v1/check", "application/json", "@"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_never_reaches_a_log_a_counter_or_an_error() {
    let log = Log::default();
    let settings = Config {
        log_level: "trace".to_owned(),
        log_format: LogFormat::Json,
        classifier: false,
        max_note_bytes: 1000,
        ..Config::default()
    };
    tracing::subscriber::set_global_default(telemetry::subscriber(&settings, log.clone()).unwrap()).unwrap();
    telemetry::quiet_panics();
    let scanner =
        Scanner::load(&ScannerOptions { classifier: false, max_note_bytes: 1000, ..Default::default() })
            .unwrap();
    let scanner = Arc::new(scanner);
    let open = router(AppState::new(settings.clone(), Arc::clone(&scanner), Keys::default()));
    let keyed = Keys::new(vec![new_key("crm").unwrap().stored]);
    let keyed = router(AppState::new(settings, scanner, keyed));

    let long = format!("{{\"text\": \"{}\"}}", CANARY.repeat(200));
    let requests = REQUESTS.iter().copied().chain([("POST", "/v1/check", "application/json", long.as_str())]);
    for (method, path, kind, body) in requests {
        for app in [&open, &keyed] {
            let fill = |template: &str| template.replace('@', CANARY);
            let request = Request::builder()
                .method(fill(method).as_str())
                .uri(fill(path))
                .header("authorization", format!("Bearer {CANARY}"))
                .header("user-agent", CANARY)
                .header("content-type", fill(kind));
            let (status, answer) = send(app, request.body(Body::from(fill(body))).unwrap()).await;
            let case = format!("{method} {path} {kind} {body} → {status}");
            let repeated = answer.contains(CANARY);
            let good = status == 200
                && answer.lines().all(|line| !line.contains("\"error\"") || !line.contains(CANARY));
            assert!(!repeated || good, "{case}: {answer}");
            assert!(status < 500, "{case}");
        }
    }
    let (_, metrics) = send(&open, Request::get("/metrics").body(Body::empty()).unwrap()).await;
    assert!(metrics.contains("vigie_requests_total") && !metrics.contains(CANARY), "{metrics}");

    // The message of a bad slice quotes the text.
    let panicked = tokio::task::spawn_blocking(|| {
        let text = format!("é{CANARY}");
        let middle = std::hint::black_box(1);
        text[middle..].len()
    });
    assert!(panicked.await.is_err());

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines = log.lines().filter(|line| line.contains("\"route\":\"/v1/check\"")).count();
    assert!(lines >= 2 * 15, "the log was captured: {lines} lines");
    assert!(log.contains("a thread panicked") && log.contains("canary.rs"), "{log}");
    assert!(!log.contains(CANARY), "{}", log.lines().find(|line| line.contains(CANARY)).unwrap_or_default());
}
