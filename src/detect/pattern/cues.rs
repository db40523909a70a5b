//! The words that announce a value or make it innocent: all patterns' words in one automaton, one pass a note.

use aho_corasick::{AhoCorasick, BuildError};
use rustc_hash::FxHashMap;

/// A set of cue words.
#[derive(Clone, Debug, Default)]
pub struct Words(Vec<u64>);

impl Words {
    fn insert(&mut self, word: usize) {
        if self.0.len() <= word / 64 {
            self.0.resize(word / 64 + 1, 0);
        }
        self.0[word / 64] |= 1 << (word % 64);
    }

    fn contains(&self, word: usize) -> bool {
        self.0.get(word / 64).is_some_and(|bits| bits & (1 << (word % 64)) != 0)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn meets(&self, other: &Words) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }
}

/// Numbers the words of a catalogue.
#[derive(Default)]
pub struct CueBuilder {
    words: Vec<String>,
    known: FxHashMap<String, usize>,
}

impl CueBuilder {
    /// The set of these words, in the spelling of the plain view.
    pub fn words(&mut self, words: &[String]) -> Words {
        let mut set = Words::default();
        for word in words {
            let plain = crate::text::normalise::views(word).0.text;
            let next = self.words.len();
            let index = *self.known.entry(plain.clone()).or_insert(next);
            if index == next {
                self.words.push(plain);
            }
            set.insert(index);
        }
        set
    }

    pub fn build(self) -> Result<Cues, BuildError> {
        Ok(Cues { automaton: AhoCorasick::new(&self.words)? })
    }
}

/// Finds cue words.
#[derive(Debug)]
pub struct Cues {
    automaton: AhoCorasick,
}

/// A cue word in the plain view.
#[derive(Clone, Copy, Debug)]
struct Hit {
    start: usize,
    end: usize,
    word: usize,
}

/// The cue words of one note, by ascending end.
#[derive(Debug, Default)]
pub struct Hits {
    hits: Vec<Hit>,
    seen: Words,
}

impl Cues {
    pub fn find(&self, text: &str) -> Hits {
        let bytes = text.as_bytes();
        let alphanumeric = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let mut found = Hits::default();
        for m in self.automaton.find_overlapping_iter(text) {
            // A cue is a word or several; "n°", "#" and the like bound themselves.
            let opens = !alphanumeric(bytes.get(m.start()))
                || !alphanumeric(m.start().checked_sub(1).and_then(|i| bytes.get(i)));
            let closes = !alphanumeric(bytes.get(m.end() - 1)) || !alphanumeric(bytes.get(m.end()));
            if opens && closes {
                found.seen.insert(m.pattern().as_usize());
                found.hits.push(Hit { start: m.start(), end: m.end(), word: m.pattern().as_usize() });
            }
        }
        found
    }
}

impl Hits {
    /// Whether the note holds any of these words.
    pub fn any(&self, words: &Words) -> bool {
        self.seen.meets(words)
    }

    /// Where the nearest of these words ends that begins at most `reach` bytes before `at`.
    pub fn before(&self, words: &Words, at: usize, reach: usize) -> Option<usize> {
        if words.is_empty() {
            return None;
        }
        let upto = self.hits.partition_point(|h| h.end <= at);
        let near = self.hits[..upto].iter().rev().take_while(|h| h.end + reach >= at);
        near.filter(|h| words.contains(h.word)).map(|h| h.end).next()
    }

    /// Where the nearest of these words begins, at most `reach` bytes after `at`.
    pub fn after(&self, words: &Words, at: usize, reach: usize) -> Option<usize> {
        if words.is_empty() {
            return None;
        }
        let from = self.hits.partition_point(|h| h.end <= at);
        let near = self.hits[from..].iter().take_while(|h| h.start <= at + reach);
        near.filter(|h| h.start >= at && words.contains(h.word)).map(|h| h.start).min()
    }
}
