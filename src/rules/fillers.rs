//! Words that may stand between a verb and what follows it.

use rustc_hash::FxHashSet;

use super::trie::NONE;

/// Fillers of one word, and of two.
#[derive(Debug, Default)]
pub struct Fillers {
    /// First and second word, or `NONE`.
    pairs: FxHashSet<(u32, u32)>,
    /// A bit for each word that ends a filler, so that hardly any other is looked up.
    ends: Vec<u64>,
}

impl Fillers {
    /// Adds one; `second` is `NONE` for a filler of one word.
    pub fn insert(&mut self, first: u32, second: u32) {
        let last = if second == NONE { first } else { second } as usize;
        if self.ends.len() <= last / 64 {
            self.ends.resize(last / 64 + 1, 0);
        }
        self.ends[last / 64] |= 1 << (last % 64);
        self.pairs.insert((first, second));
    }

    /// How many words the filler has that ends with `word`; `before` is the word before it, one blank away.
    pub fn ending_with(&self, word: u32, before: Option<u32>) -> Option<usize> {
        let possible = self.ends.get(word as usize / 64).is_some_and(|bits| bits & (1 << (word % 64)) != 0);
        if !possible {
            return None;
        }
        if before.is_some_and(|before| self.pairs.contains(&(before, word))) {
            return Some(2);
        }
        self.pairs.contains(&(word, NONE)).then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_filler_wins_and_other_words_are_none() {
        let mut fillers = Fillers::default();
        fillers.insert(100, NONE);
        fillers.insert(7, 100);
        fillers.insert(7, 3);
        assert_eq!(fillers.ending_with(100, Some(7)), Some(2));
        assert_eq!(fillers.ending_with(100, Some(8)), Some(1));
        assert_eq!(fillers.ending_with(100, None), Some(1));
        assert_eq!(fillers.ending_with(3, Some(8)), None);
        assert_eq!(fillers.ending_with(7, None), None);
        assert_eq!(fillers.ending_with(NONE, Some(7)), None);
    }
}
