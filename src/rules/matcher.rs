//! The compiled automaton: every form of every term, cue and allowed phrase, found in one pass.
//!
//! It is a trie over words: from each word of the note it goes down as long as words follow, so that its work is
//! linear in the length of the note and overlapping terms are all seen.
//!
//! A term is a chain of segments; most have one. Only a chain's last segment reports; what must precede it is
//! then looked up among the segments seen so far, so that a verb with twenty forms and an adjective with four
//! cost twenty-four patterns, not eighty. `pass` is a note on its way through it.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::FxHasher;

use super::expand::{ExactWord, Gap};
use super::fillers::Fillers;
use super::trie::{NONE, Trie};

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
    /// The bits of the set's patterns.
    pub bits: u64,
}

/// A pattern and the check its form demands.
pub type Member = (u32, u32);

/// The bit that stands for a pattern, shared with others: where a set and a place have no bit in common, nothing of the set
/// ends there, and that is all that most terms of several words need to know.
pub fn bit(pattern: u32) -> u64 {
    1 << (pattern % u64::BITS)
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Pattern {
    /// Whether it is the non-last segment of a chain.
    pub precedes: bool,
    /// Its completions.
    pub from: u32,
    pub to: u32,
}

/// Hash of a folded word.
pub fn word_hash(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish()
}

/// See the module.
#[derive(Debug)]
pub struct Matcher {
    pub(super) trie: Trie,
    pub(super) patterns: Vec<Pattern>,
    pub(super) completions: Vec<Completion>,
    pub(super) checks: Vec<Check>,
    /// Each sorted by pattern.
    pub(super) sets: Vec<Box<[Member]>>,
    pub(super) chains: Vec<Box<[Link]>>,
    pub(super) fillers: Fillers,
    /// See [`reach`].
    pub(super) reach: usize,
}

/// How many tokens the longest match may span, gaps included.
pub fn reach(chains: &[Box<[Link]>], longest: usize) -> usize {
    let gap = |link: &Link| match link.gap {
        Gap::Adjacent => 0,
        Gap::Fillers => 2 * MAX_GAP,
        Gap::Words => 2 * MAX_GAP * (MAX_GAP + 1),
    };
    let chain = |links: &[Link]| links.iter().map(|link| gap(link) + longest).sum::<usize>();
    longest + chains.iter().map(|links| chain(links)).max().unwrap_or(0)
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

/// How many fillers or words a gap may hold.
pub(super) const MAX_GAP: usize = 3;

impl Matcher {
    /// How many tokens a match may span, gaps included.
    pub fn reach(&self) -> usize {
        self.reach
    }

    /// Whether a folded word is part of a term, or known for another reason.
    pub fn knows(&self, word: &str) -> bool {
        self.trie.word(word_hash(word)).word != NONE
    }

    /// How many distinct written forms are looked for.
    pub fn forms(&self) -> usize {
        self.patterns.len()
    }

    /// Memory held, in bytes, about.
    pub fn memory(&self) -> usize {
        self.trie.memory()
            + self.patterns.len() * size_of::<Pattern>()
            + self.completions.len() * size_of::<Completion>()
            + self.checks.len() * size_of::<Check>()
            + self.sets.iter().map(|set| set.len() * size_of::<Member>()).sum::<usize>()
    }
}
