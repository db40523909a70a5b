//! Interns forms, checks, sets and chains, and builds the automaton.

use aho_corasick::MatchKind;
use aho_corasick::nfa::contiguous;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::error::RuleError;
use super::expand::{Chain, Form};
use super::matcher::{Check, Completion, Link, Matcher, Member, Owner, Pattern, filler_hash};

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

/// Collects terms, then builds the matcher.
pub struct Builder {
    patterns: FxHashMap<String, u32>,
    completions: Vec<(u32, Completion)>,
    checks: Interner<Check>,
    sets: Interner<Box<[Member]>>,
    chains: Interner<Box<[Link]>>,
    fillers: FxHashSet<u64>,
}

impl Builder {
    /// With room for about that many forms.
    pub fn with_capacity(forms: usize) -> Self {
        let mut builder = Self {
            patterns: FxHashMap::with_capacity_and_hasher(forms, FxBuildHasher),
            completions: Vec::with_capacity(forms),
            checks: Interner::new(),
            sets: Interner::new(),
            chains: Interner::new(),
            fillers: FxHashSet::default(),
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
                let mut members: Vec<Member> = segment.forms.into_iter().map(|form| self.form(form)).collect();
                members.sort_unstable();
                members.dedup();
                links.push(Link { set: self.sets.id(members.into_boxed_slice()), gap });
            }
            let chain = self.chains.id(links.into_boxed_slice());
            for form in last.forms {
                let (pattern, check) = self.form(form);
                self.completions.push((pattern, Completion { owner, chain, check }));
            }
        }
    }

    /// Adds a word or phrase that may stand between a verb and what follows; already folded.
    pub fn add_filler(&mut self, folded: &str) {
        self.fillers.insert(filler_hash(folded.as_bytes()));
    }

    fn form(&mut self, form: Form) -> Member {
        let next = self.patterns.len() as u32;
        let pattern = *self.patterns.entry(form.folded.text).or_insert(next);
        let plain = form.folded.accents == 0 && form.exact.is_empty();
        let check = if plain {
            0
        } else {
            self.checks.id(Check { accents: form.folded.accents, exact: form.exact.into_boxed_slice() })
        };
        (pattern, check)
    }

    /// Builds the automaton.
    pub fn build(mut self) -> Result<Matcher, RuleError> {
        let mut texts: Vec<(String, u32)> = self.patterns.into_iter().collect();
        texts.sort_unstable_by_key(|(_, id)| *id);
        let mut patterns: Vec<Pattern> = texts
            .iter()
            .map(|(text, _)| Pattern { len: text.len() as u32, precedes: false, from: 0, to: 0 })
            .collect();
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
        let automaton = contiguous::Builder::new()
            .match_kind(MatchKind::Standard)
            .prefilter(false)
            .build(texts.iter().map(|(text, _)| text.as_bytes()))
            .map_err(|error| RuleError::Automaton(error.to_string()))?;
        Ok(Matcher {
            automaton,
            patterns,
            completions: self.completions.into_iter().map(|(_, completion)| completion).collect(),
            checks: self.checks.into_values(),
            sets,
            chains: self.chains.into_values(),
            fillers: self.fillers,
        })
    }
}
