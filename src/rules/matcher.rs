//! The compiled automaton: every form of every term, cue and allowed phrase, found in one pass.
//!
//! It is a trie over words: from each word of the note it goes down as long as words follow, so that its work is
//! linear in the length of the note and overlapping terms are all seen.
//!
//! A term is a chain of segments; most have one. Only a chain's last segment reports; what must precede it is
//! then looked up among the segments seen so far, so that a verb with twenty forms and an adjective with four
//! cost twenty-four patterns, not eighty.

use std::cell::RefCell;
use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::FxHasher;

use super::expand::{ExactWord, Gap};
use super::fillers::Fillers;
use super::token::{Space, tokens};
use super::trie::{NONE, Trie, step};
use crate::text::{Document, Mark, View, spare};

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
const MAX_GAP: usize = 3;

/// A segment seen in the note.
struct Seen {
    pattern: u32,
    /// Index of its first token.
    first: usize,
    start: usize,
    accents: u128,
    /// The next one that ends at the same token.
    next: u32,
}

/// A token of the note.
#[derive(Clone, Copy)]
struct At {
    start: u32,
    end: u32,
    /// Its number, or `NONE`.
    word: u32,
    /// The node it leads to, or `NONE`.
    root: u32,
    space: Space,
    is_word: bool,
}

thread_local! {
    static TOKENS: RefCell<Vec<At>> = const { RefCell::new(Vec::new()) };
    static ENDING: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// One view being scanned.
struct Pass<'m> {
    matcher: &'m Matcher,
    view: &'m View,
    document: &'m Document<'m>,
    tokens: Vec<At>,
    seen: Vec<Seen>,
    /// For each token, the first of the segments that end there.
    ending: Vec<u32>,
}

impl Matcher {
    /// Reports every term found in a view of the document, and every word of it that no rule knows.
    pub fn scan(
        &self,
        view: &View,
        document: &Document<'_>,
        mut report: impl FnMut(Hit),
        mut unknown: impl FnMut(Range<usize>),
    ) {
        let mut known = spare::take(&TOKENS, view.text.len() / 5 + 1);
        known.extend(tokens(&view.text).map(|t| {
            let found = self.trie.word(word_hash(&view.text[t.start..t.end]));
            let (start, end) = (t.start as u32, t.end as u32);
            At { start, end, word: found.word, root: found.root, space: t.space, is_word: t.word }
        }));
        let mut ending = spare::take(&ENDING, known.len());
        ending.resize(known.len(), NONE);
        let mut pass =
            Pass { matcher: self, view, document, tokens: known, seen: Vec::with_capacity(64), ending };
        for first in 0..pass.tokens.len() {
            let token = pass.tokens[first];
            if token.word == NONE {
                unknown(token.start as usize..token.end as usize);
                continue;
            }
            if token.root == NONE {
                continue;
            }
            let mut node = token.root;
            let mut last = first;
            loop {
                let pattern = self.trie.pattern(node);
                if pattern != NONE {
                    pass.found(pattern, first, last, &mut report);
                }
                last += 1;
                let Some(token) = pass.tokens.get(last) else { break };
                if token.word == NONE || token.space == Space::Many {
                    break;
                }
                let Some(next) = self.trie.next(node, step(token.space, token.word)) else { break };
                node = next;
            }
        }
        spare::give(&TOKENS, pass.tokens);
        spare::give(&ENDING, pass.ending);
    }

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

impl Pass<'_> {
    fn found(&mut self, id: u32, first: usize, last: usize, report: &mut impl FnMut(Hit)) {
        let pattern = self.matcher.patterns[id as usize];
        let (start, end) = (self.tokens[first].start as usize, self.tokens[last].end as usize);
        let accents = accents(&self.view.marks[start..end]);
        let completions = &self.matcher.completions[pattern.from as usize..pattern.to as usize];
        for completion in completions {
            let Some(mut relaxed) = self.passes(completion.check, start, accents) else { continue };
            if completion.chain == 0 {
                report(Hit { owner: completion.owner, range: start..end, relaxed });
                continue;
            }
            let chain = &self.matcher.chains[completion.chain as usize];
            if let Some(first) = self.preceded(chain, first, &mut relaxed) {
                let range = self.tokens[first].start as usize..end;
                report(Hit { owner: completion.owner, range, relaxed });
            }
        }
        if pattern.precedes {
            let next = std::mem::replace(&mut self.ending[last], self.seen.len() as u32);
            self.seen.push(Seen { pattern: id, first, start, accents, next });
        }
    }

    /// Whether accents and capitals are right; `Some(true)` if capitals were demanded of a note that has only those.
    fn passes(&self, check: u32, start: usize, accents: u128) -> Option<bool> {
        if check == 0 {
            return (accents == 0).then_some(false);
        }
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

    /// The first token of the nearest run of segments that leads up to token `first`.
    fn preceded(&self, chain: &[Link], first: usize, relaxed: &mut bool) -> Option<usize> {
        let Some((link, before)) = chain.split_last() else { return Some(first) };
        let mut at = first;
        for _ in 0..=MAX_GAP {
            // The token at which the segment before would end.
            let end = match link.gap {
                Gap::Words => self.word_before(at)?,
                _ if self.tokens[at].space == Space::One => at.checked_sub(1)?,
                _ => return None,
            };
            if let Some(found) = self.ends_here(link, before, end, first, relaxed) {
                return Some(found);
            }
            at = match link.gap {
                Gap::Adjacent => return None,
                Gap::Fillers => self.filler_before(at)?,
                Gap::Words => end,
            };
        }
        None
    }

    /// Looks for a member of the link's set that ends at token `end`, and for what must precede it in turn.
    fn ends_here(
        &self,
        link: &Link,
        before: &[Link],
        end: usize,
        first: usize,
        relaxed: &mut bool,
    ) -> Option<usize> {
        let set = &self.matcher.sets[link.set as usize];
        let mut item = self.ending[end];
        while let Some(seen) = self.seen.get(item as usize) {
            item = seen.next;
            // One pattern may stand for two forms: "lève" and "levé".
            let from = set.partition_point(|(pattern, _)| *pattern < seen.pattern);
            let mut forms = set[from..].iter().take_while(|(pattern, _)| *pattern == seen.pattern);
            let Some(more) = forms.find_map(|(_, check)| self.passes(*check, seen.start, seen.accents))
            else {
                continue;
            };
            if link.gap == Gap::Words && !self.same_clause(end, first) {
                return None;
            }
            let mut all = *relaxed || more;
            if let Some(found) = self.preceded(before, seen.first, &mut all) {
                *relaxed = all;
                return Some(found);
            }
        }
        None
    }

    /// The token where the filler begins that ends right before token `at`.
    fn filler_before(&self, at: usize) -> Option<usize> {
        let last = self.tokens[at.checked_sub(1)?];
        let before = (at > 1 && last.space == Space::One).then(|| self.tokens[at - 2].word);
        self.matcher.fillers.ending_with(last.word, before).map(|words| at - words)
    }

    /// The word before token `at`, signs skipped.
    fn word_before(&self, at: usize) -> Option<usize> {
        (0..at).rev().take(2 * MAX_GAP).find(|i| self.tokens[*i].is_word)
    }

    fn same_clause(&self, left: usize, right: usize) -> bool {
        let clause = |token: usize| {
            let at = self.tokens[token].start as usize;
            self.document.clause_at(self.view.origin[at].0 as usize)
        };
        clause(left) == clause(right)
    }
}

/// A bit for each byte whose letter carries a mark.
fn accents(marks: &[Mark]) -> u128 {
    if marks.iter().all(|mark| *mark == Mark::None) {
        return 0;
    }
    marks.iter().enumerate().fold(0, |bits, (i, mark)| bits | u128::from(*mark != Mark::None) << i)
}

/// Whether capitals stand at the same places; the letters themselves are known to match.
fn same_capitals(written: &str, wanted: &str) -> bool {
    let capitals = |text: &str| text.chars().map(char::is_uppercase).collect::<Vec<bool>>();
    capitals(written) == capitals(wanted)
}
