//! The description of the API, written from the handlers.

use std::sync::LazyLock;

use axum::response::Response;
use utoipa::openapi::schema::AdditionalProperties;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoResponses, Modify, OpenApi};

use super::problem::Problem;
use super::{health, languagetool, presidio, reply, v1};

/// What may be wrong with a request that carries notes.
#[derive(IntoResponses)]
pub enum Problems {
    /// The body is not UTF-8, not JSON, nested too deep, or cut short; on `/v2`, parameters are wrong
    #[response(status = 400, content_type = "application/problem+json")]
    InvalidBody(Problem),
    /// The body, a note or the number of notes is over its limit, which `detail` names
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The content type is another one
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Problem),
    /// A member is missing, unknown or of the wrong type; `errors` has each one's place
    #[response(status = 422, content_type = "application/problem+json")]
    InvalidRequest(Problem),
    /// Too many requests are in progress; try again after `Retry-After` seconds
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
    /// The request took too long
    #[response(status = 504, content_type = "application/problem+json")]
    TimedOut(Problem),
}

/// What may be wrong with any request that needs a key.
#[derive(IntoResponses)]
pub enum Refusals {
    /// The server has keys and none of them was presented
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// Something broke in the server
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Problem),
}

/// What may be wrong with a request about rescans and findings.
#[derive(IntoResponses)]
pub enum RescanRefusals {
    /// The key is not one of those for rescans, or another site's page asked
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Nothing has this id
    #[response(status = 404, content_type = "application/problem+json")]
    UnknownId(Problem),
    /// It is not in a state for this; `detail` says which it is in
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// The data folder cannot be used, or too much is asked for at the same time
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
    /// The request took too long
    #[response(status = 504, content_type = "application/problem+json")]
    TimedOut(Problem),
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vigie",
        description = "Finds sensitive data (GDPR articles 9 and 10, excessive remarks, misplaced identifiers) in \
                       French free-text notes.",
    ),
    paths(
        v1::check::post,
        v1::batch::post,
        v1::scan::post,
        v1::redact::post,
        v1::overrides::post,
        v1::rescans::create::post,
        v1::rescans::list::get,
        v1::rescans::sources::get,
        v1::rescans::upload::post,
        v1::rescans::info::get,
        v1::rescans::orders::delete,
        v1::rescans::events::get,
        v1::rescans::orders::pause,
        v1::rescans::orders::resume,
        v1::rescans::orders::cancel,
        v1::rescans::report::get,
        v1::rescans::manifest::get,
        v1::findings::list::get,
        v1::findings::get::get,
        v1::findings::review::one,
        v1::findings::review::many,
        v1::findings::reveal::post,
        v1::categories::get,
        v1::profiles::get,
        languagetool::check::post,
        languagetool::check::get,
        languagetool::languages::get,
        presidio::analyze::post,
        presidio::anonymize::post,
        presidio::lists::recognizers,
        presidio::lists::supported_entities,
        presidio::lists::health,
        health::alive,
        health::ready,
        health::metrics,
        get,
    ),
    security(("key" = [])),
    modifiers(&Key, &Strict),
)]
struct Description;

struct Key;

impl Modify for Key {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        openapi.components.get_or_insert_default().add_security_scheme("key", scheme);
    }
}

/// Members that are not listed are refused.
struct Strict;

impl Modify for Strict {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let Some(components) = &mut openapi.components else { return };
        for name in [
            "CheckRequest",
            "BatchRequest",
            "BatchNote",
            "Override",
            "RescanRequest",
            "ReviewRequest",
            "BulkReviewRequest",
        ] {
            if let Some(RefOr::T(Schema::Object(object))) = components.schemas.get_mut(name) {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
        }
    }
}

/// The description as JSON.
pub fn json() -> &'static str {
    static JSON: LazyLock<String> =
        LazyLock::new(|| Description::openapi().to_pretty_json().unwrap_or_default());
    &JSON
}

/// This description
#[utoipa::path(
    get, path = "/v1/openapi.json", tag = "reference", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1"), Refusals),
)]
pub async fn get() -> Response {
    reply::json_text(json().to_owned())
}
