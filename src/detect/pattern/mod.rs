//! Values with a shape: numbers, addresses, codes. `lexicons/patterns.toml` says what they look like and what
//! announces them; [`super::checks`] proves what has check digits.
//!
//! * `catalogue`: the file, read and checked
//! * `cues`: announcing words
//! * `starts`: the few places where a number may begin
//! * `readers`: where a value ends, and whether it is proven
//! * `judge`: score, veto, and one candidate where several overlap

mod catalogue;
mod cues;
mod judge;
mod readers;
mod starts;

use std::ops::Range;

pub use catalogue::PatternError;

use regex::{RegexSet, RegexSetBuilder};

use super::{DetectError, Detector};
use crate::finding::Candidate;
use crate::text::Document;
use catalogue::{Gate, Pattern};
use cues::{CueBuilder, Cues, Words};
use judge::Judge;

/// Name under which the embedded catalogue's errors appear.
const EMBEDDED: &str = "lexicons/patterns.toml";

/// Proposes NIR and identifiers.
#[derive(Debug)]
pub struct PatternDetector {
    patterns: Vec<Pattern>,
    /// The patterns with [`Gate::Digit`], each anchored at the start of what it reads.
    at_digits: RegexSet,
    /// Their indices in `patterns`.
    digit_patterns: Vec<usize>,
    cues: Cues,
    references: Words,
}

impl PatternDetector {
    /// The catalogue shipped with the program.
    pub fn embedded() -> Result<Self, PatternError> {
        Self::from_toml(EMBEDDED, include_str!("../../../lexicons/patterns.toml"))
    }

    /// A catalogue of one's own; `file` is the name its errors bear.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, PatternError> {
        let mut cues = CueBuilder::default();
        let (patterns, references) = catalogue::parse(file, text, &mut cues)?;
        let fail = |reason: String| PatternError { file: file.to_owned(), line: 1, reason };
        let cues = cues.build();
        let digit_patterns: Vec<usize> =
            (0..patterns.len()).filter(|i| patterns[*i].gate == Gate::Digit).collect();
        let anchored = digit_patterns.iter().map(|i| format!(r"\A(?:{})", patterns[*i].regex.as_str()));
        let at_digits = RegexSetBuilder::new(anchored)
            .unicode(false)
            .dfa_size_limit(8 << 20)
            .build()
            .map_err(|e| fail(e.to_string()))?;
        Ok(Self { patterns, at_digits, digit_patterns, cues, references })
    }

    /// Rule, line, notes to flag and notes to pass of every pattern, for `rules check` and the tests.
    pub fn examples(&self) -> impl Iterator<Item = Examples<'_>> {
        self.patterns.iter().map(|p| Examples { rule: &p.rule, line: p.line, flag: &p.flag, pass: &p.pass })
    }
}

/// What a pattern's author promises.
#[derive(Clone, Copy, Debug)]
pub struct Examples<'a> {
    /// `category/id`.
    pub rule: &'a str,
    /// Line of the catalogue.
    pub line: usize,
    /// Notes with the value between square brackets.
    pub flag: &'a [String],
    /// Notes in which no pattern finds anything.
    pub pass: &'a [String],
}

impl Detector for PatternDetector {
    fn name(&self) -> &'static str {
        "pattern"
    }

    fn detect(&self, document: &Document<'_>, out: &mut Vec<Candidate>) -> Result<(), DetectError> {
        let text = document.plain.text.as_str();
        let hits = self.cues.find(document);
        let mut search = Search {
            detector: self,
            document,
            judge: Judge::new(document, &hits, &self.references, self.patterns.len()),
            tried: self.patterns.iter().map(|p| p.may_occur(&hits)).collect(),
            until: vec![0; self.patterns.len()],
        };
        search.at_digits();
        let at = text.contains('@');
        for (index, pattern) in self.patterns.iter().enumerate() {
            let tried = match pattern.gate {
                Gate::Digit => false,
                Gate::At => at,
                Gate::Any => true,
            };
            if tried && search.tried[index] {
                search.everywhere(index);
            }
        }
        search.judge.finish(&self.patterns, out);
        Ok(())
    }
}

/// No value is longer, in bytes of the plain view. A pattern may match without end ("06 06 06…"): were each place
/// matched to the end of the note, its time would grow with the square of the note's length.
const MAX_VALUE: usize = 256;
/// How much of a note is searched in one go for a pattern that may begin anywhere.
const STRETCH: usize = 8 * MAX_VALUE;

/// The end of a stretch of about `length` bytes, between two characters.
fn reach(text: &str, from: usize, length: usize) -> usize {
    let mut end = text.len().min(from + length);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// The patterns at work on one note.
struct Search<'d> {
    detector: &'d PatternDetector,
    document: &'d Document<'d>,
    judge: Judge<'d>,
    /// Whether the note holds what each pattern needs.
    tried: Vec<bool>,
    /// Where each pattern's last value ends.
    until: Vec<usize>,
}

impl Search<'_> {
    /// Patterns with a digit begin at a word that holds one or stands just before one: all of them are tried there
    /// at once, and nowhere else.
    fn at_digits(&mut self) {
        let text = self.document.plain.text.as_str();
        for start in starts::of(text) {
            let end = reach(text, start, MAX_VALUE);
            for member in &self.detector.at_digits.matches(&text[start..end]) {
                let index = self.detector.digit_patterns[member];
                if self.tried[index] && start >= self.until[index] {
                    self.value(index, start..start + 1, end);
                }
            }
        }
    }

    /// Every value of a pattern that may begin anywhere.
    fn everywhere(&mut self, index: usize) {
        let text = self.document.plain.text.as_str();
        let mut at = 0;
        while at < text.len() {
            let end = reach(text, at, STRETCH);
            // What begins near the end of the stretch is left to the next one, which has all of it.
            let rest = if end < text.len() { end - MAX_VALUE } else { end };
            at = self.value(index, at..rest, end).unwrap_or(rest).max(self.until[index]);
            while !text.is_char_boundary(at) {
                at += 1;
            }
        }
    }

    /// The first match that begins in `starts`, as far as it goes before `end`, read and weighed; gives where to look
    /// for the next one.
    fn value(&mut self, index: usize, starts: Range<usize>, end: usize) -> Option<usize> {
        let pattern = &self.detector.patterns[index];
        let text = &self.document.plain.text[..end];
        let found = pattern.regex.find_at(text, starts.start).filter(|m| m.start() < starts.end)?;
        let value = if pattern.grouped {
            let groups = pattern.regex.captures_at(text, found.start());
            groups.and_then(|g| g.name("v")).map_or(found.range(), |v| v.range())
        } else {
            found.range()
        };
        if let Some(reading) = (pattern.read)(self.document, value)
            && self.judge.weigh(pattern, index, &reading)
        {
            self.until[index] = reading.range.end;
        }
        Some(found.start() + 1)
    }
}

#[cfg(test)]
mod tests;
