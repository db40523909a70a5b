//! `GET /v1/rescans/{id}/events`: server-sent events as a rescan goes on, whichever process runs it.
//!
//! An event is the whole of where the rescan stands, so that none is missed by who comes late. Its id says how far that is:
//! a client that comes back with it gets the next event once there is something new. After the last event the stream ends;
//! a browser that comes back then is told by 204 to stay away.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, stream};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::find;
use super::info::snapshot;
use crate::http::openapi::{Refusals, RescanRefusals};
use crate::http::problem::Problem;
use crate::http::rescans::blocking;
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::rescan::progress::Snapshot;
use crate::store::State;

/// Least time between two events.
const PACE: Duration = Duration::from_millis(500);

/// A comment after so much silence keeps proxies from closing the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(2);

/// Follow a rescan
///
/// `progress` while it runs, waits or is paused; then `done` (it ended, was cancelled, or could not read all) or `failed`,
/// and the stream ends. `data` is where it stands, as in `GET /v1/rescans/{id}`; several a second at most two. `Last-Event-ID`
/// resumes.
#[utoipa::path(
    get, path = "/v1/rescans/{id}/events", tag = "rescans", operation_id = "rescan_events",
    params(
        ("id" = String, Path, description = "Its id"),
        ("Last-Event-ID" = Option<String>, Header, description = "Id of the last event received"),
    ),
    responses(
        (status = 200, description = "Events; the data of each", body = Snapshot, content_type = "text/event-stream"),
        (status = 204, description = "The last event was received already"),
        RescanRefusals, Refusals,
    ),
)]
pub async fn get(
    Shared(state): Shared<AppState>,
    Segment(id): Segment,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // What is no id of ours is none at all.
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let place = state.rescans().stream()?;
    let now = look(&state, &id).await?;
    if now.state.has_ended() && last.as_ref() == Some(&id_of(&now)) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let stopping = state.rescans().stopping();
    let follower =
        Follower { state, id, last, next: Some(now), stopping, begun: false, over: false, _place: place };
    let events = Sse::new(follower.events()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // nginx would otherwise keep events back until it has a page of them.
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], events).into_response())
}

/// A client that follows a rescan.
struct Follower {
    state: AppState,
    id: String,
    /// Id of the last event it has.
    last: Option<String>,
    /// What was seen and not told yet.
    next: Option<Snapshot>,
    stopping: watch::Receiver<bool>,
    begun: bool,
    over: bool,
    _place: OwnedSemaphorePermit,
}

impl Follower {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut follower| async {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next event; `None` at the end, when the server stops, or when the rescan is gone.
    async fn next(&mut self) -> Option<Event> {
        if !self.begun {
            self.begun = true;
            return Some(Event::default().retry(RETRY).comment("rescan"));
        }
        while !self.over {
            let now = match self.next.take() {
                Some(now) => now,
                None => {
                    tokio::select! {
                        () = tokio::time::sleep(PACE) => {}
                        _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                    }
                    look(&self.state, &self.id).await.ok()?
                }
            };
            let id = id_of(&now);
            if self.last.as_ref() != Some(&id) {
                self.over = now.state.has_ended();
                self.last = Some(id.clone());
                let data = serde_json::to_string(&now).ok()?;
                return Some(Event::default().event(name(now.state)).id(id).data(data));
            }
        }
        None
    }
}

/// Where a rescan stands now.
async fn look(state: &AppState, id: &str) -> Result<Snapshot, Problem> {
    let id = id.to_owned();
    blocking(state, move |state, store| {
        let connection = store.connection()?;
        let row = find(store, &connection, &id)?;
        snapshot(state, store, &connection, &row)
    })
    .await
}

fn name(state: State) -> &'static str {
    match state {
        State::Queued | State::Running | State::Paused => "progress",
        State::Failed => "failed",
        State::Done | State::Partial | State::Cancelled => "done",
    }
}

/// Where it stands in a few characters: the same in every process, other as soon as there is something to tell.
fn id_of(s: &Snapshot) -> String {
    // What it waits for is told too.
    let message = s.message.as_deref().map_or(0, |message| blake3::hash(message.as_bytes()).as_bytes()[0]);
    format!("{}-{}-{}-{}-{message}", s.rows_read, s.notes.seen, s.units_done, s.state)
}
