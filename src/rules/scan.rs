//! What the rules see in a note.

use std::ops::Range;
use std::sync::Arc;

use super::fuzzy::MIN_SOUND_LETTERS;
use super::matcher::{Hit, Owner};
use super::{Rule, RuleSet, Window};
use crate::category::Category;
use crate::finding::{Candidate, Source};
use crate::span::Span;
use crate::text::{Document, View};

/// A term of a rule, found in the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleHit {
    /// Index of the rule.
    pub rule: u32,
    pub span: Span,
    /// Found by forgiving a misspelling.
    pub fuzzy: bool,
    /// The term demands capitals and the note is all capitals: it counts only with a cue.
    pub relaxed: bool,
}

/// Cues found in a note.
#[derive(Clone, Debug, Default)]
pub struct CueHits {
    /// Sorted by cue, then place.
    hits: Vec<(u32, Span)>,
}

impl CueHits {
    /// The first of `cues` found inside `window` but not inside `span` itself.
    pub fn any(&self, cues: &[u32], window: Span, span: Span) -> Option<u32> {
        cues.iter().copied().find(|cue| self.of(*cue, window).any(|hit| !span.contains(hit)))
    }

    /// A cue's places inside a window.
    pub fn of(&self, cue: u32, window: Span) -> impl Iterator<Item = Span> {
        let from = self.hits.partition_point(|(c, span)| (*c, span.start) < (cue, window.start));
        self.hits[from..]
            .iter()
            .take_while(move |(c, span)| *c == cue && span.start < window.end)
            .filter(move |(_, span)| span.end <= window.end)
            .map(|(_, span)| *span)
    }
}

/// Everything the rules see in a note.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Sorted by rule, then place; no repetition.
    pub rules: Vec<RuleHit>,
    pub cues: CueHits,
    /// Index into [`RuleSet::allows`] and place; sorted by place.
    pub allows: Vec<(u32, Span)>,
}

/// How far back an allowed phrase that reaches a place may begin.
const MAX_HIT_BYTES: usize = 1024;

impl RuleSet {
    /// Finds every term, cue and allowed phrase of a note.
    pub fn scan(&self, document: &Document<'_>) -> Scan {
        let mut scan = Scan::default();
        let mut excepts = Vec::new();
        let mut unknown = Vec::new();
        self.scan_view(&document.plain, document, &mut scan, &mut excepts, |word| unknown.push(word));
        if let Some(robust) = &document.robust {
            self.scan_view(robust, document, &mut scan, &mut excepts, |_| {});
        }
        self.misspelt(&document.plain, &unknown, &mut scan.rules);
        scan.rules.sort_unstable();
        scan.rules.dedup_by_key(|hit| (hit.rule, hit.span));
        scan.allows.sort_unstable_by_key(|(i, span)| (span.start, span.end, *i));
        scan.allows.dedup();
        excepts.sort_unstable();
        let cues = &mut scan.cues.hits;
        cues.sort_unstable();
        cues.dedup();
        if !excepts.is_empty() {
            cues.retain(|(cue, span)| !excepted(&excepts, *cue, *span));
        }
        scan
    }

    fn scan_view(
        &self,
        view: &View,
        document: &Document<'_>,
        scan: &mut Scan,
        excepts: &mut Vec<(u32, Span)>,
        mut unknown: impl FnMut(Range<usize>),
    ) {
        let report = |hit: Hit| {
            let span = view.to_original(hit.range);
            match hit.owner {
                Owner::Rule(rule) => {
                    scan.rules.push(RuleHit { rule, span, fuzzy: false, relaxed: hit.relaxed });
                }
                Owner::Cue(cue) => scan.cues.hits.push((cue, span)),
                Owner::Except(cue) => excepts.push((cue, span)),
                Owner::Allow(allow) => scan.allows.push((allow, span)),
            }
        };
        let long = |word: Range<usize>| {
            if word.len() >= MIN_SOUND_LETTERS {
                unknown(word);
            }
        };
        self.matcher.scan(view, document, report, long);
    }

    /// Looks up the long words no rule knows, save those of a match of the robust view.
    fn misspelt(&self, view: &View, unknown: &[Range<usize>], hits: &mut Vec<RuleHit>) {
        if unknown.is_empty() {
            return;
        }
        let taken = disjoint(hits.iter().map(|hit| hit.span).collect());
        for word in unknown {
            let span = view.to_original(word.clone());
            let next = taken.partition_point(|t| t.end <= span.start);
            if taken.get(next).is_none_or(|t| !t.overlaps(span)) {
                let hit = |rule| RuleHit { rule, span, fuzzy: true, relaxed: false };
                self.fuzzy.lookup(&view.text[word.clone()], |rule| hits.push(hit(rule)));
            }
        }
    }

    /// Vetoes the candidates, of whatever detector, that overlap a harmless phrase.
    pub fn veto_allowed(&self, document: &Document<'_>, candidates: &mut [Candidate]) {
        // The lexicon detector has seen to its own.
        let mut others =
            candidates.iter_mut().filter(|c| c.veto.is_none() && c.source != Source::Lexicon).peekable();
        if others.peek().is_none() {
            return;
        }
        let scan = self.scan(document);
        for candidate in others {
            if let Some(reason) = self.allowed(&scan, candidate.category, candidate.span) {
                candidate.veto = Some(format!("allowed phrase: {reason}"));
            }
        }
    }

    /// The first allowed phrase that overlaps a span, for a category.
    pub fn allowed(&self, scan: &Scan, category: Category, span: Span) -> Option<&Arc<str>> {
        let from = scan.allows.partition_point(|(_, hit)| hit.start + MAX_HIT_BYTES < span.start);
        scan.allows[from..]
            .iter()
            .take_while(|(_, hit)| hit.start < span.end)
            .find(|(i, hit)| hit.overlaps(span) && self.allows[*i as usize].covers(category))
            .map(|(i, _)| &self.allows[*i as usize].reason)
    }

    /// The stretch of the note a rule looks for its cues in.
    pub fn window(&self, rule: &Rule, document: &Document<'_>, span: Span) -> Span {
        let whole = Span::new(0, document.original.len());
        if rule.window == Window::Note || document.clauses.is_empty() {
            return whole;
        }
        let first = &document.clauses[document.clause_at(span.start)];
        let last = &document.clauses[document.clause_at(span.end.saturating_sub(1))];
        let window = match rule.window {
            Window::Sentence => document.sentences[first.sentence].cover(document.sentences[last.sentence]),
            _ => first.span.cover(last.span),
        };
        window.cover(span)
    }
}

/// Overlapping spans put together, ascending.
fn disjoint(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let overlaps = next.overlaps(*kept);
        if overlaps {
            *kept = kept.cover(*next);
        }
        overlaps
    });
    spans
}

fn excepted(excepts: &[(u32, Span)], cue: u32, span: Span) -> bool {
    let from = excepts.partition_point(|(c, hit)| (*c, hit.start + MAX_HIT_BYTES) < (cue, span.start));
    excepts[from..]
        .iter()
        .take_while(|(c, hit)| *c == cue && hit.start < span.end)
        .any(|(_, hit)| hit.overlaps(span))
}
