//! Recognizers that a request brings along: expressions and lists of words, bounded in size and time so that no
//! request can hold a thread.

use fancy_regex::Regex;
use serde_json::Value;

use super::clock::{Clock, Turn};
use super::explanation::{Explanation, Recognized};
use super::expression::{FLAGS, MAX_COMPILED, MAX_PATTERN, build, compile, matches};
use super::surroundings::raise;
use crate::http::members::{Members, string};
use crate::http::problem::{Problem, Violation};
use crate::span::Span;

/// Most expressions and lists of one request.
const MAX_PATTERNS: usize = 100;
/// Words of all lists of one request.
const MAX_WORDS: usize = 10_000;
/// Context words of a recognizer, and of a request.
const MAX_CONTEXT: usize = 1_000;
/// Results in one text.
const MAX_RESULTS: usize = 10_000;

/// 422 for what the recognizers of a request ask too much of.
pub fn refuse(detail: &str) -> Problem {
    Problem::invalid(vec![Violation::new("/ad_hoc_recognizers", detail)])
}

/// A recognizer of a request.
pub struct Recognizer {
    name: String,
    pub entity: String,
    patterns: Vec<Pattern>,
    context: Vec<String>,
    flags: u32,
}

struct Pattern {
    name: String,
    source: String,
    regex: Regex,
    score: f64,
}

/// Reads the recognizers of a request, found at `/ad_hoc_recognizers`.
pub fn read_all(values: Vec<Value>, clock: &Clock) -> Result<Vec<Recognizer>, Problem> {
    let turn = clock.turn();
    let (mut patterns, mut words) = (0, 0);
    let mut all = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        let recognizer = read(value, format!("/ad_hoc_recognizers/{at}"), &mut words, &turn)?;
        patterns += recognizer.patterns.len();
        if patterns > MAX_PATTERNS {
            return Err(refuse(&format!("more than {MAX_PATTERNS} expressions and lists")));
        }
        all.push(recognizer);
    }
    Ok(all)
}

fn read(value: Value, at: String, words: &mut usize, turn: &Turn) -> Result<Recognizer, Problem> {
    let mut members = Members::of(value, at.as_str())?;
    let entity = members.optional("supported_entity", "a string", filled);
    let entities = members.optional("supported_entities", "an array of one string", |v| strings(v)?.pop());
    let name = members.optional("name", "a string", string).unwrap_or_else(|| "PatternRecognizer".to_owned());
    let patterns = members.optional("patterns", "an array of patterns", array).unwrap_or_default();
    let deny_list = members.optional("deny_list", "an array of strings", strings).unwrap_or_default();
    let deny_score = members.optional("deny_list_score", "a number from 0 to 1", score).unwrap_or(1.0);
    let known = members.optional("context", CONTEXT, context).unwrap_or_default();
    let flags = members.optional("global_regex_flags", "a number", flags).unwrap_or(FLAGS);
    members.finish_open()?;
    let wrong =
        |member: &str, detail: &str| Problem::invalid(vec![Violation::new(format!("{at}/{member}"), detail)]);
    let entity =
        entity.or(entities).ok_or_else(|| wrong("supported_entity", "missing: expected a string"))?;
    if patterns.is_empty() && deny_list.is_empty() {
        return Err(wrong("patterns", "expected patterns or a deny_list"));
    }
    *words += deny_list.len();
    if *words > MAX_WORDS || patterns.len() > MAX_PATTERNS {
        return Err(refuse(&format!("more than {MAX_PATTERNS} expressions or {MAX_WORDS} words")));
    }
    let mut compiled = Vec::new();
    for (index, pattern) in patterns.into_iter().enumerate() {
        turn.check()?;
        compiled.push(Pattern::read(pattern, format!("{at}/patterns/{index}"), flags)?);
    }
    if !deny_list.is_empty() {
        let pattern = Pattern::words(&deny_list, deny_score, flags);
        compiled.push(pattern.ok_or_else(|| wrong("deny_list", "too large"))?);
    }
    Ok(Recognizer { name, entity, patterns: compiled, context: known, flags })
}

impl Pattern {
    fn read(value: Value, at: String, flags: u32) -> Result<Self, Problem> {
        let mut members = Members::of(value, at.as_str())?;
        let name = members.optional("name", "a string", string).unwrap_or_default();
        let source = members.required("regex", "a string", filled);
        let score = members.required("score", "a number from 0 to 1", score);
        members.finish_open()?;
        let regex = compile(&source, flags).ok_or_else(|| {
            let detail = format!("not an expression understood here, or larger than {MAX_PATTERN} bytes");
            Problem::invalid(vec![Violation::new(format!("{at}/regex"), detail)])
        })?;
        Ok(Self { name, source, regex, score })
    }

    /// Finds words that stand alone.
    fn words(words: &[String], score: f64, flags: u32) -> Option<Self> {
        let escaped: Vec<_> =
            words.iter().filter(|w| !w.is_empty()).map(|w| fancy_regex::escape(w)).collect();
        let source = format!(r"(?<!\w)(?:{})(?!\w)", escaped.join("|"));
        let regex = build(&source, flags, 4 * MAX_COMPILED)?;
        Some(Self { name: "deny_list".to_owned(), source, regex, score })
    }
}

impl Recognizer {
    /// Adds what this recognizes in a text. `given` are the context words of the request.
    pub fn run(
        &self,
        text: &str,
        given: &[String],
        clock: &Clock,
        out: &mut Vec<Recognized>,
    ) -> Result<(), Problem> {
        let turn = clock.turn();
        for pattern in &self.patterns {
            for span in matches(&pattern.regex, text, &turn) {
                if out.len() >= MAX_RESULTS {
                    return Err(refuse(&format!("more than {MAX_RESULTS} results in one text")));
                }
                let mut result = self.result(pattern, span?);
                raise(&mut result, text, &self.context, given);
                out.push(result);
            }
        }
        Ok(())
    }

    fn result(&self, pattern: &Pattern, span: Span) -> Recognized {
        let explanation = Explanation {
            original_score: pattern.score,
            pattern: Some(pattern.source.clone()),
            pattern_name: Some(pattern.name.clone()),
            recognizer: self.name.clone(),
            regex_flags: Some(self.flags),
            score: pattern.score,
            score_context_improvement: 0.0,
            supportive_context_word: String::new(),
            textual_explanation: Some(format!(
                "Detected by `{}` using pattern `{}`",
                self.name, pattern.name
            )),
            validation_result: None,
        };
        Recognized { entity: self.entity.clone(), span, score: pattern.score, explanation }
    }
}

fn filled(value: Value) -> Option<String> {
    string(value).filter(|s| !s.is_empty())
}

fn array(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(values) => Some(values),
        _ => None,
    }
}

/// An array of strings.
pub fn strings(value: Value) -> Option<Vec<String>> {
    array(value)?.into_iter().map(string).collect()
}

/// What `context` is.
pub const CONTEXT: &str = "an array of 1000 strings at the most";

/// Context words: few, as each is looked for around each result.
pub fn context(value: Value) -> Option<Vec<String>> {
    strings(value).filter(|words| words.len() <= MAX_CONTEXT)
}

/// A number from 0 to 1.
pub fn score(value: Value) -> Option<f64> {
    value.as_f64().filter(|score| (0.0..=1.0).contains(score))
}

/// Python's flags of an expression.
pub fn flags(value: Value) -> Option<u32> {
    value.as_u64()?.try_into().ok()
}
