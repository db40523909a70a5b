//! A manifest against the store: what it says, counted again from the rows.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde_json::Value;

use super::{Verified, count};
use crate::rescan::coverage;
use crate::store::rescans;

/// A figure that is not what the manifest says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What was counted: `/units/0/columns/1/scanned`, `findings of health`.
    pub what: String,
    pub manifest: String,
    pub store: String,
}

/// Counts a manifest's rescan again. `None` where the store does not have it; no difference where all agrees.
pub fn recount(connection: &Connection, manifest: &Verified) -> rusqlite::Result<Option<Vec<Difference>>> {
    let Some(id) = manifest.rescan() else { return Ok(None) };
    let Some(row) = rescans::get(connection, id)? else { return Ok(None) };
    let mut differences = Vec::new();
    let mut expect =
        |what: &str, manifest: &Value, store: Value| compare(what, manifest, &store, &mut differences);
    let said = |name: &str| manifest.content.get(name).unwrap_or(&Value::Null);
    expect("/units", said("units"), json(&coverage::of(connection, row.no)?)?);
    expect("/findings", said("findings"), json(&count(connection, row.no)?)?);
    expect("/versions", said("versions"), json(&row.versions)?);
    expect("/rescan/state", &manifest.content["rescan"]["state"], row.state.id().into());
    for (what, sql) in ROWS {
        let found = connection
            .prepare_cached(sql)?
            .query_row([row.no], |r| Ok((r.get::<_, String>(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?)));
        if let Some((unit, counted, rows)) = found.optional()? {
            let what = format!("{what} of {unit}");
            differences.push(Difference { what, manifest: counted.to_string(), store: rows.to_string() });
        }
    }
    if row.manifest.as_deref().and_then(super::digest_of).is_some_and(|own| own != manifest.hmac) {
        differences.push(Difference {
            what: "/hmac: the store keeps a newer manifest of this rescan".to_owned(),
            manifest: manifest.hmac.clone(),
            store: row.manifest.as_deref().and_then(super::digest_of).unwrap_or_default().to_owned(),
        });
    }
    Ok(Some(differences))
}

/// Counters of the store against its own rows: the first unit where they part, with both.
const ROWS: [(&str, &str); 3] = [
    (
        "rows read and committed",
        "SELECT name, rows_read, COALESCE((SELECT SUM(rows) FROM split WHERE unit = unit.id), 0) AS counted FROM unit \
         WHERE rescan = ?1 AND rows_read <> counted ORDER BY ordinal LIMIT 1",
    ),
    (
        "notes seen, and what became of them,",
        "SELECT name, seen, scanned + unchanged + empty + unreadable AS counted FROM coverage JOIN unit ON unit.id = unit \
         WHERE rescan = ?1 AND seen <> counted ORDER BY ordinal LIMIT 1",
    ),
    (
        "notes with findings",
        "SELECT name, with_findings, (SELECT COUNT(DISTINCT note_key) FROM finding f WHERE f.unit = unit.id \
         AND f.column_name = coverage.column_name) AS counted FROM coverage JOIN unit ON unit.id = unit \
         WHERE rescan = ?1 AND with_findings < counted ORDER BY ordinal LIMIT 1",
    ),
];

fn json(value: &impl Serialize) -> rusqlite::Result<Value> {
    serde_json::to_value(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

/// Walks two values side by side and notes every leaf that differs.
fn compare(what: &str, manifest: &Value, store: &Value, out: &mut Vec<Difference>) {
    match (manifest, store) {
        (Value::Object(said), Value::Object(counted)) => {
            let more = counted.keys().filter(|name| !said.contains_key(*name));
            for name in said.keys().chain(more) {
                let side = |map: &serde_json::Map<String, Value>| map.get(name).cloned().unwrap_or_default();
                compare(&format!("{what}/{name}"), &side(said), &side(counted), out);
            }
        }
        (Value::Array(said), Value::Array(counted)) if said.len() == counted.len() => {
            for (i, (said, counted)) in said.iter().zip(counted).enumerate() {
                compare(&format!("{what}/{i}"), said, counted, out);
            }
        }
        (Value::Array(said), Value::Array(counted)) => out.push(Difference {
            what: format!("{what}: how many"),
            manifest: said.len().to_string(),
            store: counted.len().to_string(),
        }),
        (said, counted) if said != counted => {
            out.push(Difference {
                what: what.to_owned(),
                manifest: said.to_string(),
                store: counted.to_string(),
            });
        }
        _ => {}
    }
}
