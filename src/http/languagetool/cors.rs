//! Add-ons of browsers and mail programs are pages of their own kind: their browser lets them read an answer only if the
//! server names them. Pages of the web are not named, so that no site may ask.

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ORIGIN, VARY};
use axum::middleware::Next;
use axum::response::Response;

/// How the origin of an installed add-on begins; that of Obsidian's desktop program is the last.
const ADD_ONS: &[&str] =
    &["chrome-extension://", "moz-extension://", "safari-web-extension://", "app://obsidian.md"];

/// Names the add-on that asks.
pub async fn name_add_ons(request: Request, next: Next) -> Response {
    let origin: Option<HeaderValue> = request.headers().get(ORIGIN).cloned();
    let mut response = next.run(request).await;
    response.headers_mut().insert(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.filter(is_add_on) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

fn is_add_on(origin: &HeaderValue) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    ADD_ONS.iter().any(|scheme| origin.starts_with(scheme))
}
