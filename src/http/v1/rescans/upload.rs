//! `POST /v1/rescans/uploads`: a file is sent to be scanned.

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::reply;
use crate::http::rescans::uploads::{self, Upload};
use crate::http::state::AppState;

/// Send a file to be scanned
///
/// The body is the file as it is, of at most `max_upload_bytes`; its name says how it is written. It is kept, readable by
/// the server alone, until the rescan that reads it has ended, or an hour where none does. Files of one name are one table
/// to later rescans: reviews of their findings stay.
#[utoipa::path(
    post, path = "/v1/rescans/uploads", tag = "rescans", operation_id = "rescan_upload",
    params(("name" = String, Query, description = "Name of the file: .csv, .ndjson, .xlsx, .parquet, also .gz or .zst of \
            the first two")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Kept; name it as a source of kind `upload`", body = Upload),
        Problems, RescanRefusals, Refusals,
    ),
)]
pub async fn post(
    State(state): State<AppState>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::of(query);
    let name = parameters.text("name").unwrap_or_default();
    parameters.finish()?;
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_ascii_lowercase()).unwrap_or_default();
    let form = kind.starts_with(b"multipart/") || kind.starts_with(b"application/x-www-form-urlencoded");
    if form || headers.contains_key(CONTENT_ENCODING) {
        let detail = "send the file's bytes as the body, with Content-Type: application/octet-stream";
        return Err(Problem::new(Kind::UnsupportedMediaType, detail));
    }
    let upload = uploads::receive(&state, &name, body).await?;
    Ok((StatusCode::CREATED, reply::json(&upload)?).into_response())
}
