//! The rescans of this server: the store of its data folder, opened at the first use, and those that run in this process.
//!
//! A rescan asked for over HTTP is queued in the store; [`Rescans::take_up`] starts what waits as far as there is room,
//! at every request, at every end, when the server starts, and now and then: one left by a process that was killed waits
//! once it has been silent for long enough. A server that stops gives its rescans back queued. [`permit`] says what they
//! may read, [`uploads`] keeps what was sent for them, `ends` sees to what was found.

mod ends;
pub mod permit;
pub mod uploads;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::MissedTickBehavior;

use super::problem::Problem;
use super::state::AppState;
use crate::config::{Config, ConfigError};
use crate::rescan::claim::{self, ClaimError};
use crate::rescan::progress::Snapshot;
use crate::rescan::spec::Spec;
use crate::rescan::stop::Reason;
use crate::rescan::versions::Versions;
use crate::rescan::{RunError, Runner, Task};
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, Store, StoreError};
use ends::{End, Ends, write_sinks};
use permit::Permit;
use uploads::UnderWay;

/// Rescans that run at the same time; more wait.
const AT_ONCE: usize = 2;

/// Streams of events that are open at the same time.
const STREAMS: usize = 256;

/// How often to look for what waits without anyone asking. What a process left that was killed in another container, or on
/// another machine, is told by its silence alone.
pub const INTERVAL: Duration = Duration::from_millis(claim::STALE_MS as u64 + 5_000);

/// How long a stopping server waits for its rescans to commit what they have, and to write what they found.
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
    permit: Arc<Permit>,
    under_way: UnderWay,
    /// Scanning threads of a rescan.
    threads: usize,
    store: Mutex<Option<Store>>,
    runs: Mutex<Runs>,
    ends: Ends,
    /// Held while starting: two at the same time would start one more than there is room for.
    starting: Mutex<()>,
    /// Whether the server stops.
    stopping: watch::Sender<bool>,
    streams: Arc<Semaphore>,
}

/// What runs in this process, and what did.
#[derive(Default)]
struct Runs {
    running: BTreeMap<String, Run>,
    /// By runs that have ended.
    done: Figures,
}

struct Run {
    runner: Arc<Runner>,
    /// What was counted before it began.
    before: Figures,
}

/// What the rescans of this process did since it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub notes: u64,
    pub findings: u64,
}

impl Figures {
    fn of(snapshot: &Snapshot) -> Self {
        Self { notes: snapshot.notes.seen, findings: snapshot.findings }
    }
}

impl Run {
    fn figures(&self) -> Figures {
        let now = Figures::of(&self.runner.subscribe().borrow());
        Figures {
            notes: now.notes.saturating_sub(self.before.notes),
            findings: now.findings.saturating_sub(self.before.findings),
        }
    }
}

impl Runs {
    /// Counts a run that has ended, and forgets it.
    fn close(&mut self, id: &str) {
        if let Some(run) = self.running.remove(id) {
            let figures = run.figures();
            self.done.notes += figures.notes;
            self.done.findings += figures.findings;
        }
    }
}

impl Rescans {
    pub fn new(config: &Config) -> Self {
        Self {
            folder: config.data_folder(),
            permit: Arc::new(Permit::of(config)),
            under_way: UnderWay::default(),
            // Whoever writes a note waits for its answer; a rescan has time.
            threads: config.sessions.saturating_sub(1).max(1),
            store: Mutex::default(),
            runs: Mutex::default(),
            ends: Ends::default(),
            starting: Mutex::default(),
            stopping: watch::Sender::new(false),
            streams: Arc::new(Semaphore::new(STREAMS)),
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
    pub(crate) fn has_store(&self) -> bool {
        self.folder.as_ref().is_ok_and(|folder| folder.join(crate::store::FILE).exists())
    }

    /// What they may read.
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Files being received.
    fn under_way(&self) -> &UnderWay {
        &self.under_way
    }

    /// The rescan of that id, if it runs in this process.
    pub fn running(&self, id: &str) -> Option<Arc<Runner>> {
        let runs = lock(&self.runs);
        runs.running.get(id).map(|run| Arc::clone(&run.runner)).filter(|runner| !runner.has_ended())
    }

    /// How many run in this process.
    pub fn count(&self) -> usize {
        lock(&self.runs).running.values().filter(|run| !run.runner.has_ended()).count()
    }

    /// What they did since the server started.
    pub fn figures(&self) -> Figures {
        let runs = lock(&self.runs);
        runs.running.values().map(Run::figures).fold(runs.done, |sum, run| Figures {
            notes: sum.notes + run.notes,
            findings: sum.findings + run.findings,
        })
    }

    /// A place among the streams of events.
    pub fn stream(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_| {
            Problem::unavailable(format!("{STREAMS} streams of events are open, the most this server has"))
        })
    }

    /// Turns true when the server stops: streams of events end then.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// Starts no more, and tells those that run to give themselves back for the next start. Returns at once.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        lock(&self.runs).running.values().for_each(|run| run.runner.stop(Reason::Release));
    }

    /// After [`Rescans::stop`]: waits until they have, and until what those found that ended is written, some seconds at
    /// most. What was not read then is taken up by the next server as after a crash; what was not written is in the log.
    pub fn wait(&self) {
        let _none_starts = lock(&self.starting);
        self.stop();
        let end = Instant::now() + GRACE;
        while (self.count() > 0 || !self.ends.left().is_empty()) && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
        let left = self.count();
        if left > 0 {
            tracing::warn!(left, "stopped before all rescans had given themselves back");
        }
        for id in self.ends.left().iter().filter(|id| self.running(id).is_none()) {
            tracing::warn!(
                rescan = id,
                "stopped before what it found was written to its sinks; `vigie rescan export` writes it"
            );
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
            // One that runs here says so again as soon as it can: the machine slept, or the store was busy.
            if row.state == State::Running && own.running(&row.id).is_some() {
                continue;
            }
            own.start(state, &store, row)?;
        }
        Ok(())
    }

    fn start(&self, state: &AppState, store: &Store, row: RescanRow) -> Result<(), NoStore> {
        let before = Snapshot::read(&*store.connection()?, &row).map_err(|error| store.error(error))?;
        let before = Figures::of(&before);
        // One that waited since before a reload begins with what is in place now.
        if row.started_at.is_none()
            && let Ok(versions) = Versions::of(&state.scanner(), &row.spec.profile)
        {
            let connection = store.connection()?;
            rescans::set_versions(&connection, row.no, &versions).map_err(|error| store.error(error))?;
        }
        let permit = Arc::clone(&self.permit);
        let open = Box::new(move |spec: &Spec| permit.open(spec));
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
        let run = Run { runner: Arc::clone(&runner), before };
        let mut runs = lock(&self.runs);
        runs.close(&row.id);
        runs.running.insert(row.id.clone(), run);
        drop(runs);
        let state = state.clone();
        let end = self.ends.begin(&row.id);
        let follow = move || {
            let last = runner.join();
            state.rescans().ended(&state, &row.spec, &last, end);
        };
        if std::thread::Builder::new().name("rescan-end".to_owned()).spawn(follow).is_err() {
            tracing::warn!("no thread is left to follow a rescan; what waits starts with the next request");
        }
        Ok(())
    }

    /// Writes its sinks, removes what was sent for it, and makes room for the next.
    fn ended(&self, state: &AppState, spec: &Spec, last: &Snapshot, end: End) {
        let mut runs = lock(&self.runs);
        // It may run again already.
        if runs.running.get(&last.id).is_some_and(|run| run.runner.has_ended()) {
            runs.close(&last.id);
        }
        drop(runs);
        tracing::info!(rescan = last.id, state = last.state.id(), notes = last.notes.seen, "a rescan ended");
        match self.store() {
            Ok(store) => {
                if matches!(last.state, State::Done | State::Partial) {
                    write_sinks(state, &store, spec, &last.id);
                }
                if let Err(error) = uploads::sweep(&store) {
                    tracing::error!(%error, "files that were sent are not removed");
                }
            }
            Err(error) => tracing::error!(%error, "the store cannot be opened any more"),
        }
        // Before what follows: a server that stops lets nothing start while it waits for this.
        drop(end);
        if !self.is_stopping()
            && let Err(error) = Self::take_up(state)
        {
            tracing::error!(%error, "rescans that wait are not started");
        }
    }

    /// Takes up what waits, at once and then at every interval, until the server stops.
    pub async fn keep_taking_up(state: AppState, interval: Duration) {
        let mut stopping = state.rescans().stopping();
        let mut ticks = tokio::time::interval(interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                _ = stopping.changed() => {}
            }
            if state.rescans().is_stopping() {
                return;
            }
            let own = state.clone();
            // A look that panicked is in the log; the next one may do better.
            let _ = tokio::task::spawn_blocking(move || Self::at_start(&own)).await;
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

/// Rescans of servers that wait for a process, oldest first. Those of the command line are not taken over: they have no
/// request.
fn waiting(connection: &Connection) -> rusqlite::Result<Vec<RescanRow>> {
    let mut rows = Vec::new();
    for id in claim::waiting(connection)? {
        rows.extend(rescans::get(connection, &id)?.filter(|row| row.request_digest.is_some()));
    }
    Ok(rows)
}

/// Works with the store on a blocking thread.
pub async fn blocking<T: Send + 'static>(
    state: &AppState,
    work: impl FnOnce(&AppState, &Store) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let state = state.clone();
    let task = tokio::task::spawn_blocking(move || {
        let store = state.rescans().store()?;
        work(&state, &store)
    });
    task.await.unwrap_or_else(|_| Err(Problem::internal()))
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

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        NoStore::from(error).into()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
