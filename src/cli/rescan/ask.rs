//! `vigie rescan pause` and `cancel`: tells the process that runs a rescan, wherever it is.

use std::time::{Duration, Instant};

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use super::{find, store};
use crate::rescan::ask::{self, AskError, Asked};
use crate::store::{State, Store};

/// How long to wait for the process to see to it: it ends its pages first.
const WAIT: Duration = Duration::from_secs(20);

/// Pause a rescan, whichever process runs it
#[derive(Debug, clap::Args)]
pub struct Pause {
    /// Its id, as `vigie rescan list` shows it
    id: String,
}

/// Stop a rescan for good; what was found stays
#[derive(Debug, clap::Args)]
pub struct Cancel {
    /// Its id, as `vigie rescan list` shows it
    id: String,
}

pub fn pause(args: Pause, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let asked = ask::pause(&mut *store.connection()?, &args.id);
    settle(&store, &args.id, asked, State::Paused, setup.quiet)
}

pub fn cancel(args: Cancel, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let asked = ask::cancel(&mut *store.connection()?, store.keys(), &args.id);
    settle(&store, &args.id, asked, State::Cancelled, setup.quiet)
}

/// Waits until the process that runs it has seen to it.
fn settle(
    store: &Store,
    id: &str,
    asked: Result<Asked, AskError>,
    wanted: State,
    quiet: bool,
) -> anyhow::Result<Exit> {
    let begin = Instant::now();
    let mut state = match asked.map_err(|error| sorted(store, error))? {
        Asked::Now(state) => state,
        Asked::Told => State::Running,
    };
    while state == State::Running {
        if begin.elapsed() > WAIT {
            anyhow::bail!("{id} was told, but still runs; `vigie rescan show {id}` says how it is");
        }
        std::thread::sleep(Duration::from_millis(100));
        state = find(store, id)?.state;
    }
    if !quiet {
        message::say(format_args!("{id}: {state}\n"));
    }
    if state != wanted {
        anyhow::bail!("{id} ended first ({state})");
    }
    Ok(Exit::Clear)
}

/// An error of the store with place and remedy.
pub fn sorted(store: &Store, error: AskError) -> anyhow::Error {
    match error {
        AskError::Sqlite(error) => store.error(error).into(),
        error => error.into(),
    }
}
