//! Pause, cancel, delete: what an operator asks of a rescan, whichever process runs it.

use rusqlite::{Connection, TransactionBehavior, params};

use super::claim::{has_unread, is_alive};
use super::keys::Keys;
use super::manifest;
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, Wanted, now};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The process that runs it will see to it within a second or so.
    Told,
    /// No process ran it: it is in that state now.
    Now(State),
}

/// A rescan cannot be told so.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("no rescan has the id `{0}`; `vigie rescan list` shows them")]
    Unknown(String),
    #[error("{id} has ended ({state}); it cannot be {done}")]
    Ended { id: String, state: State, done: &'static str },
    #[error("{id} is running; pause or cancel it first")]
    Running { id: String },
    #[error("{id} is about to stop; ask again once it has")]
    Stopping { id: String },
    #[error("{by} takes over what {id} found, and has not ended; resume or cancel it first")]
    Needed { id: String, by: String },
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Asks for a pause.
pub fn pause(connection: &mut Connection, id: &str) -> Result<Asked, AskError> {
    ask(connection, None, id, Wanted::Pause, State::Paused, "paused")
}

/// Asks to stop for good. `keys`, those of the data folder, sign the manifest of one that ends here, as no process runs it.
pub fn cancel(connection: &mut Connection, keys: &Keys, id: &str) -> Result<Asked, AskError> {
    ask(connection, Some(keys), id, Wanted::Cancel, State::Cancelled, "cancelled")
}

fn ask(
    connection: &mut Connection,
    keys: Option<&Keys>,
    id: &str,
    wanted: Wanted,
    state: State,
    done: &'static str,
) -> Result<Asked, AskError> {
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row = find(&step, id)?;
    let may = match wanted {
        // What failed waits to be resumed as a paused one does; it can be given up.
        Wanted::Cancel => !row.state.has_ended() || row.state == State::Failed,
        _ => !row.state.has_ended(),
    };
    if !may && row.state != state {
        return Err(AskError::Ended { id: row.id, state: row.state, done });
    }
    let at = now();
    let asked = if row.state == State::Running && is_alive(&row, at) {
        // A cancel is for good: a pause asked for after it does not take it back.
        if row.wanted != Wanted::Cancel {
            step.execute("UPDATE rescan SET wanted = ?2 WHERE no = ?1", params![row.no, wanted])?;
        }
        Asked::Told
    } else {
        step.execute(
            "UPDATE rescan SET state = ?2, wanted = 'run', owner = NULL, heartbeat = NULL, fence = fence + 1, \
             ended_at = ?3 WHERE no = ?1",
            params![row.no, state, state.has_ended().then_some(row.ended_at.unwrap_or(at))],
        )?;
        // What was signed when it was cancelled stays as it was signed.
        if let Some(keys) = keys
            && (row.state != state || row.manifest.is_none())
        {
            manifest::seal(&step, &rescans::by_no(&step, row.no)?, keys)?;
        }
        Asked::Now(state)
    };
    step.commit()?;
    Ok(asked)
}

/// Queues a rescan that stopped, for a server to go on with. `request` marks it as a server's where it was not one.
pub fn resume(connection: &mut Connection, id: &str, request: &str) -> Result<Asked, AskError> {
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row = find(&step, id)?;
    match row.state {
        State::Running if is_alive(&row, now()) => {
            return if row.wanted == Wanted::Run {
                Ok(Asked::Told)
            } else {
                Err(AskError::Stopping { id: row.id })
            };
        }
        State::Done | State::Cancelled => {
            return Err(AskError::Ended { id: row.id, state: row.state, done: "resumed" });
        }
        State::Partial if !has_unread(&step, row.no)? => {
            return Err(AskError::Ended { id: row.id, state: row.state, done: "resumed" });
        }
        _ => {}
    }
    step.execute(
        "UPDATE rescan SET state = 'queued', wanted = 'run', message = NULL, owner = NULL, heartbeat = NULL, \
         fence = fence + 1, ended_at = NULL, request_digest = COALESCE(request_digest, ?2) WHERE no = ?1",
        params![row.no, request],
    )?;
    step.commit()?;
    Ok(Asked::Now(State::Queued))
}

/// Deletes a rescan with all that it found. Reviews stay: they are about the notes.
pub fn delete(connection: &mut Connection, id: &str) -> Result<(), AskError> {
    let row = find(connection, id)?;
    if row.state == State::Running && is_alive(&row, now()) {
        return Err(AskError::Running { id: row.id });
    }
    if let Some(by) = rescans::leaning_on(connection, row.no)? {
        return Err(AskError::Needed { id: row.id, by });
    }
    Ok(rescans::delete(connection, row.no)?)
}

fn find(connection: &Connection, id: &str) -> Result<RescanRow, AskError> {
    rescans::get(connection, id)?.ok_or_else(|| AskError::Unknown(id.to_owned()))
}
