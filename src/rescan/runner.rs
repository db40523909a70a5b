//! Runs a rescan in a thread of its own: claims it, plans it, drives the pipeline, gives it back in the state it ended in.
//! The command line and the server both use it.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;

use super::claim::{ClaimError, claim};
use super::pipeline::Pace;
use super::progress::Snapshot;
use super::run::Run;
use super::source::{Opened, SourceError};
use super::spec::Spec;
use super::stop::{Reason, Stop};
use super::versions::Versions;
use crate::policy::PolicyError;
use crate::scanner::Scanner;
use crate::store::rescans;
use crate::store::{Store, StoreError};

/// How long to go on trying a source that does not answer.
const PATIENCE: Duration = Duration::from_secs(600);

/// Opens the sources of a rescan: [`open`](super::source::open), or what a test puts in its place.
pub type Opener = Box<dyn FnMut(&Spec) -> Result<Vec<Opened>, SourceError> + Send>;

/// A rescan to be run.
pub struct Task {
    pub store: Store,
    pub scanner: Arc<Scanner>,
    /// Its id; it is in the store, queued or stopped.
    pub id: String,
    /// Scanning threads.
    pub threads: usize,
    pub open: Opener,
    /// How long to go on trying a source that does not answer.
    pub patience: Duration,
    pub(super) pace: Pace,
    /// Pages the store may have: how tests fill a disk.
    #[cfg(test)]
    pub(super) max_pages: Option<i64>,
}

/// A rescan cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Claim(#[from] ClaimError),
    #[error(transparent)]
    Profile(#[from] PolicyError),
    #[error(
        "excerpts of notes are kept only where the key is kept apart from the store: set VIGIE_DATA_KEY (64 hexadecimal \
         digits; `openssl rand -hex 32` prints a key) before the data folder is first used"
    )]
    ExcerptKey,
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}

/// A rescan that runs.
pub struct Runner {
    id: String,
    stop: Stop,
    progress: watch::Receiver<Snapshot>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Task {
    /// A task with sources as `open` opens them.
    pub fn new(store: Store, scanner: Arc<Scanner>, id: String, threads: usize, open: Opener) -> Self {
        let pace = Pace::of(&scanner);
        Self {
            store,
            scanner,
            id,
            threads,
            open,
            patience: PATIENCE,
            pace,
            #[cfg(test)]
            max_pages: None,
        }
    }
}

impl Runner {
    /// Claims the rescan and starts it. What goes wrong later is in the state and the message of the snapshots.
    pub fn start(task: Task) -> Result<Self, RunError> {
        let mut connection = task.store.connect()?;
        let wrap = |source| task.store.error(source);
        #[cfg(test)]
        if let Some(pages) = task.max_pages {
            connection.pragma_update(None, "max_page_count", pages).map_err(wrap)?;
        }
        let unknown = || ClaimError::Unknown(task.id.clone());
        let row = rescans::get(&connection, &task.id).map_err(wrap)?.ok_or_else(unknown)?;
        if row.spec.excerpts && !task.store.keys().is_from_environment() {
            return Err(RunError::ExcerptKey);
        }
        let versions = Versions::of(&task.scanner, &row.spec.profile)?;
        let claim = claim(&mut connection, &task.id, &versions)?;
        let row = rescans::by_no(&connection, claim.rescan).map_err(wrap)?;
        let snapshot = Snapshot::read(&connection, &row).map_err(wrap)?;
        let (publish, progress) = watch::channel(snapshot);
        let stop = Stop::default();
        let run = Run::new(task, connection, claim, row, stop.clone(), publish);
        let id = progress.borrow().id.clone();
        let thread = std::thread::Builder::new()
            .name("rescan".to_owned())
            .spawn(move || run.go())
            .map_err(RunError::Thread)?;
        Ok(Self { id, stop, progress, thread: Mutex::new(Some(thread)) })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Snapshots as it goes; the last one has a state that is not `running`. The channel closes when it has ended.
    pub fn subscribe(&self) -> watch::Receiver<Snapshot> {
        self.progress.clone()
    }

    /// Tells it to stop after what is being committed: [`Reason::Pause`], [`Reason::Cancel`], or [`Reason::Release`] for
    /// another process to go on with it.
    pub fn stop(&self, reason: Reason) {
        self.stop.ask(reason);
    }

    /// Whether it has ended, with all it had to write.
    pub fn has_ended(&self) -> bool {
        // Its end closes the channel; the thread's handle may be with who waits for it.
        self.progress.has_changed().is_err()
    }

    /// Waits for its end, and gives the last snapshot.
    pub fn join(&self) -> Snapshot {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // The thread catches its own panics; what is left is in the snapshot.
            let _ = thread.join();
        }
        self.progress.borrow().clone()
    }
}
