//! Rescans: millions of historical notes read, scanned and accounted for.
//!
//! plan → read → scan → commit. A source gives units (a table, a file), a unit gives pages of rows; each page is a split.
//! Pages are scanned on all cores and committed in the order they were read: findings, counters, digests and the place to
//! go on from are one transaction of the [store](crate::store), so that a stop at any moment loses nothing and nothing is
//! counted twice.

pub mod coverage;
pub mod fingerprint;
pub mod keys;
pub mod manifest;
pub mod report;
pub mod review;
pub mod sink;
pub mod source;
pub mod spec;
pub mod versions;
