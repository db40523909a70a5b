//! What a rescan read and found, signed, so that nobody can change a figure of it unnoticed.
//!
//! A manifest is one line of compact JSON whose last member, `hmac`, is HMAC-SHA256, with the key `manifest` of the data
//! folder, over the same line without it. It is checked byte for byte: neither parsed nor written anew before that. Decisions
//! of reviewers are no part of it, as they go on changing.

mod recount;

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use super::coverage::{self, UnitCoverage};
use super::keys::{self, Keys};
use super::versions::Versions;
use crate::store::located;
use crate::store::rescans::{self, RescanRow};

pub use recount::{Difference, recount};

/// Name and version of the format.
pub const FORMAT: &str = "vigie-manifest/1";

/// What stands before the digest.
const SIGNATURE: &str = ",\"hmac\":\"";

/// What is signed.
#[derive(Debug, Serialize)]
struct Manifest<'r> {
    format: &'static str,
    rescan: Identity<'r>,
    spec: &'r super::spec::Spec,
    versions: &'r Versions,
    units: Vec<UnitCoverage>,
    findings: Findings,
}

#[derive(Debug, Serialize)]
struct Identity<'r> {
    id: &'r str,
    name: &'r str,
    state: &'static str,
    message: Option<&'r str>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    worked_ms: i64,
    /// Id of the rescan whose findings of unchanged notes were carried over.
    baseline: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Findings {
    total: u64,
    by_category: BTreeMap<String, u64>,
}

/// A file is no manifest, or not as it was signed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ManifestError {
    #[error("not a manifest of Vigie as it was written: one line of JSON that ends with its `hmac`")]
    Shape,
    #[error("the manifest was altered, or was signed with the key of another data folder")]
    Altered,
}

/// A manifest whose signature is right.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    pub content: Value,
    /// The digest, as reports print it.
    pub hmac: String,
}

impl Verified {
    /// The rescan it is of.
    pub fn rescan(&self) -> Option<&str> {
        self.content.pointer("/rescan/id")?.as_str()
    }
}

/// The signed manifest of a rescan, from what the store says now. `key` is the key `manifest` of the data folder.
pub fn sign(connection: &Connection, row: &RescanRow, key: &[u8; 32]) -> rusqlite::Result<String> {
    let baseline = "SELECT id FROM rescan WHERE no = ?1";
    let baseline = match row.baseline {
        Some(no) => Some(connection.query_row(baseline, [no], |found| found.get(0))?),
        None => None,
    };
    let manifest = Manifest {
        format: FORMAT,
        rescan: Identity {
            id: &row.id,
            name: &row.name,
            state: row.state.id(),
            message: row.message.as_deref(),
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            worked_ms: row.worked_ms,
            baseline,
        },
        spec: &row.spec,
        versions: &row.versions,
        units: coverage::of(connection, row.no)?,
        findings: count(connection, row.no)?,
    };
    let body =
        serde_json::to_string(&manifest).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let digest = hex::encode(mac(key, &body).finalize().into_bytes());
    Ok(format!("{}{SIGNATURE}{digest}\"}}", &body[..body.len() - 1]))
}

/// Signs the manifest of a rescan that has just ended, and keeps it: in the transaction that ends it, whose row this is.
pub fn seal(connection: &Connection, row: &RescanRow, keys: &Keys) -> rusqlite::Result<()> {
    located::catch_up(connection)?;
    let key = keys.derive("manifest");
    rescans::set_manifest(connection, row.no, &sign(connection, row, &key)?)
}

/// Checks the signature of a manifest. A line end after it is none of its bytes.
pub fn verify(manifest: &str, key: &[u8; 32]) -> Result<Verified, ManifestError> {
    let (body, hmac) = parts(manifest).ok_or(ManifestError::Shape)?;
    let digest = hex::decode(hmac).map_err(|_| ManifestError::Shape)?;
    mac(key, &body).verify_slice(&digest).map_err(|_| ManifestError::Altered)?;
    let content: Value = serde_json::from_str(&body).map_err(|_| ManifestError::Shape)?;
    Ok(Verified { content, hmac: hmac.to_owned() })
}

/// The digest a manifest carries, unchecked.
pub fn digest_of(manifest: &str) -> Option<&str> {
    parts(manifest).map(|(_, hmac)| hmac)
}

/// What was signed, and the digest, as written.
fn parts(manifest: &str) -> Option<(String, &str)> {
    let line = manifest.strip_suffix('\n').unwrap_or(manifest);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (body, signature) = line.rsplit_once(SIGNATURE)?;
    let hmac = signature.strip_suffix("\"}")?;
    let digits = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    (hmac.len() == 64 && hmac.bytes().all(digits)).then(|| (format!("{body}}}"), hmac))
}

fn mac(key: &[u8; 32], body: &str) -> Hmac<Sha256> {
    let mut mac = keys::mac(key);
    mac.update(body.as_bytes());
    mac
}

/// The findings themselves, counted one by one.
fn count(connection: &Connection, rescan: i64) -> rusqlite::Result<Findings> {
    let sql = "SELECT category, COUNT(*) FROM unit JOIN finding ON finding.unit = unit.id WHERE rescan = ?1 \
               GROUP BY category";
    let mut statement = connection.prepare_cached(sql)?;
    let by_category: BTreeMap<String, u64> = statement
        .query_map([rescan], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Findings { total: by_category.values().sum(), by_category })
}

#[cfg(test)]
mod tests;
