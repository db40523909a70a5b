//! A string that is in every request, good or bad, must not be in any log line, counter or error.

use std::io::Write;
use std::path::Path;
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
    ("POST", "/rescans", FORM, "source=@&name=@&profile=@"),
    ("POST", "/rescans", FORM, "fichier=@&text=@"),
    ("POST", "/rescans", FORM, "source=@&rate=@"),
    ("POST", "/rescans/fichier", "multipart/form-data; boundary=@", "@"),
    (
        "POST",
        "/rescans/fichier",
        "multipart/form-data; boundary=@",
        "--@\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"@\"\r\n\r\n@\r\n--@--\r\n",
    ),
    ("GET", "/rescans/nouvelle?fichier=@", "", ""),
    ("GET", "/rescans/@", "", ""),
    ("GET", "/rescans/@/suivi", "", ""),
    ("POST", "/rescans/@/annuler", FORM, ""),
    ("POST", "/rescans/@/@", FORM, "@"),
    ("GET", "/revue?category=@&after=@", "", ""),
    ("GET", "/revue?month=@&done=@&n=@&at=@", "", ""),
    ("POST", "/revue", FORM, "confirmed=@"),
    ("POST", "/revue", FORM, "dismissed=choisis&f=@&reason=other&text=@+diab%C3%A9tique"),
    ("POST", "/revue?rescan=@", FORM, "fixed=tous&sure=1"),
    ("GET", "/rapport/@", "", ""),
    ("GET", "/regles/fichiers?fichier=@", "", ""),
    ("POST", "/regles/fichiers", FORM, "fichier=@&text=@&enregistrer=1"),
    (
        "POST",
        "/v1/overrides",
        "application/json",
        r#"{"reason": "consent", "categories": ["health"], "text": "@"}"#,
    ),
    ("POST", "/v1/overrides", "application/json", r#"{"reason": "@", "categories": ["@"], "profile": "@"}"#),
    ("POST", "/v1/rescans", "application/json", "@"),
    ("POST", "/v1/rescans", "application/json", r#"{"sources": "@", "name": "@\n", "rate": "@"}"#),
    ("POST", "/v1/rescans", "application/json", r#"{"sources": [{"kind": "@"}], "profile": "@"}"#),
    ("POST", "/v1/rescans", "application/json", r#"{"sources": [{"kind": "upload", "upload": "@"}]}"#),
    ("POST", "/v1/rescans", "application/json", r#"{"sources": [{"kind": "files", "paths": ["/@"]}]}"#),
    (
        "POST",
        "/v1/rescans",
        "application/json",
        r#"{"sources": [{"kind": "source", "name": "@", "tables": ["@"]}]}"#,
    ),
    ("POST", "/v1/rescans", "application/json", r#"{"sources": [{"kind": "database", "url": "@"}]}"#),
    ("POST", "/v1/rescans/uploads?name=@", "text/csv", "@"),
    ("POST", "/v1/rescans/uploads?name=a.csv", "multipart/@", "@"),
    ("GET", "/v1/rescans?cursor=@&limit=@", "", ""),
    ("GET", "/v1/rescans/@", "", ""),
    ("GET", "/v1/rescans/@/events", "", ""),
    ("GET", "/v1/rescans/@/report?format=@", "", ""),
    ("POST", "/v1/rescans/@/cancel", "", ""),
    ("DELETE", "/v1/rescans/@", "", ""),
    ("GET", "/v1/findings?rescan=@", "", ""),
    ("GET", "/v1/findings?category=@&review=@&cursor=@", "", ""),
    ("POST", "/v1/findings/@/review", "application/json", r#"{"decision": "@"}"#),
    (
        "POST",
        "/v1/findings/@/review",
        "application/json",
        r#"{"decision": "dismissed", "reason": {"code": "other", "text": "@\n@"}}"#,
    ),
    ("POST", "/v1/findings/review", "application/json", r#"{"ids": ["@"], "decision": "fixed"}"#),
    ("GET", "/v1/@?text=@", "", ""),
    ("PUT", "/v1/check", "application/json", "@"),
    ("@", "/v1/check", "application/json", "@"),
];

/// Rescans a file whose notes hold the canary, good and bad ones, and looks for it everywhere but in the file.
async fn rescan(app: &Router, data: &Path) {
    let notes = "id;note\n1;Cliente @ diabétique\n2;@ dit oui\n3;@;@\n4;@\0\n".replace('@', CANARY);
    let mut notes = notes.into_bytes();
    notes.extend([b"5;", CANARY.as_bytes(), &[0x81, 0x8d], b"\n"].concat());
    let send_to = async |method: &str, path: &str, body: Vec<u8>| {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let request = request.header("idempotency-key", CANARY).body(Body::from(body)).unwrap();
        let (status, answer) = send(app, request).await;
        assert!(status < 300, "{method} {path}: {answer}");
        assert!(!answer.contains(CANARY), "{method} {path}: {answer}");
        answer
    };
    let json = |answer: &str| serde_json::from_str::<serde_json::Value>(answer).unwrap();
    let upload = json(&send_to("POST", "/v1/rescans/uploads?name=notes.csv", notes).await);
    let source = serde_json::json!({"kind": "upload", "upload": upload["upload"]});
    let asked = serde_json::json!({"sources": [source]}).to_string();
    let id = json(&send_to("POST", "/v1/rescans", asked.into()).await)["id"].as_str().unwrap().to_owned();
    // The stream ends with the rescan.
    let events = send_to("GET", &format!("/v1/rescans/{id}/events"), Vec::new()).await;
    assert!(events.contains("event: done"), "{events}");
    let info = json(&send_to("GET", &format!("/v1/rescans/{id}"), Vec::new()).await);
    assert!(
        info["findings"].as_u64() >= Some(1) && info["notes"]["unreadable"].as_u64() >= Some(1),
        "{info}"
    );
    for path in ["report", "report?format=html", "report?format=csv", "manifest"] {
        send_to("GET", &format!("/v1/rescans/{id}/{path}"), Vec::new()).await;
    }
    for page in ["/rescans", "/rescans/{id}", "/rescans/{id}/suivi", "/revue?rescan={id}", "/rapport", "/rapport/{id}", "/etat"] {
        send_to("GET", &page.replace("{id}", &id), Vec::new()).await;
    }
    let findings = json(&send_to("GET", &format!("/v1/findings?rescan={id}"), Vec::new()).await);
    let finding = findings["findings"][0]["fingerprint"].as_str().unwrap();
    let path = format!("/v1/findings/{finding}/review");
    send_to("POST", &path, br#"{"decision": "confirmed"}"#.to_vec()).await;
    // The file goes away with its rescan, as soon as that has ended.
    let uploads = data.join("uploads");
    for _ in 0..200 {
        if std::fs::read_dir(&uploads).unwrap().next().is_none() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let mut looked_at = 0;
    for entry in std::fs::read_dir(data).unwrap().chain(std::fs::read_dir(&uploads).unwrap()) {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
            assert!(!found, "{}", path.display());
            looked_at += bytes.len();
        } else {
            assert_eq!(path, uploads);
        }
    }
    assert!(looked_at > 10_000, "{looked_at}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_never_reaches_a_log_a_counter_or_an_error() {
    let log = Log::default();
    let data = tempfile::tempdir().unwrap();
    let settings = Config {
        log_level: "trace".to_owned(),
        log_format: LogFormat::Json,
        classifier: false,
        max_note_bytes: 1000,
        data_dir: Some(data.path().to_owned()),
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
    rescan(&open, data.path()).await;

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
