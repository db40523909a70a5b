//! `Authorization: Bearer …`. Without any key configured everybody may ask, and [`super::listen`] keeps everybody
//! down to this machine.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;

use super::problem::Problem;
use super::state::AppState;

/// Name of the client whose key was accepted; put on the answer for the log.
#[derive(Clone)]
pub struct Client(pub String);

/// Lets requests with a known key pass.
pub async fn require_key(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let keys = state.keys();
    if keys.is_empty() {
        return Ok(next.run(request).await);
    }
    let Some(presented) = bearer(request.headers()) else {
        return Err(Problem::unauthorized(
            "send Authorization: Bearer and the key you were given",
            "Bearer realm=\"vigie\"",
        ));
    };
    let Some(client) = keys.client_of(presented).map(|name| Client(name.to_owned())) else {
        return Err(Problem::unauthorized(
            "this key is not known here",
            "Bearer realm=\"vigie\", error=\"invalid_token\"",
        ));
    };
    let mut response = next.run(request).await;
    response.extensions_mut().insert(client);
    Ok(response)
}

/// The token of a bearer header; the scheme's case does not matter (RFC 9110, 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
