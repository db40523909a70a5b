//! `GET /v1/rescans/{id}`: how far a rescan is, what it was asked to do, and the proof of what it read.

use axum::extract::State;
use axum::response::Response;
use rusqlite::Connection;
use serde::Serialize;

use super::find;
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::Problem;
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::rescans::permit::Permit;
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::rescan::coverage::{self, UnitCoverage, Unreadable};
use crate::rescan::progress::Snapshot;
use crate::rescan::spec::SourceSpec;
use crate::rescan::versions::Versions;
use crate::store::rescans::RescanRow;
use crate::store::{Store, Wanted};

/// Notes listed that could not be read; the report has more.
const UNREADABLE: u32 = 100;

/// A rescan: where it stands, and what it was asked to do. Times are Unix milliseconds.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Rescan)]
pub struct RescanInfo {
    #[serde(flatten)]
    snapshot: Snapshot,
    /// What it was told and has not done yet.
    wanted: Wanted,
    sources: Vec<SourceInfo>,
    profile: String,
    min_score: f32,
    /// Notes a second at most.
    rate_limit: Option<u32>,
    incremental: bool,
    excerpts: bool,
    authors: bool,
    sinks: Vec<String>,
    versions: Versions,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
}

/// What a rescan reads.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SourceInfo {
    /// `upload`, `files` or `database`.
    #[schema(example = "upload")]
    kind: &'static str,
    /// Folder, or address without password.
    place: String,
    /// Files, folders or tables.
    names: Vec<String>,
}

/// A rescan with what became of every column.
#[derive(Serialize, utoipa::ToSchema)]
pub struct RescanDetail {
    #[serde(flatten)]
    info: RescanInfo,
    coverage: Vec<UnitCoverage>,
    /// The first notes that could not be read, and why.
    unreadable: Vec<Unreadable>,
}

impl RescanInfo {
    /// The rescan of that id as it is now.
    pub fn read(state: &AppState, store: &Store, id: &str) -> Result<Self, Problem> {
        let connection = store.connection()?;
        let row = find(store, &connection, id)?;
        Self::of(state, store, &connection, row)
    }

    /// A rescan of which the row was read.
    pub fn of(
        state: &AppState,
        store: &Store,
        connection: &Connection,
        row: RescanRow,
    ) -> Result<Self, Problem> {
        let snapshot = snapshot(state, store, connection, &row)?;
        Ok(Self::new(state.rescans().permit(), row, snapshot))
    }

    fn new(permit: &Permit, row: RescanRow, snapshot: Snapshot) -> Self {
        Self {
            snapshot,
            wanted: row.wanted,
            sources: row.spec.sources.iter().map(|source| SourceInfo::of(permit, source)).collect(),
            profile: row.spec.profile,
            min_score: row.spec.min_score,
            rate_limit: row.spec.rate,
            incremental: row.spec.incremental,
            excerpts: row.spec.excerpts,
            authors: row.spec.authors,
            sinks: row.spec.sinks,
            versions: row.versions,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
        }
    }

    pub fn id(&self) -> &str {
        &self.snapshot.id
    }
}

/// How far a rescan is: what runs here knows best.
pub fn snapshot(
    state: &AppState,
    store: &Store,
    connection: &Connection,
    row: &RescanRow,
) -> Result<Snapshot, Problem> {
    let running = state.rescans().running(&row.id).map(|runner| runner.subscribe().borrow().clone());
    match running {
        Some(snapshot) => Ok(snapshot),
        None => Snapshot::read(connection, row).map_err(|error| store.error(error).into()),
    }
}

impl SourceInfo {
    fn of(permit: &Permit, source: &SourceSpec) -> Self {
        let place = permit.place(source);
        match source {
            SourceSpec::Files(files) => {
                let name = |path: &std::path::PathBuf| {
                    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
                };
                let kind = if permit.is_upload(source) { "upload" } else { "files" };
                Self { kind, place, names: files.paths.iter().map(name).collect() }
            }
            SourceSpec::Database(database) => {
                let names = database.tables.iter().map(|table| table.name.clone()).collect();
                Self { kind: "database", place, names }
            }
        }
    }
}

/// See a rescan
#[utoipa::path(
    get, path = "/v1/rescans/{id}", tag = "rescans", operation_id = "rescan_get",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 200, description = "The rescan", body = RescanDetail), Problems, RescanRefusals, Refusals),
)]
pub async fn get(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, Problem> {
    let detail = blocking(&state, move |state, store| {
        let info = RescanInfo::read(state, store, &id)?;
        let connection = store.connection()?;
        let no = find(store, &connection, &id)?.no;
        let wrap = |error| Problem::from(store.error(error));
        Ok(RescanDetail {
            info,
            coverage: coverage::of(&connection, no).map_err(wrap)?,
            unreadable: coverage::unreadable(&connection, no, UNREADABLE).map_err(wrap)?,
        })
    })
    .await?;
    reply::json(&detail)
}
