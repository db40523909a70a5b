//! Findings by fingerprint.
//!
//! Fingerprints come in no order, and an index kept up to date with every finding costs half of a commit: it would rewrite a page
//! of itself for nearly each. So the table `located` is brought up to date in bulk, sorted; findings that came since, at most
//! [`BEHIND`] and a commit, are looked through one by one. The view `finding_by_fingerprint` does both.

use rusqlite::{Connection, OptionalExtension};

/// Findings that may be missing from `located` during a rescan: what a lookup reads through in some milliseconds.
const BEHIND: i64 = 1 << 16;

/// Brings `located` up to date if it is far behind.
pub fn keep_up(connection: &Connection) -> rusqlite::Result<()> {
    advance(connection, BEHIND)
}

/// Brings `located` up to date.
pub fn catch_up(connection: &Connection) -> rusqlite::Result<()> {
    advance(connection, 0)
}

/// Forgets findings that are gone. Their row numbers may be given again.
pub fn forget(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .execute("DELETE FROM located WHERE NOT EXISTS (SELECT 1 FROM finding WHERE id = finding)", [])?;
    let reached = reached(connection)?.min(newest(connection)?);
    write(connection, reached)
}

/// Takes in what came since, where that is more than `allowed` findings.
fn advance(connection: &Connection, allowed: i64) -> rusqlite::Result<()> {
    let (newest, reached) = (newest(connection)?, reached(connection)?);
    if newest - reached <= allowed {
        return Ok(());
    }
    let sql = "INSERT OR IGNORE INTO located (fingerprint, finding) \
               SELECT fingerprint, id FROM finding WHERE id > ?1 ORDER BY fingerprint, id";
    connection.prepare_cached(sql)?.execute([reached])?;
    write(connection, newest)
}

/// The newest finding's row; 0 where there is none.
fn newest(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT COALESCE(MAX(id), 0) FROM finding";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// Up to which row findings are in `located`.
fn reached(connection: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'located'";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(0))
}

fn write(connection: &Connection, reached: i64) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('located', ?1)";
    connection.prepare_cached(sql)?.execute([reached.to_string()])?;
    Ok(())
}
