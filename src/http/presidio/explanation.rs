//! What `/analyze` answers, member by member.

use serde::Serialize;

use super::entities::entity;
use crate::answer::AnswerFinding;
use crate::finding::Source;
use crate::span::{OffsetMap, Span};

/// Names of what recognises, as `/recognizers` lists them.
pub const LEXICON: &str = "VigieLexiconRecognizer";
pub const PATTERN: &str = "VigiePatternRecognizer";
pub const CLASSIFIER: &str = "VigieClassifierRecognizer";

/// Why something was recognised.
#[derive(Clone, Serialize, utoipa::ToSchema)]
#[schema(as = PresidioExplanation)]
pub struct Explanation {
    pub original_score: f64,
    /// The expression of an ad-hoc pattern.
    pub pattern: Option<String>,
    /// The rule, or the name of an ad-hoc pattern.
    pub pattern_name: Option<String>,
    pub recognizer: String,
    pub regex_flags: Option<u32>,
    pub score: f64,
    pub score_context_improvement: f64,
    pub supportive_context_word: String,
    pub textual_explanation: Option<String>,
    pub validation_result: Option<bool>,
}

/// Something recognised, in bytes of the text.
#[derive(Clone)]
pub struct Recognized {
    pub entity: String,
    pub span: Span,
    pub score: f64,
    pub explanation: Explanation,
}

impl Recognized {
    /// A finding, whose offsets are bytes.
    pub fn finding(finding: &AnswerFinding) -> Self {
        // What the finding shows, without the digits that a wider type makes up.
        let score = (f64::from(finding.score) * 1000.0).round() / 1000.0;
        let recognizer = match finding.sources.as_slice() {
            _ if finding.rule == "classifier" => CLASSIFIER,
            [Source::Classifier] => CLASSIFIER,
            sources if sources.contains(&Source::Lexicon) => LEXICON,
            _ => PATTERN,
        };
        Self {
            entity: entity(finding.category, finding.subcategory, &finding.rule),
            span: Span::new(finding.start, finding.end),
            score,
            explanation: Explanation {
                original_score: score,
                pattern: None,
                pattern_name: Some(finding.rule.clone()),
                recognizer: recognizer.to_owned(),
                regex_flags: None,
                score,
                score_context_improvement: 0.0,
                supportive_context_word: String::new(),
                textual_explanation: Some(finding.message.clone()),
                validation_result: None,
            },
        }
    }

    /// As the client reads it.
    pub fn shown(self, map: &mut OffsetMap, explain: bool) -> Shown {
        let (start, end) = map.convert_span(self.span);
        let analysis_explanation = explain.then_some(self.explanation);
        Shown { analysis_explanation, end, entity_type: self.entity, score: self.score, start }
    }
}

/// Something recognised, as clients see it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PresidioResult)]
pub struct Shown {
    /// Null unless `return_decision_process` is true.
    analysis_explanation: Option<Explanation>,
    /// One past its last code point.
    end: usize,
    #[schema(example = "HEALTH")]
    entity_type: String,
    score: f64,
    /// Its first code point.
    start: usize,
}
