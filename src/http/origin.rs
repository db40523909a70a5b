//! Requests that change something come from our own pages or from programs, never from another site's page: a browser
//! sends a key it was told (`Authorization: Basic`) along with whatever a page makes it send.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::{Kind, Problem};

/// Refuses what a browser says another site made it send.
pub async fn own_pages(request: Request, next: Next) -> Result<Response, Problem> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && is_foreign(request.headers()) {
        let detail = "another site's page cannot ask for this; a proxy in front of this server must keep Host as it was";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    Ok(next.run(request).await)
}

fn is_foreign(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    // Browsers say no more than this to a server without TLS that is not on this machine.
    let Some(origin) = headers.get(ORIGIN) else { return false };
    let host =
        origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host.as_bytes());
    host.is_none() || host != headers.get(HOST).map(|host| host.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_say_tells_pages_of_other_sites_from_ours() {
        for (pairs, foreign) in [
            (vec![], false),
            (vec![("sec-fetch-site", "same-origin"), ("origin", "https://x"), ("host", "y")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![("sec-fetch-site", "cross-site")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![("origin", "http://vigie:8080"), ("host", "vigie:8080")], false),
            (vec![("origin", "http://evil.example"), ("host", "vigie:8080")], true),
            (vec![("origin", "null"), ("host", "vigie:8080")], true),
            (vec![("origin", "http://vigie:8080")], true),
        ] {
            let headers = pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
            assert_eq!(is_foreign(&headers), foreign, "{pairs:?}");
        }
    }
}
