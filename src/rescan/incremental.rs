//! Incremental rescans: what an earlier rescan, done with the same versions and options, knows of the same notes.

use rusqlite::{Connection, OptionalExtension, params};

use super::digest::unpack;
use super::spec::Spec;
use crate::store::rescans::RescanRow;

/// What an earlier rescan knows of a unit.
#[derive(Debug, Default)]
pub struct Unchanged {
    /// The unit of the earlier rescan.
    pub unit: i64,
    /// Digests of the notes it read, sorted. One that stands there twice is left out: two rows with one key and one text
    /// cannot be told apart, and are scanned again.
    known: Vec<u64>,
    /// Those of notes with findings, sorted.
    found: Vec<u64>,
}

impl Unchanged {
    /// Whether a note was read before as it is now.
    pub fn knows(&self, digest: u64) -> bool {
        self.known.binary_search(&digest).is_ok()
    }

    pub fn has_findings(&self, digest: u64) -> bool {
        self.found.binary_search(&digest).is_ok()
    }
}

/// The newest finished rescan of the same sources, with the same versions and the same options.
pub fn baseline(connection: &Connection, row: &RescanRow) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT no, spec FROM rescan WHERE no <> ?1 AND state IN ('done', 'partial') AND engine = ?2 AND model = ?3 \
               AND lexicons = ?4 AND policy = ?5 ORDER BY ended_at DESC, no DESC";
    let v = &row.versions;
    let mut query = connection.prepare(sql)?;
    let candidates = query.query_map(params![row.no, v.engine, v.model, v.lexicons, v.policy], |found| {
        Ok((found.get::<_, i64>(0)?, found.get::<_, String>(1)?))
    })?;
    let own = sources(connection, row.no)?;
    for candidate in candidates {
        let (no, spec) = candidate?;
        let same = serde_json::from_str(&spec).is_ok_and(|spec: Spec| fits(&spec, &row.spec));
        if same && sources(connection, no)? == own {
            return Ok(Some(no));
        }
    }
    Ok(None)
}

/// Whether findings of one may be taken over into the other: what decides about them beside the versions.
fn fits(then: &Spec, now: &Spec) -> bool {
    then.min_score == now.min_score && then.excerpts == now.excerpts
}

fn sources(connection: &Connection, rescan: i64) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT DISTINCT source FROM unit WHERE rescan = ?1 ORDER BY source";
    connection.prepare_cached(sql)?.query_map([rescan], |row| row.get(0))?.collect()
}

/// What the baseline knows of a unit, `None` where it has none of that name.
pub fn load(
    connection: &Connection,
    baseline: i64,
    source: &str,
    name: &str,
) -> rusqlite::Result<Option<Unchanged>> {
    let sql = "SELECT id FROM unit WHERE rescan = ?1 AND source = ?2 AND name = ?3";
    let unit: Option<i64> =
        connection.query_row(sql, params![baseline, source, name], |row| row.get(0)).optional()?;
    let Some(unit) = unit else { return Ok(None) };
    let mut known = Vec::new();
    let mut splits = connection.prepare("SELECT digests FROM split WHERE unit = ?1")?;
    let mut rows = splits.query([unit])?;
    while let Some(row) = rows.next()? {
        known.extend(unpack(row.get_ref(0)?.as_blob()?));
    }
    let mut found = connection
        .prepare("SELECT digest FROM finding WHERE unit = ?1")?
        .query_map([unit], |row| row.get::<_, i64>(0).map(i64::cast_unsigned))?
        .collect::<rusqlite::Result<Vec<u64>>>()?;
    found.sort_unstable();
    found.dedup();
    Ok(Some(Unchanged { unit, known: singles(known), found }))
}

/// Sorted, without those that stand there more than once.
fn singles(mut digests: Vec<u64>) -> Vec<u64> {
    digests.sort_unstable();
    let mut kept = 0;
    let mut at = 0;
    while at < digests.len() {
        let run = digests[at..].iter().take_while(|d| **d == digests[at]).count();
        if run == 1 {
            digests[kept] = digests[at];
            kept += 1;
        }
        at += run;
    }
    digests.truncate(kept);
    digests.shrink_to_fit();
    digests
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_that_stand_there_twice_are_left_out() {
        assert_eq!(singles(vec![5, 1, 5, 3, 9, 9, 9]), [1, 3]);
        assert_eq!(singles(vec![]), [0u64; 0]);
        let unchanged = Unchanged { unit: 1, known: singles(vec![4, 2, 2]), found: vec![4] };
        assert!(unchanged.knows(4) && unchanged.has_findings(4) && !unchanged.knows(2));
    }
}
