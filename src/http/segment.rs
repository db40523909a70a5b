//! The part of a path that a route leaves open: an id, a file's name.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

/// That part. What is not UTF-8 (`%FF`) is empty here, as nothing is named: the handler then says that it is unknown in the
/// words and the form of its door, where [`Path`] would answer by itself, in plain text.
pub struct Segment(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(path.map(|Path(text)| text).unwrap_or_default()))
    }
}
