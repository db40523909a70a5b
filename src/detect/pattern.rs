//! Placeholder of the pattern detector.
use super::{DetectError, Detector};
use crate::category::Category;
use crate::finding::{Candidate, Source, Strength};
use crate::span::Span;
use crate::text::Document;

#[derive(Debug, thiserror::Error)]
#[error("patterns")]
pub struct PatternError;

pub struct PatternDetector;

impl PatternDetector {
    pub fn embedded() -> Result<Self, PatternError> {
        Ok(Self)
    }
}

impl Detector for PatternDetector {
    fn name(&self) -> &'static str {
        "pattern"
    }

    fn detect(&self, document: &Document<'_>, out: &mut Vec<Candidate>) -> Result<(), DetectError> {
        if let Some(at) = document.original.find("diabétique") {
            out.push(Candidate {
                category: Category::Health,
                subcategory: Some("illness"),
                span: Span::new(at, at + "diabétique".len()),
                source: Source::Pattern,
                strength: Strength::Strong,
                score: 0.97,
                rule: "health/diabete".into(),
                veto: None,
            });
        }
        Ok(())
    }
}
