//! Too much at a time, too long, and panics.

use axum::body::Body;
use futures_util::stream;
use http_body_util::BodyExt;
use serde_json::json;
use tower::ServiceExt;
use vigie::config::Config;
use vigie::secret::Keys;

use crate::support::*;

/// A body that begins and never ends.
fn endless(begin: &'static str) -> Body {
    use futures_util::StreamExt;
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>(begin)]).chain(stream::pending()))
}

#[tokio::test]
async fn one_request_too_many_is_refused_at_once_and_told_when_to_come_back() {
    let app = app_of(Config { concurrency: 1, ..config() }, Keys::default());
    let open = request("POST", "/v1/scan", "application/x-ndjson", endless("{\"text\": \"a\"}\n"));
    let mut open = app.clone().oneshot(open).await.unwrap();
    assert_eq!(open.status(), 200);
    assert!(open.body_mut().frame().await.is_some());

    let refused = post(&app, "/v1/check", &json!({"text": NOTE})).await;
    assert_eq!(refused.status, 503);
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(refused.text().contains("concurrency"), "{}", refused.text());
    assert_eq!(get(&app, "/readyz").await.status, 200);
    assert!(get(&app, "/metrics").await.text().contains("vigie_requests_in_progress 1"));

    drop(open);
    assert_eq!(post(&app, "/v1/check", &json!({"text": NOTE})).await.status, 200);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let app = app_of(Config { request_timeout_ms: 30, concurrency: 1, ..config() }, Keys::default());
    for path in ["/v1/check", "/v1/check/batch", "/v1/redact"] {
        let reply = send(&app, request("POST", path, "application/json", endless("{\"text\":"))).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (504, "application/problem+json"));
        assert!(reply.text().contains("request_timeout_ms"), "{}", reply.text());
    }
    assert_eq!(get(&app, "/readyz").await.status, 200);
}

#[tokio::test]
async fn a_body_cut_short_is_the_clients_error() {
    let cut = stream::iter([Ok("{\"text\":"), Err(std::io::Error::other("reset"))]);
    let reply = send(&app(), request("POST", "/v1/check", "application/json", Body::from_stream(cut))).await;
    assert_eq!(reply.status, 400);
}
