//! `POST /v1/check/batch`: many notes in one request.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use crate::http::entry::{Entry, EntryAnswer, EntrySchema};
use crate::http::how::How;
use crate::http::members::Members;
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::{Kind, Problem};
use crate::http::reply;
use crate::http::state::AppState;
use crate::http::work::{self, Job};
use crate::span::OffsetUnit;

/// Notes to scan, and how.
#[derive(utoipa::ToSchema)]
#[schema(as = BatchRequest)]
#[expect(dead_code, reason = "describes the members that `read` reads")]
pub struct BatchSchema {
    /// As many as the server's `max_batch` (1000) at the most.
    notes: Vec<EntrySchema>,
    #[schema(default = "default")]
    profile: Option<String>,
    offsets: Option<OffsetUnit>,
    #[schema(minimum = 0, maximum = 1, default = 0)]
    min_score: Option<f32>,
}

/// One answer a note, in the order of the notes.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes what `post` writes piece by piece")]
pub struct BatchAnswer {
    results: Vec<EntryAnswer>,
}

fn read(value: Value, state: &AppState) -> Result<(Vec<Entry>, How), Problem> {
    let mut members = Members::of(value, "")?;
    let notes = members.required("notes", "an array of notes", |v| match v {
        Value::Array(notes) => Some(notes),
        _ => None,
    });
    let how = How::read(&mut members, state);
    members.finish()?;
    let limit = state.config().max_batch;
    if notes.len() > limit {
        let detail = format!("{} notes are more than the limit of {limit} (max_batch)", notes.len());
        return Err(Problem::new(Kind::TooLarge, detail));
    }
    let entries =
        notes.into_iter().enumerate().map(|(at, note)| Entry::read(note, format!("/notes/{at}"))).collect();
    Ok((entries, how))
}

/// Scan many notes
///
/// A note that cannot be scanned has `error` in its place; the others are not affected.
#[utoipa::path(
    post, path = "/v1/check/batch", tag = "notes", operation_id = "check_batch",
    request_body(content = BatchSchema, content_type = "application/json"),
    responses((status = 200, description = "One answer a note, in order", body = BatchAnswer), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let begin = Instant::now();
    let Job { state, scanner, notes: mut entries, how } =
        work::request(state, &headers, body, read, Ok).await?;
    let how = Arc::new(how);
    let mut groups = Vec::new();
    while !entries.is_empty() {
        let rest = entries.split_off(work::GROUP.min(entries.len()));
        groups.push(std::mem::replace(&mut entries, rest));
    }
    let jobs = groups.into_iter().map(|group| {
        let (shared, scanner, how) = (state.clone(), Arc::clone(&scanner), Arc::clone(&how));
        let state = state.clone();
        async move {
            work::run(&state, move || {
                let answers = group.into_iter().map(|entry| entry.answer(&shared, &scanner, &how).json());
                Ok(answers.collect::<Vec<_>>().join(","))
            })
            .await
        }
    });
    let groups: Vec<String> = stream::iter(jobs).buffered(state.config().sessions).try_collect().await?;
    let json = format!("{{\"results\":[{}]}}", groups.join(","));
    Ok(reply::timed(reply::json_text(json), begin.elapsed()))
}
