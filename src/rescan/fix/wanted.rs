//! The notes to redact: those with a finding that is neither dismissed nor fixed.

use std::collections::HashMap;

use rusqlite::Connection;

use super::FixError;
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

/// The notes of a unit by key and column.
#[derive(Debug, Default)]
pub struct UnitWanted(HashMap<Box<str>, Vec<(String, Vec<Noted>)>>);

/// The notes of a rescan by source and unit.
#[derive(Debug, Default)]
pub struct Wanted(HashMap<(String, String), UnitWanted>);

impl Wanted {
    pub fn load(connection: &Connection, rescan: &str) -> Result<Self, FindingsError> {
        let mut all = Self::default();
        findings::each(connection, &Filter::rescan(rescan), |finding| {
            let unit = all.0.entry((finding.source, finding.unit)).or_default();
            let note = unit.0.entry(finding.note.into()).or_default();
            let noted = Noted {
                category: finding.category.into(),
                start: finding.start,
                end: finding.end,
                dismissed: finding.state == ReviewState::Dismissed,
                open: matches!(finding.state, ReviewState::ToReview | ReviewState::Confirmed),
            };
            match note.iter_mut().find(|(column, _)| *column == finding.column) {
                Some((_, list)) => list.push(noted),
                None => note.push((finding.column, vec![noted])),
            }
            Ok::<(), FindingsError>(())
        })?;
        for unit in all.0.values_mut() {
            unit.0.retain(|_, columns| {
                columns.retain(|(_, noted)| noted.iter().any(|noted| noted.open));
                !columns.is_empty()
            });
        }
        all.0.retain(|_, unit| !unit.is_empty());
        Ok(all)
    }

    /// How many notes there are.
    pub fn notes(&self) -> u64 {
        self.0.values().flat_map(|unit| unit.0.values()).map(|columns| columns.len() as u64).sum()
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
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The columns of this row with their findings.
    pub fn take(&mut self, key: &str) -> Option<Vec<(String, Vec<Noted>)>> {
        self.0.remove(key)
    }

    /// What was not taken, by key.
    pub fn each(
        self,
        mut take: impl FnMut(&str, &str, &[Noted]) -> Result<(), FixError>,
    ) -> Result<(), FixError> {
        let mut rest: Vec<_> = self.0.into_iter().collect();
        rest.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (key, columns) in rest {
            for (column, noted) in columns {
                take(&key, &column, &noted)?;
            }
        }
        Ok(())
    }
}
