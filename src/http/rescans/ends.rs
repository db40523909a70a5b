//! What follows the end of a rescan: its findings go where it was asked to write them. A server that stops waits for it, as
//! the rescan has ended in the store by then and no later server would do it.

use std::sync::{Arc, Mutex};

use super::lock;
use crate::http::state::AppState;
use crate::rescan::spec::Spec;
use crate::store::Store;
use crate::store::findings::Filter;

/// Rescans of this process whose end was not seen to yet: those that run, and those whose findings are being written.
#[derive(Debug, Default)]
pub struct Ends(Arc<Mutex<Vec<String>>>);

/// The end of one rescan, waited for until this is dropped.
#[derive(Debug)]
pub struct End {
    ends: Arc<Mutex<Vec<String>>>,
    id: String,
}

impl Ends {
    /// From now on, the end of a rescan is waited for.
    pub fn begin(&self, id: &str) -> End {
        lock(&self.0).push(id.to_owned());
        End { ends: Arc::clone(&self.0), id: id.to_owned() }
    }

    /// Ids of the rescans whose end was not seen to yet.
    pub fn left(&self) -> Vec<String> {
        lock(&self.0).clone()
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let mut ends = lock(&self.ends);
        // One that is resumed may be there twice.
        if let Some(at) = ends.iter().position(|id| *id == self.id) {
            ends.swap_remove(at);
        }
    }
}

/// Writes what was found where it was asked for. A failure is in the log; `vigie rescan export` does it again.
pub fn write_sinks(state: &AppState, store: &Store, spec: &Spec, id: &str) {
    for sink in state.config().sink.iter().filter(|sink| spec.sinks.contains(&sink.name)) {
        let write = || -> Result<u64, String> {
            let target = sink.target(id).map_err(|error| error.to_string())?;
            let connection = store.connection().map_err(|error| error.to_string())?;
            target.write(&connection, &Filter::rescan(id)).map_err(|error| error.to_string())
        };
        match write() {
            Ok(findings) => tracing::info!(rescan = id, sink = sink.name, findings, "findings written"),
            Err(error) => tracing::error!(rescan = id, sink = sink.name, error, "findings not written"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_waited_for_until_it_was_seen_to() {
        let ends = Ends::default();
        let (first, again, other) = (ends.begin("r-1"), ends.begin("r-1"), ends.begin("r-2"));
        drop(first);
        let mut left = ends.left();
        left.sort();
        assert_eq!(left, ["r-1", "r-2"]);
        drop(again);
        assert_eq!(ends.left(), ["r-2"]);
        drop(other);
        assert!(ends.left().is_empty());
    }
}
