//! Forms are taken from this server's own pages only: a page of another site could else start, cancel or decide in the name
//! of whoever visits it, as browsers send keys along by themselves.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::problem::{Kind, Problem};

/// Refuses what a page of another site sends.
pub async fn only(request: Request, next: Next) -> Response {
    match request.method().is_safe() || is_own(request.headers()) {
        true => next.run(request).await,
        false => {
            let detail = "this form was sent by a page of another site; open the page here and send it again";
            Problem::new(Kind::Forbidden, detail).into_response()
        }
    }
}

/// Browsers say where a request comes from in `Sec-Fetch-Site`, or, older ones, in `Origin`. What says neither is no browser
/// with someone else's keys.
fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    !host.is_empty() && own.is_some_and(|own| own.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_pages_and_programs_may_send_a_form() {
        for (pairs, own) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "http://vigie:8080"), ("host", "vigie:8080")], false),
            (&[("origin", "http://vigie:8080"), ("host", "vigie:8080")], true),
            (&[("origin", "https://VIGIE.example"), ("host", "vigie.example")], true),
            (&[("origin", "http://evil.example"), ("host", "vigie:8080")], false),
            (&[("origin", "http://vigie:8081"), ("host", "vigie:8080")], false),
            (&[("origin", "null"), ("host", "vigie:8080")], false),
            (&[("origin", "http://vigie:8080")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(is_own(&headers), own, "{pairs:?}");
        }
    }
}
