//! `GET /healthz`, `GET /readyz` and `GET /metrics`, for what watches over the server.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::openapi::Refusals;
use super::problem::Problem;
use super::reply;
use super::state::AppState;

/// Is the process alive?
#[utoipa::path(
    get, path = "/healthz", tag = "operation", operation_id = "healthz", security(()),
    responses((status = 200, description = "It is")),
)]
pub async fn alive() -> Response {
    reply::json_text(r#"{"status":"ok"}"#.to_owned())
}

/// Should requests be sent here?
#[utoipa::path(
    get, path = "/readyz", tag = "operation", operation_id = "readyz", security(()),
    responses(
        (status = 200, description = "Yes"),
        (status = 503, description = "No: the server is stopping", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub async fn ready(State(state): State<AppState>) -> Result<Response, Problem> {
    if state.is_draining() {
        return Err(Problem::unavailable("the server is stopping"));
    }
    Ok(reply::json_text(r#"{"status":"ready"}"#.to_owned()))
}

/// Counters for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, description = "OpenMetrics text", body = String,
               content_type = "application/openmetrics-text"), Refusals),
)]
pub async fn metrics(State(state): State<AppState>) -> Result<Response, Problem> {
    let text = state.metrics().text(state.in_progress(), state.rescans()).map_err(|_| Problem::internal())?;
    Ok(([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response())
}
