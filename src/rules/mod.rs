//! `lexicons/*.toml` compiled into one automaton.
//!
//! Read in this order: `schema` (what a file may hold), `source` (embedded files, a user's folder), `term`
//! (the mini-language of terms), `groups` (words that terms share), `inflect` (French forms), `expand` (a term's forms), `token`, `trie`,
//! `builder`, `matcher` and `pass` (all forms in one trie over words), `fuzzy` and `sound` (misspellings), `compile` (all of it behind
//! [`RuleSet`]), `scan` (a note's matches), [`check`] (every example of every entry).

mod builder;
pub mod check;
mod compile;
mod cues;
mod error;
mod expand;
mod fillers;
mod fold;
mod fuzzy;
mod groups;
mod inflect;
mod matcher;
mod pass;
mod scan;
mod schema;
mod sound;
mod source;
mod term;
mod token;
mod trie;

use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use cues::CueHits;
pub use error::{Problem, RuleError};
pub use scan::{RuleHit, Scan};
pub use schema::Window;

use crate::category::Category;
use crate::finding::Strength;
use source::Sources;

/// One compiled entry of a lexicon.
#[derive(Debug)]
pub struct Rule {
    /// `category/entry`.
    pub name: Arc<str>,
    pub category: Category,
    pub subcategory: Option<&'static str>,
    pub strength: Strength,
    pub window: Window,
    /// Cues of which one must be near (context entries), as indices into the set's cues.
    pub needs: Box<[u32]>,
    /// Cues any of which makes a match innocent.
    pub unless: Box<[u32]>,
    /// As written, before inflection and alternatives.
    pub terms: Vec<String>,
    /// Examples that must be flagged.
    pub flag: Vec<String>,
    /// Examples in which this rule must raise nothing.
    pub pass: Vec<String>,
    pub file: String,
    pub line: usize,
}

/// Phrases that make any finding they overlap innocent.
#[derive(Debug)]
pub struct Allow {
    pub reason: Arc<str>,
    /// Empty: for every category.
    pub categories: Vec<Category>,
    /// Cues any of which, in the same sentence, makes the phrase count for nothing.
    pub unless: Box<[u32]>,
}

impl Allow {
    /// Whether it speaks of a category.
    pub fn covers(&self, category: Category) -> bool {
        self.categories.is_empty() || self.categories.contains(&category)
    }
}

/// How large a set is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RuleStats {
    pub entries: usize,
    /// Distinct terms by category, before inflection, alternatives and optional words.
    pub terms: usize,
    /// Distinct written forms the automaton looks for, those of cues and allowed phrases included.
    pub forms: usize,
    pub cues: usize,
    pub allowed: usize,
    pub examples: usize,
    /// Bytes held by the automaton and its tables.
    pub memory: usize,
}

/// All rules, compiled; immutable and shared.
#[derive(Debug)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// How each cue is called in a reason: `@person`, or the words of a literal.
    cues: Vec<Arc<str>>,
    allows: Vec<Allow>,
    matcher: matcher::Matcher,
    fuzzy: fuzzy::Fuzzy,
    /// Folded first names.
    names: FxHashSet<Box<str>>,
    by_name: FxHashMap<Arc<str>, u32>,
    version: String,
}

impl RuleSet {
    /// The lexicons that come with the program.
    pub fn embedded() -> Result<Self, RuleError> {
        compile::compile(Sources::embedded()?)
    }

    /// The embedded lexicons, and a user's `folder/lexicons/*.toml` and `folder/allow.toml`. An entry or a cue of
    /// the user's replaces the embedded one of the same name; `enabled = false` switches it off.
    pub fn load(folder: Option<&Path>) -> Result<Self, RuleError> {
        Self::load_with(folder, &[])
    }

    /// The same with further files, as (file name, content), to try them before they are saved.
    pub fn load_with(folder: Option<&Path>, texts: &[(&str, &str)]) -> Result<Self, RuleError> {
        let mut sources = Sources::embedded()?;
        if let Some(folder) = folder {
            sources.add_folder(folder)?;
        }
        for (name, text) in texts {
            sources.add(name, name, text)?;
        }
        compile::compile(sources)
    }

    /// Rules from texts alone, as (file name, content); for tests and tools.
    pub fn from_texts(files: &[(&str, &str)]) -> Result<Self, RuleError> {
        let mut sources = Sources::default();
        for (name, text) in files {
            sources.add(name, name, text)?;
        }
        sources.embed();
        compile::compile(sources)
    }

    /// A short hash of everything the rules were made from.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Every rule, in the order of the files.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule called `category/entry`.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.by_name.get(name).map(|i| &self.rules[*i as usize])
    }

    /// Every allowed phrase.
    pub fn allows(&self) -> &[Allow] {
        &self.allows
    }

    /// How a cue is called: `@media`, or the words of a literal.
    pub fn cue_name(&self, cue: u32) -> &str {
        &self.cues[cue as usize]
    }

    /// Whether a folded word is a frequent first name.
    pub fn is_first_name(&self, folded: &str) -> bool {
        self.names.contains(folded)
    }

    /// Whether a folded word is one the rules know, so that it is neither a misspelling nor a name.
    pub fn is_known_word(&self, folded: &str) -> bool {
        self.matcher.knows(folded)
    }

    /// How large the set is.
    pub fn stats(&self) -> RuleStats {
        let terms: FxHashSet<(Category, &str)> =
            self.rules.iter().flat_map(|r| r.terms.iter().map(|t| (r.category, t.as_str()))).collect();
        RuleStats {
            entries: self.rules.len(),
            terms: terms.len(),
            forms: self.matcher.forms(),
            cues: self.cues.len(),
            allowed: self.allows.len(),
            examples: self.rules.iter().map(|r| r.flag.len() + r.pass.len()).sum(),
            memory: self.matcher.memory(),
        }
    }

    /// The embedded rules, compiled once for all tests of a process.
    #[cfg(test)]
    pub fn for_tests() -> Arc<Self> {
        static SET: std::sync::OnceLock<Arc<RuleSet>> = std::sync::OnceLock::new();
        SET.get_or_init(|| Arc::new(Self::embedded().expect("the embedded lexicons are valid"))).clone()
    }
}
