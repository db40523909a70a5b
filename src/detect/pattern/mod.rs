//! Values with a shape: numbers, addresses, codes. `lexicons/patterns.toml` says what they look like and what
//! announces them; [`super::checks`] proves what has check digits.
//!
//! * `catalogue`: the file, read and checked
//! * `cues`: announcing words, in one automaton
//! * `readers`: where a value ends, and whether it is proven
//! * `judge`: score, veto, and one candidate where several overlap

mod catalogue;
mod cues;
mod judge;
mod readers;

pub use catalogue::PatternError;

use super::{DetectError, Detector};
use crate::finding::Candidate;
use crate::text::Document;
use catalogue::{Gate, Pattern};
use cues::{CueBuilder, Cues, Hits, Words};
use judge::Judge;

/// Name under which the embedded catalogue's errors appear.
const EMBEDDED: &str = "lexicons/patterns.toml";

/// Proposes NIR and identifiers.
#[derive(Debug)]
pub struct PatternDetector {
    patterns: Vec<Pattern>,
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
        let cues = cues.build().map_err(|e| PatternError {
            file: file.to_owned(),
            line: 1,
            reason: e.to_string(),
        })?;
        Ok(Self { patterns, cues, references })
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
        let digit = text.bytes().any(|b| b.is_ascii_digit());
        let at = text.contains('@');
        let hits = self.cues.find(text);
        let mut judge = Judge::new(document, &hits, &self.references);
        for (index, pattern) in self.patterns.iter().enumerate() {
            let tried = match pattern.gate {
                Gate::Digit => digit,
                Gate::At => at,
                Gate::Any => true,
            };
            if tried && announceable(pattern, &hits) {
                search(pattern, index, document, &mut judge);
            }
        }
        judge.finish(&self.patterns, out);
        Ok(())
    }
}

/// A pattern that must be announced is tried only in a note with one of its words.
fn announceable(pattern: &Pattern, hits: &Hits) -> bool {
    !pattern.must_be_announced()
        || pattern.announce.is_empty()
        || hits.any(&pattern.announce)
        || hits.any(&pattern.after)
}

/// Every value of one pattern; where the reader refuses one, the search goes on a character further.
fn search(pattern: &Pattern, index: usize, document: &Document<'_>, judge: &mut Judge<'_>) {
    let text = document.plain.text.as_str();
    let mut at = 0;
    while let Some(found) = pattern.regex.find_at(text, at) {
        let value = if pattern.grouped {
            let groups = pattern.regex.captures_at(text, found.start());
            groups.and_then(|g| g.name("v")).map_or(found.range(), |v| v.range())
        } else {
            found.range()
        };
        at = match (pattern.read)(document, value.clone()) {
            Some(reading) if judge.weigh(pattern, index, &reading) => {
                reading.range.end.max(found.start() + 1)
            }
            _ => found.start() + 1,
        };
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if at >= text.len() {
            break;
        }
    }
}

#[cfg(test)]
mod tests;
