//! Candidates become findings: what overlaps in one category is one finding, and agreement raises its score.
//!
//! The score is a logistic regression over the evidence on the finding: the kind of the strongest rule, the rule's
//! own score, the classifier's probability on the same words and on the whole note. Its weights are fitted on the
//! development part of the labelled notes (`models/training`) and ship with the model; without a classifier the
//! rule's own score stands. A value proven by a checksum keeps its score: no opinion outweighs a proof.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::detect::classifier::Reading;
use crate::finding::{Candidate, Finding, Source, Strength};
use crate::span::Span;

/// Weights of the regression, on logits. One set for all categories, one bias each.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Added when the strongest rule on the finding is strong.
    pub strong: f32,
    /// Added when it is a context rule whose context is there.
    pub context: f32,
    /// Added when it is a mere hint.
    pub weak: f32,
    /// Added when no rule speaks for the finding.
    pub none: f32,
    /// Times the logit of the rule's own score, when the rule is a pattern: a bare address says less than an announced one.
    pub pattern: f32,
    /// Times the logit of the classifier's highest token probability on the finding.
    pub token: f32,
    /// Times the logit of the classifier's probability for the whole note.
    pub note: f32,
    /// Per category id; absent means 0.
    #[serde(default)]
    pub bias: std::collections::BTreeMap<String, f32>,
}

impl Weights {
    fn bias(&self, category: Category) -> f32 {
        self.bias.get(category.id()).copied().unwrap_or(0.0)
    }
}

/// What the regression reads; also what `vigie eval --features` writes for fitting it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Features {
    /// The strongest rule on the finding.
    pub rule: Option<Strength>,
    /// Whether that rule is a pattern.
    pub pattern: bool,
    /// That rule's own score, 0..=1.
    pub rule_score: f32,
    /// The classifier's highest token probability on the finding, 0..=1.
    pub token: f32,
    /// The classifier's probability for the category in the note, 0..=1.
    pub note: f32,
}

/// A pattern's score from which it counts as proven (checksum, issuer range, length).
pub const PROVEN: f32 = 0.95;

impl Features {
    /// The finding's probability.
    fn score(&self, category: Category, weights: Option<&Weights>) -> f32 {
        let Some(w) = weights else { return self.rule_score };
        if self.pattern && self.rule_score >= PROVEN {
            return self.rule_score;
        }
        let rule = match self.rule {
            Some(Strength::Strong) => w.strong,
            Some(Strength::Context) => w.context,
            Some(Strength::Weak) => w.weak,
            None => w.none,
        };
        let pattern = if self.pattern { w.pattern * logit(self.rule_score) } else { 0.0 };
        sigmoid(w.bias(category) + rule + pattern + w.token * logit(self.token) + w.note * logit(self.note))
    }
}

/// The natural log of the odds, bounded so that a certainty does not drown everything else.
fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// A group of overlapping candidates of one category, judged.
#[derive(Clone, Debug)]
pub struct Fused {
    pub finding: Finding,
    pub features: Features,
    /// What was joined, for `rules explain`.
    pub candidates: Vec<Candidate>,
}

/// A candidate that fusion put aside, and why.
#[derive(Clone, Debug)]
pub struct Dropped {
    pub candidate: Candidate,
    pub reason: String,
}

/// What fusion made of the candidates.
#[derive(Clone, Debug, Default)]
pub struct Fusion {
    /// Sorted by start, then category; two of one category never overlap.
    pub kept: Vec<Fused>,
    pub dropped: Vec<Dropped>,
}

/// Joins candidates into findings.
pub fn fuse(candidates: Vec<Candidate>, reading: Option<&Reading>, weights: Option<&Weights>) -> Fusion {
    let mut fusion = Fusion::default();
    let (vetoed, mut live): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|c| c.veto.is_some());
    for candidate in vetoed {
        let reason = candidate.veto.clone().unwrap_or_default();
        fusion.dropped.push(Dropped { candidate, reason });
    }
    live.sort_by(|a, b| {
        (a.category, a.span, a.source, &a.rule).cmp(&(b.category, b.span, b.source, &b.rule))
    });
    let mut group: Vec<Candidate> = Vec::new();
    let mut reach: Option<(Category, usize)> = None;
    for candidate in live {
        let joins = reach.is_some_and(|(c, end)| c == candidate.category && candidate.span.start < end);
        if !joins {
            close(&mut group, reading, weights, &mut fusion);
            reach = None;
        }
        let end = reach.map_or(candidate.span.end, |(_, e)| e.max(candidate.span.end));
        reach = Some((candidate.category, end));
        group.push(candidate);
    }
    close(&mut group, reading, weights, &mut fusion);
    fusion.kept.sort_by_key(|f| (f.finding.span.start, f.finding.category, f.finding.span.end));
    fusion
}

/// Judges one group of overlapping candidates and empties it.
fn close(
    group: &mut Vec<Candidate>,
    reading: Option<&Reading>,
    weights: Option<&Weights>,
    fusion: &mut Fusion,
) {
    let Some(category) = group.first().map(|c| c.category) else { return };
    let rule = group.iter().filter(|c| c.source != Source::Classifier).max_by(|a, b| {
        (b.strength.cmp(&a.strength)).then(a.score.total_cmp(&b.score)).then(a.span.len().cmp(&b.span.len()))
    });
    let run =
        group.iter().filter(|c| c.source == Source::Classifier).max_by(|a, b| a.score.total_cmp(&b.score));
    let span = span_of(group, rule, run);
    let features = Features {
        rule: rule.map(|c| c.strength),
        pattern: rule.is_some_and(|c| c.source == Source::Pattern),
        rule_score: rule.map_or(0.0, |c| c.score),
        token: reading.map_or(0.0, |r| r.token_probability(category, span)),
        note: reading.map_or(0.0, |r| r.note_probability(category, span)),
    };
    let weights = reading.and(weights);
    let lead = rule.or(run).unwrap_or(&group[0]);
    let mut sources: Vec<Source> = group.iter().map(|c| c.source).collect();
    sources.sort();
    sources.dedup();
    let subcategory = rule.and_then(|c| c.subcategory).or_else(|| run.and_then(|c| c.subcategory));
    let finding = Finding {
        category,
        subcategory,
        span,
        score: features.score(category, weights),
        sources,
        rule: Arc::clone(&lead.rule),
    };
    fusion.kept.push(Fused { finding, features, candidates: std::mem::take(group) });
}

/// The words shown: a pattern's value as it is; else everything that firm candidates cover.
fn span_of(group: &[Candidate], rule: Option<&Candidate>, run: Option<&Candidate>) -> Span {
    match (rule, run) {
        (Some(rule), _) if rule.source == Source::Pattern => rule.span,
        (Some(rule), Some(run)) => rule.span.cover(run.span),
        (Some(rule), None) => group
            .iter()
            .filter(|c| c.strength != Strength::Weak || rule.strength == Strength::Weak)
            .fold(rule.span, |span, c| span.cover(c.span)),
        (None, Some(run)) => run.span,
        (None, None) => group[0].span,
    }
}
