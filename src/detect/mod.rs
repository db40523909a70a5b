//! Detectors read a prepared note and propose candidates; fusion decides.

pub mod checks;
pub mod classifier;
pub mod context;
pub mod lexicon;
pub mod pattern;

use crate::finding::Candidate;
use crate::text::Document;

/// A detector failed on a note. Never carries the note's text.
#[derive(Debug, thiserror::Error)]
#[error("the {detector} detector failed: {reason}")]
pub struct DetectError {
    pub detector: &'static str,
    pub reason: String,
}

/// Proposes candidates for a note. Pure and deterministic: the same document gives the same candidates, in the
/// same order, on any thread.
pub trait Detector: Send + Sync {
    /// Name shown by `rules explain`.
    fn name(&self) -> &'static str;

    /// Appends what it finds to `out`.
    fn detect(&self, document: &Document<'_>, out: &mut Vec<Candidate>) -> Result<(), DetectError>;
}
