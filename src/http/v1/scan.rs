//! `POST /v1/scan`: a stream of notes, one JSON object a line, answered line by line while it arrives.
//!
//! Memory is bounded whatever the length of the stream: one chunk of the body, and `sessions` groups of lines being
//! scanned. Lines are read only as fast as the client takes the answers, so a client must read while it writes.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};

use crate::http::entry::{Entry, EntryAnswer};
use crate::http::how::How;
use crate::http::limit::Place;
use crate::http::lines::{Line, LineError, Lines};
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::{Kind, Problem};
use crate::http::state::AppState;
use crate::http::{body, work};
use crate::scanner::Scanner;

/// Scan a stream of notes
///
/// One note (`{"id", "text", "field"}`) a line in, one answer a line out, in the same order; answers begin before the
/// input ends, and the body may be of any length. A line that cannot be scanned gives a line with its number and
/// `error`. Read the answers while you write: the server does not read ahead of you.
#[utoipa::path(
    post, path = "/v1/scan", tag = "notes", operation_id = "scan",
    params(
        ("profile" = Option<String>, Query, description = "Policy profile"),
        ("offsets" = Option<crate::span::OffsetUnit>, Query, description = "Unit of `start` and `end`"),
        ("min_score" = Option<f32>, Query, description = "Leaves out findings under this score, 0 to 1"),
    ),
    request_body(content = String, content_type = "application/x-ndjson"),
    responses(
        (status = 200, description = "One answer a line", body = EntryAnswer, content_type = "application/x-ndjson"),
        Problems, Refusals,
    ),
)]
pub async fn post(
    State(state): State<AppState>,
    Extension(place): Extension<Place>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    body::check_type(&headers, body::NDJSON)?;
    let scanner = state.scanner();
    let how = How::from_query(query, &state)?;
    how.check(&scanner, "?profile")?;
    let lines = Lines::new(body, state.config().max_line_bytes);
    let answers = answers(state, scanner, how, lines).map(move |bytes| {
        let _held = &place;
        Ok::<_, Infallible>(bytes)
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        // nginx would otherwise keep answers back until it has a page of them.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(answers)).into_response())
}

/// Answers of the lines, in order, `sessions` groups at the same time.
fn answers(state: AppState, scanner: Arc<Scanner>, how: How, lines: Lines) -> impl Stream<Item = Bytes> {
    let how = Arc::new(how);
    let sessions = state.config().sessions;
    let groups = stream::unfold(lines, |mut lines| async {
        lines.next_group(work::GROUP).await.map(|group| (group, lines))
    });
    groups
        .map(move |group| {
            let (shared, scanner, how) = (state.clone(), Arc::clone(&scanner), Arc::clone(&how));
            let state = state.clone();
            let numbers: Vec<u64> = group.iter().map(|line| line.number).collect();
            async move {
                let answers = work::run(&state, move || {
                    Ok(group
                        .into_iter()
                        .map(|line| answer(line, &shared, &scanner, &how))
                        .collect::<String>())
                });
                // A group that is lost says so on each of its lines.
                let lost = |problem: Problem| {
                    numbers.into_iter().map(|n| line_of(EntryAnswer::from(problem.clone()), n)).collect()
                };
                Bytes::from(answers.await.unwrap_or_else(lost))
            }
        })
        .buffered(sessions)
}

/// The answer of one line, with its line end.
fn answer(line: Line, state: &AppState, scanner: &Scanner, how: &How) -> String {
    let entry = match line.content {
        Ok(bytes) => match body::parse(strip_bom(&bytes)) {
            Ok(value) => Entry::read(value, String::new()),
            Err(problem) => Entry::unreadable(problem),
        },
        Err(LineError::TooLong) => {
            let limit = state.config().max_line_bytes;
            let detail = format!("the line is longer than the limit of {limit} bytes (max_line_bytes)");
            Entry::unreadable(Problem::new(Kind::TooLarge, detail))
        }
        Err(LineError::Broken) => {
            Entry::unreadable(Problem::new(Kind::InvalidBody, "the body ended before its end"))
        }
    };
    line_of(entry.answer(state, scanner, how), line.number)
}

fn line_of(answer: EntryAnswer, number: u64) -> String {
    let mut json = answer.on_line(number).json();
    json.push('\n');
    json
}

/// Windows programs start files with a byte order mark.
fn strip_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
