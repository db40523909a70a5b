//! Reviewers' decisions: the one in force for each fingerprint, and the history of all. They belong to fingerprints, not
//! to rescans, so that they survive the next one, and the deletion of the one they were taken in.

mod decided;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;

pub use decided::{Decided, decided};

use super::now;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{Decision, Reason, ReviewState};

/// The decision in force about a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Review {
    #[schema(value_type = String, example = "dismissed")]
    pub decision: ReviewState,
    pub reason: Option<Reason>,
    /// Who decided, as they called themselves.
    pub by: Option<String>,
    /// Unix milliseconds.
    pub at: i64,
}

impl Review {
    pub fn state(&self) -> ReviewState {
        self.decision
    }
}

/// What happened to a finding in its review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EventKind {
    Confirmed,
    Dismissed,
    Fixed,
    /// The decision before this was taken back.
    Undone,
    /// Somebody was shown its masked excerpt.
    Revealed,
}

impl EventKind {
    /// As the store and the API say it.
    pub fn id(self) -> &'static str {
        match self {
            EventKind::Confirmed => "confirmed",
            EventKind::Dismissed => "dismissed",
            EventKind::Fixed => "fixed",
            EventKind::Undone => "undone",
            EventKind::Revealed => "revealed",
        }
    }
}

/// A line of a finding's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Event {
    pub kind: EventKind,
    pub reason: Option<Reason>,
    pub by: Option<String>,
    pub at: i64,
}

/// A decision cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error("no finding has the fingerprint {0}; `vigie rescan findings` prints those there are")]
    Unknown(Fingerprint),
    #[error("the finding {0} has no decision to take back")]
    Undecided(Fingerprint),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Takes a decision about findings: about all of them, or, where one is unknown, about none.
pub fn decide(
    connection: &Connection,
    fingerprints: &[Fingerprint],
    decision: &Decision,
    by: Option<&str>,
) -> Result<(), ReviewError> {
    let step = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let reason = decision.reason().map(stored).transpose()?;
    let at = now();
    for fingerprint in fingerprints {
        if !is_known(&step, fingerprint)? {
            return Err(ReviewError::Unknown(*fingerprint));
        }
        set(&step, fingerprint, decision.id(), reason.as_deref(), by, at)?;
        record(&step, fingerprint, decision.id(), reason.as_deref(), by, at)?;
    }
    Ok(step.commit()?)
}

/// Takes the last decision about each finding back; the one before it, if any, is in force again. All, or none.
pub fn undo(
    connection: &Connection,
    fingerprints: &[Fingerprint],
    by: Option<&str>,
) -> Result<(), ReviewError> {
    let step = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let at = now();
    for fingerprint in fingerprints {
        let mut standing = standing(&history(&step, fingerprint)?);
        if standing.pop().is_none() {
            return Err(ReviewError::Undecided(*fingerprint));
        }
        match standing.pop() {
            Some(before) => {
                let reason = before.reason.as_ref().map(stored).transpose()?;
                let decision = before.kind.id();
                set(&step, fingerprint, decision, reason.as_deref(), before.by.as_deref(), before.at)?;
            }
            None => {
                step.prepare_cached("DELETE FROM review WHERE fingerprint = ?1")?.execute([fingerprint])?;
            }
        }
        record(&step, fingerprint, "undone", None, by, at)?;
    }
    Ok(step.commit()?)
}

/// Records that somebody was shown the masked excerpts of these findings.
pub fn revealed(
    connection: &Connection,
    fingerprints: &[Fingerprint],
    by: Option<&str>,
) -> Result<(), ReviewError> {
    let step = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let at = now();
    for fingerprint in fingerprints {
        record(&step, fingerprint, "revealed", None, by, at)?;
    }
    Ok(step.commit()?)
}

/// The decision in force about a finding.
pub fn get(connection: &Connection, fingerprint: &Fingerprint) -> rusqlite::Result<Option<Review>> {
    let sql = "SELECT decision, reason, by, at FROM review WHERE fingerprint = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let review = statement.query_row([fingerprint], |row| {
        read(row.get_ref(0)?.as_str()?, row.get(1)?, row.get(2)?, row.get(3)?)
    });
    review.optional()
}

/// The findings whose decision in force was taken at that time by that person: those decided about together.
pub fn decided_at(connection: &Connection, at: i64, by: Option<&str>) -> rusqlite::Result<Vec<Fingerprint>> {
    let sql = "SELECT fingerprint FROM review WHERE at = ?1 AND by IS ?2";
    connection.prepare_cached(sql)?.query_map(params![at, by], |row| row.get(0))?.collect()
}

/// Everything that happened to a finding in its review, oldest first.
pub fn history(connection: &Connection, fingerprint: &Fingerprint) -> rusqlite::Result<Vec<Event>> {
    let sql = "SELECT kind, reason, by, at FROM review_event WHERE fingerprint = ?1 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let events = statement.query_map([fingerprint], |row| {
        let kind = kind(row.get_ref(0)?.as_str()?)?;
        Ok(Event { kind, reason: reason(row.get(1)?)?, by: row.get(2)?, at: row.get(3)? })
    })?;
    events.collect()
}

/// A review as its columns say it.
pub(super) fn read(
    decision: &str,
    reason: Option<String>,
    by: Option<String>,
    at: i64,
) -> rusqlite::Result<Review> {
    let known = ReviewState::ALL.into_iter().find(|s| s.id() == decision);
    let decision = known.ok_or_else(|| odd(format!("unknown decision `{decision}`")))?;
    Ok(Review { decision, reason: self::reason(reason)?, by, at })
}

/// The decisions that were taken and not taken back, oldest first.
fn standing(history: &[Event]) -> Vec<Event> {
    let mut standing = Vec::new();
    for event in history {
        match event.kind {
            EventKind::Undone => {
                standing.pop();
            }
            EventKind::Revealed => {}
            _ => standing.push(event.clone()),
        }
    }
    standing
}

fn is_known(connection: &Connection, fingerprint: &Fingerprint) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM finding_by_fingerprint WHERE fingerprint = ?1) \
               OR EXISTS (SELECT 1 FROM review WHERE fingerprint = ?1)";
    connection.prepare_cached(sql)?.query_row([fingerprint], |row| row.get(0))
}

fn set(
    connection: &Connection,
    fingerprint: &Fingerprint,
    decision: &str,
    reason: Option<&str>,
    by: Option<&str>,
    at: i64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO review (fingerprint, decision, reason, by, at) VALUES (?1, ?2, ?3, ?4, ?5) \
               ON CONFLICT (fingerprint) DO UPDATE SET decision = ?2, reason = ?3, by = ?4, at = ?5";
    connection.prepare_cached(sql)?.execute(params![fingerprint, decision, reason, by, at])?;
    Ok(())
}

fn record(
    connection: &Connection,
    fingerprint: &Fingerprint,
    kind: &str,
    reason: Option<&str>,
    by: Option<&str>,
    at: i64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO review_event (fingerprint, kind, reason, by, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![fingerprint, kind, reason, by, at])?;
    Ok(())
}

fn stored(reason: &Reason) -> rusqlite::Result<String> {
    serde_json::to_string(reason).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

fn reason(stored: Option<String>) -> rusqlite::Result<Option<Reason>> {
    stored
        .map(|json| serde_json::from_str(&json).map_err(|_| odd("a reason that cannot be read")))
        .transpose()
}

fn kind(id: &str) -> rusqlite::Result<EventKind> {
    use EventKind::{Confirmed, Dismissed, Fixed, Revealed, Undone};
    let known = [Confirmed, Dismissed, Fixed, Undone, Revealed].into_iter().find(|k| k.id() == id);
    known.ok_or_else(|| odd(format!("unknown event `{id}`")))
}

/// Something in the store that this program did not write so.
fn odd(message: impl Into<String>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, message.into().into())
}

#[cfg(test)]
mod tests;
