//! Interns words, forms, checks, sets and chains, and builds the matcher.

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::expand::{Chain, Form};
use super::fillers::Fillers;
use super::matcher::{Check, Completion, Link, Matcher, Member, Owner, Pattern, bit, reach, word_hash};
use super::token::tokens;
use super::trie::{NONE, Trie, step};

/// Gives equal values one number.
struct Interner<T> {
    ids: FxHashMap<T, u32>,
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    fn new() -> Self {
        Self { ids: FxHashMap::default() }
    }

    fn id(&mut self, value: T) -> u32 {
        let next = self.ids.len() as u32;
        *self.ids.entry(value).or_insert(next)
    }

    /// The values in the order of their numbers.
    fn into_values(self) -> Vec<T> {
        let mut pairs: Vec<(T, u32)> = self.ids.into_iter().collect();
        pairs.sort_unstable_by_key(|(_, id)| *id);
        pairs.into_iter().map(|(value, _)| value).collect()
    }
}

/// A trie that grows.
struct Draft {
    /// Numbers of words by their hash: every word and sign of a pattern, and other known words.
    words: FxHashMap<u64, u32>,
    /// The node each word leads to from the root, or `NONE`; shorter than `words` where the last lead nowhere.
    roots: Vec<u32>,
    /// From a node, by a step, to a node.
    edges: FxHashMap<(u32, u32), u32>,
    /// The pattern that ends at each node, or `NONE`.
    ends: Vec<u32>,
}

/// Collects terms, then builds the matcher.
pub struct Builder {
    trie: Draft,
    patterns: u32,
    completions: Vec<(u32, Completion)>,
    checks: Interner<Check>,
    sets: Interner<Box<[Member]>>,
    chains: Interner<Box<[Link]>>,
    fillers: FxHashSet<(u32, u32)>,
    /// Tokens of the longest pattern.
    longest: usize,
}

impl Builder {
    /// With room for about that many forms.
    pub fn with_capacity(forms: usize) -> Self {
        let mut builder = Self {
            trie: Draft {
                words: FxHashMap::with_capacity_and_hasher(forms, FxBuildHasher),
                roots: Vec::with_capacity(forms),
                edges: FxHashMap::with_capacity_and_hasher(2 * forms, FxBuildHasher),
                ends: vec![NONE],
            },
            patterns: 0,
            completions: Vec::with_capacity(forms),
            checks: Interner::new(),
            sets: Interner::new(),
            chains: Interner::new(),
            fillers: FxHashSet::default(),
            longest: 0,
        };
        builder.checks.id(Check::default());
        builder.chains.id(Box::default());
        builder
    }

    /// Adds the chains of a term.
    pub fn add(&mut self, owner: Owner, chains: Vec<Chain>) {
        for mut chain in chains {
            let Some(last) = chain.pop() else { continue };
            let mut links = Vec::with_capacity(chain.len());
            let gaps: Vec<_> = chain.iter().skip(1).map(|s| s.gap).chain([last.gap]).collect();
            for (segment, gap) in chain.into_iter().zip(gaps) {
                let mut members: Vec<Member> =
                    segment.forms.into_iter().map(|form| self.form(form)).collect();
                members.sort_unstable();
                members.dedup();
                let bits = members.iter().fold(0, |bits, (pattern, _)| bits | bit(*pattern));
                links.push(Link { set: self.sets.id(members.into_boxed_slice()), gap, bits });
            }
            let chain = self.chains.id(links.into_boxed_slice());
            for form in last.forms {
                let (pattern, check) = self.form(form);
                self.completions.push((pattern, Completion { owner, chain, check }));
            }
        }
    }

    /// Adds one or two words that may stand between a verb and what follows; already folded.
    pub fn add_filler(&mut self, folded: &str) {
        let words: Vec<u32> = tokens(folded).map(|t| self.word(&folded[t.start..t.end])).collect();
        if let [first, rest @ ..] = words.as_slice() {
            self.fillers.insert((*first, rest.first().copied().unwrap_or(NONE)));
        }
    }

    /// Notes a folded word as right as it is, neither misspelt nor a name.
    pub fn know(&mut self, word: &str) {
        self.word(word);
    }

    /// The number of a word.
    fn word(&mut self, word: &str) -> u32 {
        let next = self.trie.words.len() as u32;
        *self.trie.words.entry(word_hash(word)).or_insert(next)
    }

    /// A new node.
    fn node(trie: &mut Draft) -> u32 {
        trie.ends.push(NONE);
        trie.ends.len() as u32 - 1
    }

    /// The number of a pattern.
    fn pattern(&mut self, text: &str) -> u32 {
        let mut node = 0;
        for (i, token) in tokens(text).enumerate() {
            self.longest = self.longest.max(i + 1);
            let word = self.word(&text[token.start..token.end]);
            let trie = &mut self.trie;
            if i == 0 {
                if trie.roots.len() <= word as usize {
                    trie.roots.resize(word as usize + 1, NONE);
                }
                if trie.roots[word as usize] == NONE {
                    trie.roots[word as usize] = Self::node(trie);
                }
                node = trie.roots[word as usize];
                continue;
            }
            let key = (node, step(token.space, word));
            node = match trie.edges.get(&key) {
                Some(next) => *next,
                None => {
                    let next = Self::node(trie);
                    trie.edges.insert(key, next);
                    next
                }
            };
        }
        let end = &mut self.trie.ends[node as usize];
        if *end == NONE {
            *end = self.patterns;
            self.patterns += 1;
        }
        *end
    }

    fn form(&mut self, form: Form) -> Member {
        let pattern = self.pattern(&form.folded.text);
        let plain = form.folded.accents == 0 && form.exact.is_empty();
        let check = if plain {
            0
        } else {
            self.checks.id(Check { accents: form.folded.accents, exact: form.exact.into_boxed_slice() })
        };
        (pattern, check)
    }

    /// Builds the matcher.
    pub fn build(mut self) -> Matcher {
        let mut patterns = vec![Pattern::default(); self.patterns as usize];
        let sets = self.sets.into_values();
        for (pattern, _) in sets.iter().flat_map(|set| set.iter()) {
            patterns[*pattern as usize].precedes = true;
        }
        let key = |(pattern, c): &(u32, Completion)| (*pattern, c.owner, c.chain, c.check);
        self.completions.sort_unstable_by_key(key);
        self.completions.dedup_by_key(|c| key(c));
        for (i, (pattern, _)) in self.completions.iter().enumerate() {
            let pattern = &mut patterns[*pattern as usize];
            if pattern.from == pattern.to {
                pattern.from = i as u32;
            }
            pattern.to = i as u32 + 1;
        }
        let Draft { words, roots, edges, ends } = self.trie;
        let mut fillers = Fillers::default();
        self.fillers.into_iter().for_each(|(first, second)| fillers.insert(first, second));
        let chains = self.chains.into_values();
        Matcher {
            trie: Trie::new(&words, &roots, edges, &ends),
            reach: reach(&chains, self.longest),
            patterns,
            completions: self.completions.into_iter().map(|(_, completion)| completion).collect(),
            checks: self.checks.into_values(),
            sets,
            chains,
            fillers,
        }
    }
}
