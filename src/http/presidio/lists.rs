//! `GET /recognizers`, `GET /supportedentities` and `GET /health`.

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::entities;
use super::explanation::{CLASSIFIER, LEXICON, PATTERN};
use crate::http::form::Form;
use crate::http::openapi::Refusals;
use crate::http::problem::{Problem, Violation};
use crate::http::reply;
use crate::http::state::AppState;

/// List what recognizes (Presidio)
#[utoipa::path(
    get, path = "/recognizers", tag = "presidio", operation_id = "presidio_recognizers",
    params(("language" = Option<String>, Query, description = "`fr` or `en`")),
    responses((status = 200, description = "Names", body = Vec<String>),
              (status = 422, description = "The language is another one", body = Problem,
               content_type = "application/problem+json"), Refusals),
)]
pub async fn recognizers(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    check_language(query)?;
    let mut names = vec![LEXICON, PATTERN];
    if state.scanner().backend().is_some() {
        names.push(CLASSIFIER);
    }
    reply::json(&names)
}

/// List the entities (Presidio)
#[utoipa::path(
    get, path = "/supportedentities", tag = "presidio", operation_id = "presidio_supported_entities",
    params(("language" = Option<String>, Query, description = "`fr` or `en`")),
    responses((status = 200, description = "Names", body = Vec<String>),
              (status = 422, description = "The language is another one", body = Problem,
               content_type = "application/problem+json"), Refusals),
)]
pub async fn supported_entities(RawQuery(query): RawQuery) -> Result<Response, Problem> {
    check_language(query)?;
    reply::json(&entities::all())
}

/// Is the service up? (Presidio)
#[utoipa::path(
    get, path = "/health", tag = "presidio", operation_id = "presidio_health", security(()),
    responses((status = 200, description = "It is", body = String, content_type = "text/plain")),
)]
pub async fn health() -> &'static str {
    "Vigie service is up"
}

fn check_language(query: Option<String>) -> Result<(), Problem> {
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    match query.get("language") {
        None | Some("" | "fr" | "en") => Ok(()),
        Some(_) => Err(Problem::invalid(vec![Violation::new("?language", "expected fr or en")])),
    }
}
