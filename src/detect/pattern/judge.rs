//! A value's score from its proof and its neighbours, and one candidate where several patterns read the same words.

use std::ops::Range;
use std::sync::Arc;

use super::catalogue::Pattern;
use super::cues::{Hits, Words};
use super::readers::Reading;
use crate::finding::{Candidate, Source, Strength};
use crate::text::Document;

/// A value that counts for something.
#[derive(Debug)]
struct Weighed {
    pattern: usize,
    /// Bytes of the plain view.
    range: Range<usize>,
    strength: Strength,
    score: f32,
    veto: Option<String>,
}

/// Collects the values of one note.
pub struct Judge<'d> {
    document: &'d Document<'d>,
    hits: &'d Hits,
    references: &'d Words,
    /// By pattern, in the order of the note.
    weighed: Vec<Vec<Weighed>>,
}

/// How far a reference's name may stand from its number: "commande client n° : ".
const REFERENCE_REACH: usize = 14;
/// How far behind a card its expiry date or code may stand.
const JOIN_REACH: usize = 40;

impl<'d> Judge<'d> {
    pub fn new(document: &'d Document<'d>, hits: &'d Hits, references: &'d Words, patterns: usize) -> Self {
        let weighed = std::iter::repeat_with(Vec::new).take(patterns).collect();
        Self { document, hits, references, weighed }
    }

    /// Scores a value; false when it counts for nothing.
    pub fn weigh(&mut self, pattern: &Pattern, index: usize, reading: &Reading) -> bool {
        let Range { start, end } = reading.range;
        if start >= end {
            return false;
        }
        if let Some(before) = pattern.joins.and_then(|joined| self.just_before(joined, start)) {
            before.range.end = end;
            return true;
        }
        let before = self.hits.before(&pattern.announce, start, pattern.reach);
        let before = before.filter(|cue| pattern.shared || !self.taken(index, *cue, start));
        let behind = self.hits.after(&pattern.after, end, pattern.reach);
        let chained = pattern.shared && self.chained(index, start);
        let announced = before.is_some() || behind.is_some() || chained;
        let (score, strength) = if reading.proven {
            (pattern.proven, Strength::Strong)
        } else if announced {
            (pattern.announced, Strength::Strong)
        } else {
            // A shape that must be announced has no score of its own.
            let score = reading.score.filter(|_| pattern.score > 0.0).unwrap_or(pattern.score);
            (score, if score >= 0.7 { Strength::Context } else { Strength::Weak })
        };
        let doubted =
            !announced && !reading.proven && self.near(&pattern.doubt, start, end, pattern.reach).is_some();
        let (score, strength) = if doubted {
            // What the reader saw beyond the bare shape (a postcode, a town) still counts.
            let more = reading.score.map_or(0.0, |s| (s - pattern.score).max(0.0));
            (pattern.doubtful + more, Strength::Weak)
        } else {
            (score, strength)
        };
        if score <= 0.0 {
            return false;
        }
        let veto = reading
            .veto
            .map(str::to_owned)
            .or_else(|| self.veto(pattern, start, end, before, reading.proven));
        self.weighed[index].push(Weighed { pattern: index, range: start..end, strength, score, veto });
        true
    }

    /// The value of pattern `joined` that ends just before `start`.
    fn just_before(&mut self, joined: usize, start: usize) -> Option<&mut Weighed> {
        let values = &mut self.weighed[joined];
        let after = values.partition_point(|w| w.range.start < start);
        let last = values[..after].last_mut()?;
        (last.veto.is_none() && last.range.end <= start && start - last.range.end <= JOIN_REACH)
            .then_some(last)
    }

    /// Whether an announced value of the same pattern ends just before: "nés Paul le 3/5/87, Léa le 4/6/90".
    fn chained(&self, pattern: usize, start: usize) -> bool {
        let last = self.weighed[pattern].last();
        last.is_some_and(|w| w.strength == Strength::Strong && w.range.end + JOIN_REACH >= start)
    }

    /// Whether a value of the same pattern stands between the announcing word and this one.
    fn taken(&self, pattern: usize, cue: usize, start: usize) -> bool {
        let text = &self.document.plain.text;
        let last = self.weighed[pattern].last().filter(|w| w.range.start >= cue && w.range.end <= start);
        last.is_some_and(|w| !LINKS.iter().any(|link| text[w.range.end..start].contains(link)))
    }

    fn veto(
        &self,
        pattern: &Pattern,
        start: usize,
        end: usize,
        announced: Option<usize>,
        proven: bool,
    ) -> Option<String> {
        // The nearer word decides; of two that end together, "notre rib" says more than "rib".
        let nearer = |cue: usize| announced.is_none_or(|a| cue >= a);
        let nearest = self.near(&pattern.veto, start, end, pattern.reach);
        if nearest.is_some_and(|cue| cue >= end && announced.is_none() || cue < end && nearer(cue)) {
            return Some(pattern.because.clone());
        }
        let reference = self.hits.before(self.references, start, REFERENCE_REACH);
        // "CB pour l'abonnement : …": what is announced and proven stays what it is.
        let sure = proven && announced.is_some();
        (pattern.reference && !sure && reference.is_some_and(nearer)).then(|| "référence".to_owned())
    }

    /// Where the nearest of these words stands, before or just behind the value.
    fn near(&self, words: &Words, start: usize, end: usize, reach: usize) -> Option<usize> {
        self.hits.before(words, start, reach).or_else(|| self.hits.after(words, end, reach / 2))
    }

    /// Keeps the best of those that overlap, in the order of the note.
    pub fn finish(self, patterns: &[Pattern], out: &mut Vec<Candidate>) {
        let mut all: Vec<Weighed> = self.weighed.into_iter().flatten().collect();
        let rank = |w: &Weighed| (w.veto.is_none() || w.score >= 0.95, w.score, w.range.len());
        all.sort_by(|a, b| {
            let ((live_a, score_a, len_a), (live_b, score_b, len_b)) = (rank(a), rank(b));
            live_b
                .cmp(&live_a)
                .then(score_b.total_cmp(&score_a))
                .then(len_b.cmp(&len_a))
                .then(a.range.start.cmp(&b.range.start))
        });
        let mut kept: Vec<Weighed> = Vec::with_capacity(all.len());
        let mut taken: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
        for w in all {
            let overlaps =
                taken.range(..w.range.end).next_back().is_some_and(|(_, end)| *end > w.range.start);
            if !overlaps {
                taken.insert(w.range.start, w.range.end);
                kept.push(w);
            }
        }
        kept.sort_by_key(|w| w.range.start);
        out.extend(kept.into_iter().map(|w| {
            let pattern = &patterns[w.pattern];
            Candidate {
                category: pattern.category,
                subcategory: pattern.subcategory,
                span: self.document.plain.to_original(w.range),
                source: Source::Pattern,
                strength: w.strength,
                score: w.score,
                rule: Arc::clone(&pattern.rule),
                veto: w.veto,
            }
        }));
    }
}

/// Between two values that one word announces.
const LINKS: [&str; 4] = [" puis ", " et ", " ou ", " / "];
