//! Expressions that a request brings along: Python's, as near as may be, and bounded in size and steps.

use fancy_regex::{Regex, RegexBuilder};

use super::clock::Turn;
use super::recognizer::refuse;
use crate::http::problem::{Problem, Violation};
use crate::span::Span;

/// Longest expression, in bytes.
pub const MAX_PATTERN: usize = 2_000;
/// Memory of one compiled expression, in bytes.
pub const MAX_COMPILED: usize = 4 << 20;
/// Steps of one search.
const MAX_STEPS: usize = 1_000_000;

/// Python's flags DOTALL, MULTILINE and IGNORECASE: what presidio-analyzer uses unasked.
pub const FLAGS: u32 = 16 | 8 | 2;

/// Compiles an expression of a request, under Python's flags.
pub fn compile(expression: &str, flags: u32) -> Option<Regex> {
    if expression.len() > MAX_PATTERN { None } else { build(expression, flags, MAX_COMPILED) }
}

/// Compiles an expression of any length.
pub fn build(expression: &str, flags: u32, memory: usize) -> Option<Regex> {
    let letters = [(2, 'i'), (8, 'm'), (16, 's'), (64, 'x')];
    let letters: String = letters.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, l)| l).collect();
    let whole = if letters.is_empty() { expression.to_owned() } else { format!("(?{letters}){expression}") };
    let mut builder = RegexBuilder::new(&whole);
    builder.backtrack_limit(MAX_STEPS).delegate_size_limit(memory).delegate_dfa_size_limit(memory);
    builder.build().ok()
}

/// The places an expression matches, empty ones left out.
pub fn matches<'a>(
    regex: &'a Regex,
    text: &'a str,
    turn: &'a Turn,
) -> impl Iterator<Item = Result<Span, Problem>> + 'a {
    regex
        .find_iter(text)
        .map(|found| {
            turn.check()?;
            let found = found.map_err(|_| refuse("an expression takes too many steps on this text"))?;
            Ok(Span::new(found.start(), found.end()))
        })
        .filter(|span| !span.as_ref().is_ok_and(|s| s.is_empty()))
}

/// Whether an expression matches anywhere.
pub fn matches_any(regex: &Regex, text: &str) -> Result<bool, Problem> {
    regex.is_match(text).map_err(|_| {
        Problem::invalid(vec![Violation::new(
            "/allow_list",
            "an expression takes too many steps on this text",
        )])
    })
}
