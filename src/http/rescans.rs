//! The rescans of this server: the store of its data folder, opened at the first use, and those that run in this process.
//!
//! A rescan asked for over HTTP is queued in the store; [`Rescans::take_up`] starts what waits as far as there is room,
//! at every request, at every end, and when the server starts. A server that stops gives its rescans back queued.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::watch;

use super::problem::Problem;
use super::state::AppState;
use crate::config::{Config, ConfigError};
use crate::rescan::claim::{ClaimError, is_alive};
use crate::rescan::progress::Snapshot;
use crate::rescan::stop::Reason;
use crate::rescan::{RunError, Runner, Task, source};
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, Store, StoreError, now};

/// Rescans that run at the same time; more wait.
const AT_ONCE: usize = 2;

/// How long a stopping server waits for its rescans to commit what they have.
const GRACE: Duration = Duration::from_secs(10);

/// There is no store to keep rescans in.
#[derive(Debug, thiserror::Error)]
pub enum NoStore {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Store and running rescans of a server.
pub struct Rescans {
    folder: Result<PathBuf, ConfigError>,
    /// Scanning threads of a rescan.
    threads: usize,
    store: Mutex<Option<Store>>,
    running: Mutex<BTreeMap<String, Arc<Runner>>>,
    /// Held while starting: two at the same time would start one more than there is room for.
    starting: Mutex<()>,
    /// Whether the server stops.
    stopping: watch::Sender<bool>,
}

impl Rescans {
    pub fn new(config: &Config) -> Self {
        Self {
            folder: config.data_folder(),
            // Whoever writes a note waits for its answer; a rescan has time.
            threads: config.sessions.saturating_sub(1).max(1),
            store: Mutex::default(),
            running: Mutex::default(),
            starting: Mutex::default(),
            stopping: watch::Sender::new(false),
        }
    }

    /// The store, opened at the first use; where it cannot be opened, the next call tries again. Blocks: call it on a
    /// blocking thread.
    pub fn store(&self) -> Result<Store, NoStore> {
        let mut store = lock(&self.store);
        if let Some(store) = &*store {
            return Ok(store.clone());
        }
        let folder = match &self.folder {
            Ok(folder) => folder,
            Err(_) => return Err(ConfigError::NoDataDir.into()),
        };
        let opened = Store::open(folder)?;
        *store = Some(opened.clone());
        Ok(opened)
    }

    /// Whether the data folder has a store already.
    fn has_store(&self) -> bool {
        self.folder.as_ref().is_ok_and(|folder| folder.join(crate::store::FILE).exists())
    }

    /// The rescan of that id, if it runs in this process.
    pub fn running(&self, id: &str) -> Option<Arc<Runner>> {
        lock(&self.running).get(id).cloned()
    }

    /// How many run in this process.
    pub fn count(&self) -> usize {
        lock(&self.running).values().filter(|runner| !runner.has_ended()).count()
    }

    /// Turns true when the server stops: streams of events end then.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Starts no more, and tells those that run to give themselves back for the next start. Returns at once.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        lock(&self.running).values().for_each(|runner| runner.stop(Reason::Release));
    }

    /// After [`Rescans::stop`]: waits until they have, some seconds at most. What is not done then is taken up by the next
    /// server as after a crash.
    pub fn wait(&self) {
        let _none_starts = lock(&self.starting);
        self.stop();
        let end = Instant::now() + GRACE;
        while self.count() > 0 && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        let left = self.count();
        if left > 0 {
            tracing::warn!(left, "stopped before all rescans had given themselves back");
        }
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Starts what waits, oldest first, as far as there is room. Blocks on the store.
    pub fn take_up(state: &AppState) -> Result<(), NoStore> {
        let own = state.rescans();
        let _alone = lock(&own.starting);
        let store = own.store()?;
        let waiting = waiting(&*store.connection()?).map_err(|error| store.error(error))?;
        for row in waiting {
            if own.is_stopping() || own.count() >= AT_ONCE {
                break;
            }
            if own.running(&row.id).is_none_or(|runner| runner.has_ended()) {
                own.start(state, &store, row)?;
            }
        }
        Ok(())
    }

    fn start(&self, state: &AppState, store: &Store, row: RescanRow) -> Result<(), NoStore> {
        let open = Box::new(source::open);
        let task = Task::new(store.clone(), state.scanner(), row.id.clone(), self.threads, open);
        let runner = match Runner::start(task) {
            Ok(runner) => Arc::new(runner),
            // Another process was quicker.
            Err(RunError::Claim(ClaimError::Running { .. } | ClaimError::Ended { .. })) => return Ok(()),
            Err(RunError::Store(error)) => return Err(error.into()),
            Err(RunError::Claim(ClaimError::Sqlite(error))) => return Err(store.error(error).into()),
            Err(error) => {
                let reason = error.to_string();
                tracing::warn!(rescan = row.id, reason, "a rescan that waits cannot be started");
                let connection = store.connection()?;
                return Ok(rescans::fail(&connection, &row, &reason).map_err(|e| store.error(e))?);
            }
        };
        lock(&self.running).insert(row.id, Arc::clone(&runner));
        let state = state.clone();
        let follow = move || {
            let last = runner.join();
            state.rescans().ended(&state, &last);
        };
        if std::thread::Builder::new().name("rescan-end".to_owned()).spawn(follow).is_err() {
            tracing::warn!("no thread is left to follow a rescan; what waits starts with the next request");
        }
        Ok(())
    }

    /// Makes room for the next.
    fn ended(&self, state: &AppState, last: &Snapshot) {
        lock(&self.running).retain(|id, runner| *id != last.id || !runner.has_ended());
        tracing::info!(rescan = last.id, state = last.state.id(), notes = last.notes.seen, "a rescan ended");
        if !self.is_stopping()
            && let Err(error) = Self::take_up(state)
        {
            tracing::error!(%error, "rescans that wait are not started");
        }
    }

    /// Takes up what an earlier server left, if there is any.
    pub fn at_start(state: &AppState) {
        if state.rescans().has_store()
            && let Err(error) = Self::take_up(state)
        {
            tracing::error!(%error, "rescans are not available");
        }
    }
}

/// Rescans of servers that wait for a process, oldest first: queued, or left by one that died. Those of the command line are
/// not taken over.
fn waiting(connection: &Connection) -> rusqlite::Result<Vec<RescanRow>> {
    let at = now();
    let mut rows = rescans::list(connection)?;
    rows.retain(|row| match row.state {
        State::Queued => row.request_digest.is_some(),
        State::Running => row.request_digest.is_some() && !is_alive(row, at),
        _ => false,
    });
    rows.reverse();
    Ok(rows)
}

impl From<NoStore> for Problem {
    fn from(error: NoStore) -> Self {
        let detail = match &error {
            NoStore::Store(StoreError::Busy { .. }) => "the store is busy; try again",
            NoStore::Store(StoreError::Full { .. }) => "the disk of the data folder is full",
            _ => "rescans cannot be kept: the data folder (data_dir) cannot be used; the log has the reason",
        };
        tracing::error!(%error, "the store of rescans cannot be used");
        Self::unavailable(detail)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
