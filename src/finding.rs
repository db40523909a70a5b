//! What the detectors propose, and what goes out.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::category::Category;
use crate::span::Span;

/// Which detector proposed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Lexicon,
    Pattern,
    Classifier,
}

impl Source {
    /// The id used in the API and in the store.
    pub fn id(self) -> &'static str {
        match self {
            Source::Lexicon => "lexicon",
            Source::Pattern => "pattern",
            Source::Classifier => "classifier",
        }
    }
}

/// How much a rule's match means by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Nearly always right alone, unless its `unless` context breaks it.
    Strong,
    /// Right when its `needs` context is there.
    Context,
    /// A hint that only supports another detector.
    Weak,
}

/// Something a detector says about a rule's match or a classifier's run of tokens, for `rules explain`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence(pub String);

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A detector's proposal. Fusion decides.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub category: Category,
    pub subcategory: Option<&'static str>,
    /// Bytes of the original note.
    pub span: Span,
    pub source: Source,
    pub strength: Strength,
    /// Probability in 0..=1 that the proposal is right, as far as this detector can tell alone.
    pub score: f32,
    /// `category/entry` of a lexicon or pattern, `classifier` of the model.
    pub rule: Arc<str>,
    /// Set when the context makes the match innocent: why. Fusion drops the candidate, `rules explain` shows it.
    pub veto: Option<String>,
}

/// A finding of the scanner, before policy.
#[derive(Clone, Debug)]
pub struct Finding {
    pub category: Category,
    pub subcategory: Option<&'static str>,
    /// Bytes of the original note.
    pub span: Span,
    /// Calibrated: of findings at 0.8, about 8 in 10 are right.
    pub score: f32,
    /// Detectors that agreed, sorted, without repetition.
    pub sources: Vec<Source>,
    /// The rule that weighed most.
    pub rule: Arc<str>,
}
