//! The store, for pages: on a blocking thread, without a place among those that scan.

use super::failure::Failure;
use crate::http::AppState;
use crate::store::rescans::{self, RescanRow};
use crate::store::{Pooled, Store};

/// Does something with the store.
pub async fn with_store<T: Send + 'static>(
    state: &AppState,
    work: impl FnOnce(&AppState, &Store) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let shared = state.clone();
    let task = tokio::task::spawn_blocking(move || {
        let store = shared.rescans().store()?;
        work(&shared, &store)
    });
    task.await.unwrap_or_else(|_| Err(Failure::internal("a thread that read the store panicked")))
}

/// The rescan of that id.
pub fn rescan(connection: &Pooled<'_>, id: &str) -> Result<RescanRow, Failure> {
    rescans::get(connection, id)?.ok_or(Failure::NotFound("Cette analyse n’existe pas, ou a été supprimée."))
}
