//! `GET /v1/findings/{id}`: one finding and its history.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::{failed, fingerprint, unknown};
use crate::http::openapi::{Refusals, RescanRefusals};
use crate::http::problem::Problem;
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::store::findings::{self, StoredFinding};
use crate::store::reviews::{self, Event};

/// A finding with everything that happened to it.
#[derive(Serialize, utoipa::ToSchema)]
pub struct FindingDetail {
    #[serde(flatten)]
    finding: StoredFinding,
    /// Decisions and their withdrawals, and who was shown the masked excerpt; oldest first.
    history: Vec<Event>,
}

/// See a finding, as the newest rescan has it
#[utoipa::path(
    get, path = "/v1/findings/{id}", tag = "findings", operation_id = "finding",
    params(("id" = String, Path, description = "Its fingerprint")),
    responses((status = 200, description = "The finding", body = FindingDetail), RescanRefusals, Refusals),
)]
pub async fn get(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, Problem> {
    let fingerprint = fingerprint(&id)?;
    let detail = blocking(&state, move |_, store| {
        let connection = store.connection()?;
        let finding = findings::newest(&connection, &fingerprint).map_err(|error| failed(store, error))?;
        let finding = finding.ok_or_else(unknown)?;
        let history = reviews::history(&connection, &fingerprint).map_err(|error| store.error(error))?;
        Ok(FindingDetail { finding, history })
    })
    .await?;
    reply::json(&detail)
}
