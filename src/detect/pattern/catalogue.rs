//! `lexicons/patterns.toml` read and checked: each table is one pattern.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use toml::Spanned;

use super::cues::{CueBuilder, Hits, Words};
use super::readers::{self, Reader};
use crate::category::Category;

/// A catalogue of patterns cannot be used. Names the file and the line, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PatternError {
    pub file: String,
    pub line: usize,
    pub reason: String,
}

/// One pattern as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    category: Category,
    subcategory: Option<String>,
    /// Over the plain view: lower case, no accents. A group named `v` is the value; else the whole match is.
    regex: String,
    /// The function that reads, extends or proves the value; `any` takes it as it is.
    #[serde(default)]
    read: Option<String>,
    /// Where it is tried.
    #[serde(default)]
    gate: Gate,
    /// Score of the shape alone; 0 means that it must be announced or proven.
    #[serde(default)]
    score: f32,
    /// Score once announced.
    #[serde(default)]
    announced: f32,
    /// Score once its check digits prove it.
    #[serde(default)]
    proven: f32,
    /// Words or signs inside the value: without one of them the pattern is not tried.
    #[serde(default)]
    holds: Vec<String>,
    /// Words that announce the value, at most `reach` bytes before it.
    #[serde(default)]
    announce: Vec<String>,
    /// Words that announce it from behind, at most `reach` bytes after it.
    #[serde(default)]
    after: Vec<String>,
    #[serde(default = "default_reach")]
    reach: usize,
    /// One announcing word may serve several values ("nés le 3/5/87 et le 4/6/90").
    #[serde(default)]
    shared: bool,
    /// Words that make it a company's or a thing's, when nearer than an announcing word.
    #[serde(default)]
    veto: Vec<String>,
    /// Why, in French, for `rules explain`.
    #[serde(default)]
    because: Option<String>,
    /// Words that make it doubtful, and the score then.
    #[serde(default)]
    doubt: Vec<String>,
    #[serde(default)]
    doubtful: f32,
    /// Whether "commande n°", "réf"… directly before it make it a reference.
    #[serde(default = "default_true")]
    reference: bool,
    /// Id of the pattern whose value, just before, this one belongs to.
    #[serde(default)]
    joins: Option<String>,
    /// Notes with the value between square brackets.
    #[serde(default)]
    flag: Vec<String>,
    /// Notes in which nothing is found.
    #[serde(default)]
    pass: Vec<String>,
}

fn default_reach() -> usize {
    40
}

fn default_true() -> bool {
    true
}

/// Where a pattern is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// At words that hold a digit or stand just before one.
    #[default]
    Digit,
    /// In notes with an `@`.
    At,
    /// Everywhere: its expression should begin with letters, which are sought fast.
    Any,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Words that make of what follows a reference: "commande", "réf"…
    #[serde(default)]
    references: Vec<String>,
    /// Lists of words that several patterns share; `"@name"` among words stands for the list.
    #[serde(default)]
    lists: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pattern: Vec<Row>,
}

/// One pattern, compiled.
#[derive(Debug)]
pub struct Pattern {
    /// `category/id`.
    pub rule: Arc<str>,
    pub category: Category,
    pub subcategory: Option<&'static str>,
    pub regex: Regex,
    /// Whether the value is the group `v`.
    pub grouped: bool,
    pub read: Reader,
    pub gate: Gate,
    pub score: f32,
    pub announced: f32,
    pub proven: f32,
    pub holds: Words,
    pub announce: Words,
    pub after: Words,
    pub reach: usize,
    pub shared: bool,
    pub veto: Words,
    pub because: String,
    pub doubt: Words,
    pub doubtful: f32,
    pub reference: bool,
    /// Index of the pattern it joins.
    pub joins: Option<usize>,
    pub line: usize,
    pub flag: Vec<String>,
    pub pass: Vec<String>,
}

impl Pattern {
    /// Whether the note holds the words without which the pattern cannot count.
    pub fn may_occur(&self, hits: &Hits) -> bool {
        let needs_cue =
            self.score == 0.0 && self.proven == 0.0 && self.doubtful == 0.0 && self.joins.is_none();
        let announced = !needs_cue || hits.any(&self.announce) || hits.any(&self.after);
        announced && (self.holds.is_empty() || hits.any(&self.holds))
    }
}

/// Reads a catalogue; cue words go to `cues`, those of references under the words returned.
pub fn parse(file: &str, text: &str, cues: &mut CueBuilder) -> Result<(Vec<Pattern>, Words), PatternError> {
    let fail = |line: usize, reason: String| PatternError { file: file.to_owned(), line, reason };
    let parsed: File = toml::from_str(text)
        .map_err(|e| fail(e.span().map_or(1, |span| line_of(text, span.start)), e.message().to_owned()))?;
    let ids: Vec<String> = parsed.pattern.iter().map(|r| r.id.get_ref().clone()).collect();
    let mut patterns = Vec::with_capacity(ids.len());
    for (at, row) in parsed.pattern.into_iter().enumerate() {
        let line = line_of(text, row.id.span().start);
        if ids[..at].contains(&ids[at]) {
            return Err(fail(line, format!("pattern `{}` is there twice; rename one", ids[at])));
        }
        patterns
            .push(compile(row, line, &ids[..at], &parsed.lists, cues).map_err(|reason| fail(line, reason))?);
    }
    let references = expand(&parsed.references, &parsed.lists).map_err(|reason| fail(1, reason))?;
    let references = cues.words(&references).map_err(|reason| fail(1, reason))?;
    Ok((patterns, references))
}

fn compile(
    row: Row,
    line: usize,
    earlier: &[String],
    lists: &BTreeMap<String, Vec<String>>,
    cues: &mut CueBuilder,
) -> Result<Pattern, String> {
    let mut words = |named: &[String]| expand(named, lists).and_then(|all| cues.words(&all));
    let regex = RegexBuilder::new(&row.regex)
        .unicode(false)
        .build()
        .map_err(|e| format!("`regex` of `{}`: {e}", row.id.get_ref()))?;
    let grouped = regex.capture_names().any(|name| name == Some("v"));
    let read = match &row.read {
        None => readers::any as Reader,
        Some(name) => readers::by_name(name)
            .ok_or_else(|| format!("no reader `{name}`; there are {}", readers::names().join(", ")))?,
    };
    let subcategory = match &row.subcategory {
        None => None,
        Some(name) => Some(row.category.subcategory(name).ok_or_else(|| {
            format!(
                "`{}` has no subcategory `{name}`; it has {}",
                row.category,
                row.category.subcategories().join(", ")
            )
        })?),
    };
    let joins = match &row.joins {
        None => None,
        Some(id) => Some(
            earlier
                .iter()
                .position(|e| e == id)
                .ok_or_else(|| format!("`joins` names `{id}`, which is no pattern above this one"))?,
        ),
    };
    for (name, value) in [
        ("score", row.score),
        ("announced", row.announced),
        ("proven", row.proven),
        ("doubtful", row.doubtful),
    ] {
        if !(0.0..=1.0).contains(&value) {
            return Err(format!("`{name}` is {value}; it must lie between 0 and 1"));
        }
    }
    if !row.announce.is_empty() && row.announced == 0.0 {
        return Err("`announce` without `announced`: give the score once announced".to_owned());
    }
    Ok(Pattern {
        rule: format!("{}/{}", row.category, row.id.get_ref()).into(),
        category: row.category,
        subcategory,
        regex,
        grouped,
        read,
        gate: row.gate,
        score: row.score,
        announced: row.announced,
        proven: row.proven,
        holds: words(&row.holds)?,
        announce: words(&row.announce)?,
        after: words(&row.after)?,
        reach: row.reach,
        shared: row.shared,
        veto: words(&row.veto)?,
        because: row.because.unwrap_or_else(|| "donnée d'entreprise".to_owned()),
        doubt: words(&row.doubt)?,
        doubtful: row.doubtful,
        reference: row.reference,
        joins,
        line,
        flag: row.flag,
        pass: row.pass,
    })
}

/// Puts a list's words in the place of its `@name`.
fn expand(words: &[String], lists: &BTreeMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let mut all = Vec::with_capacity(words.len());
    for word in words {
        match word.strip_prefix('@') {
            None => all.push(word.clone()),
            Some(name) => all.extend_from_slice(
                lists
                    .get(name)
                    .ok_or_else(|| format!("no list `{name}` under [lists]; it is used as `@{name}`"))?,
            ),
        }
    }
    Ok(all)
}

fn line_of(text: &str, byte: usize) -> usize {
    text.as_bytes()[..byte.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1
}
