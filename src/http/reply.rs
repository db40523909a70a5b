//! Answers that went well.

use std::time::Duration;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::problem::Problem;

/// JSON that was written elsewhere.
pub fn json_text(json: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response()
}

/// JSON of a small value.
pub fn json(value: &impl Serialize) -> Result<Response, Problem> {
    serde_json::to_string(value).map(json_text).map_err(|_| Problem::internal())
}

/// Adds how long the scanner took, as browsers' developer tools show it (`Server-Timing`, milliseconds).
pub fn timed(mut response: Response, scan: Duration) -> Response {
    let value = format!("scan;dur={:.3}", scan.as_secs_f64() * 1000.0);
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().insert(HeaderName::from_static("server-timing"), value);
    }
    response
}
