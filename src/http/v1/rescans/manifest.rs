//! `GET /v1/rescans/{id}/manifest`: the signed account of a rescan that has ended.

use axum::extract::State;
use axum::response::Response;

use super::find;
use crate::http::openapi::{Refusals, RescanRefusals};
use crate::http::problem::{Kind, Problem};
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::segment::Segment;
use crate::http::state::AppState;

/// Get the signed manifest
///
/// Byte for byte as it was signed when the rescan ended: `vigie rescan verify FILE` checks it.
#[utoipa::path(
    get, path = "/v1/rescans/{id}/manifest", tag = "rescans", operation_id = "rescan_manifest",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "The manifest", body = Object),
        RescanRefusals, Refusals,
    ),
)]
pub async fn get(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, Problem> {
    let row = blocking(&state, move |_, store| find(store, &*store.connection()?, &id)).await?;
    let state = row.state;
    let manifest = row.manifest.ok_or_else(|| {
        Problem::new(Kind::Conflict, format!("it is {state}: a manifest is signed when a rescan ends"))
    })?;
    Ok(reply::json_text(manifest))
}
