//! One id, one log line and one count a request. The log line has method, route, status and duration; never a path,
//! query or body as the client wrote it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::auth::Client;
use super::state::AppState;

/// Names one request in the log and in the answer.
pub static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken over from a client.
const MAX_ID: usize = 64;

/// Gives the request an id, logs and counts its answer.
pub async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let id = request.headers().get(&REQUEST_ID).filter(|id| is_plain(id)).cloned().unwrap_or_else(new_id);
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().map(|p| p.as_str().to_owned());
    let route = route.as_deref().unwrap_or("unknown");

    let mut response = next.run(request).await;

    let took = begin.elapsed();
    let status = response.status().as_u16();
    let client = response.extensions().get::<Client>().map(|c| c.0.as_str());
    let request_id = id.to_str().unwrap_or_default();
    let took_us = took.as_micros() as u64;
    match status {
        500.. => tracing::error!(request_id, method, route, status, took_us, client, "request"),
        _ => tracing::info!(request_id, method, route, status, took_us, client, "request"),
    }
    state.metrics().request(route, method, status, took);
    response.headers_mut().insert(REQUEST_ID.clone(), id);
    response
}

/// Whether an id can do no harm in a log: letters, digits and `-_.` only.
fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    (1..=MAX_ID).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

fn new_id() -> HeaderValue {
    let mut random = [0u8; 12];
    // Without random bytes the id is all zeros: a poor name, but no reason to refuse the request.
    let _ = getrandom::fill(&mut random);
    HeaderValue::from_str(&hex::encode(random)).unwrap_or(HeaderValue::from_static("none"))
}

/// The method, or `other`, so that clients cannot make up counters.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
