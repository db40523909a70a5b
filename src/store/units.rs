//! The units of a rescan: how far each was read, what became of its notes, what was found.

use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::category::Category;
use crate::policy::Action;
use crate::rescan::counted::Counted;
use crate::rescan::source::Position;

/// A table or a file of a rescan, as stored.
#[derive(Clone, Debug)]
pub struct UnitRow {
    pub id: i64,
    pub ordinal: i64,
    /// Where it is, without password.
    pub source: String,
    pub name: String,
    pub columns: Vec<String>,
    /// Rows the source said it has, before reading.
    pub expected_rows: Option<u64>,
    pub rows_read: u64,
    /// Where reading goes on; `None` at the beginning.
    pub position: Option<Position>,
    /// Pages committed.
    pub splits: u64,
    pub done: bool,
    /// Why it could not be read to its end.
    pub problem: Option<String>,
}

/// What became of the notes of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    pub unit: i64,
    pub column: String,
    #[serde(flatten)]
    pub counted: Counted,
}

/// A note that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnreadableRow {
    pub unit: i64,
    pub key: String,
    /// `None`: the row as a whole.
    pub column: Option<String>,
    pub reason: String,
}

/// How many findings of a category call for an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub category: Category,
    pub action: Action,
    pub findings: u64,
}

impl UnitRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let columns: String = row.get("columns")?;
        let columns = serde_json::from_str(&columns).map_err(|e| {
            rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, e.into())
        })?;
        Ok(Self {
            id: row.get("id")?,
            ordinal: row.get("ordinal")?,
            source: row.get("source")?,
            name: row.get("name")?,
            columns,
            expected_rows: row.get("expected_rows")?,
            rows_read: row.get("rows_read")?,
            position: row.get::<_, Option<String>>("position")?.map(Position),
            splits: row.get("splits")?,
            done: row.get("done")?,
            problem: row.get("problem")?,
        })
    }
}

/// The units of a rescan, in the order of reading.
pub fn list(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<UnitRow>> {
    let sql = "SELECT id, ordinal, source, name, columns, expected_rows, rows_read, position, splits, done, problem \
               FROM unit WHERE rescan = ?1 ORDER BY ordinal";
    connection.prepare_cached(sql)?.query_map([rescan], UnitRow::read)?.collect()
}

/// Coverage of every column of every unit, in the order of reading.
pub fn coverage(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<CoverageRow>> {
    let sql = "SELECT unit, column_name, seen, scanned, unchanged, empty, unreadable, with_findings \
               FROM coverage JOIN unit ON unit.id = coverage.unit WHERE rescan = ?1 ORDER BY ordinal, column_name";
    let read = |row: &Row<'_>| {
        Ok(CoverageRow {
            unit: row.get(0)?,
            column: row.get(1)?,
            counted: Counted {
                seen: row.get(2)?,
                scanned: row.get(3)?,
                unchanged: row.get(4)?,
                empty: row.get(5)?,
                unreadable: row.get(6)?,
                with_findings: row.get(7)?,
            },
        })
    };
    connection.prepare_cached(sql)?.query_map([rescan], read)?.collect()
}

/// The notes that could not be read, in the order of reading, at most `limit` of them.
pub fn unreadable(connection: &Connection, rescan: i64, limit: u32) -> rusqlite::Result<Vec<UnreadableRow>> {
    let sql = "SELECT unit, note_key, unreadable.column_name, reason FROM unreadable JOIN unit ON unit.id = unit \
               WHERE rescan = ?1 ORDER BY unreadable.id LIMIT ?2";
    let read = |row: &Row<'_>| {
        Ok(UnreadableRow { unit: row.get(0)?, key: row.get(1)?, column: row.get(2)?, reason: row.get(3)? })
    };
    connection.prepare_cached(sql)?.query_map(params![rescan, limit], read)?.collect()
}

/// How many findings there are, by category and action, without counting them one by one.
pub fn tally(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<Tally>> {
    let sql = "SELECT category, action, SUM(findings) FROM tally JOIN unit ON unit.id = tally.unit \
               WHERE rescan = ?1 GROUP BY category, action";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query.query_map([rescan], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, u64>(2)?))
    })?;
    let mut tally = Vec::new();
    for row in rows {
        let (category, action, findings) = row?;
        // A category of a newer version is counted by that version.
        if let (Ok(category), Some(action)) = (category.parse(), action_of(&action)) {
            tally.push(Tally { category, action, findings });
        }
    }
    tally.sort_by_key(|t| (t.category, t.action));
    Ok(tally)
}

fn action_of(id: &str) -> Option<Action> {
    [Action::Allow, Action::Report, Action::Warn, Action::Block].into_iter().find(|action| action.id() == id)
}
