//! What changed since an earlier rescan of the same sources.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::model::{CategoryChange, Changes, VersionChange};
use crate::category::Category;
use crate::store::State;
use crate::store::rescans::{self, RescanRow};

/// The rescan to compare with: the newest one before this that ended and read the same sources.
pub fn previous(connection: &Connection, row: &RescanRow) -> rusqlite::Result<Option<RescanRow>> {
    let own = sources(connection, row.no)?;
    if own.is_empty() {
        return Ok(None);
    }
    let sql = "SELECT no FROM rescan WHERE no < ?1 AND state IN ('done', 'partial') ORDER BY no DESC";
    let earlier: Vec<i64> = connection
        .prepare_cached(sql)?
        .query_map([row.no], |r| r.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for no in earlier {
        if sources(connection, no)? == own {
            return rescans::by_no(connection, no).map(Some);
        }
    }
    Ok(None)
}

/// Compares two rescans by fingerprint.
pub fn changes(connection: &Connection, now: &RescanRow, then: &RescanRow) -> rusqlite::Result<Changes> {
    let all = count(connection, ALL, now.no, then.no)?;
    let new = count(connection, ONLY_IN_THE_FIRST, now.no, then.no)?;
    let gone = count(connection, ONLY_IN_THE_FIRST, then.no, now.no)?;
    let of = |counts: &Counts, category: Category| counts.get(category.id()).map_or(0, |c| c.findings);
    let change = |category: Category| CategoryChange {
        category,
        new: of(&new, category),
        gone: of(&gone, category),
        still: of(&all, category) - of(&new, category),
    };
    let by_category: Vec<CategoryChange> =
        Category::ALL.into_iter().map(change).filter(|c| c.new + c.gone + c.still > 0).collect();
    let (here, there) = (units(connection, now.no)?, units(connection, then.no)?);
    let only = |a: &[String], b: &[String]| a.iter().filter(|name| !b.contains(name)).cloned().collect();
    Ok(Changes {
        since: then.id.clone(),
        since_at: then.ended_at.unwrap_or(then.created_at),
        since_complete: then.state == State::Done,
        new: by_category.iter().map(|c| c.new).sum(),
        gone: by_category.iter().map(|c| c.gone).sum(),
        gone_reviewed: gone.values().map(|c| c.reviewed).sum(),
        still: by_category.iter().map(|c| c.still).sum(),
        by_category,
        versions: versions(now, then),
        units_added: only(&here, &there),
        units_gone: only(&there, &here),
    })
}

const ALL: &str = "SELECT f.category, COUNT(*), 0 FROM unit u JOIN finding f ON f.unit = u.id \
    WHERE u.rescan = ?1 AND ?2 = ?2 GROUP BY f.category";

const ONLY_IN_THE_FIRST: &str = "SELECT f.category, COUNT(*), SUM(COALESCE(r.decision IN ('confirmed', 'fixed'), 0)) \
    FROM unit u JOIN finding f ON f.unit = u.id LEFT JOIN review r ON r.fingerprint = f.fingerprint \
    WHERE u.rescan = ?1 AND NOT EXISTS (SELECT 1 FROM unit v JOIN finding g ON g.unit = v.id \
    WHERE v.rescan = ?2 AND v.name = u.name AND g.note_key = f.note_key AND g.fingerprint = f.fingerprint) GROUP BY f.category";

struct Counted {
    findings: u64,
    /// Confirmed or marked fixed.
    reviewed: u64,
}

type Counts = BTreeMap<String, Counted>;

fn count(connection: &Connection, sql: &str, first: i64, second: i64) -> rusqlite::Result<Counts> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![first, second], |row| {
        Ok((row.get(0)?, Counted { findings: row.get(1)?, reviewed: row.get(2)? }))
    })?;
    rows.collect()
}

/// What scans differently.
fn versions(now: &RescanRow, then: &RescanRow) -> Vec<VersionChange> {
    let (n, t) = (&now.versions, &then.versions);
    let parts = [
        ("engine", &t.engine, &n.engine),
        ("model", &t.model, &n.model),
        ("lexicons", &t.lexicons, &n.lexicons),
        ("policy", &t.policy, &n.policy),
    ];
    let differ = parts.into_iter().filter(|(_, then, now)| then != now);
    let mut changes: Vec<VersionChange> = differ
        .map(|(part, then, now)| VersionChange { part, then: then.clone(), now: now.clone() })
        .collect();
    // No version, but findings come and go with it all the same.
    if now.spec.min_score != then.spec.min_score {
        changes.push(VersionChange {
            part: "min_score",
            then: then.spec.min_score.to_string(),
            now: now.spec.min_score.to_string(),
        });
    }
    changes
}

fn sources(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<String>> {
    texts(connection, "SELECT DISTINCT source FROM unit WHERE rescan = ?1 ORDER BY source", rescan)
}

fn units(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<String>> {
    texts(connection, "SELECT name FROM unit WHERE rescan = ?1 ORDER BY ordinal", rescan)
}

fn texts(connection: &Connection, sql: &str, rescan: i64) -> rusqlite::Result<Vec<String>> {
    connection.prepare_cached(sql)?.query_map([rescan], |row| row.get(0))?.collect()
}
