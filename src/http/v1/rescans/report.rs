//! `GET /v1/rescans/{id}/report`: figures, findings by every property, coverage, what changed.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;

use super::super::findings::failed;
use super::find;
use crate::http::auth::Client;
use crate::http::openapi::{Problems, Refusals, RescanRefusals};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::rescans::blocking;
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::rescan::excerpt::Excerpts;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::report::{self, Options, Report};
use crate::store::Store;
use crate::store::reviews;

/// A page of figures with its style inside, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

#[derive(Clone, Copy)]
enum Format {
    Json,
    Csv,
    Html,
}

/// Get the report
///
/// Of a rescan in any state, as it is now. `html` is in French, one file that prints well.
#[utoipa::path(
    get, path = "/v1/rescans/{id}/report", tag = "rescans", operation_id = "rescan_report",
    params(
        ("id" = String, Path, description = "Its id"),
        ("format" = Option<String>, Query, description = "`json`, `csv` or `html`; `json` where absent"),
        ("examples" = Option<bool>, Query, description = "Show masked excerpts, where the rescan kept them; who saw them \
         is recorded"),
        ("authors" = Option<bool>, Query, description = "Show figures by author, where the rescan kept authors"),
    ),
    responses(
        (status = 200, description = "The report", content((Report = "application/json"), (String = "text/csv"),
         (String = "text/html"))),
        Problems, RescanRefusals, Refusals,
    ),
)]
pub async fn get(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    Segment(id): Segment,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut parameters = Parameters::of(query);
    let format = parameters.optional("format", "json, csv or html", |value| match value {
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        "html" => Some(Format::Html),
        _ => None,
    });
    let (examples, authors) = (parameters.flag("examples"), parameters.flag("authors"));
    parameters.finish()?;
    let by = client.map(|Extension(client)| client.0);
    let (kind, text) = blocking(&state, move |_, store| {
        let report = made(store, &id, examples, authors, by.as_deref())?;
        Ok(match format.unwrap_or(Format::Json) {
            Format::Json => {
                ("application/json", serde_json::to_vec(&report).map_err(|_| Problem::internal())?)
            }
            Format::Csv => {
                let mut bytes = Vec::new();
                report::csv::csv(&report, &mut bytes).map_err(|_| Problem::internal())?;
                ("text/csv; charset=utf-8", bytes)
            }
            Format::Html => {
                ("text/html; charset=utf-8", report::html::html(&report, &TimeZone::system()).into_bytes())
            }
        })
    })
    .await?;
    let name = match format {
        Some(Format::Csv) => "attachment; filename=\"vigie-report.csv\"",
        _ => "inline",
    };
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name), (CONTENT_SECURITY_POLICY, POLICY)], text)
        .into_response())
}

/// The report; whose excerpts it shows is recorded first.
fn made(store: &Store, id: &str, examples: bool, authors: bool, by: Option<&str>) -> Result<Report, Problem> {
    let connection = store.connection()?;
    let row = find(store, &connection, id)?;
    if authors && !row.spec.authors {
        return Err(Problem::new(Kind::Conflict, "this rescan kept no authors"));
    }
    let opener = Excerpts::new(store.keys());
    let open = |fingerprint: &Fingerprint, sealed: &[u8]| opener.open(&fingerprint.0, sealed);
    let options = Options { open: examples.then_some(&open as _), authors, ..Options::default() };
    let report = report::build(&connection, &row, &options).map_err(|error| failed(store, error))?;
    let seen: Vec<Fingerprint> = report.examples.iter().flatten().map(|e| e.fingerprint).collect();
    if !seen.is_empty() {
        reviews::revealed(&connection, &seen, by).map_err(|_| Problem::internal())?;
    }
    Ok(report)
}
