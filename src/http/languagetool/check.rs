//! `POST /v2/check` and `GET /v2/check`: one text, for LanguageTool's clients.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::Checked;
use super::parameters::{CheckForm, Parameters};
use super::unescaped;
use crate::http::form::Form;
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::Problem;
use crate::http::state::AppState;
use crate::http::{body, reply, work};
use crate::note::{Note, NoteText};

/// Check a text (LanguageTool)
#[utoipa::path(
    post, path = "/v2/check", tag = "languagetool", operation_id = "languagetool_check",
    request_body(content = CheckForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The matches", body = Checked), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read_form(&headers, body, state.config().max_body_bytes).await?;
    let query = Form::parse(query.unwrap_or_default().as_bytes())?;
    check(state, query.and(unescaped::parse(&bytes)?)).await
}

/// Check a short text (LanguageTool)
///
/// `POST` is better: addresses end up in the logs of what stands between.
#[utoipa::path(
    get, path = "/v2/check", tag = "languagetool", operation_id = "languagetool_check_get",
    params(CheckForm),
    responses((status = 200, description = "The matches", body = Checked), Problems, Refusals),
)]
pub async fn get(State(state): State<AppState>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    check(state, Form::parse(query.unwrap_or_default().as_bytes())?).await
}

async fn check(state: AppState, form: Form) -> Result<Response, Problem> {
    let shared = state.clone();
    let (json, took) = work::run(&state, move || {
        let Parameters { text, selection, how, field, text_level_only } = Parameters::read(form, &shared)?;
        let scanner = shared.scanner();
        how.check(&scanner, "?profile")?;
        let note = Note { field, text: NoteText::from(text.plain.as_str()) };
        let answer = match text_level_only {
            true => None,
            false => Some(work::answer(&shared, &scanner, &note, &how)?),
        };
        let checked = Checked::new(&text, answer.as_ref(), &selection, scanner.versions().engine);
        let json = serde_json::to_string(&checked).map_err(|_| Problem::internal())?;
        Ok((json, Duration::from_micros(answer.map_or(0, |a| a.took_us))))
    })
    .await?;
    Ok(reply::timed(reply::json_text(json), took))
}
