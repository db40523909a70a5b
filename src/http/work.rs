//! Scanning, away from the threads that talk to clients.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::body::Body;
use axum::http::HeaderMap;
use serde_json::Value;

use super::body;
use super::how::How;
use super::problem::Problem;
use super::state::AppState;
use crate::answer::Answer;
use crate::note::Note;
use crate::scanner::Scanner;

/// Notes scanned in one go by a batch or a stream: few, so that a single note asked for meanwhile waits little.
pub const GROUP: usize = 8;

/// Runs work on a blocking thread, at most `sessions` at the same time, in the order asked.
pub async fn run<T: Send + 'static>(
    state: &AppState,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let permit = Arc::clone(state.workers()).acquire_owned().await.map_err(|_| Problem::internal())?;
    // The permit goes with the work: a thread whose client gave up still counts as busy.
    let task = tokio::task::spawn_blocking(move || {
        let result = work();
        drop(permit);
        result
    });
    task.await.unwrap_or_else(|_| Err(Problem::internal()))
}

/// What a request asks to be scanned, and with what.
pub struct Job<N> {
    pub state: AppState,
    /// The scanner in place when the request came; a reload does not touch requests in progress.
    pub scanner: Arc<Scanner>,
    pub notes: N,
    pub how: How,
}

/// The steps of every request with a JSON body: reads the body, then, on a blocking thread, parses it, reads what it
/// asks for with `read`, refuses an unknown profile, and does `then`.
pub async fn request<N, T: Send + 'static>(
    state: AppState,
    headers: &HeaderMap,
    body: Body,
    read: impl FnOnce(Value, &AppState) -> Result<(N, How), Problem> + Send + 'static,
    then: impl FnOnce(Job<N>) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let bytes = body::read(headers, body, state.config().max_body_bytes).await?;
    let shared = state.clone();
    run(&state, move || {
        let (notes, how) = read(body::parse(&bytes)?, &shared)?;
        let scanner = shared.scanner();
        how.check(&scanner, "/profile")?;
        then(Job { state: shared, scanner, notes, how })
    })
    .await
}

/// Scans one note, counts it and puts the report in the client's terms. A panic is this note's error only.
pub fn answer(state: &AppState, scanner: &Scanner, note: &Note, how: &How) -> Result<Answer, Problem> {
    let scanned = catch_unwind(AssertUnwindSafe(|| scanner.scan(note, &how.options())));
    let result = scanned.map_err(|_| Problem::internal()).and_then(|scanned| scanned.map_err(Problem::from));
    let text = note.text.as_str();
    match &result {
        Ok(report) => state.metrics().note(report, text.len()),
        Err(_) => state.metrics().note_error(),
    }
    result.map(|report| Answer::new(&report, text, how.offsets, scanner.versions()))
}
