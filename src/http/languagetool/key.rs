//! LanguageTool's clients send their key as the parameter `apiKey`. It is worth what the same key is worth in an
//! `Authorization` header.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::unescaped;
use crate::http::form::Form;
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
    let content = body::read_form(&parts.headers, content, state.config().max_body_bytes).await?;
    let form = query.and(unescaped::parse(&content)?);
    // `api_key` is what gramma sends.
    let key = form.get("apiKey").or_else(|| form.get("api_key"));
    let client = auth::client_of(&state, key)?;
    let response = next.run(Request::from_parts(parts, Body::from(content))).await;
    Ok(auth::signed(response, client))
}
