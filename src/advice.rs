//! What to tell the writer, in French: what is wrong, the article, what to write instead.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use serde::Deserialize;

use crate::category::Category;

/// `lexicons/advice.toml`.
const EMBEDDED: &str = include_str!("../lexicons/advice.toml");

/// A text that every finding shares instead of copying it.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Shared(Arc<str>);

impl From<String> for Shared {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Shared {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Deref for Shared {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// What is said about a category or one of its subcategories.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    pub category: Category,
    /// Absent in the category's general advice.
    pub subcategory: Option<String>,
    /// What is wrong and by which article.
    pub message: Shared,
    /// What to do, with an example of neutral wording.
    pub advice: Shared,
    /// A neutral wording that may stand in the place of the words found; editors offer it as a replacement.
    pub rewrite: Option<String>,
}

/// The advice file is wrong.
#[derive(Debug, thiserror::Error)]
pub enum AdviceError {
    #[error("advice.toml:{line}: {message}")]
    Syntax { line: usize, message: String },
    #[error("advice.toml: {0}")]
    Invalid(String),
}

/// Advice by category and subcategory.
#[derive(Clone, Debug)]
pub struct AdviceBook {
    general: Vec<Advice>,
    /// By category, then by subcategory.
    special: HashMap<Category, HashMap<String, Advice>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    advice: Vec<Advice>,
}

impl AdviceBook {
    /// The shipped advice.
    pub fn embedded() -> Result<Self, AdviceError> {
        Self::parse(EMBEDDED)
    }

    fn parse(text: &str) -> Result<Self, AdviceError> {
        let file: File = toml::from_str(text).map_err(|e| AdviceError::Syntax {
            line: e.span().map_or(1, |s| text[..s.start].matches('\n').count() + 1),
            message: e.message().to_owned(),
        })?;
        let mut general: HashMap<Category, Advice> = HashMap::new();
        let mut special: HashMap<Category, HashMap<String, Advice>> = HashMap::new();
        for advice in file.advice {
            let category = advice.category;
            let twice = match advice.subcategory.clone() {
                None => general.insert(category, advice).is_some(),
                Some(name) if category.subcategory(&name).is_none() => {
                    return Err(AdviceError::Invalid(format!("{category} has no subcategory `{name}`")));
                }
                Some(name) => special.entry(category).or_default().insert(name, advice).is_some(),
            };
            if twice {
                return Err(AdviceError::Invalid(format!("{category} has the same advice twice")));
            }
        }
        let general = Category::ALL
            .into_iter()
            .map(|c| {
                general.remove(&c).ok_or_else(|| AdviceError::Invalid(format!("{c} has no general advice")))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { general, special })
    }

    /// The advice of the subcategory, else that of the category.
    pub fn get(&self, category: Category, subcategory: Option<&str>) -> &Advice {
        subcategory
            .and_then(|s| self.special.get(&category)?.get(s))
            .unwrap_or(&self.general[category.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcategory_finds_advice_that_says_something() {
        let book = AdviceBook::embedded().unwrap();
        for category in Category::ALL {
            for sub in std::iter::once(None).chain(category.subcategories().iter().map(|s| Some(*s))) {
                let advice = book.get(category, sub);
                assert!(advice.message.len() > 30 && advice.advice.len() > 30, "{category} {sub:?}");
            }
        }
    }

    #[test]
    fn a_missing_category_is_named() {
        let error = AdviceBook::parse("advice = []").unwrap_err().to_string();
        assert!(error.contains("health"), "{error}");
    }
}
