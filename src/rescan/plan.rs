//! The plan of a rescan: its units, stored once and found again at every resume.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior, params};

use super::claim::Claim;
use super::retry::Retry;
use super::source::{Opened, SourceError, Unit};
use super::stop::Stop;
use crate::store::units::{self, UnitRow};

/// A unit to be read: what the store knows of it and what its source says now.
#[derive(Debug)]
pub struct Planned {
    pub row: UnitRow,
    /// Index of its source.
    pub source: usize,
    /// `Err`: why it cannot be read.
    pub unit: Result<Unit, String>,
}

/// There is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("{0}: {1}")]
    Source(String, SourceError),
    #[error("there is nothing to read: no source has a table or file with notes")]
    Nothing,
    #[error("{0}: {1}{more}", more = if *.2 > 0 { format!(" (and {} more that cannot be read)", .2) } else { String::new() })]
    Unreadable(String, String, usize),
    #[error("another process took this rescan over")]
    Lost,
    #[error("told to stop")]
    Stopped,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// A unit as its source lists it.
type Listed = (usize, String, Result<Unit, String>);

/// Lists the units of all sources and stores them, or matches them with those stored before.
pub fn plan(
    connection: &mut Connection,
    claim: &Claim,
    sources: &mut [Opened],
    stop: &Stop,
    patience: Duration,
    mut say: impl FnMut(Option<String>),
) -> Result<Vec<Planned>, PlanError> {
    let mut listed = Vec::new();
    for (index, opened) in sources.iter_mut().enumerate() {
        let mut retry = Retry::new(patience);
        let units = loop {
            match opened.source.units() {
                Ok(units) => break units,
                Err(error) if error.transient && retry.wait(&error, stop, &mut say) => {}
                Err(_) if stop.is_asked() => return Err(PlanError::Stopped),
                Err(error) => return Err(PlanError::Source(opened.place.clone(), error)),
            }
        };
        listed.extend(units.into_iter().map(|unit| match unit {
            Ok(unit) => (index, unit.name.clone(), Ok(unit)),
            Err((name, error)) => (index, name, Err(error.message)),
        }));
    }
    say(None);
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let held = "UPDATE rescan SET heartbeat = heartbeat WHERE no = ?1 AND owner = ?2 AND fence = ?3";
    if step.execute(held, params![claim.rescan, claim.owner, claim.fence])? == 0 {
        return Err(PlanError::Lost);
    }
    if units::list(&step, claim.rescan)?.is_empty() {
        // A mistake in what was asked for is told as such, not as a report of which every unit is missing.
        if let Some((_, name, Err(problem))) = listed.first()
            && listed.iter().all(|(.., unit)| unit.is_err())
        {
            return Err(PlanError::Unreadable(name.clone(), problem.clone(), listed.len() - 1));
        }
        for (ordinal, (index, name, unit)) in listed.iter().enumerate() {
            store(&step, claim.rescan, ordinal, &sources[*index].place, name, unit)?;
        }
    }
    let rows = units::list(&step, claim.rescan)?;
    if rows.is_empty() {
        return Err(PlanError::Nothing);
    }
    let planned = matched(&step, rows, listed, sources)?;
    step.commit()?;
    Ok(planned)
}

fn store(
    connection: &Connection,
    rescan: i64,
    ordinal: usize,
    place: &str,
    name: &str,
    unit: &Result<Unit, String>,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO unit (rescan, ordinal, source, name, columns, expected_rows, problem) \
         VALUES (?1, ?2, ?3, ?4, '[]', NULL, ?5)",
        params![rescan, ordinal as i64, place, name, unit.as_ref().err()],
    )?;
    match unit {
        Ok(unit) => set_columns(connection, connection.last_insert_rowid(), unit),
        Err(_) => Ok(()),
    }
}

/// Writes what the source says of a unit of which nothing was read yet.
fn set_columns(connection: &Connection, id: i64, unit: &Unit) -> rusqlite::Result<()> {
    let columns = serde_json::Value::from(unit.columns.clone()).to_string();
    connection.execute(
        "UPDATE unit SET columns = ?2, expected_rows = ?3, problem = NULL WHERE id = ?1",
        params![id, columns, unit.expected],
    )?;
    for column in &unit.columns {
        connection.execute(
            "INSERT OR IGNORE INTO coverage (unit, column_name) VALUES (?1, ?2)",
            params![id, column],
        )?;
    }
    Ok(())
}

/// Joins what is stored with what the sources list now. A unit that is gone, or has other columns than when a part of it
/// was read, cannot be read on; one that came since is not part of the plan.
fn matched(
    connection: &Connection,
    rows: Vec<UnitRow>,
    listed: Vec<Listed>,
    sources: &[Opened],
) -> rusqlite::Result<Vec<Planned>> {
    // A folder named twice lists its files twice: equal names keep their order.
    let mut now: HashMap<(String, String), VecDeque<Listed>> = HashMap::new();
    for listed in listed {
        now.entry((sources[listed.0].place.clone(), listed.1.clone())).or_default().push_back(listed);
    }
    let mut planned = Vec::new();
    for row in rows {
        let gone = || (0, String::new(), Err("it is not in the source any more".to_owned()));
        let found = now.get_mut(&(row.source.clone(), row.name.clone())).and_then(VecDeque::pop_front);
        let (source, _, unit) = found.unwrap_or_else(gone);
        let unit = match unit {
            Ok(unit) if unit.columns != row.columns && row.splits > 0 => {
                Err("its columns changed since the rescan began; start a new rescan".to_owned())
            }
            Ok(unit) => {
                if unit.columns != row.columns || row.problem.is_some() {
                    set_columns(connection, row.id, &unit)?;
                }
                Ok(unit)
            }
            Err(problem) => Err(problem),
        };
        planned.push(Planned { row, source, unit });
    }
    for ((place, name), _) in now.iter().filter(|(_, left)| !left.is_empty()) {
        tracing::warn!(source = place, unit = name, "came after the rescan began; it is not part of it");
    }
    Ok(planned)
}
