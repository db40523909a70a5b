//! What the rules saw, told to the model token by token: gazetteer features, as in named-entity recognition.
//!
//! A small encoder does not know every medicine, party or insult; the lexicons do. The lexicons do not know what is
//! meant; the encoder sees the sentence. So each token carries, beside its id, one flag for every category and kind of
//! rule that touches it, and the model learns when to believe them. `models/training/hints.py` is the same in Python.

use crate::category::Category;
use crate::finding::{Candidate, Source, Strength};
use crate::fuse::PROVEN;
use crate::span::Span;

/// What a rule's candidate is to the model. The order is part of the model's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// A strong lexicon entry.
    Strong,
    /// A lexicon entry whose context is there.
    Context,
    /// A lexicon entry that is a mere hint.
    Weak,
    /// A rule whose context makes it innocent.
    Vetoed,
    /// A pattern without proof.
    Pattern,
    /// A pattern proven by a checksum or the like.
    Proof,
}

impl Hint {
    /// All kinds, in the order of the columns.
    pub const ALL: [Hint; 6] =
        [Hint::Strong, Hint::Context, Hint::Weak, Hint::Vetoed, Hint::Pattern, Hint::Proof];

    /// The kind of a rule's candidate; none for the classifier's own.
    pub fn of(candidate: &Candidate) -> Option<Self> {
        Some(match (candidate.source, candidate.strength) {
            (Source::Classifier, _) => return None,
            _ if candidate.veto.is_some() => Hint::Vetoed,
            (Source::Pattern, _) if candidate.score >= PROVEN => Hint::Proof,
            (Source::Pattern, _) => Hint::Pattern,
            (Source::Lexicon, Strength::Strong) => Hint::Strong,
            (Source::Lexicon, Strength::Context) => Hint::Context,
            (Source::Lexicon, Strength::Weak) => Hint::Weak,
        })
    }

    /// Name in `vigie rules hits` and in the training data.
    pub fn id(self) -> &'static str {
        match self {
            Hint::Strong => "strong",
            Hint::Context => "context",
            Hint::Weak => "weak",
            Hint::Vetoed => "vetoed",
            Hint::Pattern => "pattern",
            Hint::Proof => "proof",
        }
    }
}

/// Flags of one token: category by category, the six kinds of each.
pub const WIDTH: usize = Category::COUNT * Hint::ALL.len();

/// The flags of each token, one row of [`WIDTH`] a token, 0.0 or 1.0. A token has those of every candidate that it
/// shares a byte with; `tokens` are ascending bytes of the original, blanks at their ends left out.
pub fn rows(candidates: &[Candidate], tokens: &[Span]) -> Vec<f32> {
    let mut rows = vec![0.0; tokens.len() * WIDTH];
    for candidate in candidates {
        let Some(hint) = Hint::of(candidate) else { continue };
        let column = candidate.category.index() * Hint::ALL.len() + hint as usize;
        let from = tokens.partition_point(|t| t.end <= candidate.span.start);
        let touched = tokens[from..].iter().take_while(|t| t.start < candidate.span.end);
        for token in from..from + touched.count() {
            rows[token * WIDTH + column] = 1.0;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(source: Source, strength: Strength, score: f32, veto: bool) -> Candidate {
        Candidate {
            category: Category::EthnicOrigin,
            subcategory: None,
            span: Span::new(3, 8),
            source,
            strength,
            score,
            rule: "test".into(),
            veto: veto.then(|| "because".to_owned()),
        }
    }

    #[test]
    fn kinds_by_source_strength_and_veto() {
        let kind = |source, strength, score, veto| Hint::of(&candidate(source, strength, score, veto));
        assert_eq!(kind(Source::Lexicon, Strength::Strong, 0.9, false), Some(Hint::Strong));
        assert_eq!(kind(Source::Lexicon, Strength::Strong, 0.9, true), Some(Hint::Vetoed));
        assert_eq!(kind(Source::Pattern, Strength::Strong, 0.7, false), Some(Hint::Pattern));
        assert_eq!(kind(Source::Pattern, Strength::Strong, 0.99, false), Some(Hint::Proof));
        assert_eq!(kind(Source::Classifier, Strength::Context, 0.9, false), None);
    }

    #[test]
    fn a_token_carries_what_touches_it() {
        let tokens = [Span::new(0, 2), Span::new(3, 5), Span::new(5, 8), Span::new(8, 9)];
        let rows = rows(&[candidate(Source::Lexicon, Strength::Weak, 0.3, false)], &tokens);
        let set: Vec<usize> = (0..rows.len()).filter(|i| rows[*i] != 0.0).collect();
        // Ethnic origin is the second category, weak the third kind.
        assert_eq!(set, [WIDTH + 8, 2 * WIDTH + 8]);
    }
}
