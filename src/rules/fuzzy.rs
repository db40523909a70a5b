//! Misspelt words: one edit away from a term, or sounding like one.

use std::hash::Hasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};

use super::sound;

/// Shortest term, and shortest word of a note, an edit is forgiven in.
pub const MIN_LETTERS: usize = 8;
/// Shortest word of a note, and shortest term, compared by sound.
pub const MIN_SOUND_LETTERS: usize = 7;

const END: u32 = u32::MAX;

/// Index of single-word terms by their spelling less one letter, and by their sound.
#[derive(Debug, Default)]
pub struct Fuzzy {
    words: Vec<(Box<str>, Vec<u32>)>,
    /// Hash of a word, of a word less one letter, or of its sound → head of a list in `next`.
    heads: FxHashMap<u64, u32>,
    /// (word, following item).
    next: Vec<(u32, u32)>,
}

fn hash(kind: u8, parts: [&[u8]; 2]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    for byte in parts.into_iter().flatten() {
        hasher.write_u8(*byte);
    }
    hasher.finish()
}

const SPELLING: u8 = 0;
const SOUND: u8 = 1;

/// The word's own hash and those of the word less one letter other than the first.
fn neighbourhood(word: &str) -> impl Iterator<Item = u64> {
    let bytes = word.as_bytes();
    let repeats = |i: usize| i > 1 && i < bytes.len() && bytes[i] == bytes[i - 1];
    (1..=bytes.len()).filter(move |i| !repeats(*i)).map(|i| {
        let after = bytes.get(i + 1..).unwrap_or_default();
        hash(SPELLING, [&bytes[..i.min(bytes.len())], after])
    })
}

impl Fuzzy {
    /// Indexes words, each with the rules it is a term of.
    pub fn new(mut terms: Vec<(Box<str>, u32)>) -> Self {
        terms.sort_unstable();
        terms.dedup();
        let mut words: Vec<(Box<str>, Vec<u32>)> = Vec::with_capacity(terms.len());
        for (word, rule) in terms {
            match words.last_mut() {
                Some((last, rules)) if *last == word => rules.push(rule),
                _ => words.push((word, vec![rule])),
            }
        }
        let keys: usize = words.iter().map(|(word, _)| word.len() + 1).sum();
        let mut fuzzy = Self {
            words: Vec::new(),
            heads: FxHashMap::with_capacity_and_hasher(keys, FxBuildHasher),
            next: Vec::with_capacity(keys),
        };
        for (i, (word, _)) in words.iter().enumerate() {
            if word.len() >= MIN_LETTERS {
                neighbourhood(word).for_each(|hash| fuzzy.index(hash, i as u32));
            }
            if let Some(key) = sound::key(word).filter(|_| word.len() >= MIN_SOUND_LETTERS) {
                fuzzy.index(hash(SOUND, [key.as_bytes(), b""]), i as u32);
            }
        }
        fuzzy.words = words;
        fuzzy
    }

    fn index(&mut self, hash: u64, word: u32) {
        let item = self.next.len() as u32;
        let before = self.heads.insert(hash, item).unwrap_or(END);
        self.next.push((word, before));
    }

    fn listed(&self, hash: u64) -> impl Iterator<Item = u32> {
        let mut item = self.heads.get(&hash).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let (word, next) = *self.next.get(item as usize)?;
            item = next;
            Some(word)
        })
    }

    /// Reports the rules that a folded word no rule knows is a misspelt term of; may repeat one.
    pub fn lookup(&self, word: &str, mut report: impl FnMut(u32)) {
        let simple = word.bytes().all(|b| b.is_ascii_lowercase());
        if word.len() < MIN_SOUND_LETTERS || word.len() > 40 || !simple {
            return;
        }
        if word.len() >= MIN_LETTERS {
            for id in neighbourhood(word).flat_map(|hash| self.listed(hash)) {
                let (term, rules) = &self.words[id as usize];
                if term.as_bytes()[0] == word.as_bytes()[0] && one_edit(term.as_bytes(), word.as_bytes()) {
                    rules.iter().for_each(|rule| report(*rule));
                }
            }
        }
        let Some(key) = sound::key(word) else { return };
        for id in self.listed(hash(SOUND, [key.as_bytes(), b""])) {
            let (term, rules) = &self.words[id as usize];
            if sound::key(term).as_deref() == Some(&key) {
                rules.iter().for_each(|rule| report(*rule));
            }
        }
    }
}

/// Whether one insertion, deletion, substitution or swap of neighbours turns one word into the other.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[start..a.len() - end], &b[start..b.len() - end]) {
        ([], []) | ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fuzzy() -> Fuzzy {
        let terms = ["depressif", "hospitalise", "enceinte", "diabetique"];
        Fuzzy::new(terms.iter().zip(0..).map(|(t, i)| ((*t).into(), i)).collect())
    }

    fn found(word: &str) -> Vec<u32> {
        let mut rules = Vec::new();
        fuzzy().lookup(word, |rule| rules.push(rule));
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    #[test]
    fn one_edit_or_the_same_sound() {
        for (word, rule) in [
            ("depresif", 0),
            ("depresssif", 0),
            ("deprsesif", 0),
            ("depressof", 0),
            ("ospitalise", 1),
            ("hospitalizes", 1),
            ("enseinte", 2),
            ("diabetik", 3),
        ] {
            assert_eq!(found(word), [rule], "{word}");
        }
    }

    #[test]
    fn far_words_are_left_alone() {
        for word in ["repressif", "impressif", "hospice", "été"] {
            assert!(found(word).is_empty(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn every_deletion_is_found(at in 1usize..10) {
            let word = "hospitalise";
            let typo = format!("{}{}", &word[..at], &word[at + 1..]);
            prop_assert_eq!(found(&typo), vec![1]);
        }

        #[test]
        fn never_panics(word in "\\PC{0,20}") {
            let _ = found(&word);
        }
    }
}
