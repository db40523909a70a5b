//! One row a note, for spreadsheets. The words found are left out on purpose: such files travel.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::Value;

use super::{Entry, Printer};

const HEADER: [&str; 8] = ["id", "line", "verdict", "categories", "rules", "max_score", "redacted", "error"];

/// Prints every entry: id, line of the input, verdict, categories and rules (joined by `|`), highest score, redacted
/// note, error.
pub struct Csv<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Csv<W> {
    pub fn new(out: W) -> Self {
        Self { out: csv::Writer::from_writer(out) }
    }
}

impl<W: Write> Printer for Csv<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.out.write_record(HEADER).map_err(io_error)
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        let id = match &entry.id {
            Value::Null => String::new(),
            Value::String(id) => cell(id),
            id => id.to_string(),
        };
        let line = entry.place.line.to_string();
        let row = match &entry.outcome {
            Err(failure) => [
                id,
                line,
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                cell(&failure.detail),
            ],
            Ok(scanned) => {
                let answer = &scanned.answer;
                let categories: BTreeSet<_> = answer.findings.iter().map(|f| f.category).collect();
                let rules: BTreeSet<_> = answer.findings.iter().map(|f| f.rule.as_str()).collect();
                let score = answer.findings.iter().map(|f| f.score).max_by(f32::total_cmp);
                [
                    id,
                    line,
                    verdict(answer),
                    categories.iter().map(|c| c.id()).collect::<Vec<_>>().join("|"),
                    rules.into_iter().collect::<Vec<_>>().join("|"),
                    score.map(|s| s.to_string()).unwrap_or_default(),
                    cell(&answer.redacted),
                    String::new(),
                ]
            }
        };
        self.out.write_record(row).map_err(io_error)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn verdict(answer: &crate::answer::Answer) -> String {
    use crate::policy::Verdict;
    match answer.verdict {
        Verdict::Clear => "clear",
        Verdict::Warn => "warn",
        Verdict::Block => "block",
    }
    .to_owned()
}

/// The I/O error inside, so that its kind is not lost.
pub(crate) fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A cell that a spreadsheet does not take for a formula: one that begins like a formula and is no number gets an
/// apostrophe in front (OWASP, "CSV Injection").
pub(crate) fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula && text.parse::<f64>().is_err() { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{entry, failed};

    #[test]
    fn rows_by_hand() {
        let mut out = Vec::new();
        let mut csv = Csv::new(&mut out);
        csv.begin().unwrap();
        csv.entry(&entry("cliente malade, \"dit-elle\"", Some("malade"))).unwrap();
        csv.entry(&failed()).unwrap();
        csv.end().unwrap();
        drop(csv);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "id,line,verdict,categories,rules,max_score,redacted,error\n\
             n1,3,block,health,health/test,0.97,\"cliente [santé], \"\"dit-elle\"\"\",\n\
             ,4,,,,,,pas du JSON\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(cell("- rappeler"), "'- rappeler");
        assert_eq!(cell("-12"), "-12");
    }
}
