//! Reads the body of `/anonymize`.

use std::collections::HashMap;

use serde_json::Value;

use super::operator::Operator;
use crate::http::members::{Members, string};
use crate::http::problem::{Problem, Violation};
use crate::span::Span;

/// A request of `/anonymize`, as documented.
#[derive(utoipa::ToSchema)]
#[schema(as = PresidioAnonymize)]
#[expect(dead_code, reason = "describes the members that `Anonymization::read` reads")]
pub struct AnonymizeSchema {
    #[schema(example = "Client diabétique")]
    text: String,
    /// What `/analyze` answered: `entity_type`, `start`, `end`, `score`.
    #[schema(value_type = Vec<Object>)]
    analyzer_results: Vec<Value>,
    /// By entity, or `DEFAULT`: `{"type": "replace" | "redact" | "mask" | "hash" | "encrypt" | "keep", …}` with the
    /// operator's own members. Without it each entity is replaced by its name, `<HEALTH>`.
    #[schema(value_type = Option<Object>)]
    anonymizers: Option<Value>,
}

/// Something recognized in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    pub name: String,
    /// Bytes of the text.
    pub span: Span,
    pub score: f64,
}

/// A text, what to take out of it, and how.
pub struct Anonymization {
    pub text: String,
    pub results: Vec<Entity>,
    pub operators: HashMap<String, Operator>,
}

impl Anonymization {
    pub fn read(value: Value) -> Result<Self, Problem> {
        let mut members = Members::of(value, "")?;
        let text = members.required("text", "a string", string);
        let results = members.required("analyzer_results", "an array of results", |v| match v {
            Value::Array(results) => Some(results),
            _ => None,
        });
        let object = |v| match v {
            Value::Object(map) => Some(map),
            _ => None,
        };
        let anonymizers = members.optional("anonymizers", "an object of operators", object);
        members.finish_open()?;
        let bytes = Bytes::new(&text);
        let results = results.into_iter().enumerate();
        let results = results.map(|(at, v)| result(v, format!("/analyzer_results/{at}"), &bytes));
        let results = results.collect::<Result<_, _>>()?;
        let operators = anonymizers.unwrap_or_default().into_iter();
        let operators = operators.map(|(name, value)| {
            let operator = Operator::read(value, format!("/anonymizers/{}", place(&name)))?;
            Ok((name, operator))
        });
        Ok(Self { results, operators: operators.collect::<Result<_, Problem>>()?, text })
    }
}

fn result(value: Value, at: String, bytes: &Bytes) -> Result<Entity, Problem> {
    let mut members = Members::of(value, at.as_str())?;
    let whole = |v: Value| v.as_u64()?.try_into().ok();
    let name = members.required("entity_type", "a string", |v| string(v).filter(|s| !s.is_empty()));
    let start: usize = members.required("start", "a whole number from 0", whole);
    let end: usize = members.required("end", "a whole number from 0", whole);
    let score = members.required("score", "a number", |v| v.as_f64());
    members.finish_open()?;
    match (bytes.at(start), bytes.at(end)) {
        (Some(from), Some(to)) if start <= end => Ok(Entity { name, span: Span::new(from, to), score }),
        _ => {
            let detail = "start and end are not a place in the text, counted in code points";
            Err(Problem::invalid(vec![Violation::new(at, detail)]))
        }
    }
}

/// A client's name of an entity, if it can be nothing but a name.
fn place(name: &str) -> &str {
    let plain =
        name.len() <= 40 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    if plain { name } else { "…" }
}

/// Bytes at which code points begin; nothing is kept for a text of ASCII alone.
struct Bytes {
    starts: Option<Vec<usize>>,
    len: usize,
}

impl Bytes {
    fn new(text: &str) -> Self {
        let starts = (!text.is_ascii())
            .then(|| text.char_indices().map(|(at, _)| at).chain(std::iter::once(text.len())).collect());
        Self { starts, len: text.len() }
    }

    fn at(&self, point: usize) -> Option<usize> {
        match &self.starts {
            Some(starts) => starts.get(point).copied(),
            None => Some(point).filter(|p| *p <= self.len),
        }
    }
}
