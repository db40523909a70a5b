//! One row a finding, for spreadsheets. Every cell that may hold what the source wrote is disarmed: one that a spreadsheet
//! would take for a formula begins with an apostrophe.

use std::io::{self, Write};

use super::{AtomicFile, Sink};
use crate::report::csv::{cell, io_error};
use crate::store::findings::StoredFinding;

/// Columns, in order.
pub const HEADER: [&str; 23] = [
    "fingerprint",
    "rescan",
    "source",
    "unit",
    "note",
    "column",
    "field",
    "category",
    "subcategory",
    "severity",
    "action",
    "score",
    "start",
    "end",
    "rule",
    "sources",
    "team",
    "author",
    "month",
    "state",
    "reason",
    "reviewed_by",
    "reviewed_at",
];

pub struct Csv {
    rows: Rows<AtomicFile>,
}

/// Rows on any output.
pub struct Rows<W: Write>(csv::Writer<W>);

impl<W: Write> Rows<W> {
    /// Writes the header.
    pub fn new(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(HEADER).map_err(io_error)?;
        Ok(Self(out))
    }

    pub fn row(&mut self, f: &StoredFinding) -> io::Result<()> {
        let review = f.review.as_ref();
        let or_empty = |value: &Option<String>| value.clone().unwrap_or_default();
        let row: [String; 23] = [
            f.fingerprint.to_string(),
            f.rescan.clone(),
            f.source.clone(),
            f.unit.clone(),
            f.note.clone(),
            f.column.clone(),
            or_empty(&f.field),
            f.category.clone(),
            or_empty(&f.subcategory),
            f.severity.clone(),
            f.action.clone(),
            f.score.to_string(),
            f.start.to_string(),
            f.end.to_string(),
            f.rule.clone(),
            f.sources.join("|"),
            or_empty(&f.team),
            or_empty(&f.author),
            or_empty(&f.month),
            f.state.id().to_owned(),
            review.and_then(|r| r.reason.as_ref()).map(|r| r.code.id().to_owned()).unwrap_or_default(),
            review.and_then(|r| r.by.clone()).unwrap_or_default(),
            review.map(|r| timestamp(r.at)).unwrap_or_default(),
        ];
        self.0.write_record(row.iter().map(|text| cell(text))).map_err(io_error)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn timestamp(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).unwrap_or_default().to_string()
}

impl Csv {
    pub fn new(out: AtomicFile) -> io::Result<Self> {
        Ok(Self { rows: Rows::new(out)? })
    }
}

impl Sink for Csv {
    fn take(&mut self, finding: &StoredFinding) -> io::Result<()> {
        self.rows.row(finding)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let file = self.rows.0.into_inner().map_err(|e| e.into_error())?;
        file.commit()
    }
}
