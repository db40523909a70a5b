//! The trie over words, laid out for reading: one flat table from a word's hash to its number and root, and every
//! node's edges side by side.

use rustc_hash::FxHashMap;

use super::token::Space;

/// No such word, node, pattern or segment.
pub const NONE: u32 = u32::MAX;

/// A known word.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The strings are not kept: two words of one 64-bit hash would be mistaken for each other, which costs nothing
    /// but a wrong finding.
    hash: u64,
    pub word: u32,
    /// The node it leads to from the root, or `NONE`.
    pub root: u32,
}

const UNKNOWN: Known = Known { hash: 0, word: NONE, root: NONE };

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The pattern that ends here, or `NONE`.
    pattern: u32,
    /// Its edges.
    from: u32,
    to: u32,
}

/// From a node, by a word with or without blank before it, to a node.
#[derive(Clone, Copy, Debug)]
struct Edge {
    step: u32,
    node: u32,
}

/// See the module.
#[derive(Debug)]
pub struct Trie {
    /// Open addressing: a third of the slots, or more, are free.
    slots: Box<[Known]>,
    nodes: Box<[Node]>,
    /// By node, then by step.
    edges: Box<[Edge]>,
}

impl Trie {
    /// Lays out a trie. `words` holds numbers by hash, `roots` nodes by number, `edges` nodes by node and
    /// [`step`], `ends` patterns by node.
    pub fn new(
        words: &FxHashMap<u64, u32>,
        roots: &[u32],
        edges: FxHashMap<(u32, u32), u32>,
        ends: &[u32],
    ) -> Self {
        let mut slots = vec![UNKNOWN; (words.len() * 3 / 2 + 1).next_power_of_two()].into_boxed_slice();
        let mask = slots.len() - 1;
        for (hash, word) in words {
            let mut at = *hash as usize & mask;
            while slots[at].word != NONE {
                at = (at + 1) & mask;
            }
            let root = roots.get(*word as usize).copied().unwrap_or(NONE);
            slots[at] = Known { hash: *hash, word: *word, root };
        }
        let mut sorted: Vec<((u32, u32), u32)> = edges.into_iter().collect();
        sorted.sort_unstable();
        let mut at = 0;
        let nodes = ends.iter().zip(0..).map(|(pattern, node)| {
            let from = at;
            at += sorted[at..].iter().take_while(|((of, _), _)| *of == node).count();
            Node { pattern: *pattern, from: from as u32, to: at as u32 }
        });
        let nodes = nodes.collect();
        let edges = sorted.into_iter().map(|((_, step), node)| Edge { step, node }).collect();
        Self { slots, nodes, edges }
    }

    /// What is known of a word.
    pub fn word(&self, hash: u64) -> Known {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let known = self.slots[at];
            if known.hash == hash || known.word == NONE {
                return known;
            }
            at = (at + 1) & mask;
        }
    }

    /// The pattern that ends at a node, or `NONE`.
    pub fn pattern(&self, node: u32) -> u32 {
        self.nodes[node as usize].pattern
    }

    /// Where a step leads from a node.
    pub fn next(&self, node: u32, step: u32) -> Option<u32> {
        let node = &self.nodes[node as usize];
        let edges = &self.edges[node.from as usize..node.to as usize];
        edges.binary_search_by_key(&step, |edge| edge.step).ok().map(|i| edges[i].node)
    }

    /// Memory held, in bytes.
    pub fn memory(&self) -> usize {
        size_of_val(&*self.slots) + size_of_val(&*self.nodes) + size_of_val(&*self.edges)
    }
}

/// A word with or without blank before it, as edges know it.
pub fn step(space: Space, word: u32) -> u32 {
    word << 1 | u32::from(space == Space::One)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_slot_are_kept_apart() {
        // Hashes that agree in their low bits, the one of a free slot among them.
        let words: FxHashMap<u64, u32> = [(0, 0), (1 << 40, 1), (2 << 40, 2)].into_iter().collect();
        let edges = [((1, step(Space::One, 2)), 2), ((1, step(Space::None, 2)), 3)].into_iter().collect();
        let trie = Trie::new(&words, &[NONE, 1], edges, &[NONE, NONE, 7, 8]);
        for word in 0..3 {
            assert_eq!(trie.word(u64::from(word) << 40).word, word);
        }
        assert_eq!((trie.word(1 << 40).root, trie.word(2 << 40).root), (1, NONE));
        assert_eq!(trie.word(3 << 40).word, NONE);
        assert_eq!(trie.next(1, step(Space::One, 2)).map(|node| trie.pattern(node)), Some(7));
        assert_eq!(trie.next(1, step(Space::None, 2)).map(|node| trie.pattern(node)), Some(8));
        assert_eq!(trie.next(1, step(Space::None, 1)), None);
        assert_eq!(trie.next(2, step(Space::None, 2)), None);
    }
}
