//! `/v1/findings`: what rescans found, and what reviewers decide about it.

pub mod get;
pub mod list;
pub mod reveal;
pub mod review;

use crate::http::problem::{Kind, Problem};
use crate::rescan::fingerprint::Fingerprint;
use crate::store::Store;
use crate::store::findings::FindingsError;

/// The fingerprint a path names, or 404.
pub fn fingerprint(id: &str) -> Result<Fingerprint, Problem> {
    id.parse().map_err(|_| unknown())
}

/// 404; the id is not repeated.
pub fn unknown() -> Problem {
    Problem::new(Kind::UnknownId, "GET /v1/findings lists the findings; their id is the fingerprint")
}

/// What the store refuses.
pub fn failed(store: &Store, error: FindingsError) -> Problem {
    match error {
        FindingsError::UnknownRescan(_) => super::rescans::unknown(),
        FindingsError::Authors => {
            Problem::new(Kind::Conflict, "figures by author need a rescan that kept authors")
        }
        FindingsError::Sqlite(error) => store.error(error).into(),
    }
}
