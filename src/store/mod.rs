//! The embedded store: one SQLite file that any number of processes may share, in a folder with the key of its digests.
//!
//! [`rescans`] and [`units`] hold what a rescan is asked to do and how far it is; a rescan's findings come in through
//! [`crate::rescan::commit`] alone, whole pages at a time. No table holds the text of a note.

mod error;
pub mod findings;
#[cfg(test)]
pub mod fixture;
pub mod located;
mod migrate;
mod pool;
pub mod rescans;
pub mod reviews;
mod state;
pub mod units;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, params};

pub use error::StoreError;
pub use pool::Pooled;
pub use state::{State, UnknownState, Wanted};

use crate::rescan::keys::Keys;
use pool::Pool;

/// Name of the file in the data folder.
pub const FILE: &str = "vigie.db";

/// How long to wait for another process that writes.
const BUSY: Duration = Duration::from_secs(20);

/// A data folder, open. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    keys: Keys,
    pool: Pool,
}

impl Store {
    /// Opens the store of a data folder, made at the first use, with the key of `VIGIE_DATA_KEY` or of its file.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        make_folder(dir).map_err(|source| StoreError::Folder { path: dir.to_owned(), source })?;
        let keys = Keys::load(dir, dir.join(FILE).exists())?;
        Self::open_with(dir, keys)
    }

    /// Opens the store with a key that is known already.
    pub fn open_with(dir: &Path, keys: Keys) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let store = Self(Arc::new(Inner { path, keys, pool: Pool::default() }));
        let mut connection = store.connect()?;
        migrate::migrate(&mut connection, store.path())?;
        store.check_key(&connection)?;
        store.0.pool.give(connection);
        Ok(store)
    }

    /// A connection from the pool, given back when dropped. Reads and short transactions are what it is for.
    pub fn connection(&self) -> Result<Pooled<'_>, StoreError> {
        let connection = match self.0.pool.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        Ok(Pooled::new(connection, &self.0.pool))
    }

    /// A connection of one's own.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let connection = Connection::open_with_flags(&self.0.path, flags)?;
            connection.busy_timeout(BUSY)?;
            // Every commit reaches the disk before it counts: a power cut loses what was not committed, and no more.
            connection.execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                 PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8192; PRAGMA journal_size_limit = 67108864;",
            )?;
            connection.set_prepared_statement_cache_capacity(64);
            Ok(connection)
        };
        patiently(open).map_err(|source| self.error(source))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The keys its digests, fingerprints, manifests and excerpts are made with.
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// An error of SQLite on this store, with the place and what to do.
    pub fn error(&self, source: rusqlite::Error) -> StoreError {
        StoreError::at(self.0.path.clone(), source)
    }

    /// Fingerprints made with another key would match nothing: reviews would be lost and every note look changed.
    fn check_key(&self, connection: &Connection) -> Result<(), StoreError> {
        let own = self.0.keys.check();
        let wrap = |source| self.error(source);
        connection
            .execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('key_check', ?1)", params![own])
            .map_err(wrap)?;
        match migrate::meta(connection, "key_check").map_err(wrap)? {
            Some(found) if found == own => Ok(()),
            _ => Err(StoreError::OtherKey { path: self.0.path.clone() }),
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.0.path.display())
    }
}

/// Opens again while another process keeps the file busy, for [`BUSY`] at most: SQLite does not call its own busy handler
/// where two connections turn a new file to write-ahead logging at once, for they would wait for each other.
fn patiently<T>(open: impl Fn() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let start = Instant::now();
    loop {
        match open() {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && start.elapsed() < BUSY =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

/// The folder, readable by its owner alone where it is new.
fn make_folder(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Now, as the store counts: Unix milliseconds.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
