//! One view of a note on its way through the [`Matcher`].

use std::cell::RefCell;
use std::ops::Range;

use super::expand::Gap;
use super::matcher::{Hit, Link, MAX_GAP, Matcher, bit, word_hash};
use super::token::{Space, tokens};
use super::trie::{NONE, step};
use crate::text::{Document, Mark, View, spare};

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

/// The segments that end at a token.
#[derive(Clone, Copy)]
struct Ending {
    /// Index into `seen`, or `NONE`.
    first: u32,
    /// The bits of their patterns.
    bits: u64,
}

/// The tokens at which what precedes a token may end, for one kind of gap; nearest first.
#[derive(Clone, Copy, Default)]
struct Ends {
    tokens: [u32; MAX_GAP + 1],
    count: usize,
    /// The bits of all patterns that end there.
    bits: u64,
}

thread_local! {
    static TOKENS: RefCell<Vec<At>> = const { RefCell::new(Vec::new()) };
    static ENDING: RefCell<Vec<Ending>> = const { RefCell::new(Vec::new()) };
}

/// One view being scanned.
struct Pass<'m> {
    matcher: &'m Matcher,
    view: &'m View,
    document: &'m Document<'m>,
    tokens: Vec<At>,
    seen: Vec<Seen>,
    /// What ends at each token.
    ending: Vec<Ending>,
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
        ending.resize(known.len(), Ending { first: NONE, bits: 0 });
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
}

impl Pass<'_> {
    fn found(&mut self, id: u32, first: usize, last: usize, report: &mut impl FnMut(Hit)) {
        let pattern = self.matcher.patterns[id as usize];
        let (start, end) = (self.tokens[first].start as usize, self.tokens[last].end as usize);
        let accents = accents(&self.view.marks[start..end]);
        let completions = &self.matcher.completions[pattern.from as usize..pattern.to as usize];
        // Of each kind of gap, looked up once for all completions.
        let mut ends: [Option<Ends>; Gap::COUNT] = [None; Gap::COUNT];
        for completion in completions {
            let chain = &self.matcher.chains[completion.chain as usize];
            let Some((link, before)) = chain.split_last() else {
                if let Some(relaxed) = self.passes(completion.check, start, accents) {
                    report(Hit { owner: completion.owner, range: start..end, relaxed });
                }
                continue;
            };
            let ends = ends[link.gap as usize].get_or_insert_with(|| self.ends_before(link.gap, first));
            if ends.bits & link.bits == 0 {
                continue;
            }
            let Some(mut relaxed) = self.passes(completion.check, start, accents) else { continue };
            if let Some(first) = self.among(ends, link, before, first, &mut relaxed) {
                let range = self.tokens[first].start as usize..end;
                report(Hit { owner: completion.owner, range, relaxed });
            }
        }
        if pattern.precedes {
            let ending = &mut self.ending[last];
            let next = std::mem::replace(&mut ending.first, self.seen.len() as u32);
            ending.bits |= bit(id);
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
        self.among(&self.ends_before(link.gap, first), link, before, first, relaxed)
    }

    /// The same, knowing where the segment before may end.
    fn among(
        &self,
        ends: &Ends,
        link: &Link,
        before: &[Link],
        first: usize,
        relaxed: &mut bool,
    ) -> Option<usize> {
        let near = ends.tokens[..ends.count].iter();
        near.filter(|end| self.ending[**end as usize].bits & link.bits != 0)
            .find_map(|end| self.ends_here(link, before, *end as usize, first, relaxed))
    }

    /// Where a segment may end that precedes token `first` by a gap.
    fn ends_before(&self, gap: Gap, first: usize) -> Ends {
        let mut ends = Ends::default();
        let mut at = first;
        for _ in 0..=MAX_GAP {
            let end = match gap {
                Gap::Words => self.word_before(at),
                _ if self.tokens[at].space == Space::One => at.checked_sub(1),
                _ => None,
            };
            let Some(end) = end else { break };
            ends.tokens[ends.count] = end as u32;
            ends.count += 1;
            ends.bits |= self.ending[end].bits;
            let next = match gap {
                Gap::Adjacent => None,
                Gap::Fillers => self.filler_before(at),
                Gap::Words => Some(end),
            };
            let Some(next) = next else { break };
            at = next;
        }
        ends
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
        let mut item = self.ending[end].first;
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
