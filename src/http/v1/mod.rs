//! The native API, one file a resource and verb.

pub mod batch;
pub mod categories;
pub mod check;
pub mod findings;
pub mod overrides;
pub mod profiles;
pub mod redact;
pub mod rescans;
pub mod scan;
