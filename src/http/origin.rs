//! Requests that change something come from our own pages or from programs, never from another site's page: a browser
//! sends a key it was told (`Authorization: Basic`) along with whatever a page makes it send. Where there is no key, a page
//! whose name was made to point at this machine (DNS rebinding) would count as our own, but for the name it asks by.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use super::problem::{Kind, Problem};
use super::state::AppState;

/// Refuses what a browser says another site made it send, and without a key what was not asked of this machine by name.
pub async fn own_pages(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if state.keys().is_empty() && !is_for_this_machine(request.headers()) {
        let detail = "without a key this is answered only on localhost, 127.0.0.1 or [::1]: ask by one of these names, or \
                      give the server keys (`vigie key new NAME`)";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && is_foreign(request.headers()) {
        let detail = "another site's page cannot ask for this; a proxy in front of this server must keep Host as it was";
        return Err(Problem::new(Kind::Forbidden, detail));
    }
    Ok(next.run(request).await)
}

/// Whether `Host` is a name or address of loopback (RFC 6761, 6.3). In HTTP/1.1 it is never left out.
fn is_for_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
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
    fn only_loopback_is_this_machine() {
        for (host, own) in [
            ("localhost", true),
            ("LocalHost:8080", true),
            ("vigie.localhost:8080", true),
            ("127.0.0.1:8080", true),
            ("127.1.2.3", true),
            ("[::1]:8080", true),
            ("[::ffff:127.0.0.1]", true),
            ("evil.example:8080", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example:8080", false),
            ("192.0.2.1", false),
            ("", false),
        ] {
            let headers = [(HOST, host.parse().unwrap())].into_iter().collect();
            assert_eq!(is_for_this_machine(&headers), own, "{host}");
        }
        assert!(is_for_this_machine(&HeaderMap::new()));
    }

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
