//! SARIF 2.1.0 (OASIS, 2020): what code hosts and editors show beside the lines of a file.
//!
//! Written as a stream: the rules first, then one result a finding, then what could not be read.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Entry, Failure, Place, Printer};
use crate::answer::AnswerFinding;
use crate::category::Category;
use crate::policy::Action;
use crate::span::{OffsetUnit, Span};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// Most unreadable notes listed one by one; the others are counted.
const LISTED: usize = 1000;

/// Prints one result a finding; a note without findings leaves no trace.
pub struct Sarif<W> {
    out: W,
    results: u64,
    notifications: Vec<Value>,
    unlisted: u64,
}

impl<W: Write> Sarif<W> {
    pub fn new(out: W) -> Self {
        Self { out, results: 0, notifications: Vec::new(), unlisted: 0 }
    }

    fn result(&mut self, place: &Place, text: &str, finding: &AnswerFinding) -> io::Result<()> {
        let separator = if self.results == 0 { "\n" } else { ",\n" };
        self.results += 1;
        self.out.write_all(separator.as_bytes())?;
        let region = match place.region(text, Span::new(finding.start, finding.end)) {
            Some(r) => json!({
                "startLine": r.start.0, "startColumn": r.start.1, "endLine": r.end.0, "endColumn": r.end.1,
            }),
            None => json!({"startLine": place.line}),
        };
        let result = json!({
            "ruleId": finding.category.id(),
            "ruleIndex": finding.category.index(),
            "level": level(finding.action),
            "message": {"text": format!("{} {}", finding.message, finding.advice)},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": uri(&place.file)},
                "region": region,
            }}],
            "properties": {"rule": finding.rule, "score": finding.score, "subcategory": finding.subcategory},
        });
        serde_json::to_writer(&mut self.out, &result)?;
        Ok(())
    }

    fn unreadable(&mut self, place: &Place, failure: &Failure) {
        if self.notifications.len() < LISTED {
            self.notifications.push(json!({
                "level": "error",
                "descriptor": {"id": failure.kind.id()},
                "message": {"text": failure.detail},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&place.file)},
                    "region": {"startLine": place.line},
                }}],
            }));
        } else {
            self.unlisted += 1;
        }
    }
}

impl<W: Write> Printer for Sarif<W> {
    fn unit(&self) -> Option<OffsetUnit> {
        Some(OffsetUnit::Utf8)
    }

    fn begin(&mut self) -> io::Result<()> {
        let rules: Vec<Value> = Category::ALL
            .iter()
            .map(|c| {
                json!({
                    "id": c.id(),
                    "name": c.label(),
                    "shortDescription": {"text": c.label()},
                    "fullDescription": {"text": format!("{} ({})", c.label(), c.legal_basis())},
                })
            })
            .collect();
        let driver = json!({
            "name": "vigie",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "language": "fr-FR",
            "rules": rules,
        });
        write!(
            self.out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\
             \"columnKind\":\"unicodeCodePoints\",\"results\":["
        )
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        match &entry.outcome {
            Ok(scanned) => scanned
                .answer
                .findings
                .iter()
                .try_for_each(|finding| self.result(&entry.place, &scanned.text, finding)),
            Err(failure) => {
                self.unreadable(&entry.place, failure);
                Ok(())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn end(&mut self) -> io::Result<()> {
        if self.unlisted > 0 {
            let more = format!("{} autres notes illisibles", self.unlisted);
            self.notifications.push(json!({"level": "error", "message": {"text": more}}));
        }
        let invocation = json!({
            "executionSuccessful": true,
            "toolExecutionNotifications": self.notifications,
        });
        writeln!(self.out, "\n],\"invocations\":[{invocation}]}}]}}")?;
        self.flush()
    }
}

fn level(action: Action) -> &'static str {
    match action {
        Action::Block => "error",
        Action::Warn => "warning",
        Action::Report | Action::Allow => "note",
    }
}

/// A file's path as a URI reference (RFC 3986), relative where the path is.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char);
            }
            b'\\' if cfg!(windows) => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{entry, failed};

    fn document(entries: &[Entry]) -> Value {
        let mut out = Vec::new();
        let mut sarif = Sarif::new(&mut out);
        sarif.begin().unwrap();
        entries.iter().for_each(|e| sarif.entry(e).unwrap());
        sarif.end().unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn it_has_what_the_schema_requires() {
        let document = document(&[entry("cliente malade", Some("malade")), entry("rien", None), failed()]);
        assert_eq!(document["version"], "2.1.0");
        let run = &document["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(driver["name"], "vigie");
        assert_eq!(driver["rules"].as_array().unwrap().len(), Category::COUNT);
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 1);
        let result = &results[0];
        assert_eq!(driver["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string());
        assert_eq!(result["level"], "error");
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(location["artifactLocation"]["uri"], "notes.txt");
        assert_eq!(
            location["region"],
            json!({"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 15})
        );
        let invocation = &run["invocations"][0];
        assert!(invocation["executionSuccessful"].is_boolean());
        assert_eq!(invocation["toolExecutionNotifications"][0]["message"]["text"], "pas du JSON");
    }

    #[test]
    fn an_empty_stream_is_a_document_too() {
        assert_eq!(document(&[])["runs"][0]["results"], json!([]));
    }

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("données/mes notes.txt"), "donn%C3%A9es/mes%20notes.txt");
    }
}
