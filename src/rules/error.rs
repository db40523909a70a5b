//! What can be wrong with a set of rules, with file and line.

use std::fmt;
use std::path::PathBuf;

/// One thing wrong with one rule, cue or allowed phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// As `lexicons/health.toml`.
    pub file: String,
    /// First line is 1; 0 where no line can be told.
    pub line: usize,
    /// `health/diabete`, `@person`, `allow`.
    pub rule: String,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.rule, self.message)
    }
}

/// The rules could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    #[error("cannot read {path}", path = path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A user's file of a kind that only the program brings.
    #[error("{path} cannot be read as a lexicon: patterns and advice come with the program; add words in a file of another name, or let phrases pass in allow.toml", path = .0.display())]
    Ours(PathBuf),
    #[error("{file}:{line}: {message}")]
    Syntax { file: String, line: usize, message: String },
    /// Every problem found, not only the first.
    #[error("{} problem(s) in the lexicons:\n{}", .0.len(), lines(.0))]
    Invalid(Vec<Problem>),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

/// The line, counted from 1, of a byte of a file.
pub fn line_at(text: &str, byte: usize) -> usize {
    1 + text.as_bytes()[..byte.min(text.len())].iter().filter(|b| **b == b'\n').count()
}
