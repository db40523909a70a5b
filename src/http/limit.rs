//! How much is taken on at the same time, and for how long. Refuses early instead of queueing: a client that is told
//! to come back knows more than one that waits.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::OwnedSemaphorePermit;

use super::problem::{Kind, Problem};
use super::state::AppState;

/// A place among the requests in progress; free again when the last clone is dropped. A stream keeps it to its end.
#[derive(Clone)]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] Arc<OwnedSemaphorePermit>);

/// Takes a place, or refuses with 503 at once.
pub async fn admit(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Ok(permit) = Arc::clone(state.admission()).try_acquire_owned() else {
        return Err(Problem::unavailable(format!(
            "{} requests are in progress, the most this server takes (concurrency)",
            state.config().concurrency
        )));
    };
    let place = Place(Arc::new(permit));
    request.extensions_mut().insert(place.clone());
    Ok(next.run(request).await)
}

/// Gives up on requests that take too long: 504.
pub async fn time_out(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let limit = state.config().request_timeout_ms;
    tokio::time::timeout(Duration::from_millis(limit), next.run(request))
        .await
        .map_err(|_| Problem::new(Kind::TimedOut, format!("no answer after {limit} ms (request_timeout_ms)")))
}
