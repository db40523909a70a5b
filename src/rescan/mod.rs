//! Rescans: millions of historical notes read, scanned and accounted for.
//!
//! plan → read → scan → commit. A source gives units (a table, a file), a unit gives pages of rows; each page is a split.
//! Pages are scanned on all cores and committed in the order they were read: findings, counters, digests and the place to
//! go on from are one transaction of the [store](crate::store), so that a stop at any moment loses nothing and nothing is
//! counted twice.

pub mod ask;
pub mod claim;
pub mod commit;
pub mod counted;
pub mod coverage;
pub mod digest;
pub mod excerpt;
pub mod fingerprint;
pub mod fix;
pub mod incremental;
pub mod keys;
pub mod manifest;
mod owner;
mod pipeline;
mod plan;
pub mod progress;
pub mod proposals;
mod rate;
mod reader;
pub mod report;
mod retry;
pub mod review;
mod run;
mod runner;
mod scan;
pub mod sink;
pub mod source;
pub mod spec;
pub mod stop;
pub mod versions;
mod watchman;

#[cfg(test)]
mod tests;

pub use runner::{Opener, RunError, Runner, Task};
