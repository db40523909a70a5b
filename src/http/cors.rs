//! Which other sites' pages may ask: those of the setting `allow_origin`, on `/v1` only, rescans and findings left out.
//! Nobody, by default.

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::AppState;

/// Answers a browser's question before the request, and names the origin on the answer to it. Credentials are never
/// allowed: a widget sends its key itself.
pub async fn allow_origins(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let allowed = &state.config().allow_origin;
    let path = request.uri().path();
    let closed = ["/v1/rescans", "/v1/findings"].iter().any(|closed| path.starts_with(closed));
    if allowed.is_empty() || closed || !path.starts_with("/v1/") {
        return next.run(request).await;
    }
    let origin =
        request.headers().get(ORIGIN).filter(|o| allowed.iter().any(|a| a.as_bytes() == o.as_bytes()));
    let origin = origin.cloned();
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && origin.is_some();
    let mut response = match asks {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers
            .insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-request-id, server-timing"));
    }
    if asks {
        for (name, value) in [
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
            (ACCESS_CONTROL_MAX_AGE, "600"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
