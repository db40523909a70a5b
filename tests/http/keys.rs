//! Who may ask.

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vigie::secret::{Keys, new_key};

use crate::support::*;

async fn ask(keys: &Keys, path: &str, authorization: Option<&str>) -> Reply {
    let mut request = Request::get(path);
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    send(&app_of(config(), keys.clone()), request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_key_opens_and_nothing_else_does() {
    let (crm, bulk, other) = (new_key("crm").unwrap(), new_key("bulk").unwrap(), new_key("other").unwrap());
    let keys = Keys::new(vec![crm.stored.clone(), bulk.stored.clone()]);
    let bearer = |key: &str| format!("Bearer {key}");
    let basic =
        |user: &str, password: &str| format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    let hash = crm.stored.line().split_once(':').unwrap().1.to_owned();
    for (authorization, status) in [
        (Some(bearer(&crm.key)), 200),
        (Some(bearer(&bulk.key)), 200),
        (Some(format!("bearer  {}", crm.key)), 200),
        (None, 401),
        (Some(String::new()), 401),
        (Some(crm.key.clone()), 401),
        (Some("Basic dmlnaWU6dmlnaWU=".to_owned()), 401),
        (Some(bearer("")), 401),
        (Some(bearer(&other.key)), 401),
        (Some(bearer(&crm.key[..20])), 401),
        (Some(bearer(&hash)), 401),
        (Some(basic("vigie", &crm.key)), 200),
        (Some(basic("vigie", &other.key)), 401),
        (Some(basic(&crm.key, "")), 401),
        (Some("Basic é".to_owned()), 401),
    ] {
        let reply = ask(&keys, "/v1/categories", authorization.as_deref()).await;
        assert_eq!(reply.status.as_u16(), status, "{authorization:?}");
        if status == 401 {
            assert!(reply.header("www-authenticate").starts_with("Bearer realm="));
            assert_eq!(reply.header("content-type"), "application/problem+json");
            assert!(!reply.text().contains("vigie_"));
        }
    }
}

#[tokio::test]
async fn with_keys_only_health_is_open() {
    let keys = Keys::new(vec![new_key("crm").unwrap().stored]);
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/", 401),
        ("/metrics", 401),
        ("/v1/openapi.json", 401),
        ("/v1/profiles", 401),
    ] {
        assert_eq!(ask(&keys, path, None).await.status.as_u16(), status, "{path}");
    }
    let app = app_of(config(), keys);
    for path in ["/v1/check", "/v1/check/batch", "/v1/redact", "/v1/scan"] {
        let reply = send(&app, request("POST", path, "application/json", "{}")).await;
        assert_eq!(reply.status, 401, "{path}");
    }
}
