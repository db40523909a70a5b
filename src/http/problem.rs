//! Every error of the HTTP door: `application/problem+json` (RFC 9457). Built from fixed words, limits and names of
//! members only, so that no answer echoes a note.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use serde::Serialize;

use crate::policy::PolicyError;
use crate::scanner::ScanError;

/// Longest part of a client's own member name that an answer repeats, in characters.
const NAME_SHOWN: usize = 40;

/// A kind of error: what `type`, `title` and `status` say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    InvalidBody,
    InvalidParameters,
    Unauthorized,
    Forbidden,
    NotFound,
    UnknownId,
    MethodNotAllowed,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    InvalidRequest,
    Internal,
    Unavailable,
    TimedOut,
}

impl Kind {
    fn parts(self) -> (&'static str, &'static str, StatusCode) {
        match self {
            Self::InvalidBody => ("invalid-body", "The body cannot be read", StatusCode::BAD_REQUEST),
            Self::InvalidParameters => {
                ("invalid-parameters", "The parameters are not valid", StatusCode::BAD_REQUEST)
            }
            Self::Unauthorized => ("unauthorized", "A key is needed", StatusCode::UNAUTHORIZED),
            Self::Forbidden => ("forbidden", "This is not for this client", StatusCode::FORBIDDEN),
            Self::UnknownId => ("unknown-id", "Nothing here has this id", StatusCode::NOT_FOUND),
            Self::Conflict => ("conflict", "It is not in a state for this", StatusCode::CONFLICT),
            Self::NotFound => ("not-found", "No such route", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => {
                ("method-not-allowed", "The route has no such method", StatusCode::METHOD_NOT_ALLOWED)
            }
            Self::TooLarge => ("too-large", "Too large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", "Wrong content type", StatusCode::UNSUPPORTED_MEDIA_TYPE)
            }
            Self::InvalidRequest => {
                ("invalid-request", "The request is not valid", StatusCode::UNPROCESSABLE_ENTITY)
            }
            Self::Internal => {
                ("internal", "Something broke in the server", StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Unavailable => {
                ("unavailable", "The server cannot take this now", StatusCode::SERVICE_UNAVAILABLE)
            }
            Self::TimedOut => ("timed-out", "The request took too long", StatusCode::GATEWAY_TIMEOUT),
        }
    }
}

/// One thing wrong in a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Violation {
    /// JSON Pointer into the body, or the name of a query parameter after a `?`.
    #[schema(example = "/min_score")]
    pub pointer: String,
    #[schema(example = "expected a number from 0 to 1")]
    pub detail: String,
}

impl Violation {
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// An error as clients see it (RFC 9457).
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Stable name of the kind of error.
    #[schema(example = "urn:vigie:problem:invalid-request")]
    r#type: String,
    #[schema(example = "The request is not valid")]
    title: &'static str,
    /// HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong here, and what to do.
    detail: String,
    /// Each thing that is wrong, when there are several places to look at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Violation>,
    #[serde(skip)]
    headers: Vec<(axum::http::HeaderName, HeaderValue)>,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let (name, title, status) = kind.parts();
        Self {
            r#type: format!("urn:vigie:problem:{name}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// 422, with every place that is wrong.
    pub fn invalid(errors: Vec<Violation>) -> Self {
        Self::of(Kind::InvalidRequest, errors)
    }

    /// 400, with every parameter that is wrong: the status LanguageTool's clients know.
    pub fn bad_parameters(errors: Vec<Violation>) -> Self {
        Self::of(Kind::InvalidParameters, errors)
    }

    fn of(kind: Kind, errors: Vec<Violation>) -> Self {
        let detail = errors
            .iter()
            .map(|v| match v.pointer.as_str() {
                "" => v.detail.clone(),
                pointer => format!("{pointer}: {}", v.detail),
            })
            .collect::<Vec<_>>()
            .join("; ");
        Self { errors, ..Self::new(kind, detail) }
    }

    /// 401, with what to send.
    pub fn unauthorized(detail: &'static str, challenge: &'static str) -> Self {
        Self::new(Kind::Unauthorized, detail).with(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
    }

    /// 503, to be tried again in a second.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(Kind::Unavailable, detail).with(RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// 500. The reason goes to the log, not to the client.
    pub fn internal() -> Self {
        Self::new(Kind::Internal, "the log has the reason, under this answer's x-request-id")
    }

    fn with(mut self, name: axum::http::HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What is wrong, in English.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<ScanError> for Problem {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::TooLong { .. } => Self::new(Kind::TooLarge, error.to_string()),
            ScanError::Policy(PolicyError::UnknownProfile { known, .. }) => {
                unknown_profile("/profile", &known)
            }
            other => {
                tracing::error!(reason = %other, "a note could not be scanned");
                Self::internal()
            }
        }
    }
}

/// 422 for a profile that does not exist. Names the known ones, not the one asked for.
pub fn unknown_profile(pointer: &str, known: &str) -> Problem {
    Problem::invalid(vec![Violation::new(pointer, format!("unknown profile; known: {known}"))])
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status(), body).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.headers_mut().extend(self.headers);
        response
    }
}

/// Turns a panic into an answer. Its message is dropped, as it may quote a note.
pub async fn catch_panic(request: Request, next: Next) -> Response {
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|_| Problem::internal().into_response())
}

/// The answer of routes that do not exist.
pub async fn not_found() -> Problem {
    Problem::new(Kind::NotFound, "GET /v1/openapi.json lists the routes")
}

/// The answer of routes that exist with other methods; the `Allow` header names them.
pub async fn method_not_allowed() -> Problem {
    Problem::new(Kind::MethodNotAllowed, "the Allow header names the methods of this route")
}

/// A client's member name, fit to be repeated.
pub fn shown(name: &str) -> String {
    match name.char_indices().nth(NAME_SHOWN) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
