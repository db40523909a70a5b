//! One JSON object a note: `{"id", …the API's answer}`, or `{"id", "line", "error"}`. A note without id gives a line
//! without `id`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{Entry, Failure, Printer};
use crate::answer::Answer;

/// A line of the output.
#[derive(Serialize)]
#[serde(untagged)]
enum Line<'a> {
    Answer {
        #[serde(skip_serializing_if = "Value::is_null")]
        id: &'a Value,
        #[serde(flatten)]
        answer: &'a Answer,
    },
    Error {
        #[serde(skip_serializing_if = "Value::is_null")]
        id: &'a Value,
        line: u64,
        error: &'a Failure,
    },
}

/// Prints every entry.
pub struct Ndjson<W> {
    out: W,
}

impl<W: Write> Ndjson<W> {
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Printer for Ndjson<W> {
    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        let line = match &entry.outcome {
            Ok(scanned) => Line::Answer { id: &entry.id, answer: &scanned.answer },
            Err(error) => Line::Error { id: &entry.id, line: entry.place.line, error },
        };
        serde_json::to_writer(&mut self.out, &line)?;
        self.out.write_all(b"\n")
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{entry, failed};

    fn printed(entry: &Entry) -> Value {
        let mut out = Vec::new();
        Ndjson::new(&mut out).entry(entry).unwrap();
        assert_eq!(out.iter().filter(|b| **b == b'\n').count(), 1);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn an_answer_carries_its_id_beside_the_contract_members() {
        let line = printed(&entry("cliente malade", Some("malade")));
        assert_eq!(line["id"], "n1");
        assert_eq!(line["verdict"], "block");
        assert_eq!(line["findings"][0]["text"], "malade");
    }

    #[test]
    fn a_bad_line_carries_its_number() {
        let line = printed(&failed());
        assert_eq!(
            line,
            serde_json::json!({"line": 4, "error": {
                "type": "urn:vigie:problem:invalid-body", "title": "The line cannot be read", "detail": "pas du JSON",
            }})
        );
    }
}
