//! `GET /v1/findings`: pages of findings.

use axum::extract::{Query, State};
use axum::response::Response;

use super::failed;
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::Problem;
use crate::http::query::Parameters;
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::state::AppState;
use crate::store::findings::{self, Cursor, Filter, MAX_PAGE, Page};

/// List findings
///
/// In the order of reading: by table or file, then by note. What is not asked for fits all. A finding is known by its
/// fingerprint, the same in every rescan; it has no text.
#[utoipa::path(
    get, path = "/v1/findings", tag = "findings", operation_id = "findings",
    params(
        ("rescan" = Option<String>, Query, description = "Id of the rescan"),
        ("unit" = Option<String>, Query, description = "Table or file"),
        ("column" = Option<String>, Query, description = "Column of the note"),
        ("field" = Option<String>, Query, description = "Field, as the policy knows it"),
        ("category" = Option<String>, Query, description = "Id of the category"),
        ("severity" = Option<crate::policy::Severity>, Query, description = "Severity"),
        ("action" = Option<crate::policy::Action>, Query, description = "What the profile asks for"),
        ("to_change" = Option<bool>, Query, description = "`true`: only what is to be reworded or removed"),
        ("team" = Option<String>, Query, description = "Team"),
        ("month" = Option<String>, Query, description = "`YYYY-MM`"),
        ("rule" = Option<String>, Query, description = "Rule"),
        ("min_score" = Option<f64>, Query, description = "Least score, 0 to 1"),
        ("review" = Option<crate::rescan::review::ReviewState>, Query, description = "Where its review stands"),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000; 100 where absent"),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before"),
    ),
    responses((status = 200, description = "A page", body = Page), Problems, RescanRefusals, Refusals),
)]
pub async fn get(
    State(state): State<AppState>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::of(query);
    let filter = read_filter(&mut parameters);
    let limit = parameters.limit(MAX_PAGE, 100);
    let after = parameters.optional("cursor", "the `next` of a page", |text| text.parse::<Cursor>().ok());
    parameters.finish()?;
    let page = blocking(&state, move |_, store| {
        findings::list(&*store.connection()?, &filter, after.as_ref(), limit).map_err(|e| failed(store, e))
    })
    .await?;
    reply::json(&page)
}

/// The store's filter from a query string.
pub fn read_filter(parameters: &mut Parameters) -> Filter {
    let id = |value: &str| serde_json::Value::String(value.to_owned());
    Filter {
        rescan: parameters.text("rescan"),
        unit: parameters.text("unit"),
        column: parameters.text("column"),
        field: parameters.text("field"),
        category: parameters.optional("category", "the id of a category", |value| value.parse().ok()),
        severity: parameters
            .optional("severity", "high, medium or low", |value| serde_json::from_value(id(value)).ok()),
        action: parameters
            .optional("action", "block, warn or report", |value| serde_json::from_value(id(value)).ok()),
        to_change: parameters
            .optional("to_change", "true or false", |value| value.parse().ok())
            .unwrap_or_default(),
        team: parameters.text("team"),
        month: parameters.text("month"),
        rule: parameters.text("rule"),
        min_score: parameters.optional("min_score", "a number from 0 to 1", |value| {
            value.parse().ok().filter(|score| (0.0..=1.0).contains(score))
        }),
        review: parameters.optional("review", "to_review, confirmed, dismissed or fixed", |value| {
            serde_json::from_value(id(value)).ok()
        }),
    }
}
