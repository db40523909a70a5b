//! Printers of one stream of answers: [`pretty`] for people, [`ndjson`] for programs, [`csv`] for spreadsheets,
//! [`sarif`] for code hosts and editors.

pub mod csv;
pub mod ndjson;
mod number;
mod place;
pub mod pretty;
pub mod sarif;
mod screen;
mod summary;

use std::io;

use serde::Serialize;
use serde_json::Value;

pub use number::{count, decimal, grouped};
pub use place::{Layout, Place, Region};
pub use screen::{Screen, one_line, wrap};
pub use summary::Summary;

use crate::answer::Answer;
use crate::span::OffsetUnit;

/// How a note fails; the same names as the HTTP API's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The line is no record of its format.
    InvalidBody,
    /// The record lacks something, or has something it must not have.
    InvalidRequest,
    TooLarge,
    Internal,
}

impl FailureKind {
    /// As in the problem type `urn:vigie:problem:…`.
    pub fn id(self) -> &'static str {
        match self {
            FailureKind::InvalidBody => "invalid-body",
            FailureKind::InvalidRequest => "invalid-request",
            FailureKind::TooLarge => "too-large",
            FailureKind::Internal => "internal",
        }
    }

    fn title(self) -> &'static str {
        match self {
            FailureKind::InvalidBody => "The line cannot be read",
            FailureKind::InvalidRequest => "The note is not valid",
            FailureKind::TooLarge => "Too large",
            FailureKind::Internal => "Something broke",
        }
    }
}

/// Why a note has no answer, as JSON a problem like the HTTP API's (RFC 9457). Never carries the note's text.
#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: FailureKind,
    /// What is wrong and what to do.
    pub detail: String,
}

impl Failure {
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut problem = serializer.serialize_struct("Problem", 3)?;
        problem.serialize_field("type", &format_args!("urn:vigie:problem:{}", self.kind.id()))?;
        problem.serialize_field("title", self.kind.title())?;
        problem.serialize_field("detail", &self.detail)?;
        problem.end()
    }
}

/// One note of a stream with what came of it.
#[derive(Debug)]
pub struct Entry {
    /// As the input gave it; `null` where it gave none.
    pub id: Value,
    pub place: Place,
    pub outcome: Result<Scanned, Failure>,
}

/// A note and its answer.
pub struct Scanned {
    pub text: String,
    /// With offsets in the unit the printer asked for.
    pub answer: Answer,
}

impl std::fmt::Debug for Scanned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scanned({} bytes)", self.text.len())
    }
}

/// Prints a stream of entries, in the order of the input.
pub trait Printer {
    /// The offset unit it needs in answers, where the user's choice does not matter to it.
    fn unit(&self) -> Option<OffsetUnit> {
        None
    }

    /// Before the first entry.
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()>;

    /// What was printed so far becomes visible to the reader.
    fn flush(&mut self) -> io::Result<()>;

    /// After the last entry.
    fn end(&mut self) -> io::Result<()> {
        self.flush()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::category::Category;
    use crate::finding::Finding;
    use crate::policy::{Action, Severity, Verdict};
    use crate::scanner::{Report, Reported, Versions};
    use crate::span::Span;

    /// The note `n1` on line 3 of `notes.txt`, with a health finding on `word`.
    pub(crate) fn entry(text: &str, word: Option<&str>) -> Entry {
        let findings = word.map(|word| {
            let start = text.find(word).unwrap();
            Reported {
                finding: Finding {
                    category: Category::Health,
                    subcategory: Some("illness"),
                    span: Span::new(start, start + word.len()),
                    score: 0.97,
                    sources: vec![crate::finding::Source::Lexicon],
                    rule: "health/test".into(),
                },
                severity: Severity::High,
                action: Action::Block,
                message: "Donnée de santé.".into(),
                advice: "Retirez-la.".into(),
            }
        });
        let report = Report {
            verdict: Verdict::of(findings.iter().map(|f| f.action)),
            redacted: word.map_or(text.to_owned(), |word| text.replace(word, "[santé]")),
            findings: findings.into_iter().collect(),
            profile: "default".into(),
            took: std::time::Duration::ZERO,
            stages: crate::stages::Stages::default(),
        };
        let versions = Versions { engine: "1", model: "none".into(), lexicons: "1".into() };
        Entry {
            id: "n1".into(),
            place: Place::new(&"notes.txt".into(), 3, Layout::Line),
            outcome: Ok(Scanned {
                text: text.to_owned(),
                answer: Answer::new(&report, text, OffsetUnit::Utf8, &versions),
            }),
        }
    }

    /// Line 4 of `notes.txt`, which is not JSON.
    pub(crate) fn failed() -> Entry {
        Entry {
            id: Value::Null,
            place: Place::new(&"notes.txt".into(), 4, Layout::Unknown),
            outcome: Err(Failure::new(FailureKind::InvalidBody, "pas du JSON")),
        }
    }
}
