//! `POST /v1/redact`: the note without what the profile objects to.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use super::check::{self, CheckSchema};
use crate::answer::{Answer, Engine};
use crate::category::Category;
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::Problem;
use crate::http::state::AppState;
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

impl From<Answer> for Redaction {
    fn from(answer: Answer) -> Self {
        let mut categories: Vec<Category> = answer.findings.iter().map(|f| f.category).collect();
        categories.sort_unstable();
        categories.dedup();
        Self {
            redacted: answer.redacted,
            verdict: answer.verdict,
            categories,
            engine: answer.engine,
            took_us: answer.took_us,
        }
    }
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
    check::note(state, headers, body, Redaction::from).await
}
