//! Every layer a request goes through, in order: [`around_all`] from the outside in, then [`keyed`], [`admitted`] and
//! [`timed`] where the route asks for them.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use tower::ServiceBuilder;

use super::state::AppState;
use super::{auth, cors, languagetool, limit, observe, origin, problem};

type Routes = Router<AppState>;

/// What every request goes through, unknown routes included. Another site's page may ask only where
/// [`cors`] says so.
pub fn around_all(routes: Routes, state: &AppState) -> Routes {
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), observe::observe))
            .layer(map_response(harden))
            .layer(from_fn_with_state(state.clone(), cors::allow_origins))
            .layer(from_fn(problem::catch_panic)),
    )
}

/// First on its routes: a key, if the server has any.
pub fn keyed(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), auth::require_key))
}

/// [`keyed`], for rescans and findings: only the keys of the setting `rescan_keys`, and no other site's page.
pub fn for_rescans(routes: Routes, state: &AppState) -> Routes {
    let own = routes
        .route_layer(from_fn_with_state(state.clone(), origin::own_pages))
        .route_layer(from_fn_with_state(state.clone(), auth::require_rescan_key));
    keyed(own, state)
}

/// Instead of [`keyed`] and behind [`timed`], for LanguageTool's clients: the key may be a parameter of the body.
pub fn keyed_by_form(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), languagetool::key::require_key))
}

/// Outermost on LanguageTool's routes: installed add-ons may read the answer.
pub fn open_to_add_ons(routes: Routes) -> Routes {
    routes.route_layer(from_fn(languagetool::cors::name_add_ons))
}

/// Then a place among the requests in progress.
pub fn admitted(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), limit::admit))
}

/// Then the clock.
pub fn timed(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), limit::time_out))
}

/// Headers that keep browsers and caches from doing more with an answer than show it. Pages and their assets bring a
/// content policy and a caching rule of their own.
async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::config::Config;
    use crate::http::problem::Problem;
    use crate::http::work;
    use crate::scanner::{Scanner, ScannerOptions};
    use crate::secret::Keys;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_does_not_repeat_its_message() {
        let scanner = Scanner::load(&ScannerOptions { classifier: false, ..Default::default() }).unwrap();
        let state = AppState::new(Config::default(), Arc::new(scanner), Keys::default());
        let shared = state.clone();
        let routes = Router::new()
            .route("/handler", get(|| async { std::panic::panic_any("a note's text".to_owned()) as () }))
            .route(
                "/worker",
                get(|| async move {
                    work::run(&shared, || -> Result<(), Problem> { panic!("a note's text") }).await
                }),
            );
        let service = around_all(admitted(routes, &state), &state).with_state(state.clone());
        for path in ["/handler", "/worker"] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = service.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), 500, "{path}");
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert!(response.headers().contains_key("x-request-id"));
            let body = to_bytes(response.into_body(), 10_000).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("a note's text"));
        }
        assert_eq!(state.in_progress(), 0);
    }
}
