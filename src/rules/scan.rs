//! What the rules see in a note.

use std::ops::Range;
use std::sync::Arc;

use super::cues::CueHits;
use super::fuzzy::MIN_SOUND_LETTERS;
use super::matcher::{Hit, Owner};
use super::{RuleSet, Window};
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

/// Everything the rules see in a note.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Sorted by rule, then place; no repetition.
    pub rules: Vec<RuleHit>,
    pub cues: CueHits,
    /// Index into [`RuleSet::allows`] and place; sorted by place.
    pub allows: Vec<(u32, Span)>,
}

/// Cues as they are met, and phrases inside which a cue does not count.
#[derive(Default)]
struct Cues {
    hits: Vec<(Span, u32)>,
    excepts: Vec<(u32, Span)>,
}

/// How far back an allowed phrase that reaches a place may begin.
const MAX_HIT_BYTES: usize = 1024;

impl RuleSet {
    /// Finds every term, cue and allowed phrase of a note.
    pub fn scan(&self, document: &Document<'_>) -> Scan {
        self.scan_around(document, self.matcher.reach())
    }

    /// The same, with so many words around each disguise.
    fn scan_around(&self, document: &Document<'_>, reach: usize) -> Scan {
        let mut scan = Scan::default();
        let mut cues = Cues::default();
        let mut unknown = Vec::new();
        self.scan_view(&document.plain, document, &mut scan, &mut cues, |word| unknown.push(word));
        for stretch in document.robust.stretches(&document.plain, reach) {
            self.scan_view(&stretch, document, &mut scan, &mut cues, |_| {});
        }
        self.misspelt(&document.plain, &unknown, &mut scan.rules);
        scan.rules.sort_unstable();
        scan.rules.dedup_by_key(|hit| (hit.rule, hit.span));
        scan.allows.sort_unstable_by_key(|(i, span)| (span.start, span.end, *i));
        scan.allows.dedup();
        let Cues { mut hits, mut excepts } = cues;
        if !excepts.is_empty() {
            excepts.sort_unstable();
            hits.retain(|(span, cue)| !excepted(&excepts, *cue, *span));
        }
        scan.cues = CueHits::new(hits);
        scan.allows.retain(|(allow, span)| {
            let unless = &self.allows[*allow as usize].unless;
            unless.is_empty()
                || scan.cues.any(unless, self.window(Window::Sentence, document, *span), *span).is_none()
        });
        scan
    }

    fn scan_view(
        &self,
        view: &View,
        document: &Document<'_>,
        scan: &mut Scan,
        cues: &mut Cues,
        mut unknown: impl FnMut(Range<usize>),
    ) {
        let report = |hit: Hit| {
            let span = view.to_original(hit.range);
            match hit.owner {
                Owner::Rule(rule) => {
                    scan.rules.push(RuleHit { rule, span, fuzzy: false, relaxed: hit.relaxed });
                }
                Owner::Cue(cue) => cues.hits.push((span, cue)),
                Owner::Except(cue) => cues.excepts.push((cue, span)),
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
    pub fn veto_allowed(&self, scan: &Scan, candidates: &mut [Candidate]) {
        // The lexicon detector has seen to its own.
        for candidate in candidates.iter_mut().filter(|c| c.veto.is_none() && c.source != Source::Lexicon) {
            if let Some(reason) = self.allowed(scan, candidate.category, candidate.span) {
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

    /// The stretch of the note in which cues of a match are looked for.
    pub fn window(&self, window: Window, document: &Document<'_>, span: Span) -> Span {
        let whole = Span::new(0, document.original.len());
        if window == Window::Note || document.clauses.is_empty() {
            return whole;
        }
        let first = &document.clauses[document.clause_at(span.start)];
        let last = &document.clauses[document.clause_at(span.end.saturating_sub(1))];
        let window = match window {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every example of the lexicons in one long note, many words disguised.
    fn disguised(rules: &RuleSet) -> String {
        let examples = rules.rules().iter().flat_map(|rule| rule.flag.iter().chain(&rule.pass));
        let words = examples.flat_map(|example| example.split(' ').chain(["puis"]));
        let mut text = String::new();
        for (i, word) in words.enumerate() {
            match i % 13 {
                0 => text.push_str(&word.replace('e', "3").replace('o', "0")),
                4 => text.push_str(&word.replace('a', "aaaa").replace('l', "llll")),
                8 if word.len() < 8 => word.chars().for_each(|c| text.extend([c, '-'])),
                _ => text.push_str(word),
            }
            text.push(' ');
        }
        text
    }

    #[test]
    fn looking_around_disguises_sees_what_a_look_at_the_whole_note_sees() {
        let rules = RuleSet::for_tests();
        let text = disguised(&rules);
        let document = Document::new(&text);
        let stretches: Vec<View> = document.robust.stretches(&document.plain, 3).collect();
        assert!(stretches.len() > 100, "{} disguises", stretches.len());
        let (near, far) = (rules.scan(&document), rules.scan_around(&document, usize::MAX));
        assert!(near.rules.len() > 500, "{} hits", near.rules.len());
        assert_eq!(near.rules, far.rules);
        assert_eq!(near.allows, far.allows);
        assert_eq!(near.cues.by_place(), far.cues.by_place());
    }
}
