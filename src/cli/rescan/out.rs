//! `--out`: files that get the findings when a run has ended.

use std::path::PathBuf;

use super::super::message;
use crate::rescan::progress::Snapshot;
use crate::rescan::sink::{self, ExportError, Format};
use crate::store::findings::Filter;
use crate::store::{State, Store};

/// Files whose format is known.
#[derive(Debug)]
pub struct Outputs(Vec<(PathBuf, Format)>);

impl Outputs {
    /// Refuses, before anything is read, a name that says no format.
    pub fn new(paths: Vec<PathBuf>) -> Result<Self, ExportError> {
        let with_format = |path: PathBuf| Format::of(&path).map(|format| (path, format));
        paths.into_iter().map(with_format).collect::<Result<_, _>>().map(Self)
    }

    /// Writes what was found, if the rescan read all it could.
    pub fn write(&self, store: &Store, last: &Snapshot, quiet: bool) -> anyhow::Result<()> {
        if self.0.is_empty() || !matches!(last.state, State::Done | State::Partial) {
            return Ok(());
        }
        let filter = Filter { rescan: Some(last.id.clone()), ..Filter::default() };
        for (path, format) in &self.0 {
            let taken = sink::export(&*store.connection()?, &filter, path, Some(*format))?;
            if !quiet {
                message::say(format_args!("{}: {taken} findings\n", path.display()));
            }
        }
        Ok(())
    }
}
