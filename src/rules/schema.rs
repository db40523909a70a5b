//! What may stand in a lexicon file. Unknown keys are errors.

use serde::Deserialize;
use toml::Spanned;

use super::term::Inflect;
use crate::category::Category;
use crate::finding::Strength;

/// `lexicons/<category>.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LexiconFile {
    pub category: Category,
    #[serde(default)]
    pub entry: Vec<Spanned<Entry>>,
}

/// One rule of a lexicon, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: String,
    pub subcategory: Option<String>,
    pub strength: Strength,
    pub inflect: Option<Inflect>,
    pub terms: Vec<String>,
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub unless: Vec<String>,
    #[serde(default)]
    pub window: Window,
    #[serde(default = "yes")]
    pub fuzzy: bool,
    #[serde(default)]
    pub flag: Vec<String>,
    #[serde(default)]
    pub pass: Vec<String>,
    /// `false` in a user's file switches an embedded entry off.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// Where `needs` and `unless` are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    #[default]
    Clause,
    Sentence,
    Note,
}

/// `lexicons/context.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextFile {
    #[serde(default)]
    pub cue: Vec<Spanned<Cue>>,
    /// Words close to a term that are no misspelling of it.
    #[serde(default)]
    pub common: WordList,
    /// Adverbs and the like that may stand between a verb and what follows.
    #[serde(default)]
    pub fillers: WordList,
    /// Frequent first names: a capitalised word after one is a surname.
    #[serde(default)]
    pub names: WordList,
}

/// A named cue, `@person` for those who use it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    pub name: String,
    /// What it is for; for readers of the file.
    #[serde(default)]
    #[allow(dead_code, reason = "documentation inside the data")]
    pub about: String,
    /// Terms; `@other` includes another cue's.
    pub terms: Vec<String>,
    /// Phrases inside which a term of this cue does not count ("il y a").
    #[serde(default)]
    pub except: Vec<String>,
}

/// `lexicons/groups.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupFile {
    #[serde(default)]
    pub group: Vec<Spanned<Group>>,
}

/// A named list of words, `{mari}` inside a term.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    pub name: String,
    pub terms: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordList {
    pub words: Vec<String>,
}

/// `allow.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowFile {
    #[serde(default)]
    pub allow: Vec<Spanned<AllowEntry>>,
}

/// Harmless phrases, and why they are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowEntry {
    pub terms: Vec<String>,
    pub reason: String,
    /// Empty: harmless for every category.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Cues in the same sentence that make the phrase count for nothing.
    #[serde(default)]
    pub unless: Vec<String>,
}
