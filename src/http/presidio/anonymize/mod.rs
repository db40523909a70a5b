//! `POST /anonymize`: replaces what was recognized, for presidio-anonymizer's clients.

mod cipher;
mod merge;
mod operator;
mod request;
mod write;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::http::{body, reply, work};
use request::{Anonymization, AnonymizeSchema};
use write::Anonymized;

/// Anonymize a text (Presidio)
///
/// Results that overlap are merged as presidio-anonymizer merges them.
#[utoipa::path(
    post, path = "/anonymize", tag = "presidio", operation_id = "presidio_anonymize",
    request_body(content = AnonymizeSchema, content_type = "application/json"),
    responses((status = 200, description = "The text without them", body = Anonymized), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let limit = state.config().max_body_bytes;
    let anonymized = work::run(&state, move || {
        let Anonymization { text, results, operators } = Anonymization::read(body::parse(&bytes)?)?;
        write::write(&text, merge::merge(&text, results), &operators, limit)
    });
    reply::json(&anonymized.await?)
}
