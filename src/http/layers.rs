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
use super::{auth, limit, observe, problem};

type Routes = Router<AppState>;

/// What every request goes through, unknown routes included. No CORS: another site's page may not ask.
pub fn around_all(routes: Routes, state: &AppState) -> Routes {
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), observe::observe))
            .layer(map_response(harden))
            .layer(from_fn(problem::catch_panic)),
    )
}

/// First on its routes: a key, if the server has any.
pub fn keyed(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), auth::require_key))
}

/// Then a place among the requests in progress.
pub fn admitted(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), limit::admit))
}

/// Then the clock.
pub fn timed(routes: Routes, state: &AppState) -> Routes {
    routes.route_layer(from_fn_with_state(state.clone(), limit::time_out))
}

/// Headers that keep browsers and caches from doing more with an answer than show it.
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
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
