//! `--out`: files and tables that get the findings when a run has ended.

use super::super::message;
use crate::rescan::progress::Snapshot;
use crate::rescan::sink::{Destination, ExportError};
use crate::store::findings::Filter;
use crate::store::{State, Store};

/// Files whose format is known, and tables.
#[derive(Debug)]
pub struct Outputs(Vec<Destination>);

impl Outputs {
    /// Refuses, before anything is read, a name that says no format.
    pub fn new(names: &[String]) -> Result<Self, ExportError> {
        names.iter().map(|name| Destination::of(name, None)).collect::<Result<_, _>>().map(Self)
    }

    /// Writes what was found, if the rescan read all it could.
    pub fn write(&self, store: &Store, last: &Snapshot, quiet: bool) -> anyhow::Result<()> {
        if self.0.is_empty() || !matches!(last.state, State::Done | State::Partial) {
            return Ok(());
        }
        for destination in &self.0 {
            let taken = destination.write(&*store.connection()?, &last.id, &Filter::default())?;
            if !quiet {
                message::say(format_args!("{destination}: {taken} findings\n"));
            }
        }
        Ok(())
    }
}
