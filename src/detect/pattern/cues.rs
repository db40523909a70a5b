//! The words that announce a value or make it innocent: looked up word by word,
//! once a note for all patterns.

use rustc_hash::FxHashMap;

use crate::text::Document;

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
#[derive(Debug, Default)]
pub struct CueBuilder {
    known: FxHashMap<String, usize>,
}

impl CueBuilder {
    /// The set of these words, in the spelling of the plain view; the word that begins with a sign, if any.
    pub fn words(&mut self, words: &[String]) -> Result<Words, String> {
        let mut set = Words::default();
        for word in words {
            let plain = crate::text::normalise::views(word).0.text;
            if !plain.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                return Err(format!("the word `{word}` must begin with a letter or a digit"));
            }
            let next = self.known.len();
            set.insert(*self.known.entry(plain).or_insert(next));
        }
        Ok(set)
    }

    pub fn build(self) -> Cues {
        let mut by_first: FxHashMap<String, Vec<(String, usize)>> = FxHashMap::default();
        for (cue, index) in self.known {
            let first = cue.bytes().take_while(u8::is_ascii_alphanumeric).count();
            by_first.entry(cue[..first].to_owned()).or_default().push((cue[first..].to_owned(), index));
        }
        Cues { by_first }
    }
}

/// Finds cue words.
#[derive(Debug)]
pub struct Cues {
    /// By first word: what must follow, and the number of the cue.
    by_first: FxHashMap<String, Vec<(String, usize)>>,
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
    pub fn find(&self, document: &Document<'_>) -> Hits {
        let text = document.plain.text.as_str();
        let mut found = Hits::default();
        for word in &document.words {
            let Some(cues) = self.by_first.get(&text[word.range.clone()]) else { continue };
            for (rest, cue) in cues {
                let end = word.range.end + rest.len();
                // "pin's" is no "pin".
                let whole = text[word.range.end..].starts_with(rest.as_str())
                    && !text
                        .as_bytes()
                        .get(end)
                        .is_some_and(|b| *b == b'\'' || ends_word(text, end) && b.is_ascii_alphanumeric());
                if whole {
                    found.seen.insert(*cue);
                    found.hits.push(Hit { start: word.range.start, end, word: *cue });
                }
            }
        }
        found.hits.sort_by_key(|h| (h.end, h.start));
        found
    }
}

/// Whether a cue ends with a letter or digit there, so that it must not run on.
fn ends_word(text: &str, end: usize) -> bool {
    text.as_bytes()[end - 1].is_ascii_alphanumeric()
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
