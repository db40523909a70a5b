//! The rescans of a store: what each was asked to do and where it stands.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{State, Wanted, located, now};
use crate::rescan::spec::Spec;
use crate::rescan::versions::Versions;

/// A rescan as stored.
#[derive(Clone, Debug)]
pub struct RescanRow {
    pub no: i64,
    /// `r-20261126-083015-k3x9`.
    pub id: String,
    pub name: String,
    pub spec: Spec,
    pub state: State,
    pub wanted: Wanted,
    /// Why it failed or is partial.
    pub message: Option<String>,
    /// What scans: engine, model, lexicons and policy at its beginning.
    pub versions: Versions,
    /// Number of the rescan whose findings of unchanged notes were carried over.
    pub baseline: Option<i64>,
    pub idempotency_key: Option<String>,
    pub request_digest: Option<String>,
    /// Unix milliseconds, as all times.
    pub created_at: i64,
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// Time spent running, stops left out.
    pub worked_ms: i64,
    /// The process that runs it, and when it last said so.
    pub owner: Option<String>,
    pub fence: i64,
    pub heartbeat: Option<i64>,
    /// Signed JSON, once it has ended.
    pub manifest: Option<String>,
}

/// A rescan to be stored.
#[derive(Clone, Debug)]
pub struct NewRescan<'a> {
    pub spec: &'a Spec,
    pub versions: &'a Versions,
    /// Of an HTTP request: the client's key, and a digest of what it asked for.
    pub idempotency: Option<(&'a str, &'a str)>,
}

const COLUMNS: &str = "no, id, name, spec, state, wanted, message, engine, model, lexicons, policy, baseline, \
                       idempotency_key, request_digest, created_at, started_at, ended_at, worked_ms, owner, fence, \
                       heartbeat, manifest";

impl RescanRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let spec: String = row.get("spec")?;
        let spec = serde_json::from_str(&spec).map_err(|e| {
            rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, e.into())
        })?;
        Ok(Self {
            no: row.get("no")?,
            id: row.get("id")?,
            name: row.get("name")?,
            spec,
            state: row.get("state")?,
            wanted: row.get("wanted")?,
            message: row.get("message")?,
            versions: Versions {
                engine: row.get("engine")?,
                model: row.get("model")?,
                lexicons: row.get("lexicons")?,
                policy: row.get("policy")?,
            },
            baseline: row.get("baseline")?,
            idempotency_key: row.get("idempotency_key")?,
            request_digest: row.get("request_digest")?,
            created_at: row.get("created_at")?,
            started_at: row.get("started_at")?,
            ended_at: row.get("ended_at")?,
            worked_ms: row.get("worked_ms")?,
            owner: row.get("owner")?,
            fence: row.get("fence")?,
            heartbeat: row.get("heartbeat")?,
            manifest: row.get("manifest")?,
        })
    }
}

/// Stores a rescan, queued. A name it lacks is made from its id.
pub fn create(connection: &Connection, new: &NewRescan<'_>) -> rusqlite::Result<RescanRow> {
    let created = now();
    let id = new_id(created)?;
    let name = if new.spec.name.is_empty() { &id } else { &new.spec.name };
    let spec =
        serde_json::to_string(new.spec).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))?;
    let (key, digest) = new.idempotency.unzip();
    let v = new.versions;
    connection.execute(
        "INSERT INTO rescan (id, name, spec, state, engine, model, lexicons, policy, idempotency_key, request_digest, \
         created_at) VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![id, name, spec, v.engine, v.model, v.lexicons, v.policy, key, digest, created],
    )?;
    by_no(connection, connection.last_insert_rowid())
}

/// An id that sorts by time, with four random characters that cannot be taken for others.
fn new_id(at: i64) -> rusqlite::Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let mut random = [0u8; 4];
    getrandom::fill(&mut random)
        .map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.to_string().into()))?;
    let time = jiff::Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y%m%d-%H%M%S");
    let tail: String = random.iter().map(|b| LETTERS[usize::from(b % 32)] as char).collect();
    Ok(format!("r-{time}-{tail}"))
}

/// The rescan of that id.
pub fn get(connection: &Connection, id: &str) -> rusqlite::Result<Option<RescanRow>> {
    let sql = format!("SELECT {COLUMNS} FROM rescan WHERE id = ?1");
    connection.prepare_cached(&sql)?.query_row([id], RescanRow::read).optional()
}

/// The rescan of that number, which must exist.
pub fn by_no(connection: &Connection, no: i64) -> rusqlite::Result<RescanRow> {
    let sql = format!("SELECT {COLUMNS} FROM rescan WHERE no = ?1");
    connection.prepare_cached(&sql)?.query_row([no], RescanRow::read)
}

/// The rescan a request with this idempotency key made.
pub fn by_idempotency_key(connection: &Connection, key: &str) -> rusqlite::Result<Option<RescanRow>> {
    let sql = format!("SELECT {COLUMNS} FROM rescan WHERE idempotency_key = ?1");
    connection.prepare_cached(&sql)?.query_row([key], RescanRow::read).optional()
}

/// Every rescan, newest first.
pub fn list(connection: &Connection) -> rusqlite::Result<Vec<RescanRow>> {
    let sql = format!("SELECT {COLUMNS} FROM rescan ORDER BY no DESC");
    connection.prepare_cached(&sql)?.query_map([], RescanRow::read)?.collect()
}

/// How many rescans are in each state.
pub fn by_state(connection: &Connection) -> rusqlite::Result<Vec<(State, u64)>> {
    let sql = "SELECT state, COUNT(*) FROM rescan GROUP BY state";
    connection.prepare_cached(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Rescans older than one, newest first, and whether there are more.
pub fn page(
    connection: &Connection,
    before: Option<i64>,
    limit: u32,
) -> rusqlite::Result<(Vec<RescanRow>, bool)> {
    let sql = format!("SELECT {COLUMNS} FROM rescan WHERE no < ?1 ORDER BY no DESC LIMIT ?2");
    let before = before.unwrap_or(i64::MAX);
    let mut query = connection.prepare_cached(&sql)?;
    let rows = query.query_map(params![before, u64::from(limit) + 1], RescanRow::read)?;
    let mut rows: Vec<RescanRow> = rows.collect::<rusqlite::Result<_>>()?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    Ok((rows, more))
}

/// Says that a rescan which no process runs cannot be run, and why; nothing where one has claimed it since.
pub fn fail(connection: &Connection, row: &RescanRow, message: &str) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE rescan SET state = 'failed', message = ?2, ended_at = ?3, owner = NULL, heartbeat = NULL, \
         fence = fence + 1 WHERE no = ?1 AND fence = ?4 AND (state = 'queued' OR state = 'running')",
        params![row.no, message, now(), row.fence],
    )?;
    Ok(())
}

/// Takes other versions for a rescan that has not begun.
pub fn set_versions(connection: &Connection, no: i64, versions: &Versions) -> rusqlite::Result<()> {
    let sql = "UPDATE rescan SET engine = ?2, model = ?3, lexicons = ?4, policy = ?5 \
               WHERE no = ?1 AND state = 'queued' AND started_at IS NULL";
    let v = versions;
    connection.execute(sql, params![no, v.engine, v.model, v.lexicons, v.policy])?;
    Ok(())
}

/// Keeps the signed manifest of a rescan that has ended.
pub fn set_manifest(connection: &Connection, no: i64, manifest: &str) -> rusqlite::Result<()> {
    connection.execute("UPDATE rescan SET manifest = ?2 WHERE no = ?1", params![no, manifest])?;
    Ok(())
}

/// Deletes a rescan with all that was found; reviews stay, as they are about the notes. Those that took findings over
/// from it have copies.
pub fn delete(connection: &mut Connection, no: i64) -> rusqlite::Result<()> {
    let step = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    step.execute("UPDATE rescan SET baseline = NULL WHERE baseline = ?1", [no])?;
    step.execute("DELETE FROM rescan WHERE no = ?1", [no])?;
    located::forget(&step)?;
    step.commit()
}

/// The rescan, not ended, that still takes findings over from this one.
pub fn leaning_on(connection: &Connection, no: i64) -> rusqlite::Result<Option<String>> {
    let sql =
        "SELECT id FROM rescan WHERE baseline = ?1 AND state IN ('queued', 'running', 'paused', 'failed')";
    connection.query_row(sql, [no], |row| row.get(0)).optional()
}
