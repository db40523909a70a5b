//! What every handler shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;
use tokio::sync::Semaphore;

use super::metrics::Metrics;
use super::rescans::Rescans;
use crate::config::{Config, ConfigError};
use crate::policy::PolicyError;
use crate::scanner::{LoadError, Scanner};
use crate::secret::Keys;

/// What a reload does with the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// Keeps the one in place.
    Keep,
    /// Reads it again where it comes from a folder; the one inside the program cannot change.
    Anew,
}

/// The server cannot start, or cannot take over what was changed.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    Scanner(#[from] LoadError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the setting `profile`: {0}")]
    Profile(#[from] PolicyError),
}

/// Scanner, keys, limits, counters and rescans; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    config: Config,
    scanner: ArcSwap<Scanner>,
    keys: ArcSwap<Keys>,
    metrics: Metrics,
    rescans: Rescans,
    /// One permit a request in progress.
    admission: Arc<Semaphore>,
    /// One permit a thread that scans.
    workers: Arc<Semaphore>,
    draining: AtomicBool,
}

impl AppState {
    /// Loads scanner and keys as the settings say.
    pub fn load(config: Config) -> Result<Self, StateError> {
        let scanner = Scanner::load(&config.scanner_options())?;
        scanner.policies().get(&config.profile)?;
        let keys = config.read_keys()?;
        Ok(Self::new(config, Arc::new(scanner), keys))
    }

    /// Serves a scanner that is loaded already.
    pub fn new(config: Config, scanner: Arc<Scanner>, keys: Keys) -> Self {
        let metrics = Metrics::default();
        metrics.describe(&scanner);
        Self(Arc::new(Shared {
            admission: Arc::new(Semaphore::new(config.concurrency)),
            workers: Arc::new(Semaphore::new(config.sessions)),
            rescans: Rescans::new(&config),
            config,
            scanner: ArcSwap::new(scanner),
            keys: ArcSwap::new(Arc::new(keys)),
            metrics,
            draining: AtomicBool::new(false),
        }))
    }

    /// Reads the keys, rules and profiles anew. Keys and rules do not depend on each other: broken rules must not keep a
    /// withdrawn key alive. Call it on a blocking thread.
    pub fn reload(&self, model: Model) -> Result<(), StateError> {
        let result = self.reload_keys().and(self.reload_scanner(model));
        self.metrics().reloaded(result.is_ok());
        result
    }

    /// Takes over rules and profiles as they are now; on an error the old ones stay. Requests in progress end with the
    /// scanner they began with.
    fn reload_scanner(&self, model: Model) -> Result<(), StateError> {
        let config = self.config();
        let options = config.scanner_options();
        let scanner = match model {
            Model::Anew if config.model_dir.is_some() => Scanner::load(&options)?,
            _ => self.scanner().reload(&options)?,
        };
        scanner.policies().get(&config.profile)?;
        self.metrics().describe(&scanner);
        self.0.scanner.store(Arc::new(scanner));
        Ok(())
    }

    /// Takes over the keys of the keys file as they are now; on an error the old ones stay.
    pub fn reload_keys(&self) -> Result<(), StateError> {
        let keys = self.config().read_keys()?;
        // A server that asks for keys goes on asking: an emptied keys file must not open it to everybody.
        if !keys.is_empty() || self.keys().is_empty() {
            self.0.keys.store(Arc::new(keys));
        }
        Ok(())
    }

    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The scanner in place now.
    pub fn scanner(&self) -> Arc<Scanner> {
        self.0.scanner.load_full()
    }

    pub fn keys(&self) -> Arc<Keys> {
        self.0.keys.load_full()
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// The store of rescans, and those that run here.
    pub fn rescans(&self) -> &Rescans {
        &self.0.rescans
    }

    pub(super) fn admission(&self) -> &Arc<Semaphore> {
        &self.0.admission
    }

    pub(super) fn workers(&self) -> &Arc<Semaphore> {
        &self.0.workers
    }

    /// Requests in progress.
    pub fn in_progress(&self) -> usize {
        self.config().concurrency - self.admission().available_permits()
    }

    /// Says that no more requests should be sent here.
    pub fn drain(&self) {
        self.0.draining.store(true, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.0.draining.load(Ordering::Relaxed)
    }
}
