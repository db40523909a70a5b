//! `allow_list`: words that a client never wants told.

use std::collections::HashSet;

use fancy_regex::Regex;

use super::clock::Turn;
use super::expression::{compile, matches_any};
use crate::http::problem::{Problem, Violation};

/// What is allowed.
pub enum Allow {
    Words(HashSet<String>),
    Expression(Box<Regex>),
}

impl Allow {
    /// `how` is `allow_list_match`: `exact`, or `regex` for a list of expressions one of which is enough.
    pub fn new(list: Vec<String>, how: &str, flags: u32) -> Result<Self, Problem> {
        match how {
            "exact" => Ok(Self::Words(list.into_iter().collect())),
            "regex" => {
                let expressions: Vec<&str> =
                    list.iter().map(String::as_str).filter(|e| !e.is_empty()).collect();
                if expressions.is_empty() {
                    return Ok(Self::Words(HashSet::new()));
                }
                let wrong = || {
                    Problem::invalid(vec![Violation::new("/allow_list", "not an expression understood here")])
                };
                compile(&expressions.join("|"), flags).map(Box::new).map(Self::Expression).ok_or_else(wrong)
            }
            _ => Err(Problem::invalid(vec![Violation::new("/allow_list_match", "expected exact or regex")])),
        }
    }

    /// Whether the words found are allowed.
    pub fn holds(&self, found: &str, turn: &Turn) -> Result<bool, Problem> {
        match self {
            Self::Words(words) => Ok(words.contains(found)),
            Self::Expression(regex) => {
                turn.check()?;
                matches_any(regex, found)
            }
        }
    }
}
