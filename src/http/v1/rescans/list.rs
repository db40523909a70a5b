//! `GET /v1/rescans`: all of them, newest first.

use axum::extract::{Query, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::info::RescanInfo;
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::Problem;
use crate::http::query::Parameters;
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::state::AppState;
use crate::store::rescans;

/// Most on one page.
const MOST: u32 = 200;

/// Rescans that follow each other.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RescanPage {
    rescans: Vec<RescanInfo>,
    /// Where the next page begins; `null` on the last one.
    next: Option<String>,
}

/// List the rescans, newest first
#[utoipa::path(
    get, path = "/v1/rescans", tag = "rescans", operation_id = "rescans",
    params(
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 200; 50 where absent"),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses((status = 200, description = "A page", body = RescanPage), Problems, RescanRefusals, Refusals),
)]
pub async fn get(
    State(state): State<AppState>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::of(query);
    let limit = parameters.limit(MOST, 50);
    let before = parameters.optional("cursor", "the `next` of a page", read_cursor);
    parameters.finish()?;
    let page = blocking(&state, move |state, store| {
        let connection = store.connection()?;
        let page = rescans::page(&connection, before, limit).map_err(|error| store.error(error))?;
        let (rows, more) = page;
        let next = rows.last().filter(|_| more).map(|row| cursor(row.no));
        let rescans = rows.into_iter().map(|row| RescanInfo::of(state, store, &connection, row));
        Ok(RescanPage { rescans: rescans.collect::<Result<_, _>>()?, next })
    })
    .await?;
    reply::json(&page)
}

fn cursor(no: i64) -> String {
    URL_SAFE_NO_PAD.encode(format!("r{no}"))
}

fn read_cursor(text: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix('r')?.parse().ok()
}
