//! The proof that all was read: what became of every note of every column, against what the source says it has.

use rusqlite::Connection;
use serde::Serialize;

use super::counted::Counted;
use crate::store::units;

/// The notes of one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ColumnCoverage {
    pub column: String,
    #[serde(flatten)]
    pub counted: Counted,
}

/// The rows of one table or file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct UnitCoverage {
    /// Where it is, without password.
    pub source: String,
    pub name: String,
    /// Rows the source said it has, before reading; `null` where it cannot tell without reading.
    pub expected_rows: Option<u64>,
    pub rows_read: u64,
    /// Whether it was read to its end.
    pub done: bool,
    /// Why not.
    pub problem: Option<String>,
    pub columns: Vec<ColumnCoverage>,
}

/// A note that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Unreadable {
    pub unit: String,
    /// Key of its row.
    pub note: String,
    /// `null`: the row as a whole.
    pub column: Option<String>,
    pub reason: String,
}

impl UnitCoverage {
    /// Rows read beyond what the source announced, or short of it.
    pub fn row_difference(&self) -> Option<i64> {
        let expected = i64::try_from(self.expected_rows?).ok()?;
        Some(i64::try_from(self.rows_read).ok()? - expected)
    }

    /// The whole unit's notes.
    pub fn total(&self) -> Counted {
        let mut total = Counted::default();
        self.columns.iter().for_each(|c| total.add(&c.counted));
        total
    }
}

/// The whole rescan's notes.
pub fn total(units: &[UnitCoverage]) -> Counted {
    let mut total = Counted::default();
    units.iter().for_each(|unit| total.add(&unit.total()));
    total
}

/// Coverage of a rescan as its commits counted it, units in the order of reading, columns in that of the unit.
pub fn of(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<UnitCoverage>> {
    let counted = units::coverage(connection, rescan)?;
    let coverage = |unit: &units::UnitRow| {
        let of_column = |column: &String| {
            let row = counted.iter().find(|row| row.unit == unit.id && row.column == *column);
            ColumnCoverage { column: column.clone(), counted: row.map(|row| row.counted).unwrap_or_default() }
        };
        UnitCoverage {
            source: unit.source.clone(),
            name: unit.name.clone(),
            expected_rows: unit.expected_rows,
            rows_read: unit.rows_read,
            done: unit.done,
            problem: unit.problem.clone(),
            columns: unit.columns.iter().map(of_column).collect(),
        }
    };
    Ok(units::list(connection, rescan)?.iter().map(coverage).collect())
}

/// The notes that could not be read, in the order of reading, at most `limit`; [`Counted::unreadable`] says how many cells
/// there are in all.
pub fn unreadable(connection: &Connection, rescan: i64, limit: u32) -> rusqlite::Result<Vec<Unreadable>> {
    let names: Vec<(i64, String)> =
        units::list(connection, rescan)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let name = |id| names.iter().find(|(unit, _)| *unit == id).map(|(_, name)| name.clone());
    let rows = units::unreadable(connection, rescan, limit)?;
    let note = |row: units::UnreadableRow| Unreadable {
        unit: name(row.unit).unwrap_or_default(),
        note: row.key,
        column: row.column,
        reason: row.reason,
    };
    Ok(rows.into_iter().map(note).collect())
}

/// How many lines the list of unreadable notes has: one for a row that could not be read as a whole.
pub fn unreadable_lines(connection: &Connection, rescan: i64) -> rusqlite::Result<u64> {
    let sql = "SELECT COUNT(*) FROM unreadable JOIN unit ON unit.id = unreadable.unit WHERE rescan = ?1";
    connection.prepare_cached(sql)?.query_row([rescan], |row| row.get(0))
}
