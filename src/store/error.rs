//! What goes wrong with the store, said with the place and the remedy.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// The store cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot make the data folder {path}: {source}; name another with --data-dir or VIGIE_DATA_DIR")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the data folder {path} is full; free some space, then resume the rescan")]
    Full { path: PathBuf },
    #[error("the store {path} is busy: another process has been writing to it for too long; try again")]
    Busy { path: PathBuf },
    #[error(
        "{path} is not a store of Vigie, or is damaged ({source}); restore it from a backup, or move it away"
    )]
    Damaged { path: PathBuf, source: rusqlite::Error },
    #[error("{path} was made by a newer Vigie (schema {found}, this one knows {known}); update this program")]
    Newer { path: PathBuf, found: usize, known: usize },
    #[error(
        "{path} was made with another key; put back the file `key` of its folder, or set VIGIE_DATA_KEY to the key it was \
         made with"
    )]
    OtherKey { path: PathBuf },
    #[error(transparent)]
    Keys(#[from] crate::rescan::keys::KeyError),
    #[error("the store {path}: {source}")]
    Sqlite { path: PathBuf, source: rusqlite::Error },
}

impl StoreError {
    /// Sorts an error of SQLite by what the operator can do about it.
    pub fn at(path: PathBuf, source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged { path, source },
            _ => Self::Sqlite { path, source },
        }
    }
}
