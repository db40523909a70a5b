//! `--out`: files and tables that get the findings when a run has ended.

use super::super::message;
use crate::rescan::progress::Snapshot;
use crate::rescan::sink::{ExportError, Target};
use crate::store::findings::Filter;
use crate::store::{State, Store};

/// Files whose format is known, and tables.
#[derive(Debug)]
pub struct Outputs(Vec<Target>);

impl Outputs {
    /// Refuses, before anything is read, a name that says no format.
    pub fn new(given: &[String]) -> Result<Self, ExportError> {
        given.iter().map(|out| Target::parse(out, None)).collect::<Result<_, _>>().map(Self)
    }

    /// Writes what was found, if the rescan read all it could.
    pub fn write(&self, store: &Store, last: &Snapshot, quiet: bool) -> anyhow::Result<()> {
        if self.0.is_empty() || !matches!(last.state, State::Done | State::Partial) {
            return Ok(());
        }
        let filter = Filter::rescan(&last.id);
        for target in &self.0 {
            let taken = target.write(&*store.connection()?, &filter)?;
            if !quiet {
                message::say(format_args!("{target}: {taken} findings\n"));
            }
        }
        Ok(())
    }
}
