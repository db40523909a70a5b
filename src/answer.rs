//! The answer for one note, the same through every door: HTTP, stream, batch, command line.

use std::sync::LazyLock;

use serde::Serialize;

use crate::advice::AdviceBook;
use crate::category::Category;
use crate::finding::Source;
use crate::policy::{Action, Severity, Verdict};
use crate::scanner::{Report, Versions};
use crate::span::{OffsetMap, OffsetUnit};

/// One finding as clients see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AnswerFinding {
    #[schema(value_type = String, example = "health")]
    pub category: Category,
    #[schema(example = "illness")]
    pub subcategory: Option<&'static str>,
    /// French name of the category.
    #[schema(example = "Santé")]
    pub label: &'static str,
    /// Whether it is a special category of GDPR article 9(1).
    pub special_category: bool,
    #[schema(example = "RGPD art. 9(1), 4(15)")]
    pub legal_basis: &'static str,
    pub severity: Severity,
    pub action: Action,
    /// Calibrated probability in 0..=1 that the finding is right.
    pub score: f32,
    /// First unit of the finding, in the offset unit asked for, into the text as it was sent.
    pub start: usize,
    /// One past its last unit.
    pub end: usize,
    /// The words found.
    pub text: String,
    pub sources: Vec<Source>,
    #[schema(example = "health/diabete")]
    pub rule: String,
    /// What is wrong, in French.
    pub message: String,
    /// What to do and what to write instead, in French.
    pub advice: String,
    /// Neutral wording that may stand in the place of the words found; editors offer it.
    #[schema(example = "contrainte personnelle")]
    pub rewrite: Option<&'static str>,
}

/// What scanned the note.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Engine {
    pub version: String,
    pub model: String,
    pub lexicons: String,
    /// Name of the profile applied.
    pub policy: String,
}

/// The answer for one note.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Answer {
    pub verdict: Verdict,
    /// Sorted by `start`; two findings of one category never overlap.
    pub findings: Vec<AnswerFinding>,
    /// The note with each finding replaced by its category between square brackets.
    pub redacted: String,
    pub engine: Engine,
    /// Time spent on the note, microseconds.
    pub took_us: u64,
}

impl Answer {
    /// Expresses a report in the client's offset unit.
    pub fn new(report: &Report, text: &str, unit: OffsetUnit, versions: &Versions) -> Self {
        let mut map = OffsetMap::new(text, unit);
        let findings = report
            .findings
            .iter()
            .map(|f| {
                let (start, end) = map.convert_span(f.finding.span);
                AnswerFinding {
                    category: f.finding.category,
                    subcategory: f.finding.subcategory,
                    label: f.finding.category.label(),
                    special_category: f.finding.category.is_special(),
                    legal_basis: f.finding.category.legal_basis(),
                    severity: f.severity,
                    action: f.action,
                    score: (f.finding.score * 1000.0).round() / 1000.0,
                    start,
                    end,
                    text: f.finding.span.of(text).to_owned(),
                    sources: f.finding.sources.clone(),
                    rule: f.finding.rule.to_string(),
                    message: f.message.to_string(),
                    advice: f.advice.to_string(),
                    rewrite: rewrite(f.finding.category, f.finding.subcategory),
                }
            })
            .collect();
        Self {
            verdict: report.verdict,
            findings,
            redacted: report.redacted.clone(),
            engine: Engine {
                version: versions.engine.to_owned(),
                model: versions.model.clone(),
                lexicons: versions.lexicons.clone(),
                policy: report.profile.clone(),
            },
            took_us: report.took.as_micros() as u64,
        }
    }
}

/// The shipped advice's neutral wording, if it has one.
fn rewrite(category: Category, subcategory: Option<&str>) -> Option<&'static str> {
    static ADVICE: LazyLock<Option<AdviceBook>> = LazyLock::new(|| AdviceBook::embedded().ok());
    let advice = ADVICE.as_ref()?.get(category, subcategory);
    advice.rewrite.as_deref().filter(|words| !words.is_empty())
}
