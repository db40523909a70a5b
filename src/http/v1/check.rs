//! `POST /v1/check`: one note, in real time.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use crate::answer::Answer;
use crate::http::how::How;
use crate::http::members::{Members, string};
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::Problem;
use crate::http::reply;
use crate::http::state::AppState;
use crate::http::work::{self, Job};
use crate::note::{Note, NoteText};
use crate::span::OffsetUnit;

/// A note to scan. Members that are not listed are refused.
#[derive(utoipa::ToSchema)]
#[schema(as = CheckRequest)]
#[expect(dead_code, reason = "describes the members that `read` reads")]
pub struct CheckSchema {
    #[schema(example = "Client diabétique type 2, demande livraison le matin uniquement")]
    text: String,
    /// Policy profile; `GET /v1/profiles` lists them.
    #[schema(default = "default")]
    profile: Option<String>,
    /// Name of the field being edited; the profile may set rules per field.
    field: Option<String>,
    /// Unit of `start` and `end`.
    offsets: Option<OffsetUnit>,
    /// Leaves out findings under this score.
    #[schema(minimum = 0, maximum = 1, default = 0)]
    min_score: Option<f32>,
}

/// Reads the body of `/v1/check` and `/v1/redact`.
fn read(value: Value, state: &AppState) -> Result<(Note, How), Problem> {
    let mut members = Members::of(value, "")?;
    let text = members.required("text", "a string", string);
    let field = members.optional("field", "a string", string);
    let how = How::read(&mut members, state);
    members.finish()?;
    Ok((Note { field, text: NoteText::from(text) }, how))
}

/// Scan one note
///
/// Made for a call on each pause in typing, or on save.
#[utoipa::path(
    post, path = "/v1/check", tag = "notes", operation_id = "check",
    request_body(content = CheckSchema, content_type = "application/json"),
    responses((status = 200, description = "What was found", body = Answer), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    note(state, headers, body, |answer| answer).await
}

/// Scans the note of `/v1/check` and `/v1/redact` and gives what `shape` makes of its answer.
pub async fn note<T: Serialize + 'static>(
    state: AppState,
    headers: HeaderMap,
    body: Body,
    shape: fn(Answer) -> T,
) -> Result<Response, Problem> {
    let scan = move |job: Job<Note>| {
        let answer = work::answer(&job.state, &job.scanner, &job.notes, &job.how)?;
        let took = Duration::from_micros(answer.took_us);
        let json = serde_json::to_string(&shape(answer)).map_err(|_| Problem::internal())?;
        Ok((json, took))
    };
    let (json, took) = work::request(state, &headers, body, read, scan).await?;
    Ok(reply::timed(reply::json_text(json), took))
}
