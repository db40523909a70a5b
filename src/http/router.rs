//! Every route.

use axum::Router;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;

use super::state::AppState;
use super::{health, languagetool as lt, layers, openapi, presidio, problem, v1};
use crate::web;

/// The whole service, without a socket.
pub fn router(state: AppState) -> Router {
    let watch = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/health", get(presidio::lists::health));

    let read = Router::new()
        .route("/metrics", get(health::metrics))
        .route("/v1/openapi.json", get(openapi::get))
        .route("/v1/categories", get(v1::categories::get))
        .route("/v1/profiles", get(v1::profiles::get))
        .route("/recognizers", get(presidio::lists::recognizers))
        .route("/supportedentities", get(presidio::lists::supported_entities));

    let scan = Router::new()
        .route("/v1/check", post(v1::check::post))
        .route("/v1/check/batch", post(v1::batch::post))
        .route("/v1/redact", post(v1::redact::post))
        .route("/v1/overrides", post(v1::overrides::post))
        .route("/analyze", post(presidio::analyze::post))
        .route("/anonymize", post(presidio::anonymize::post));

    let stream = Router::new().route("/v1/scan", post(v1::scan::post));

    let text = Router::new().route("/v2/check", get(lt::check::get).post(lt::check::post));
    let languages = Router::new().route("/v2/languages", get(lt::languages::get));
    let text = layers::admitted(layers::timed(layers::keyed_by_form(text, &state), &state), &state);

    let rescans = Router::new()
        .route("/v1/rescans", get(v1::rescans::list::get).post(v1::rescans::create::post))
        .route("/v1/rescans/sources", get(v1::rescans::sources::get))
        .route("/v1/rescans/{id}", get(v1::rescans::info::get).delete(v1::rescans::orders::delete))
        .route("/v1/rescans/{id}/pause", post(v1::rescans::orders::pause))
        .route("/v1/rescans/{id}/resume", post(v1::rescans::orders::resume))
        .route("/v1/rescans/{id}/cancel", post(v1::rescans::orders::cancel))
        .route("/v1/rescans/{id}/report", get(v1::rescans::report::get))
        .route("/v1/rescans/{id}/manifest", get(v1::rescans::manifest::get))
        .route("/v1/findings", get(v1::findings::list::get))
        .route("/v1/findings/review", post(v1::findings::review::many))
        .route("/v1/findings/{id}", get(v1::findings::get::get))
        .route("/v1/findings/{id}/review", post(v1::findings::review::one))
        .route("/v1/findings/{id}/reveal", post(v1::findings::reveal::post));
    let uploads = Router::new().route("/v1/rescans/uploads", post(v1::rescans::upload::post));
    // Neither timed nor among the requests in progress: they last as long as a rescan does.
    let events = Router::new().route("/v1/rescans/{id}/events", get(v1::rescans::events::get));
    let rescans = layers::admitted(layers::timed(rescans, &state), &state)
        .merge(layers::admitted(uploads, &state))
        .merge(events);

    let assets = Router::new()
        .route("/widget.js", get(web::assets::widget))
        .route("/static/{name}", get(web::assets::page))
        .route("/exemple", get(web::assets::to_example))
        .route("/exemple/", get(web::assets::example_page))
        .route("/exemple/{name}", get(web::assets::example))
        // Files that hold nothing secret, and only they: an answer about a note must not tell its size to whoever listens.
        .layer(CompressionLayer::new());
    let pages = Router::new()
        .route("/", get(web::essayer::get))
        .route("/regles", get(web::regles::get))
        .route("/etat", get(web::etat::get));
    let stored = Router::new()
        .route("/rescans", get(web::rescans::get).post(web::rescans::start::post))
        .route("/rescans/nouvelle", get(web::rescans::choose::columns))
        .route("/rescans/{id}", get(web::rescans::show::get))
        .route("/rescans/{id}/suivi", get(web::rescans::show::follow))
        .route("/rescans/{id}/{wish}", post(web::rescans::ask::post))
        .route("/revue", get(web::revue::get).post(web::revue::decide::post))
        .route("/rapport", get(web::rapport::get))
        .route("/rapport/{id}", get(web::rapport::show::get))
        .route("/regles/fichiers", get(web::regles::edit::get).post(web::regles::edit::post));
    let sent = Router::new().route("/rescans/fichier", post(web::rescans::choose::post));
    let stored = layers::timed(stored, &state).merge(sent);
    let stored = layers::for_rescans(layers::admitted(stored, &state), &state);
    let forms = Router::new().route("/", post(web::essayer::post)).route("/regles", post(web::regles::post));
    let forms = layers::admitted(layers::timed(forms, &state), &state);

    let routes = watch
        .merge(assets)
        .merge(web::prompting(layers::keyed(pages.merge(forms), &state).merge(stored)))
        .merge(layers::open_to_add_ons(text.merge(languages)))
        .merge(layers::keyed(read, &state))
        .merge(layers::keyed(layers::admitted(layers::timed(scan, &state), &state), &state))
        .merge(layers::keyed(layers::admitted(stream, &state), &state))
        .merge(layers::for_rescans(rescans, &state))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::method_not_allowed);

    layers::around_all(routes, &state).with_state(state)
}
