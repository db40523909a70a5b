//! `POST /v1/rescans/{id}/pause`, `resume`, `cancel`, and `DELETE /v1/rescans/{id}`.

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;

use super::info::RescanInfo;
use super::{find, unknown};
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::{Kind, Problem};
use crate::http::reply;
use crate::http::rescans::{Rescans, blocking, uploads};
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::rescan::ask::{self, AskError, Asked};
use crate::rescan::keys::Keys;
use crate::rescan::stop::Reason;
use crate::rescan::versions::Versions;
use crate::store::rescans::RescanRow;
use crate::store::{State, Store};

/// Pause a rescan
///
/// It commits what it has first: a second or so. Whichever process runs it is told.
#[utoipa::path(
    post, path = "/v1/rescans/{id}/pause", tag = "rescans", operation_id = "rescan_pause",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "It is paused", body = RescanInfo),
        (status = 202, description = "It was told", body = RescanInfo),
        Problems, RescanRefusals, Refusals,
    ),
)]
pub async fn pause(Shared(state): Shared<AppState>, Segment(id): Segment) -> Result<Response, Problem> {
    stop(state, id, |connection, _, id| ask::pause(connection, id), Reason::Pause).await
}

/// Stop a rescan for good
///
/// What was found stays until it is deleted.
#[utoipa::path(
    post, path = "/v1/rescans/{id}/cancel", tag = "rescans", operation_id = "rescan_cancel",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "It is cancelled", body = RescanInfo),
        (status = 202, description = "It was told", body = RescanInfo),
        Problems, RescanRefusals, Refusals,
    ),
)]
pub async fn cancel(Shared(state): Shared<AppState>, Segment(id): Segment) -> Result<Response, Problem> {
    stop(state, id, ask::cancel, Reason::Cancel).await
}

async fn stop(
    state: AppState,
    id: String,
    order: fn(&mut Connection, &Keys, &str) -> Result<Asked, AskError>,
    reason: Reason,
) -> Result<Response, Problem> {
    let (asked, info) = blocking(&state, move |state, store| {
        let asked =
            order(&mut *store.connection()?, store.keys(), &id).map_err(|error| refused(store, error))?;
        if asked == Asked::Told
            && let Some(runner) = state.rescans().running(&id)
        {
            runner.stop(reason);
        }
        uploads::sweep(store)?;
        Ok((asked, RescanInfo::read(state, store, &id)?))
    })
    .await?;
    answer(asked, &info)
}

/// Go on with a rescan that stopped
///
/// It is queued. It goes on where it was, with the rules and the model it began with; with others it is refused (409).
#[utoipa::path(
    post, path = "/v1/rescans/{id}/resume", tag = "rescans", operation_id = "rescan_resume",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 200, description = "It runs already", body = RescanInfo),
        (status = 202, description = "It is queued", body = RescanInfo),
        Problems, RescanRefusals, Refusals,
    ),
)]
pub async fn resume(Shared(state): Shared<AppState>, Segment(id): Segment) -> Result<Response, Problem> {
    let (asked, info) = blocking(&state, move |state, store| {
        let row = find(store, &*store.connection()?, &id)?;
        // What has ended is refused as such, whatever became of its sources since.
        if !matches!(row.state, State::Done | State::Cancelled) {
            may_go_on(state, &row)?;
        }
        let asked = ask::resume(&mut *store.connection()?, &id, "resumed").map_err(|e| refused(store, e))?;
        Rescans::take_up(state)?;
        Ok((asked, RescanInfo::read(state, store, &id)?))
    })
    .await?;
    // Here it is the other way round: told is what runs already.
    match asked {
        Asked::Told => reply::json(&info),
        Asked::Now(_) => Ok((StatusCode::ACCEPTED, reply::json(&info)?).into_response()),
    }
}

/// Delete a rescan with all that it found
///
/// Reviews stay: they are about the notes, and hold for later rescans.
#[utoipa::path(
    delete, path = "/v1/rescans/{id}", tag = "rescans", operation_id = "rescan_delete",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "Deleted"), Problems, RescanRefusals, Refusals),
)]
pub async fn delete(Shared(state): Shared<AppState>, Segment(id): Segment) -> Result<StatusCode, Problem> {
    blocking(&state, move |_, store| {
        ask::delete(&mut *store.connection()?, &id).map_err(|error| refused(store, error))?;
        Ok(uploads::sweep(store)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses what would only fail: other versions, sources that are gone or no longer allowed.
fn may_go_on(state: &AppState, row: &RescanRow) -> Result<(), Problem> {
    let difference = match Versions::of(&state.scanner(), &row.spec.profile) {
        Ok(now) => row.versions.difference(&now),
        Err(_) => Some("its profile is no longer there".to_owned()),
    };
    if let Some(difference) = difference {
        let detail = format!("it began with another version ({difference}); start a new one");
        return Err(Problem::new(Kind::Conflict, detail));
    }
    match state.rescans().permit().open(&row.spec) {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::new(Kind::Conflict, error.message)),
    }
}

fn answer(asked: Asked, info: &RescanInfo) -> Result<Response, Problem> {
    let status = match asked {
        Asked::Told => StatusCode::ACCEPTED,
        Asked::Now(_) => StatusCode::OK,
    };
    Ok((status, reply::json(info)?).into_response())
}

/// Messages name the rescan, whose id is the store's own.
fn refused(store: &Store, error: AskError) -> Problem {
    match error {
        AskError::Unknown(_) => unknown(),
        AskError::Sqlite(error) => store.error(error).into(),
        other => Problem::new(Kind::Conflict, other.to_string()),
    }
}
