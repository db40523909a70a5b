//! The compiled automaton: every form of every term, cue and allowed phrase, found in one pass.
//!
//! A term is a chain of segments; most have one. Only a chain's last segment reports; what must precede it is
//! then looked up among the segments seen so far, so that a verb with twenty forms and an adjective with four
//! cost twenty-four patterns, not eighty.

use std::hash::Hasher;
use std::ops::Range;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous;
use rustc_hash::{FxHashSet, FxHasher};

use super::expand::{ExactWord, Gap};
use super::fold::blank;
use crate::text::{Document, View};

/// Whose term was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// Index of a rule.
    Rule(u32),
    /// Index of a cue.
    Cue(u32),
    /// A phrase inside which a cue does not count.
    Except(u32),
    /// Index of an allowed phrase.
    Allow(u32),
}

/// What a form demands beyond its letters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Check {
    pub accents: u128,
    pub exact: Box<[ExactWord]>,
}

/// A form that completes a term.
#[derive(Clone, Copy, Debug)]
pub struct Completion {
    pub owner: Owner,
    /// What must precede: index into `chains`; 0 is nothing.
    pub chain: u32,
    /// Index into `checks`.
    pub check: u32,
}

/// A segment that must precede, and what may stand between it and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    /// Index into `sets`.
    pub set: u32,
    pub gap: Gap,
}

/// A pattern and the check its form demands.
pub type Member = (u32, u32);

#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    pub len: u32,
    /// Whether it is the non-last segment of a chain.
    pub precedes: bool,
    /// Its completions.
    pub from: u32,
    pub to: u32,
}

/// See the module.
#[derive(Debug)]
pub struct Matcher {
    pub(super) automaton: contiguous::NFA,
    pub(super) patterns: Vec<Pattern>,
    pub(super) completions: Vec<Completion>,
    pub(super) checks: Vec<Check>,
    /// Each sorted by pattern.
    pub(super) sets: Vec<Box<[Member]>>,
    pub(super) chains: Vec<Box<[Link]>>,
    /// Hashes of the filler words and phrases.
    pub(super) fillers: FxHashSet<u64>,
}

/// A segment seen in the note.
#[derive(Clone, Copy)]
struct Seen {
    pattern: u32,
    start: u32,
    end: u32,
    accents: u128,
}

/// A term found in a view.
#[derive(Clone, Debug)]
pub struct Hit {
    pub owner: Owner,
    /// Bytes of the view.
    pub range: Range<usize>,
    /// The term demands capitals and the note is all capitals: they say nothing.
    pub relaxed: bool,
}

/// Longest gaps, in bytes; they bound the work for each hit.
const MAX_BLANKS: usize = 3;
const MAX_FILLER_BYTES: usize = 48;
const MAX_WORDS_BYTES: usize = 80;
const MAX_GAP_WORDS: usize = 3;

/// Hash of a filler with its blanks made canonical.
pub(super) fn filler_hash(words: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    for byte in words {
        hasher.write_u8(blank(*byte));
    }
    hasher.finish()
}

/// One view being scanned.
struct Pass<'m> {
    matcher: &'m Matcher,
    view: &'m View,
    document: &'m Document<'m>,
    /// Ascending by end.
    seen: Vec<Seen>,
}

impl Matcher {
    /// Reports every term found in a view of the document.
    pub fn scan(&self, view: &View, document: &Document<'_>, mut report: impl FnMut(Hit)) {
        let mut pass = Pass { matcher: self, view, document, seen: Vec::with_capacity(64) };
        let Ok(mut state) = self.automaton.start_state(Anchored::No) else { return };
        for (i, byte) in view.text.bytes().enumerate() {
            state = self.automaton.next_state(Anchored::No, state, blank(byte));
            if self.automaton.is_special(state) && self.automaton.is_match(state) {
                for k in 0..self.automaton.match_len(state) {
                    let pattern = self.automaton.match_pattern(state, k).as_u32();
                    pass.found(pattern, i + 1, &mut report);
                }
            }
        }
    }

    /// How many distinct written forms are looked for.
    pub fn forms(&self) -> usize {
        self.patterns.len()
    }

    /// Memory held by the automaton and its tables, in bytes.
    pub fn memory(&self) -> usize {
        self.automaton.memory_usage()
            + self.patterns.len() * size_of::<Pattern>()
            + self.completions.len() * size_of::<Completion>()
            + self.checks.len() * size_of::<Check>()
            + self.sets.iter().map(|set| set.len() * size_of::<Member>()).sum::<usize>()
    }
}

impl Pass<'_> {
    fn found(&mut self, id: u32, end: usize, report: &mut impl FnMut(Hit)) {
        let pattern = self.matcher.patterns[id as usize];
        let start = end - pattern.len as usize;
        if !is_whole(&self.view.text, start, end) {
            return;
        }
        let mut accents = 0u128;
        for (i, mark) in self.view.marks[start..end].iter().enumerate() {
            accents |= u128::from(*mark != crate::text::Mark::None) << i;
        }
        let completions = &self.matcher.completions[pattern.from as usize..pattern.to as usize];
        for completion in completions {
            let Some(mut relaxed) = self.passes(completion.check, start, accents) else { continue };
            let chain = &self.matcher.chains[completion.chain as usize];
            if let Some(start) = self.preceded(chain, start, &mut relaxed) {
                report(Hit { owner: completion.owner, range: start..end, relaxed });
            }
        }
        if pattern.precedes {
            self.seen.push(Seen { pattern: id, start: start as u32, end: end as u32, accents });
        }
    }

    /// Whether accents and capitals are right; `Some(true)` if capitals were demanded of a note that has only those.
    fn passes(&self, check: u32, start: usize, accents: u128) -> Option<bool> {
        let check = &self.matcher.checks[check as usize];
        if accents & !check.accents != 0 {
            return None;
        }
        if check.exact.is_empty() || self.document.shouting {
            return Some(!check.exact.is_empty());
        }
        let same = check.exact.iter().all(|exact| {
            let span = self.view.to_original(start + exact.start..start + exact.end);
            same_capitals(span.of(self.document.original), &exact.word)
        });
        same.then_some(false)
    }

    /// The start of the nearest run of segments that leads up to `start`.
    fn preceded(&self, chain: &[Link], start: usize, relaxed: &mut bool) -> Option<usize> {
        let Some((link, before)) = chain.split_last() else { return Some(start) };
        let set = &self.matcher.sets[link.set as usize];
        let longest = match link.gap {
            Gap::Adjacent => MAX_BLANKS,
            Gap::Fillers => MAX_FILLER_BYTES,
            Gap::Words => MAX_WORDS_BYTES,
        };
        let until = self.seen.partition_point(|seen| (seen.end as usize) < start);
        for seen in self.seen[..until].iter().rev() {
            if start - seen.end as usize > longest {
                return None;
            }
            let Ok(at) = set.binary_search_by_key(&seen.pattern, |(pattern, _)| *pattern) else { continue };
            let Some(more) = self.passes(set[at].1, seen.start as usize, seen.accents) else { continue };
            if !self.bridged(link.gap, seen.end as usize, start) {
                continue;
            }
            let mut all = *relaxed || more;
            if let Some(first) = self.preceded(before, seen.start as usize, &mut all) {
                *relaxed = all;
                return Some(first);
            }
        }
        None
    }

    /// Whether what stands between two segments is allowed there.
    fn bridged(&self, gap: Gap, from: usize, to: usize) -> bool {
        let between = &self.view.text.as_bytes()[from..to];
        match gap {
            Gap::Adjacent => !between.is_empty() && between.iter().all(|b| blank(*b) == b' '),
            Gap::Fillers => self.matcher.only_fillers(between),
            Gap::Words => {
                let text = &self.view.text[from..to];
                let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
                let clause = |at: usize| self.document.clause_at(self.view.origin[at].0 as usize);
                words <= MAX_GAP_WORDS && !text.contains('\n') && clause(from - 1) == clause(to)
            }
        }
    }
}

impl Matcher {
    /// Whether a stretch is blanks around at most three fillers of one or two words.
    fn only_fillers(&self, between: &[u8]) -> bool {
        let is_blank = |byte: &u8| blank(*byte) == b' ';
        let mut rest = between;
        for _ in 0..=MAX_GAP_WORDS {
            match rest.iter().position(|b| !is_blank(b)) {
                // Words of two segments never touch.
                None => return !between.is_empty(),
                Some(0) => return false,
                Some(first) => rest = &rest[first..],
            }
            let first = rest.iter().position(is_blank).unwrap_or(rest.len());
            let second =
                rest[first..].iter().skip(1).position(is_blank).map_or(rest.len(), |n| first + 1 + n);
            if second > first && self.fillers.contains(&filler_hash(&rest[..second])) {
                rest = &rest[second..];
            } else if self.fillers.contains(&filler_hash(&rest[..first])) {
                rest = &rest[first..];
            } else {
                return false;
            }
        }
        false
    }
}

/// Whether a range begins and ends at a word's edge (where it begins or ends with a letter or digit at all).
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let open_before = start > 0 && is_word(bytes[start]) && {
        let byte = bytes[start - 1];
        if byte.is_ascii() { is_word(byte) } else { last_is_alphanumeric(&text[..start]) }
    };
    let open_after = end < bytes.len() && is_word(bytes[end - 1]) && {
        let byte = bytes[end];
        if byte.is_ascii() { is_word(byte) } else { text[end..].starts_with(char::is_alphanumeric) }
    };
    !open_before && !open_after
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

fn last_is_alphanumeric(text: &str) -> bool {
    text.chars().next_back().is_some_and(char::is_alphanumeric)
}

/// Whether capitals stand at the same places; the letters themselves are known to match.
fn same_capitals(written: &str, wanted: &str) -> bool {
    let capitals = |text: &str| -> Vec<bool> { text.chars().map(char::is_uppercase).collect() };
    if written.chars().count() == wanted.chars().count() {
        written.chars().zip(wanted.chars()).all(|(a, b)| a.is_uppercase() == b.is_uppercase())
    } else {
        capitals(written) == capitals(wanted)
    }
}
