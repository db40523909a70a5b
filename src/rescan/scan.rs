//! A page of rows in, what is to be committed of it out. Runs on every scanning thread at once and keeps nothing between
//! pages, so that findings do not depend on threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::counted::Counted;
use super::digest::{Digester, pack};
use super::excerpt::Excerpts;
use super::fingerprint::Fingerprinter;
use super::incremental::Unchanged;
use super::source::{Cell, Labels, Page, Position, Row};
use super::stop::Stop;
use crate::category::Category;
use crate::note::Note;
use crate::policy::{Action, Severity};
use crate::scanner::{Report, ScanError, ScanOptions};
use crate::span::{OffsetMap, OffsetUnit};

/// The unit a page is of.
#[derive(Debug)]
pub struct PageUnit {
    /// As numbered by the store.
    pub id: i64,
    pub name: String,
    pub columns: Vec<String>,
    /// What an earlier rescan found of it, where this one is incremental.
    pub unchanged: Option<Unchanged>,
}

/// A page that was scanned.
#[derive(Debug)]
pub struct Scanned {
    pub unit: Arc<PageUnit>,
    pub rows: u64,
    pub first_key: Option<String>,
    pub last_key: Option<String>,
    pub after: Position,
    /// Eight bytes a note that was scanned or did not change.
    pub digests: Vec<u8>,
    /// In reading order.
    pub findings: Vec<Kept>,
    pub unreadable: Vec<Unread>,
    /// One a column of the unit.
    pub counts: Vec<Counted>,
}

/// What a note adds to the findings.
#[derive(Debug)]
pub enum Kept {
    New(Found),
    /// Those an earlier rescan has of it.
    Carried(Carried),
}

/// A finding as stored: everything but the words.
#[derive(Debug)]
pub struct Found {
    pub key: Arc<str>,
    pub column: usize,
    pub field: String,
    pub category: Category,
    pub subcategory: Option<&'static str>,
    /// UTF-16 units of the note.
    pub start: usize,
    pub end: usize,
    pub score: f64,
    pub severity: Severity,
    pub action: Action,
    pub rule: Arc<str>,
    /// Detectors joined by `+`.
    pub sources: String,
    pub fingerprint: [u8; 16],
    pub excerpt: Option<Vec<u8>>,
    pub labels: Arc<Labels>,
    pub digest: u64,
}

/// A note that did not change and has findings.
#[derive(Debug)]
pub struct Carried {
    pub key: Arc<str>,
    pub column: usize,
    pub digest: u64,
    pub labels: Arc<Labels>,
}

/// A note that could not be read.
#[derive(Debug)]
pub struct Unread {
    pub key: Arc<str>,
    /// `None`: the row as a whole.
    pub column: Option<usize>,
    pub reason: String,
}

/// What says what is in a note: [`Scanner::scan`], save in tests.
///
/// [`Scanner::scan`]: crate::scanner::Scanner::scan
pub type Judge = dyn Fn(&Note, &ScanOptions<'_>) -> Result<Report, ScanError> + Send + Sync;

/// Scans pages.
pub struct PageScanner {
    pub judge: Box<Judge>,
    pub profile: String,
    pub min_score: f32,
    pub digester: Digester,
    pub fingerprinter: Fingerprinter,
    pub excerpts: Option<Excerpts>,
    pub stop: Stop,
}

impl PageScanner {
    /// Scans a page; `None` when told to stop in the middle of it.
    pub fn scan(&self, unit: Arc<PageUnit>, page: Page) -> Option<Scanned> {
        let mut out = Scanned {
            rows: page.rows.len() as u64,
            first_key: page.rows.first().map(|row| row.key.clone()),
            last_key: page.rows.last().map(|row| row.key.clone()),
            after: page.after,
            digests: Vec::new(),
            findings: Vec::new(),
            unreadable: Vec::new(),
            counts: vec![Counted::default(); unit.columns.len()],
            unit: Arc::clone(&unit),
        };
        let mut digests = Vec::with_capacity(page.rows.len() * unit.columns.len());
        for row in page.rows {
            if self.stop.is_asked() {
                return None;
            }
            self.row(&unit, row, &mut out, &mut digests);
        }
        out.digests = pack(&digests);
        Some(out)
    }

    fn row(&self, unit: &PageUnit, row: Row, out: &mut Scanned, digests: &mut Vec<u64>) {
        let (key, labels): (Arc<str>, _) = (row.key.into(), Arc::new(row.labels));
        if row.cells.len() != unit.columns.len() {
            let reason = match row.cells.into_iter().next() {
                Some(Cell::Unreadable(reason)) => reason,
                _ => "internal error: the source gave another number of columns; please report it".to_owned(),
            };
            for counts in &mut out.counts {
                counts.seen += 1;
                counts.unreadable += 1;
            }
            out.unreadable.push(Unread { key, column: None, reason });
            return;
        }
        for (column, cell) in row.cells.into_iter().enumerate() {
            out.counts[column].seen += 1;
            let result = match cell {
                Cell::Empty => {
                    out.counts[column].empty += 1;
                    continue;
                }
                Cell::Unreadable(reason) => Err(reason),
                Cell::Text(text) => {
                    let field = labels.field.clone().unwrap_or_else(|| unit.columns[column].clone());
                    let note = Note { field: Some(field), text };
                    self.note(unit, column, &key, &labels, &note, out)
                }
            };
            match result {
                Ok(digest) => digests.push(digest),
                Err(reason) => {
                    out.counts[column].unreadable += 1;
                    out.unreadable.push(Unread { key: Arc::clone(&key), column: Some(column), reason });
                }
            }
        }
    }

    /// Scans a note, or finds that it did not change; gives its digest, or why it cannot be scanned.
    fn note(
        &self,
        unit: &PageUnit,
        column: usize,
        key: &Arc<str>,
        labels: &Arc<Labels>,
        note: &Note,
        out: &mut Scanned,
    ) -> Result<u64, String> {
        let field = note.field.as_deref().unwrap_or_default();
        let digest = self.digester.note(key, &unit.columns[column], field, note.text.as_str());
        if let Some(unchanged) = unit.unchanged.as_ref().filter(|u| u.knows(digest)) {
            out.counts[column].unchanged += 1;
            if unchanged.has_findings(digest) {
                out.counts[column].with_findings += 1;
                let (key, labels) = (Arc::clone(key), Arc::clone(labels));
                out.findings.push(Kept::Carried(Carried { key, column, digest, labels }));
            }
            return Ok(digest);
        }
        let options = ScanOptions { profile: &self.profile, min_score: self.min_score };
        // A bug in a detector must cost one note, not the whole rescan. The scanner keeps nothing between notes.
        let report = catch_unwind(AssertUnwindSafe(|| (self.judge)(note, &options)))
            .map_err(|_| "internal error on this note; please report it".to_owned())?
            .map_err(|error| error.to_string())?;
        out.counts[column].scanned += 1;
        out.counts[column].with_findings += u64::from(!report.findings.is_empty());
        self.keep(unit, column, key, labels, note, digest, &report, &mut out.findings);
        Ok(digest)
    }

    #[expect(clippy::too_many_arguments, reason = "one note, taken apart")]
    fn keep(
        &self,
        unit: &PageUnit,
        column: usize,
        key: &Arc<str>,
        labels: &Arc<Labels>,
        note: &Note,
        digest: u64,
        report: &Report,
        findings: &mut Vec<Kept>,
    ) {
        if report.findings.is_empty() {
            return;
        }
        let text = note.text.as_str();
        let mut map = OffsetMap::new(text, OffsetUnit::Utf16);
        let mut fingerprints = self.fingerprinter.note(&unit.name, key, &unit.columns[column]);
        for (i, reported) in report.findings.iter().enumerate() {
            let finding = &reported.finding;
            let (start, end) = map.convert_span(finding.span);
            let fingerprint = fingerprints.next(finding.category, finding.span.of(text));
            let sources: Vec<&str> = finding.sources.iter().map(|source| source.id()).collect();
            findings.push(Kept::New(Found {
                key: Arc::clone(key),
                column,
                field: note.field.clone().unwrap_or_default(),
                category: finding.category,
                subcategory: finding.subcategory,
                start,
                end,
                score: (f64::from(finding.score) * 1000.0).round() / 1000.0,
                severity: reported.severity,
                action: reported.action,
                rule: Arc::clone(&finding.rule),
                sources: sources.join("+"),
                fingerprint,
                excerpt: self.excerpts.as_ref().map(|e| e.seal(&fingerprint, text, &report.findings, i)),
                labels: Arc::clone(labels),
                digest,
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rescan::keys::Keys;
    use crate::scanner::{Scanner, ScannerOptions};

    #[test]
    fn a_note_that_a_detector_cannot_stand_costs_that_note_alone() {
        let scanner =
            Scanner::load(&ScannerOptions { classifier: false, ..ScannerOptions::default() }).unwrap();
        let keys = Keys::from_environment(&"5a".repeat(32)).unwrap();
        let pages = PageScanner {
            judge: Box::new(move |note, options| {
                assert!(!note.text.as_str().contains("poison"), "{}", note.text.as_str());
                scanner.scan(note, options)
            }),
            profile: "default".to_owned(),
            min_score: 0.0,
            digester: Digester::new(&keys),
            fingerprinter: Fingerprinter::with_key(keys.derive("fingerprint")),
            excerpts: None,
            stop: Stop::default(),
        };
        let row = |key: &str, text: &str| Row {
            key: key.to_owned(),
            cells: vec![Cell::Text(text.to_owned().into())],
            labels: Labels::default(),
        };
        let rows = vec![
            row("1", "Client diabétique"),
            row("2", "poison pour le canari"),
            row("3", "Cliente diabétique"),
        ];
        let unit = PageUnit {
            id: 1,
            name: "notes".to_owned(),
            columns: vec!["comment".to_owned()],
            unchanged: None,
        };
        let scanned = pages.scan(Arc::new(unit), Page { rows, after: Position::default() }).unwrap();
        let counted = scanned.counts[0];
        assert_eq!((counted.seen, counted.scanned, counted.unreadable, counted.with_findings), (3, 2, 1, 2));
        assert!(counted.adds_up());
        assert_eq!((scanned.unreadable.len(), &*scanned.unreadable[0].key), (1, "2"));
        assert!(!scanned.unreadable[0].reason.contains("canari"));
        assert_eq!(scanned.digests.len(), 16, "the note is scanned again by the next rescan");
    }
}
