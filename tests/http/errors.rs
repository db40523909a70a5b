//! Requests that are wrong: each status, its form, its place.

use axum::body::Body;
use serde_json::json;
use vigie::config::Config;
use vigie::secret::Keys;

use crate::support::*;

const JSON: &str = "application/json";

/// Method, path, content type and body of a request; status of the answer and a word in it.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [u8], u16, &'a str);

/// What a problem looks like, whatever its cause.
fn assert_problem(reply: &Reply, status: u16, word: &str, case: &str) {
    assert_eq!(reply.status.as_u16(), status, "{case}: {}", reply.text());
    assert_eq!(reply.header("content-type"), "application/problem+json", "{case}");
    assert!(!reply.header("x-request-id").is_empty(), "{case}");
    let problem = reply.json();
    assert_eq!(problem["status"], status, "{case}");
    for member in ["type", "title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|s| !s.is_empty()), "{case}: {member}");
    }
    assert!(reply.text().contains(word), "{case}: `{word}` in {}", reply.text());
}

#[tokio::test]
async fn wrong_requests_have_the_right_status_and_say_where() {
    let deep = format!("{{\"text\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let cases: &[Case] = &[
        ("POST", "/v1/check", JSON, b"", 400, "not valid JSON"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\"", 400, "line 1"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\"} trailing", 400, "trailing characters"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"\\ud800\"}", 400, "not valid JSON"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"\xff\xfe\"}", 400, "not UTF-8: see byte 10"),
        ("POST", "/v1/check", JSON, deep.as_bytes(), 400, "recursion"),
        ("POST", "/v1/check", JSON, b"[]", 422, "expected an object"),
        ("POST", "/v1/check", JSON, b"{}", 422, "/text"),
        ("POST", "/v1/check", JSON, b"{\"text\": null}", 422, "/text"),
        ("POST", "/v1/check", JSON, b"{\"text\": 5}", 422, "/text"),
        ("POST", "/v1/check", JSON, b"{\"text\": {\"a\": \"b\"}}", 422, "/text"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"txt\": \"a\"}", 422, "unknown member `txt`"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"field\": 1}", 422, "/field"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"offsets\": \"bytes\"}", 422, "codepoints"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"min_score\": 1.01}", 422, "/min_score"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"min_score\": -1}", 422, "/min_score"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"min_score\": \"0.5\"}", 422, "/min_score"),
        ("POST", "/v1/check", JSON, b"{\"text\": \"a\", \"profile\": \"none\"}", 422, "insurance-health"),
        ("POST", "/v1/redact", JSON, b"{\"text\": \"a\", \"profile\": \"none\"}", 422, "/profile"),
        ("POST", "/v1/check/batch", JSON, b"{\"notes\": {}}", 422, "/notes"),
        ("POST", "/v1/check/batch", JSON, b"{\"notes\": [], \"text\": \"a\"}", 422, "unknown member `text`"),
        ("POST", "/v1/check/batch", JSON, b"{\"notes\": [], \"profile\": \"none\"}", 422, "known: "),
        ("POST", "/v1/check", "", b"{\"text\": \"a\"}", 415, "missing"),
        ("POST", "/v1/check", "text/plain", b"{\"text\": \"a\"}", 415, "application/json"),
        ("POST", "/v1/check", "application/x-www-form-urlencoded", b"text=a", 415, "application/json"),
        ("POST", "/v1/check", "application/json; charset=latin1", b"{\"text\": \"a\"}", 415, "UTF-8"),
        ("POST", "/v1/scan", JSON, b"{\"text\": \"a\"}", 415, "application/x-ndjson"),
        ("POST", "/v1/scan?profile=none", "application/x-ndjson", b"", 422, "?profile"),
        ("POST", "/v1/scan?min_score=2&offsets=x&page=1", "application/x-ndjson", b"", 422, "?page"),
        ("GET", "/v1/nothing", "", b"", 404, "openapi.json"),
        ("POST", "/v2", JSON, b"{}", 404, "openapi.json"),
    ];
    let app = app();
    for (method, path, kind, body, status, word) in cases {
        let reply = send(&app, request(method, path, kind, body.to_vec())).await;
        let case = format!("{method} {path} {}", String::from_utf8_lossy(&body[..body.len().min(60)]));
        assert_problem(&reply, *status, word, &case);
    }
}

#[tokio::test]
async fn content_types_that_mean_json_are_taken() {
    let app = app();
    for kind in [JSON, "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\""] {
        let reply = send(&app, request("POST", "/v1/check", kind, "{\"text\": \"a\"}")).await;
        assert_eq!(reply.status, 200, "{kind}");
    }
    let mut gzip = request("POST", "/v1/check", JSON, "{\"text\": \"a\"}");
    gzip.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
    assert_problem(&send(&app, gzip).await, 415, "compressed", "gzip");
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let app = app();
    for (method, path, allow) in [
        ("GET", "/v1/check", "POST"),
        ("PUT", "/v1/scan", "POST"),
        ("DELETE", "/v1/categories", "GET,HEAD"),
        ("POST", "/healthz", "GET,HEAD"),
    ] {
        let reply = send(&app, request(method, path, "", Body::empty())).await;
        assert_problem(&reply, 405, "Allow", path);
        assert_eq!(reply.header("allow"), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn everything_wrong_is_said_at_once() {
    let body = json!({"text": 1, "min_score": 5, "offsets": "x", "extra": 1});
    let problem = post(&app(), "/v1/check", &body).await.json();
    let places: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    assert_eq!(places, ["/text", "/offsets", "/min_score", "/extra"]);
}

#[tokio::test]
async fn what_is_too_large_is_told_the_limit() {
    let config = Config { max_body_bytes: 300_000, max_note_bytes: 100_000, max_batch: 3, ..config() };
    let app = app_of(config, Keys::default());
    let text = |bytes: usize| json!({"text": "x".repeat(bytes)});
    assert_eq!(post(&app, "/v1/check", &text(100_000)).await.status, 200);
    assert_problem(&post(&app, "/v1/check", &text(100_001)).await, 413, "100000", "note");
    assert_problem(&post(&app, "/v1/redact", &text(100_001)).await, 413, "100000", "note to redact");
    assert_problem(&post(&app, "/v1/check", &text(300_000)).await, 413, "max_body_bytes", "body");
    let notes = vec![json!({"text": "a"}); 4];
    let reply = post(&app, "/v1/check/batch", &json!({"notes": notes})).await;
    assert_problem(&reply, 413, "max_batch", "batch");

    let chunks = (0..100).map(|_| Ok::<_, std::io::Error>("x".repeat(10_000)));
    let unannounced = Body::from_stream(futures_util::stream::iter(chunks));
    let reply = send(&app, request("POST", "/v1/check", JSON, unannounced)).await;
    assert_problem(&reply, 413, "max_body_bytes", "chunked body");
}
