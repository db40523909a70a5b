//! LanguageTool's clients send their key as the parameter `apiKey`. It is worth what the same key is worth in an
//! `Authorization` header.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::unescaped;
use crate::http::form::{FORM, Form};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::http::{auth, body};

/// Lets checks with a known key pass, wherever the key is. Stands behind the limits, as it may read the body.
pub async fn require_key(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let key = auth::presented(request.headers());
    if state.keys().is_empty() || key.is_some() {
        return auth::require_key(State(state), request, next).await;
    }
    let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes())?;
    let (parts, content) = request.into_parts();
    let (content, form) = match body::check_type(&parts.headers, FORM) {
        Ok(()) => {
            let bytes = body::read_as(&parts.headers, content, FORM, state.config().max_body_bytes).await?;
            let form = unescaped::parse(&bytes)?;
            (bytes, form)
        }
        Err(_) => (Bytes::new(), Form::default()),
    };
    let form = query.and(form);
    // `api_key` is what gramma sends.
    let key = form.get("apiKey").or_else(|| form.get("api_key"));
    let client = auth::client_of(&state, key)?;
    let response = next.run(Request::from_parts(parts, Body::from(content))).await;
    Ok(auth::signed(response, client))
}
