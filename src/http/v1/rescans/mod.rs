//! `/v1/rescans`: rescans asked for, followed and steered over HTTP.

mod asked;
pub mod create;
pub mod events;
mod idempotency;
pub mod info;
pub mod list;
pub mod manifest;
pub mod orders;
pub mod report;
pub mod sources;
pub mod upload;

use rusqlite::Connection;

use crate::http::problem::{Kind, Problem};
use crate::store::Store;
use crate::store::rescans::{self, RescanRow};

/// The rescan of that id, or 404.
pub fn find(store: &Store, connection: &Connection, id: &str) -> Result<RescanRow, Problem> {
    rescans::get(connection, id).map_err(|error| store.error(error))?.ok_or_else(unknown)
}

/// 404; the id is not repeated.
pub fn unknown() -> Problem {
    Problem::new(Kind::UnknownId, "GET /v1/rescans lists the rescans")
}
