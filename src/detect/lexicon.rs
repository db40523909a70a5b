//! The lexicon detector: terms, the cues they need, the cues and places that make them innocent.

use std::sync::Arc;

use super::context::Surroundings;
use super::{DetectError, Detector};
use crate::finding::{Candidate, Source, Strength};
use crate::rules::{Rule, RuleHit, RuleSet, Scan};
use crate::span::Span;
use crate::text::Document;

const STRONG: f32 = 0.9;
const SUPPORTED: f32 = 0.8;
const HINT: f32 = 0.3;
/// What a score keeps when a misspelling was forgiven.
const FUZZY: f32 = 0.85;

/// Proposes every match of a [`RuleSet`], with the reason where its context makes it innocent.
#[derive(Clone, Debug)]
pub struct LexiconDetector {
    rules: Arc<RuleSet>,
}

impl LexiconDetector {
    pub fn new(rules: Arc<RuleSet>) -> Self {
        Self { rules }
    }

    /// Appends what it makes of the rules' matches in a note.
    pub fn propose(&self, document: &Document<'_>, scan: &Scan, out: &mut Vec<Candidate>) {
        let around = Surroundings { document, rules: &self.rules };
        let first = out.len();
        let mut same_rule = Vec::new();
        for hits in scan.rules.chunk_by(|a, b| a.rule == b.rule) {
            same_rule.extend(hits.iter().map(|hit| self.candidate(hit, scan, &around)));
            keep_longest(&mut same_rule);
            out.append(&mut same_rule);
        }
        out[first..].sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
    }

    /// Everything it proposes for a note.
    pub fn candidates(&self, document: &Document<'_>) -> Vec<Candidate> {
        let mut out = Vec::new();
        self.propose(document, &self.rules.scan(document), &mut out);
        out
    }

    fn candidate(&self, hit: &RuleHit, scan: &Scan, around: &Surroundings<'_>) -> Candidate {
        let rule = &self.rules.rules()[hit.rule as usize];
        let window = self.rules.window(rule.window, around.document, hit.span);
        let supported = scan.cues.any(&rule.needs, window, hit.span).is_some();
        let (strength, score) = match rule.strength {
            Strength::Strong if !hit.relaxed => (Strength::Strong, STRONG),
            Strength::Context if supported => (Strength::Context, SUPPORTED),
            _ => (Strength::Weak, HINT),
        };
        Candidate {
            category: rule.category,
            subcategory: rule.subcategory,
            span: hit.span,
            source: Source::Lexicon,
            strength,
            score: if hit.fuzzy { score * FUZZY } else { score },
            rule: rule.name.clone(),
            veto: self.veto(rule, hit.span, window, scan, around),
        }
    }

    /// Why a match is innocent, if it is. Names rules and cues, never the note's own words.
    fn veto(
        &self,
        rule: &Rule,
        span: Span,
        window: Span,
        scan: &Scan,
        around: &Surroundings<'_>,
    ) -> Option<String> {
        if let Some(cue) = scan.cues.any(&rule.unless, window, span) {
            return Some(format!("next to {}", self.rules.cue_name(cue)));
        }
        if let Some(reason) = self.rules.allowed(scan, rule.category, span) {
            return Some(format!("allowed phrase: {reason}"));
        }
        around.innocent(rule.category, span).map(str::to_owned)
    }
}

impl Detector for LexiconDetector {
    fn name(&self) -> &'static str {
        "lexicon"
    }

    fn detect(&self, document: &Document<'_>, out: &mut Vec<Candidate>) -> Result<(), DetectError> {
        out.append(&mut self.candidates(document));
        Ok(())
    }
}

/// Of one rule's candidates, drops those inside another one: of those left, none in favour of a vetoed or weaker one.
fn keep_longest(candidates: &mut Vec<Candidate>) {
    let rank = |c: &Candidate| (c.veto.is_none(), (c.score * 100.0) as u32);
    // Longest first where starts are equal, so that one look back at the widest reach suffices.
    candidates.sort_by(|a, b| (a.span.start, b.span.end).cmp(&(b.span.start, a.span.end)));
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates.drain(..) {
        match kept.last_mut() {
            Some(last) if last.span.contains(candidate.span) && rank(last) >= rank(&candidate) => {}
            // The same stretch, better supported.
            Some(last) if last.span == candidate.span => *last = candidate,
            _ => kept.push(candidate),
        }
    }
    *candidates = kept;
}

#[cfg(test)]
mod tests;
