//! Placeholder of the lexicon detector.
use std::sync::Arc;

use super::{DetectError, Detector};
use crate::finding::Candidate;
use crate::rules::RuleSet;
use crate::text::Document;

pub struct LexiconDetector;

impl LexiconDetector {
    pub fn new(_rules: Arc<RuleSet>) -> Self {
        Self
    }
}

impl Detector for LexiconDetector {
    fn name(&self) -> &'static str {
        "lexicon"
    }

    fn detect(&self, _document: &Document<'_>, _out: &mut Vec<Candidate>) -> Result<(), DetectError> {
        Ok(())
    }
}
