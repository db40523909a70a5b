//! `POST /v1/findings/{id}/review` and `POST /v1/findings/review`: a reviewer decides about one finding, or about many.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{failed, fingerprint, unknown};
use crate::http::auth::Client;
use crate::http::body;
use crate::http::members::{Members, string};
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::{Kind, Problem, Violation};
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::store::Store;
use crate::store::findings::{self, StoredFinding};
use crate::store::reviews::{self, ReviewError};

/// Findings decided about at the same time, at most.
const MOST: usize = 1000;

const DECISIONS: &str = "confirmed, dismissed, fixed or undone";

/// What a reviewer decides.
#[derive(Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
enum Verb {
    /// It is what it says, and has to go.
    Confirmed,
    /// Nothing has to be done, for the reason given.
    Dismissed,
    /// It was removed from the source.
    Fixed,
    /// The last decision is taken back; the one before it holds again.
    Undone,
}

/// A decision. Members that are not listed are refused.
#[derive(utoipa::ToSchema)]
#[schema(as = ReviewRequest)]
#[expect(dead_code, reason = "describes the members that `read` reads")]
pub struct ReviewSchema {
    decision: Verb,
    /// With `dismissed`: why. Its text and phrase say why the words mislead; they do not quote the note.
    reason: Option<Reason>,
}

/// A decision about several findings: about all of them, or none.
#[derive(utoipa::ToSchema)]
#[schema(as = BulkReviewRequest)]
#[expect(dead_code, reason = "describes the members that `read` reads")]
pub struct BulkSchema {
    /// Fingerprints, 1000 at most.
    ids: Vec<String>,
    decision: Verb,
    /// With `dismissed`: why.
    reason: Option<Reason>,
}

/// What was done.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Decided {
    /// Findings that have the decision now.
    changed: usize,
}

/// `None`: the last decision is taken back.
type Order = Option<Decision>;

/// Decide about a finding
///
/// It holds for this finding in every rescan, earlier or later. Who decided is the name of the key.
#[utoipa::path(
    post, path = "/v1/findings/{id}/review", tag = "findings", operation_id = "review",
    params(("id" = String, Path, description = "Its fingerprint")),
    request_body(content = ReviewSchema, content_type = "application/json"),
    responses((status = 200, description = "The finding", body = StoredFinding), Problems, RescanRefusals, Refusals),
)]
pub async fn one(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    Segment(id): Segment,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let mut members = Members::of(body::parse(&bytes)?, "")?;
    let order = read_order(&mut members);
    members.finish()?;
    let order = order?;
    let fingerprint = fingerprint(&id)?;
    let by = client.map(|Extension(client)| client.0);
    let finding = blocking(&state, move |_, store| {
        let connection = store.connection()?;
        decide(&connection, &[fingerprint], &order, by.as_deref()).map_err(|error| match error {
            ReviewError::Unknown(_) => unknown(),
            error => refused(store, error),
        })?;
        let finding = findings::newest(&connection, &fingerprint);
        finding.map_err(|error| failed(store, error))?.ok_or_else(unknown)
    })
    .await?;
    reply::json(&finding)
}

/// Decide about several findings
#[utoipa::path(
    post, path = "/v1/findings/review", tag = "findings", operation_id = "review_many",
    request_body(content = BulkSchema, content_type = "application/json"),
    responses((status = 200, description = "Done", body = Decided), Problems, RescanRefusals, Refusals),
)]
pub async fn many(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let mut members = Members::of(body::parse(&bytes)?, "")?;
    let ids = members.required("ids", &format!("a list of 1 to {MOST} fingerprints"), |value| {
        serde_json::from_value::<Vec<String>>(value).ok().filter(|ids| (1..=MOST).contains(&ids.len()))
    });
    let order = read_order(&mut members);
    members.finish()?;
    let order = order?;
    let place =
        |at: usize, detail: &str| Problem::invalid(vec![Violation::new(format!("/ids/{at}"), detail)]);
    let read = |(at, id): (usize, &String)| {
        id.parse::<Fingerprint>().map_err(|_| place(at, "expected a fingerprint, as findings have it"))
    };
    let mut ids = ids.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let asked = ids.clone();
    ids.sort_unstable();
    ids.dedup();
    let by = client.map(|Extension(client)| client.0);
    let changed = ids.len();
    blocking(&state, move |_, store| {
        let at = |fingerprint| asked.iter().position(|id| *id == fingerprint).unwrap_or_default();
        decide(&*store.connection()?, &ids, &order, by.as_deref()).map_err(|error| match error {
            ReviewError::Unknown(id) => place(at(id), "no finding has this fingerprint"),
            error => refused(store, error),
        })
    })
    .await?;
    reply::json(&Decided { changed })
}

/// Reads `decision` and `reason`. What is wrong beside single members is told once these are right.
fn read_order(members: &mut Members) -> Result<Order, Problem> {
    let verb =
        members.required("decision", DECISIONS, |value| serde_json::from_value::<Verb>(value).ok().map(Some));
    let reason = members.optional("reason", "an object", |value| value.is_object().then_some(value));
    let dismissed = matches!(verb, Some(Verb::Dismissed));
    if reason.is_some() && !dismissed {
        return Err(wrong("/reason", "only `dismissed` has a reason"));
    }
    Ok(match verb {
        Some(Verb::Confirmed) => Some(Decision::Confirmed),
        Some(Verb::Fixed) => Some(Decision::Fixed),
        Some(Verb::Dismissed) => {
            let reason = reason.ok_or_else(|| wrong("/reason", "missing: expected why it is dismissed"))?;
            Some(Decision::Dismissed(read_reason(reason)?))
        }
        Some(Verb::Undone) | None => None,
    })
}

fn read_reason(value: Value) -> Result<Reason, Problem> {
    let mut members = Members::of(value, "/reason")?;
    let codes = Grounds::ALL.map(Grounds::id).join(", ");
    let code = members.required("code", &codes, |value| string(value)?.parse::<Grounds>().ok().map(Some));
    let text = members.optional("text", "a string", string);
    let phrase = members.optional("phrase", "a string", string);
    members.finish()?;
    let code = code.ok_or_else(Problem::internal)?;
    // Its messages never carry what was written.
    Reason::new(code, text.as_deref(), phrase.as_deref())
        .map_err(|error| wrong("/reason", &error.to_string()))
}

fn decide(
    connection: &Connection,
    ids: &[Fingerprint],
    order: &Order,
    by: Option<&str>,
) -> Result<(), ReviewError> {
    match order {
        Some(decision) => reviews::decide(connection, ids, decision, by),
        None => reviews::undo(connection, ids, by),
    }
}

fn refused(store: &Store, error: ReviewError) -> Problem {
    match error {
        ReviewError::Unknown(_) => unknown(),
        ReviewError::Undecided(_) => Problem::new(Kind::Conflict, "there is no decision to take back"),
        ReviewError::Sqlite(error) => store.error(error).into(),
    }
}

fn wrong(pointer: &str, detail: &str) -> Problem {
    Problem::invalid(vec![Violation::new(pointer, detail)])
}
