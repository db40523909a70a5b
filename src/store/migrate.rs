//! Brings a store to the schema of this program, one step after the other, each in its own transaction.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::StoreError;

/// Step `n` makes schema `n + 1`. A step that was released is never changed: a new one follows it.
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema-2.sql")];

/// Applies the steps this store has not seen.
pub fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let wrap = |source| StoreError::at(path.to_owned(), source);
    if version(connection).map_err(wrap)? == STEPS.len() {
        return Ok(());
    }
    // Two processes may open a new store at once: the second one looks again once the first is through.
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrap)?;
    let found = version(&step).map_err(wrap)?;
    if found > STEPS.len() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: STEPS.len() });
    }
    for sql in &STEPS[found..] {
        step.execute_batch(sql).map_err(wrap)?;
    }
    step.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?1)", [STEPS.len().to_string()])
        .map_err(wrap)?;
    step.commit().map_err(wrap)
}

/// The schema of the store; 0 when it is empty.
fn version(connection: &Connection) -> rusqlite::Result<usize> {
    let table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'";
    if connection.query_row(table, [], |_| Ok(())).optional()?.is_none() {
        return Ok(0);
    }
    Ok(meta(connection, "schema")?.and_then(|value| value.parse().ok()).unwrap_or(0))
}

/// A value of the table `meta`.
pub fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.query_row("SELECT value FROM meta WHERE key = ?1", params![key], |row| row.get(0)).optional()
}
