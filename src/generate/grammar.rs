//! The grammar of `grammar.toml`, compiled once and expanded for every note.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::random::Random;
use super::values::Value;

const SOURCE: &str = include_str!("grammar.toml");

/// The grammar has a mistake.
#[derive(Debug, thiserror::Error)]
pub enum GrammarError {
    #[error("grammar.toml: {0}")]
    Toml(#[from] Box<toml::de::Error>),
    #[error("grammar.toml: `{0}` names nothing")]
    Unknown(String),
    #[error("grammar.toml: `{0}` has an open brace or no alternative, or leads to itself")]
    Malformed(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    lists: BTreeMap<String, Vec<String>>,
    sector: BTreeMap<String, Sentences>,
    common: Sentences,
    sensitive: BTreeMap<String, Sentences>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    #[serde(default, rename = "ref")]
    referring: Vec<String>,
    plain: Vec<String>,
}

/// A list of alternatives, by its place among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List(usize);

enum Part {
    Text(Box<str>),
    List(List),
    Value(Value),
}

/// What a sector's notes are made of.
pub struct Sector {
    /// Sentences with a reference.
    pub referring: List,
    pub plain: List,
}

/// The compiled grammar.
pub struct Grammar {
    lists: Vec<Vec<Vec<Part>>>,
    pub sectors: Vec<Sector>,
    pub common: List,
    /// What does not belong in a note: category, or category and subcategory.
    pub sensitive: Vec<(String, List)>,
    pub first_names: Vec<String>,
    pub names: Vec<String>,
}

impl Grammar {
    /// The grammar that the program ships.
    pub fn shipped() -> Result<Self, GrammarError> {
        let source: Source = toml::from_str(SOURCE).map_err(Box::new)?;
        let mut compiler = Compiler { source: &source.lists, known: BTreeMap::new(), lists: Vec::new() };
        let mut sectors = Vec::new();
        for (name, sentences) in &source.sector {
            let referring = compiler.list(name, &sentences.referring)?;
            sectors.push(Sector { referring, plain: compiler.list(name, &sentences.plain)? });
        }
        let common = compiler.list("common", &source.common.plain)?;
        let mut sensitive = Vec::new();
        for (name, sentences) in &source.sensitive {
            sensitive.push((name.clone(), compiler.list(name, &sentences.plain)?));
        }
        let lists = compiler.lists;
        let names = |list: &str| source.lists.get(list).cloned().unwrap_or_default();
        Ok(Self { lists, sectors, common, sensitive, first_names: names("prenom"), names: names("nom") })
    }

    /// Writes one of a list's alternatives.
    pub fn write(&self, list: List, random: &mut Random, place: u64, out: &mut String) {
        for part in random.pick(&self.lists[list.0]).into_iter().flatten() {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::List(list) => self.write(*list, random, place, out),
                Part::Value(value) => value.write(random, place, out),
            }
        }
    }
}

struct Compiler<'a> {
    source: &'a BTreeMap<String, Vec<String>>,
    /// Lists that are compiled; none while they are being so.
    known: BTreeMap<&'a str, Option<List>>,
    lists: Vec<Vec<Vec<Part>>>,
}

impl<'a> Compiler<'a> {
    fn list(&mut self, name: &str, alternatives: &'a [String]) -> Result<List, GrammarError> {
        if alternatives.is_empty() {
            return Err(GrammarError::Malformed(name.to_owned()));
        }
        let list = alternatives.iter().map(|text| self.parts(text)).collect::<Result<_, _>>()?;
        self.lists.push(list);
        Ok(List(self.lists.len() - 1))
    }

    fn parts(&mut self, text: &'a str) -> Result<Vec<Part>, GrammarError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| GrammarError::Malformed(text.to_owned()))?;
            if !before.is_empty() {
                parts.push(Part::Text(before.into()));
            }
            parts.push(match name.strip_prefix('#') {
                Some(value) => {
                    Part::Value(Value::named(value).ok_or_else(|| GrammarError::Unknown(name.to_owned()))?)
                }
                None => Part::List(self.named(name)?),
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        Ok(parts)
    }

    fn named(&mut self, name: &'a str) -> Result<List, GrammarError> {
        match self.known.get(name) {
            Some(Some(list)) => return Ok(*list),
            Some(None) => return Err(GrammarError::Malformed(name.to_owned())),
            None => {}
        }
        let alternatives = self.source.get(name).ok_or_else(|| GrammarError::Unknown(name.to_owned()))?;
        self.known.insert(name, None);
        let list = self.list(name, alternatives)?;
        self.known.insert(name, Some(list));
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::Category;

    #[test]
    fn sensitive_sentences_cover_every_category() {
        let grammar = Grammar::shipped().unwrap();
        for category in Category::ALL {
            let found =
                grammar.sensitive.iter().filter(|(name, _)| name.split('/').next() == Some(category.id()));
            assert!(found.count() > 0, "{category}");
        }
        for (name, _) in &grammar.sensitive {
            let (category, subcategory) = name.split_once('/').unwrap_or((name, ""));
            let category: Category = category.parse().unwrap();
            assert!(subcategory.is_empty() || category.subcategory(subcategory).is_some(), "{name}");
        }
    }

    #[test]
    fn every_sentence_that_should_has_one_reference() {
        let source: Source = toml::from_str(SOURCE).unwrap();
        for sentence in source.sector.values().flat_map(|s| &s.referring) {
            assert_eq!(sentence.matches("{#ref}").count(), 1, "{sentence}");
        }
        let plain = source.sector.values().chain([&source.common]).chain(source.sensitive.values());
        for sentence in plain.flat_map(|s| &s.plain).chain(source.lists.values().flatten()) {
            assert!(!sentence.contains("{#ref}"), "{sentence}");
        }
    }

    #[test]
    fn mistakes_are_found() {
        let lists = BTreeMap::from([
            ("a".to_owned(), vec!["x{b}".to_owned()]),
            ("b".to_owned(), vec!["{a}".to_owned()]),
        ]);
        for wrong in ["{a}", "{c}", "{#c}", "{a"] {
            let sentences = [wrong.to_owned()];
            let mut compiler = Compiler { source: &lists, known: BTreeMap::new(), lists: Vec::new() };
            assert!(compiler.list("s", &sentences).is_err(), "{wrong}");
        }
    }
}
