//! Files that browsers fetch: the widget, what pages need, and the example page. They hold nobody's data and need no
//! key. A browser may keep them, and asks each time whether they changed.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use sha2::{Digest, Sha256};

use super::page::POLICY;
use crate::http::problem;
use crate::http::segment::Segment;

/// The widget as one script.
const WIDGET: &str = include_str!(concat!(env!("OUT_DIR"), "/widget.js"));

/// What pages need, by name.
const PAGE: &[(&str, &str)] = &[
    ("vigie.css", include_str!("static/vigie.css")),
    ("essayer.js", include_str!("static/essayer.js")),
    ("analyse.js", include_str!("static/analyse.js")),
    ("editeur.js", include_str!("static/editeur.js")),
    ("depot.js", include_str!("static/depot.js")),
    ("revue.js", include_str!("static/revue.js")),
    ("rapport.js", include_str!("static/rapport.js")),
    ("rapport.css", include_str!("static/rapport.css")),
    ("icon.svg", include_str!("static/icon.svg")),
];

/// The page that looks like a CRM's contact form.
const EXAMPLE: &[(&str, &str)] = &[
    ("index.html", include_str!("../../examples/crm/index.html")),
    ("crm.css", include_str!("../../examples/crm/crm.css")),
    ("crm.js", include_str!("../../examples/crm/crm.js")),
];

/// `GET /widget.js`. Other sites may load it, also as a script whose integrity they check.
pub async fn widget(headers: HeaderMap) -> Response {
    let mut response = file("widget.js", WIDGET, &headers);
    let added = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    for (name, value) in added {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// `GET /static/{name}`.
pub async fn page(Segment(name): Segment, headers: HeaderMap) -> Response {
    one_of(PAGE, &name, &headers).await
}

/// `GET /exemple`: to the folder, so that its relative links hold.
pub async fn to_example() -> Redirect {
    Redirect::permanent("/exemple/")
}

/// `GET /exemple/`.
pub async fn example_page(headers: HeaderMap) -> Response {
    one_of(EXAMPLE, "index.html", &headers).await
}

/// `GET /exemple/{name}`.
pub async fn example(Segment(name): Segment, headers: HeaderMap) -> Response {
    one_of(EXAMPLE, &name, &headers).await
}

async fn one_of(files: &[(&'static str, &'static str)], name: &str, headers: &HeaderMap) -> Response {
    match files.iter().find(|(n, _)| *n == name) {
        Some((name, text)) => file(name, text, headers),
        None => problem::not_found().await.into_response(),
    }
}

fn file(name: &str, text: &'static str, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", &hex::encode(Sha256::digest(text))[..16]);
    // Weak: the same tag whether the answer is compressed or not.
    let known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .any(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    let mut response = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => text.into_response(),
    };
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if name.ends_with(".html") {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    if let Ok(tag) = HeaderValue::from_str(&format!("W/{tag}")) {
        headers.insert(ETAG, tag);
    }
    response
}
