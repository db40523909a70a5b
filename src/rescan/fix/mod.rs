//! Remediation: what was found, made ready to be taken out of the source. Vigie writes files and nothing else; who runs the
//! script, and when, is the operator's choice.
//!
//! The source is read again, and each note with findings scanned again: what is gone or clean by now is left alone. Findings
//! that reviewers dismissed are not redacted. The files hold the notes' text and are readable by their owner alone.

mod files;
mod script;
mod wanted;

use std::path::{Path, PathBuf};

pub use files::Outcome;
use files::{Files, Line};
use script::Script;
use wanted::{Fate, Noted, Notes, UnitWanted, Wanted};

use super::source::sql::{Target, Targets};
use super::source::{self, Cell, Row, Source, SourceError, Unit};
use super::spec::SourceSpec;
use crate::note::{Note, NoteText};
use crate::scanner::{Report, Reported, ScanOptions, Scanner, redact};
use crate::span::{OffsetMap, OffsetUnit};
use crate::store::findings::FindingsError;
use crate::store::rescans::RescanRow;
use crate::store::{Store, StoreError};

/// Rows read at a time.
const PAGE: usize = 500;

/// Remediation cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum FixError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Findings(#[from] FindingsError),
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: std::io::Error },
}

/// What was prepared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Notes with findings that are not dismissed nor fixed; those of one key in a column count once.
    pub notes: u64,
    /// Of them, those redacted; where a key repeats, in all its rows.
    pub redacted: u64,
    /// Of those, the ones in the script.
    pub in_script: u64,
    /// Files written.
    pub files: Vec<PathBuf>,
    /// Units that could not be read, or that no script can change, and why.
    pub problems: Vec<(String, String)>,
}

/// Prepares the remediation of a rescan in a folder.
pub fn fix(store: &Store, rescan: &RescanRow, scanner: &Scanner, folder: &Path) -> Result<Summary, FixError> {
    let mut wanted = Wanted::load(&*store.connection()?, &rescan.id)?;
    let mut summary = Summary { notes: wanted.notes(), ..Summary::default() };
    let mut files = Files::create(folder)?;
    let spec = &rescan.spec;
    for (at, (opened, asked)) in source::open(spec)?.into_iter().zip(&spec.sources).enumerate() {
        let mut source = opened.source;
        let mut units = Vec::new();
        for unit in source.units()? {
            match unit {
                Ok(unit) => units.extend(wanted.take(&opened.place, &unit.name).map(|notes| (unit, notes))),
                Err((name, error)) => summary.problems.push((name, error.message)),
            }
        }
        let mut targets = Vec::new();
        if let SourceSpec::Database(database) = asked
            && !units.is_empty()
        {
            let mut there = Targets::connect(database)?;
            for (unit, _) in &units {
                let target = there.of(&unit.name)?;
                if let Err(why) = &target {
                    summary.problems.push((unit.name.clone(), format!("not in the script: {why}")));
                }
                targets.push(target.ok());
            }
        }
        targets.resize_with(units.len(), || None);
        let mut script = Script::begin(folder, at, &rescan.id, &opened.place, targets.iter().flatten())?;
        for ((unit, notes), target) in units.into_iter().zip(&targets) {
            let mut work = Work {
                scanner,
                rescan,
                files: &mut files,
                script: script.as_mut(),
                summary: &mut summary,
                unique: matches!(asked, SourceSpec::Database(_)),
            };
            if let Err(error) = work.unit(&mut *source, &unit, notes, target.as_ref())? {
                summary.problems.push((unit.name.clone(), error.message));
            }
        }
        if let Some(script) = script {
            summary.files.push(script.finish()?);
        }
    }
    for (unit, notes) in wanted.rest() {
        notes.each(|key, notes| files.line(&Line::new(&unit, key, notes, None, Outcome::UnitGone)))?;
    }
    summary.files.extend(files.finish()?);
    Ok(summary)
}

struct Work<'w> {
    scanner: &'w Scanner,
    rescan: &'w RescanRow,
    files: &'w mut Files,
    script: Option<&'w mut Script>,
    summary: &'w mut Summary,
    /// Whether no two rows have the same key: a database's reading fails where they do, a file's does not.
    unique: bool,
}

impl Work<'_> {
    /// Reads the unit until all its notes with findings were met; to its end where keys may repeat. The inner
    /// error is the source's.
    fn unit(
        &mut self,
        source: &mut dyn Source,
        unit: &Unit,
        mut notes: UnitWanted,
        target: Option<&Target>,
    ) -> Result<Result<(), SourceError>, FixError> {
        let outcome = self.rows(source, unit, &mut notes, target)?;
        let rest = if outcome.is_ok() { Outcome::Gone } else { Outcome::UnitUnreadable };
        // Nothing is said of a row that was not read, where it may have the same key.
        let clean = if outcome.is_ok() || self.unique { Outcome::Clean } else { Outcome::UnitUnreadable };
        notes.each(|key, notes| {
            let (row, outcome) = match notes.fate {
                Fate::Unmet => (None, &rest),
                Fate::Clean(row) => (row, &clean),
                Fate::Redacted => {
                    self.summary.redacted += 1;
                    return Ok(());
                }
                Fate::Failed => return Ok(()),
            };
            self.files.line(&Line::new(&unit.name, key, notes, row, outcome.clone()))
        })?;
        Ok(outcome)
    }

    fn rows(
        &mut self,
        source: &mut dyn Source,
        unit: &Unit,
        notes: &mut UnitWanted,
        target: Option<&Target>,
    ) -> Result<Result<(), SourceError>, FixError> {
        let mut pages = match source.open(unit, None) {
            Ok(pages) => pages,
            Err(error) => return Ok(Err(error)),
        };
        let mut number = 0;
        while !notes.is_done(self.unique) {
            match pages.next(PAGE) {
                Ok(Some(page)) => {
                    for row in page.rows {
                        number += 1;
                        let shown = (!self.unique).then_some(number);
                        if let Some(columns) = notes.meet(&row.key) {
                            self.row(unit, row, shown, columns, target)?;
                        }
                    }
                }
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    fn row(
        &mut self,
        unit: &Unit,
        row: Row,
        number: Option<u64>,
        columns: &mut [Notes],
        target: Option<&Target>,
    ) -> Result<(), FixError> {
        let field = row.labels.field;
        let mut cells: Vec<Option<Cell>> = row.cells.into_iter().map(Some).collect();
        for notes in columns {
            let place = unit.columns.iter().position(|name| *name == notes.column);
            let cell = place.and_then(|place| cells.get_mut(place)?.take());
            let mut outcome = match cell {
                Some(Cell::Text(text)) => {
                    self.redacted(text, field.as_ref().unwrap_or(&notes.column), &notes.noted)
                }
                Some(Cell::Empty) => Outcome::Clean,
                Some(Cell::Unreadable(why)) => Outcome::Unreadable(why),
                None => Outcome::Gone,
            };
            if let (Outcome::Redacted { .. }, Some(target), Some(script)) =
                (&outcome, target, &mut self.script)
            {
                outcome = script.note(target, &row.key, &notes.column, outcome)?;
            }
            self.summary.in_script += u64::from(matches!(outcome, Outcome::InScript { .. }));
            notes.fate = notes.fate.then(&outcome, number);
            // Told when all rows were met: another one of this key may have findings.
            if outcome != Outcome::Clean {
                self.files.line(&Line::new(&unit.name, &row.key, notes, number, outcome))?;
            }
        }
        Ok(())
    }

    /// Scans the note as the rescan did, and takes out what was not dismissed.
    fn redacted(&self, text: NoteText, field: &str, noted: &[Noted]) -> Outcome {
        let spec = &self.rescan.spec;
        let options = ScanOptions { profile: &spec.profile, min_score: spec.min_score };
        let note = Note { field: Some(field.to_owned()), text };
        let report = match self.scanner.scan(&note, &options) {
            Ok(report) => report,
            Err(error) => return Outcome::Unreadable(error.to_string()),
        };
        let kept = kept(&report, note.text.as_str(), noted);
        if kept.is_empty() {
            return Outcome::Clean;
        }
        let redacted = redact(note.text.as_str(), &kept).into();
        Outcome::Redacted { before: note.text, redacted, why_not: None }
    }
}

/// The findings but those that reviewers dismissed: the same category at the same place. Where a key repeats,
/// a place that is dismissed in one of its notes and open in another goes in both.
fn kept(report: &Report, text: &str, noted: &[Noted]) -> Vec<Reported> {
    let mut map = OffsetMap::new(text, OffsetUnit::Utf16);
    let mut is_kept = |reported: &&Reported| {
        let (start, end) = map.convert_span(reported.finding.span);
        let category = reported.finding.category.id();
        let here = || {
            let place = (start as u64, end as u64);
            noted.iter().filter(move |n| *n.category == *category && (n.start, n.end) == place)
        };
        here().any(|n| n.open) || !here().any(|n| n.dismissed)
    };
    report.findings.iter().filter(|reported| is_kept(reported)).cloned().collect()
}
