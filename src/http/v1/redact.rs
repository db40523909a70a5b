//! `POST /v1/redact`: the note without what the profile objects to.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use super::check::{CheckSchema, read};
use crate::answer::Engine;
use crate::category::Category;
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::http::{body, reply, work};
use crate::policy::Verdict;

/// A note with each finding replaced by its category between square brackets.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Redaction {
    #[schema(example = "Client [santé], demande livraison le matin uniquement")]
    redacted: String,
    /// Verdict on the note as it was sent.
    verdict: Verdict,
    /// Categories of the findings, in the order of the taxonomy.
    #[schema(value_type = Vec<String>, example = json!(["health"]))]
    categories: Vec<Category>,
    engine: Engine,
    /// Time spent on the note, microseconds.
    took_us: u64,
}

/// Redact one note
///
/// What `redacted` of `/v1/check` holds, without the words found: fit for a log or an export.
#[utoipa::path(
    post, path = "/v1/redact", tag = "notes", operation_id = "redact",
    request_body(content = CheckSchema, content_type = "application/json"),
    responses((status = 200, description = "The redacted note", body = Redaction), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let shared = state.clone();
    let (json, took) = work::run(&state, move || {
        let (note, how) = read(body::parse(&bytes)?, &shared)?;
        let scanner = shared.scanner();
        how.check(&scanner, "/profile")?;
        let answer = work::answer(&shared, &scanner, &note, &how)?;
        let mut categories: Vec<Category> = answer.findings.iter().map(|f| f.category).collect();
        categories.sort_unstable();
        categories.dedup();
        let redaction = Redaction {
            redacted: answer.redacted,
            verdict: answer.verdict,
            categories,
            engine: answer.engine,
            took_us: answer.took_us,
        };
        let json = serde_json::to_string(&redaction).map_err(|_| Problem::internal())?;
        Ok((json, Duration::from_micros(redaction.took_us)))
    })
    .await?;
    Ok(reply::timed(reply::json_text(json), took))
}
