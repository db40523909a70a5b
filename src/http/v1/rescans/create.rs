//! `POST /v1/rescans`: a rescan is asked for.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rusqlite::ErrorCode;
use serde_json::Value;

use super::asked::{Asked, RescanSchema, wrong};
use super::idempotency::{self, Request};
use super::info::RescanInfo;
use crate::http::auth::Client;
use crate::http::body;
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::{Problem, unknown_profile};
use crate::http::reply;
use crate::http::rescans::{Rescans, blocking};
use crate::http::state::AppState;
use crate::policy::PolicyError;
use crate::rescan::source::without_passwords;
use crate::rescan::versions::Versions;
use crate::store::Store;
use crate::store::rescans::{self, NewRescan, RescanRow};

/// Start a rescan
///
/// It is queued, and begins as soon as there is room. With `Idempotency-Key`, the same request sent again gives the same
/// rescan; another request with that key is refused (422).
#[utoipa::path(
    post, path = "/v1/rescans", tag = "rescans", operation_id = "rescan",
    params(("Idempotency-Key" = Option<String>, Header, description = "At most 255 characters of the client's choice")),
    request_body(content = RescanSchema, content_type = "application/json"),
    responses(
        (status = 202, description = "Queued, or asked for before with this key", body = RescanInfo,
         headers(("Location" = String, description = "Where to follow it"))),
        Problems, RescanRefusals, Refusals,
    ),
)]
pub async fn post(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let key = idempotency::key(&headers)?;
    let value = body::parse(&bytes)?;
    let client = client.map(|Extension(client)| client);
    let info = blocking(&state, move |state, store| {
        let row = begin(state, store, client.as_ref(), key.as_deref(), value)?;
        RescanInfo::read(state, store, &row.id)
    })
    .await?;
    let location = format!("/v1/rescans/{}", info.id());
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], reply::json(&info)?).into_response())
}

/// Stores the rescan, unless the same request did so before.
/// Stores a rescan, or finds the one that was asked for so before, and starts it if there is room.
pub(crate) fn begin(
    state: &AppState,
    store: &Store,
    client: Option<&Client>,
    key: Option<&str>,
    body: Value,
) -> Result<RescanRow, Problem> {
    let request = Request::of(store.keys(), client, key, &body)?;
    let row = create(state, store, &request, body)?;
    Rescans::take_up(state)?;
    Ok(row)
}

fn create(state: &AppState, store: &Store, request: &Request, body: Value) -> Result<RescanRow, Problem> {
    if let Some(row) = before(store, request)? {
        return Ok(row);
    }
    let spec = Asked::read(body, state)?.spec(state, store)?;
    let scanner = state.scanner();
    let versions = Versions::of(&scanner, &spec.profile).map_err(|error| match error {
        PolicyError::UnknownProfile { known, .. } => unknown_profile("/profile", &known),
        _ => Problem::internal(),
    })?;
    if spec.excerpts && !store.keys().is_from_environment() {
        let detail = "excerpts are kept only where the server has its key from VIGIE_DATA_KEY";
        return Err(wrong("/excerpts", detail));
    }
    let stored = without_passwords(&spec);
    // A mistake is told now rather than as the failure of a rescan.
    let opened = state.rescans().permit().open(&stored);
    opened.map_err(|error| wrong("/sources", error.message))?;
    let new =
        NewRescan { spec: &stored, versions: &versions, idempotency: Some((&request.key, &request.digest)) };
    let connection = store.connection()?;
    match rescans::create(&connection, &new) {
        Ok(row) => Ok(row),
        // The same request came twice at the same time.
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            before(store, request)?.ok_or_else(Problem::internal)
        }
        Err(error) => Err(store.error(error).into()),
    }
}

/// The rescan this request made before. The same key with another request is refused.
fn before(store: &Store, request: &Request) -> Result<Option<RescanRow>, Problem> {
    let row = rescans::by_idempotency_key(&*store.connection()?, &request.key);
    let row = row.map_err(|error| store.error(error))?;
    match &row {
        Some(row) if row.request_digest.as_deref() != Some(request.digest.as_str()) => {
            Err(wrong("Idempotency-Key", "another request was sent with this key; take a new one"))
        }
        _ => Ok(row),
    }
}
