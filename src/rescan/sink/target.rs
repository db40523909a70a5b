//! Where findings are told to go: a file's name, or the address of a database.

use std::fmt;
use std::path::PathBuf;

use rusqlite::Connection;

use super::{ExportError, Format, export, sql};
use crate::rescan::source::url;
use crate::store::findings::Filter;

/// A place findings can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    File {
        path: PathBuf,
        format: Format,
    },
    /// Address of a database, as given.
    Table(String),
}

impl Target {
    /// Understands what the operator gave: an address has `://`, everything else names a file, whose extension says its
    /// format unless that is given too.
    pub fn parse(given: &str, format: Option<Format>) -> Result<Self, ExportError> {
        if given.contains("://") {
            sql::check(given)?;
            return Ok(Self::Table(given.to_owned()));
        }
        let path = PathBuf::from(given);
        let format = format.map_or_else(|| Format::of(&path), Ok)?;
        Ok(Self::File { path, format })
    }

    /// Writes the findings that fit; into a table, those of one rescan, in the place of all it had of it. Gives how many
    /// there are.
    pub fn write(&self, connection: &Connection, filter: &Filter) -> Result<u64, ExportError> {
        match (self, &filter.rescan) {
            (Self::File { path, format }, _) => export(connection, filter, path, Some(*format)),
            (Self::Table(address), Some(rescan)) => sql::export(connection, rescan, filter, address),
            (Self::Table(_), None) => Err(ExportError::Several),
        }
    }
}

/// As it may be shown: without password and parameters.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => write!(f, "{}", path.display()),
            Self::Table(address) => f.write_str(&url::place(address)),
        }
    }
}
