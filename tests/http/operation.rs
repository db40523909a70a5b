//! What watches over the server, and the headers of every answer.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;
use vigie::http::{AppState, router};
use vigie::secret::Keys;

use crate::support::*;

#[tokio::test]
async fn health_is_told_and_a_stopping_server_is_not_ready() {
    let state = AppState::new(config(), SCANNER.clone(), Keys::default());
    let app = router(state.clone());
    assert_eq!(get(&app, "/healthz").await.json(), json!({"status": "ok"}));
    assert_eq!(get(&app, "/readyz").await.json(), json!({"status": "ready"}));
    state.drain();
    assert_eq!(get(&app, "/healthz").await.status, 200);
    let reply = get(&app, "/readyz").await;
    assert_eq!((reply.status.as_u16(), reply.header("retry-after")), (503, "1"));
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let app = app();
    for path in ["/", "/healthz", "/metrics", "/v1/categories", "/v1/openapi.json"] {
        let reply = send(&app, request("HEAD", path, "", Body::empty())).await;
        assert_eq!((reply.status.as_u16(), reply.body.len()), (200, 0), "{path}");
        assert_eq!(reply.header("content-type"), get(&app, path).await.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn metrics_count_requests_notes_and_findings() {
    let app = app();
    post(&app, "/v1/check", &json!({"text": NOTE})).await;
    post(&app, "/v1/check", &json!({"text": 1})).await;
    get(&app, "/nowhere/at/all").await;
    let reply = get(&app, "/metrics").await;
    assert!(reply.header("content-type").starts_with("application/openmetrics-text"));
    let text = reply.text();
    for line in [
        r#"vigie_requests_total{route="/v1/check",method="POST",status="200"} 1"#,
        r#"vigie_requests_total{route="/v1/check",method="POST",status="422"} 1"#,
        r#"vigie_requests_total{route="unknown",method="GET",status="404"} 1"#,
        r#"vigie_request_seconds_count{route="/v1/check"} 2"#,
        "vigie_note_seconds_count 1",
        r#"vigie_stage_seconds_count{stage="prepare"} 1"#,
        r#"vigie_stage_seconds_count{stage="lexicon"} 1"#,
        r#"vigie_stage_seconds_count{stage="patterns"} 1"#,
        r#"vigie_stage_seconds_count{stage="fuse"} 1"#,
        r#"category="health""#,
        "vigie_notes_total{verdict=",
        "vigie_build_info{version=",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("nowhere"));
    // These tests run without a classifier: a stage that did not run has no time.
    assert!(!text.contains(r#"stage="classifier""#));
}

#[tokio::test]
async fn every_answer_has_an_id_and_guards() {
    let app = app();
    for (sent, kept) in [
        (None, false),
        (Some("abc-123_DEF.4"), true),
        (Some("with space"), false),
        (Some("<script>"), false),
        (Some("x".repeat(65).as_str()), false),
    ] {
        for path in ["/healthz", "/nowhere"] {
            let mut request = Request::get(path);
            if let Some(id) = sent {
                request = request.header("x-request-id", id);
            }
            let reply = send(&app, request.body(Body::empty()).unwrap()).await;
            let id = reply.header("x-request-id");
            assert!(!id.is_empty());
            assert_eq!(Some(id) == sent, kept, "{sent:?}");
            assert_eq!(reply.header("x-content-type-options"), "nosniff");
            assert_eq!(reply.header("cache-control"), "no-store");
            assert!(reply.header("content-security-policy").contains("default-src 'none'"));
            assert_eq!(reply.header("access-control-allow-origin"), "");
        }
    }
}
