//! `GET /v1/rescans/sources`: what a rescan may be asked to read and to write.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::http::openapi::{Refusals, RescanRefusals};
use crate::http::problem::Problem;
use crate::http::reply;
use crate::http::state::AppState;
use crate::rescan::source::place_of;

/// What the settings of the server allow.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Allowed {
    /// `[[source]]`, by name.
    sources: Vec<Named>,
    /// Folders whose files may be named (`rescan_dirs`).
    folders: Vec<String>,
    /// `[[sink]]`, by name.
    sinks: Vec<String>,
    /// Largest file that may be sent (`max_upload_bytes`).
    max_upload_bytes: u64,
}

/// A source of the settings.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NamedSource)]
pub struct Named {
    #[schema(example = "crm")]
    name: String,
    /// Folder, or address without password.
    #[schema(example = "postgres://vigie@db/crm")]
    place: String,
    /// Its tables; none where it is of files.
    tables: Vec<String>,
}

/// List what rescans may read
#[utoipa::path(
    get, path = "/v1/rescans/sources", tag = "rescans", operation_id = "rescan_sources",
    responses((status = 200, description = "What the settings allow", body = Allowed), RescanRefusals, Refusals),
)]
pub async fn get(State(state): State<AppState>) -> Result<Response, Problem> {
    let config = state.config();
    let named = |source: &crate::config::NamedSource| Named {
        name: source.name.clone(),
        place: place_of(&source.spec()),
        tables: source.tables.iter().map(|table| table.name.clone()).collect(),
    };
    reply::json(&Allowed {
        sources: config.source.iter().map(named).collect(),
        folders: config.rescan_dirs.iter().map(|dir| dir.display().to_string()).collect(),
        sinks: config.sink.iter().map(|sink| sink.name.clone()).collect(),
        max_upload_bytes: config.max_upload_bytes,
    })
}
