//! Who runs a rescan. A claim gives its holder a fence, one higher than any before; every write of a run names it, so
//! that a process which was taken for dead cannot write after another took over.

use rusqlite::{Connection, TransactionBehavior, params};

use super::owner::{is_gone, new_owner};
use super::versions::Versions;
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, Wanted, now};

/// A heartbeat older than this is that of a dead process.
pub const STALE_MS: i64 = 30_000;

/// The right to run a rescan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub rescan: i64,
    pub owner: String,
    pub fence: i64,
}

/// A rescan cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error("no rescan has the id `{0}`; `vigie rescan list` shows them")]
    Unknown(String),
    #[error("{id} is running in another process (last sign of life {seconds} s ago); pause it first")]
    Running { id: String, seconds: i64 },
    #[error("{id} has ended ({state}): there is nothing to resume; start a new one")]
    Ended { id: String, state: State },
    #[error(
        "{id} began with another version ({difference}): its findings would be of two kinds; start a new one"
    )]
    Versions { id: String, difference: String },
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Whether a process runs it, as far as can be told.
pub fn is_alive(row: &RescanRow, at: i64) -> bool {
    let owner = row.owner.as_deref().filter(|owner| !is_gone(owner));
    owner.is_some() && row.heartbeat.is_some_and(|beat| at - beat <= STALE_MS)
}

/// Ids of the rescans that wait for a process, oldest first: queued, or left by one that died. What a server takes up when
/// it starts.
pub fn waiting(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let at = now();
    let mut rows = rescans::list(connection)?;
    rows.retain(|row| row.state == State::Queued || (row.state == State::Running && !is_alive(row, at)));
    Ok(rows.into_iter().rev().map(|row| row.id).collect())
}

/// Claims a rescan that is queued, stopped or left by a dead process. A partial one only where a unit of it was not read
/// to its end.
pub fn claim(connection: &mut Connection, id: &str, versions: &Versions) -> Result<Claim, ClaimError> {
    let owner = new_owner().map_err(ClaimError::Random)?;
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row = rescans::get(&step, id)?.ok_or_else(|| ClaimError::Unknown(id.to_owned()))?;
    let at = now();
    match row.state {
        State::Running if is_alive(&row, at) => {
            let seconds = (at - row.heartbeat.unwrap_or(at)) / 1000;
            return Err(ClaimError::Running { id: row.id, seconds });
        }
        State::Done | State::Cancelled => return Err(ClaimError::Ended { id: row.id, state: row.state }),
        State::Partial if !has_unread(&step, row.no)? => {
            return Err(ClaimError::Ended { id: row.id, state: row.state });
        }
        _ => {}
    }
    if let Some(difference) = row.versions.difference(versions) {
        return Err(ClaimError::Versions { id: row.id, difference });
    }
    step.execute(
        "UPDATE rescan SET state = 'running', wanted = 'run', message = NULL, owner = ?2, fence = fence + 1, \
         heartbeat = ?3, started_at = COALESCE(started_at, ?3), ended_at = NULL, manifest = NULL WHERE no = ?1",
        params![row.no, owner, at],
    )?;
    step.commit()?;
    Ok(Claim { rescan: row.no, owner, fence: row.fence + 1 })
}

fn has_unread(connection: &Connection, rescan: i64) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM unit WHERE rescan = ?1 AND done = 0)";
    connection.query_row(sql, [rescan], |row| row.get(0))
}

impl Claim {
    /// Says that the process is alive; `false` when the claim was lost.
    pub fn beat(&self, connection: &Connection, worked_ms: i64) -> rusqlite::Result<bool> {
        let sql =
            "UPDATE rescan SET heartbeat = ?4, worked_ms = ?5 WHERE no = ?1 AND owner = ?2 AND fence = ?3";
        let mut beat = connection.prepare_cached(sql)?;
        Ok(beat.execute(params![self.rescan, self.owner, self.fence, now(), worked_ms])? == 1)
    }

    /// What the operator wants; `None` when the claim was lost.
    pub fn wanted(&self, connection: &Connection) -> rusqlite::Result<Option<Wanted>> {
        use rusqlite::OptionalExtension;
        let sql = "SELECT wanted FROM rescan WHERE no = ?1 AND owner = ?2 AND fence = ?3";
        let mut wanted = connection.prepare_cached(sql)?;
        wanted.query_row(params![self.rescan, self.owner, self.fence], |row| row.get(0)).optional()
    }

    /// Gives the rescan back in a state that is not running; `false` when the claim was lost.
    pub fn release(
        &self,
        connection: &Connection,
        state: State,
        message: Option<&str>,
        worked_ms: i64,
    ) -> rusqlite::Result<bool> {
        let at = now();
        let changed = connection.execute(
            "UPDATE rescan SET state = ?4, message = ?5, worked_ms = ?6, ended_at = ?7, wanted = 'run', owner = NULL, \
             heartbeat = NULL WHERE no = ?1 AND owner = ?2 AND fence = ?3",
            params![
                self.rescan,
                self.owner,
                self.fence,
                state,
                message,
                worked_ms,
                state.has_ended().then_some(at)
            ],
        )?;
        Ok(changed == 1)
    }
}
