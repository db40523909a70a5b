//! A report as a page: the same as `vigie rescan report --format html`, with a bar above it that prints do not have.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::http::AppState;
use crate::http::segment::Segment;
use crate::rescan::report::html::{Frame, document, style};
use crate::rescan::report::{Options, build};
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::page::{POLICY, links};
use crate::web::reading::{rescan, with_store};
use crate::web::words::zone;

const HEAD: &str = "<meta name=\"color-scheme\" content=\"light dark\">\n\
     <link rel=\"icon\" href=\"/static/icon.svg\" type=\"image/svg+xml\">";

const AFTER_STYLE: &str = "<link rel=\"stylesheet\" href=\"/static/rapport.css\">\n\
     <script src=\"/static/rapport.js\" defer></script>\n";

/// `GET /rapport/{id}`. Masked excerpts are not in it: to see them is recorded one by one, in the review.
pub async fn get(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, Failure> {
    with_store(&state, move |_, store| {
        let connection = store.connection()?;
        let row = rescan(&connection, &id)?;
        let report = build(&connection, &row, &Options::default())?;
        let style = style(&report);
        let bar = bar(&row.id);
        let html =
            document(&report, &zone(), &style, &Frame { head: HEAD, after_style: AFTER_STYLE, bar: &bar });
        Ok(served(html, &style))
    })
    .await
}

fn bar(id: &str) -> String {
    let id = Escaped(id);
    format!(
        "<nav class=\"barre\" aria-label=\"Pages\"><a class=\"marque\" href=\"/\">Vigie</a><ul>{}</ul></nav>\n\
         <aside class=\"outils\" aria-label=\"Ce rapport\"><button id=\"imprimer\" type=\"button\" hidden>Imprimer ou \
         enregistrer en PDF</button><a href=\"/rescans/{id}\">Analyse</a><a href=\"/revue?rescan={id}\">Revue</a>\
         <a href=\"/v1/rescans/{id}/report?format=csv\" download>CSV</a>\
         <a href=\"/v1/rescans/{id}/report\" download=\"{id}.json\">JSON</a></aside>\n",
        links("/rapport")
    )
}

/// The report brings its style; the policy lets that one in, by its digest, and nothing else inline.
fn served(html: String, style: &str) -> Response {
    let digest = STANDARD.encode(Sha256::digest(style));
    let policy = POLICY.replace("style-src 'self'", &format!("style-src 'self' 'sha256-{digest}'"));
    let mut response = Html(html).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_lets_the_reports_own_style_in_and_nothing_else_inline() {
        let response = served(String::new(), "a{}");
        let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        // echo -n 'a{}' | openssl dgst -sha256 -binary | base64
        let digest = STANDARD.encode(Sha256::digest("a{}"));
        assert!(policy.contains(&format!("style-src 'self' 'sha256-{digest}';")), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("script-src 'self';"));
    }
}
