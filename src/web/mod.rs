//! What browsers get: pages in French that work without JavaScript, and the widget that checks the fields of other
//! pages. The widget's modules are in `widget/`; `build.rs` joins them into `/widget.js`.

pub mod assets;
mod bench;
pub mod essayer;
pub mod etat;
mod examples;
pub(crate) mod html;
mod page;
pub mod regles;
mod result;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::middleware::map_response;
use axum::response::Response;

use crate::http::AppState;

/// On pages, a browser that has no key asks its user for one: any name, the key as the password.
pub fn prompting(routes: Router<AppState>) -> Router<AppState> {
    routes.route_layer(map_response(|mut response: Response| async move {
        if response.status() == StatusCode::UNAUTHORIZED {
            let ask = HeaderValue::from_static("Basic realm=\"Vigie\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, ask);
        }
        response
    }))
}
