//! One note of a batch or of a stream, with the id its client gave it.

use serde::Serialize;
use serde_json::Value;

use super::how::How;
use super::members::{Members, string};
use super::problem::Problem;
use super::state::AppState;
use super::work;
use crate::answer::Answer;
use crate::note::{Note, NoteText};
use crate::scanner::Scanner;

/// Integers beyond this size are not all kept exactly by JSON readers (RFC 8259, section 6).
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A note of a batch, as documented.
#[derive(utoipa::ToSchema)]
#[schema(as = BatchNote)]
#[expect(dead_code, reason = "describes the members that `Entry::read` reads")]
pub struct EntrySchema {
    /// String or number, given back as it came.
    #[schema(value_type = Option<Object>, example = "42")]
    id: Option<Value>,
    #[schema(example = "Client diabétique type 2, livraison le matin")]
    text: String,
    /// Name of the field the note was typed in.
    field: Option<String>,
}

/// A note to scan, or what is wrong with it.
pub struct Entry {
    id: Option<Value>,
    note: Result<Note, Problem>,
}

impl Entry {
    /// An entry that cannot be read at all.
    pub fn unreadable(problem: Problem) -> Self {
        Self { id: None, note: Err(problem) }
    }

    /// Reads `{"id", "text", "field"}`, found at the JSON Pointer `at`.
    pub fn read(value: Value, at: String) -> Self {
        let mut members = match Members::of(value, at) {
            Ok(members) => members,
            Err(problem) => return Self::unreadable(problem),
        };
        let id = members.optional("id", "a string, or a number below 2^53", id);
        let text = members.required("text", "a string", string);
        let field = members.optional("field", "a string", string);
        let note = members.finish().map(|()| Note { field, text: NoteText::from(text) });
        Self { id, note }
    }

    /// Scans the note; the answer carries its id, or the error in the place of the findings.
    pub fn answer(self, state: &AppState, scanner: &Scanner, how: &How) -> EntryAnswer {
        let answer = self.note.and_then(|note| work::answer(state, scanner, &note, how));
        let (answer, error) = match answer {
            Ok(answer) => (Some(answer), None),
            Err(problem) => (None, Some(problem)),
        };
        EntryAnswer { id: self.id, line: None, answer, error }
    }
}

fn id(value: Value) -> Option<Value> {
    match &value {
        Value::String(_) => Some(value),
        Value::Number(n) if n.is_f64() && n.as_f64().is_some_and(|f| f.abs() >= MAX_EXACT) => None,
        Value::Number(_) => Some(value),
        _ => None,
    }
}

/// The answer for one note: its findings, or its error.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = NoteAnswer)]
pub struct EntryAnswer {
    /// As the client gave it; absent if it gave none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    id: Option<Value>,
    /// In a stream, the number of the line an error is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(flatten)]
    answer: Option<Answer>,
    /// Why this note could not be scanned. The other notes are not affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
}

impl EntryAnswer {
    /// Names the line of a stream if there is an error on it.
    pub fn on_line(mut self, number: u64) -> Self {
        self.line = self.error.is_some().then_some(number);
        self
    }

    /// Its JSON, on one line.
    pub fn json(&self) -> String {
        // Strings, numbers and lists are always writable; were one not, its reader must learn of it.
        serde_json::to_string(self).unwrap_or_else(|_| r#"{"error":{"status":500}}"#.to_owned())
    }
}

impl From<Problem> for EntryAnswer {
    fn from(problem: Problem) -> Self {
        Self { id: None, line: None, answer: None, error: Some(problem) }
    }
}
