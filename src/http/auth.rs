//! `Authorization: Bearer …`, or the key as the password of `Basic`. Without any key configured everybody may ask, and [`super::listen`] keeps everybody
//! down to this machine.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::problem::{Kind, Problem};
use super::state::AppState;

/// Name of the client whose key was accepted; put on the request for who does something in its name, and on the answer
/// for the log.
#[derive(Clone)]
pub struct Client(pub String);

/// Lets requests with a known key pass.
pub async fn require_key(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let client = client_of(&state, presented(request.headers()).as_deref())?;
    if let Some(client) = &client {
        request.extensions_mut().insert(client.clone());
    }
    Ok(signed(next.run(request).await, client))
}

/// Behind [`require_key`]: lets pass whom the setting `rescan_keys` names, everybody where it names nobody. A key that a
/// widget carries into every page should not open what was found in all notes.
pub async fn require_rescan_key(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let named = &state.config().rescan_keys;
    let client = request.extensions().get::<Client>();
    if !named.is_empty() && client.is_none_or(|client| !named.contains(&client.0)) {
        return Err(Problem::new(Kind::Forbidden, "this key is not for rescans and findings (rescan_keys)"));
    }
    Ok(next.run(request).await)
}

/// Whose key this is; nobody's where the server has no keys.
pub fn client_of(state: &AppState, presented: Option<&str>) -> Result<Option<Client>, Problem> {
    let keys = state.keys();
    if keys.is_empty() {
        return Ok(None);
    }
    let Some(presented) = presented else {
        return Err(Problem::unauthorized(
            "send Authorization: Bearer and the key you were given",
            "Bearer realm=\"vigie\"",
        ));
    };
    let client = keys.client_of(presented).map(|name| Client(name.to_owned()));
    client.map(Some).ok_or_else(|| {
        Problem::unauthorized("this key is not known here", "Bearer realm=\"vigie\", error=\"invalid_token\"")
    })
}

/// Puts the client's name on the answer.
pub fn signed(mut response: Response, client: Option<Client>) -> Response {
    if let Some(client) = client {
        response.extensions_mut().insert(client);
    }
    response
}

/// The key of an `Authorization` header: a bearer token, or the password of `Basic`, for clients that can only be
/// given an address (`https://vigie:KEY@host/`). The scheme's case does not matter (RFC 9110, 11.1).
pub fn presented(headers: &HeaderMap) -> Option<String> {
    let (scheme, value) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let value = value.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}
