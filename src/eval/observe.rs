//! What the scanner found in a marked note.

use std::sync::Arc;

use serde::Serialize;

use super::markup::{Labelled, Marked};
use crate::category::Category;
use crate::fuse::Features;
use crate::note::Note;
use crate::policy::Action;
use crate::scanner::{ScanError, ScanOptions, Scanner};
use crate::span::Span;

/// A fused finding, before policy, and what became of it.
#[derive(Clone, Debug)]
pub struct Observed {
    pub category: Category,
    pub span: Span,
    pub score: f32,
    pub rule: Arc<str>,
    pub features: Features,
    /// Whether the profile warns of it or blocks.
    pub reported: bool,
    /// Whether its words are among those required of its category; none where the category is merely accepted.
    pub right: Option<bool>,
}

/// One line of `--features`: a fused finding, its evidence, whether it is right. Fusion's weights are fitted on these.
#[derive(Debug, Serialize)]
pub struct FeatureLine<'a> {
    pub category: Category,
    #[serde(flatten)]
    pub features: &'a Features,
    /// 1, 0, or null where either answer is fair.
    pub right: Option<u8>,
    pub file: &'a str,
    pub line: usize,
}

/// Scans a marked note.
pub fn observe(
    scanner: &Scanner,
    note: &Marked,
    options: &ScanOptions<'_>,
) -> Result<Vec<Observed>, ScanError> {
    let explanation = scanner.explain(&Note::new(note.text.clone()), options)?;
    let reported: Vec<(Category, Span)> = explanation
        .report
        .findings
        .iter()
        .filter(|f| f.action >= Action::Warn)
        .map(|f| (f.finding.category, f.finding.span))
        .collect();
    let observed = explanation.fusion.kept.into_iter().map(|fused| Observed {
        category: fused.finding.category,
        span: fused.finding.span,
        score: fused.finding.score,
        reported: reported.contains(&(fused.finding.category, fused.finding.span)),
        right: right(note, fused.finding.category, fused.finding.span),
        rule: fused.finding.rule,
        features: fused.features,
    });
    Ok(observed.collect())
}

/// Whether a finding is right: it touches words required of its category. Where the category is accepted, a finding
/// on other words is neither right nor wrong.
fn right(note: &Marked, category: Category, span: Span) -> Option<bool> {
    let touches = note.required.iter().any(|(c, s)| *c == category && s.overlaps(span));
    if touches {
        Some(true)
    } else if note.accepted.contains(&category) {
        None
    } else {
        Some(false)
    }
}

impl Observed {
    /// The line of `--features`.
    pub fn feature_line<'a>(&'a self, from: &'a Labelled) -> FeatureLine<'a> {
        FeatureLine {
            category: self.category,
            features: &self.features,
            right: self.right.map(u8::from),
            file: &from.file,
            line: from.line,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::finding::Strength;

    /// A finding of `category` on `word`, reported or not.
    pub(in crate::eval) fn observed(
        note: &Marked,
        category: Category,
        word: &str,
        score: f32,
        reported: bool,
    ) -> Observed {
        let start = note.text.as_str().find(word).unwrap();
        let span = Span::new(start, start + word.len());
        let rule = Some(Strength::Strong);
        let features = Features { rule, pattern: false, rule_score: score, token: 0.5, note: 0.25 };
        let right = right(note, category, span);
        Observed { category, span, score, rule: "test".into(), features, reported, right }
    }

    #[test]
    fn right_wrong_and_fair() {
        let note = Marked::parse("[health:malade] hier et divorce |ok=private_life").unwrap();
        assert_eq!(observed(&note, Category::Health, "malade hier", 1.0, true).right, Some(true));
        assert_eq!(observed(&note, Category::Health, "hier", 1.0, true).right, Some(false));
        assert_eq!(observed(&note, Category::PrivateLife, "divorce", 1.0, true).right, None);
        assert_eq!(observed(&note, Category::Offence, "divorce", 1.0, true).right, Some(false));
    }

    #[test]
    fn a_feature_line_has_the_members_the_fit_reads() {
        let note = Marked::parse("[health:malade]").unwrap();
        let seen = observed(&note, Category::Health, "malade", 0.9, true);
        let from = Labelled { note, file: "a.txt".into(), line: 3 };
        assert_eq!(
            serde_json::to_string(&seen.feature_line(&from)).unwrap(),
            "{\"category\":\"health\",\"rule\":\"strong\",\"pattern\":false,\"rule_score\":0.9,\"token\":0.5,\
             \"note\":0.25,\"right\":1,\"file\":\"a.txt\",\"line\":3}"
        );
    }
}
