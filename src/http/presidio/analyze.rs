//! `POST /analyze`: one text or several, for presidio-analyzer's clients.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::duplicates;
use super::explanation::{Recognized, Shown};
use super::request::{Analysis, AnalyzeSchema};
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::http::{body, reply, work};
use crate::note::Note;
use crate::scanner::Scanner;
use crate::span::{OffsetMap, OffsetUnit};

/// Analyze a text (Presidio)
#[utoipa::path(
    post, path = "/analyze", tag = "presidio", operation_id = "presidio_analyze",
    request_body(content = AnalyzeSchema, content_type = "application/json"),
    responses((status = 200, description = "What was recognized, an array for each text if there are several",
               body = Vec<Shown>), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let begin = Instant::now();
    let scanner = state.scanner();
    let shared = state.clone();
    let analysis = work::run(&state, move || Analysis::read(body::parse(&bytes)?, &shared)).await?;
    let analysis = Arc::new(analysis);
    let mut results = Vec::new();
    for from in (0..analysis.texts.len()).step_by(work::GROUP) {
        let (shared, scanner, analysis) = (state.clone(), Arc::clone(&scanner), Arc::clone(&analysis));
        let group = work::run(&state, move || {
            let group = analysis.texts.iter().skip(from).take(work::GROUP);
            group.map(|text| recognize(&shared, &scanner, &analysis, text)).collect::<Result<Vec<_>, _>>()
        });
        results.extend(group.await?);
    }
    let json = match analysis.many {
        true => reply::json(&results)?,
        false => reply::json(&results.pop().unwrap_or_default())?,
    };
    Ok(reply::timed(json, begin.elapsed()))
}

fn recognize(
    state: &AppState,
    scanner: &Scanner,
    analysis: &Analysis,
    text: &str,
) -> Result<Vec<Shown>, Problem> {
    let answer = work::answer(state, scanner, &Note::new(text), &analysis.how)?;
    let mut all: Vec<Recognized> = answer.findings.iter().map(Recognized::finding).collect();
    for recognizer in &analysis.recognizers {
        recognizer.run(text, &analysis.context, &analysis.clock, &mut all)?;
    }
    all.retain(|r| analysis.wants(&r.entity) && r.score >= analysis.threshold);
    let mut map = OffsetMap::new(text, OffsetUnit::Codepoints);
    let mut shown = Vec::new();
    let turn = analysis.clock.turn();
    for result in duplicates::without(all) {
        if !analysis.allow.holds(result.span.of(text), &turn)? {
            shown.push(result.shown(&mut map, analysis.explain));
        }
    }
    Ok(shown)
}
