//! The notes to redact: those with a finding that is neither dismissed nor fixed.

use std::collections::HashMap;

use rusqlite::Connection;

use super::FixError;
use super::files::Outcome;
use crate::rescan::review::ReviewState;
use crate::store::findings::{self, Filter, FindingsError};

/// A finding of a note, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    pub category: Box<str>,
    /// UTF-16 units.
    pub start: u64,
    pub end: u64,
    /// Reviewers decided that it stays.
    pub dismissed: bool,
    /// It still has to go.
    pub open: bool,
}

/// The notes of a key in a column, with their findings: one note, or several where a file's key repeats.
#[derive(Debug)]
pub struct Notes {
    pub column: String,
    pub noted: Vec<Noted>,
    pub fate: Fate,
}

/// What became of the notes of a key in a column, over the rows met so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// No row has the key.
    #[default]
    Unmet,
    /// Nothing is found in any of them; the number of the first row, in a file.
    Clean(Option<u64>),
    /// Something is found, and all of it is redacted.
    Redacted,
    /// One at least has no new text, and is not clean.
    Failed,
}

/// The notes of a unit by key.
#[derive(Debug, Default)]
pub struct UnitWanted {
    notes: HashMap<Box<str>, Vec<Notes>>,
    /// Keys that no row had yet.
    unmet: usize,
}

/// The notes of a rescan by source and unit.
#[derive(Debug, Default)]
pub struct Wanted(HashMap<(String, String), UnitWanted>);

impl Wanted {
    pub fn load(connection: &Connection, rescan: &str) -> Result<Self, FindingsError> {
        let mut all = Self::default();
        findings::each(connection, &Filter::rescan(rescan), |finding| {
            let unit = all.0.entry((finding.source, finding.unit)).or_default();
            let notes = unit.notes.entry(finding.note.into()).or_default();
            let noted = Noted {
                category: finding.category.into(),
                start: finding.start,
                end: finding.end,
                dismissed: finding.state == ReviewState::Dismissed,
                open: matches!(finding.state, ReviewState::ToReview | ReviewState::Confirmed),
            };
            match notes.iter_mut().find(|notes| notes.column == finding.column) {
                Some(there) => there.noted.push(noted),
                None => {
                    notes.push(Notes { column: finding.column, noted: vec![noted], fate: Fate::default() });
                }
            }
            Ok::<(), FindingsError>(())
        })?;
        for unit in all.0.values_mut() {
            unit.notes.retain(|_, columns| {
                columns.retain(|notes| notes.noted.iter().any(|noted| noted.open));
                !columns.is_empty()
            });
            unit.unmet = unit.notes.len();
        }
        all.0.retain(|_, unit| !unit.notes.is_empty());
        Ok(all)
    }

    /// How many notes there are; those of one key in a column count once.
    pub fn notes(&self) -> u64 {
        self.0.values().flat_map(|unit| unit.notes.values()).map(|columns| columns.len() as u64).sum()
    }

    /// Those of a unit, if it has any.
    pub fn take(&mut self, source: &str, unit: &str) -> Option<UnitWanted> {
        self.0.remove(&(source.to_owned(), unit.to_owned()))
    }

    /// Those of units that are not there any more.
    pub fn rest(self) -> Vec<(String, UnitWanted)> {
        let mut rest: Vec<_> = self.0.into_iter().collect();
        rest.sort_by(|(a, _), (b, _)| a.cmp(b));
        rest.into_iter().map(|((_, unit), notes)| (unit, notes)).collect()
    }
}

impl UnitWanted {
    /// Whether no further row matters. Keys that are not `unique` may come again.
    pub fn is_done(&self, unique: bool) -> bool {
        unique && self.unmet == 0
    }

    /// The columns of this row with their findings. They stay: the next row may have the same key.
    pub fn meet(&mut self, key: &str) -> Option<&mut [Notes]> {
        let columns = self.notes.get_mut(key)?;
        if columns.iter().all(|notes| notes.fate == Fate::Unmet) {
            self.unmet -= 1;
        }
        Some(columns)
    }

    /// All of them, by key.
    pub fn each(self, mut take: impl FnMut(&str, &Notes) -> Result<(), FixError>) -> Result<(), FixError> {
        let mut all: Vec<_> = self.notes.into_iter().collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (key, columns) in all {
            for notes in columns {
                take(&key, &notes)?;
            }
        }
        Ok(())
    }
}

impl Fate {
    /// With what became of the note in one more row.
    pub fn then(self, outcome: &Outcome, row: Option<u64>) -> Self {
        match (self, outcome) {
            (Fate::Unmet, Outcome::Clean) => Fate::Clean(row),
            (fate, Outcome::Clean) => fate,
            (
                Fate::Unmet | Fate::Clean(_) | Fate::Redacted,
                Outcome::Redacted { .. } | Outcome::InScript { .. },
            ) => Fate::Redacted,
            _ => Fate::Failed,
        }
    }
}
