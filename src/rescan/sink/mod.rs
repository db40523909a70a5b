//! Where findings go beside the store: files and tables made from it, each whole or not at all.

mod atomic;
pub mod csv;
pub mod ndjson;
pub mod parquet;
pub mod sql;
mod target;

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use atomic::AtomicFile;
pub use target::Target;

use crate::rescan::source::SourceError;
use crate::store::findings::{self, Filter, FindingsError, StoredFinding};

/// Takes findings one after the other. What was taken counts once finished; dropped before that, it leaves nothing.
pub trait Sink {
    fn take(&mut self, finding: &StoredFinding) -> io::Result<()>;

    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A file of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One JSON object a line
    Ndjson,
    /// One row a finding, for spreadsheets
    Csv,
    /// Apache Parquet, for data platforms
    Parquet,
}

/// Findings cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("{path}: the extension says no format; name the file .ndjson, .csv or .parquet")]
    Format { path: PathBuf },
    #[error("cannot write {path}: {source}")]
    Write { path: PathBuf, source: io::Error },
    #[error("a table takes the findings of one rescan at a time: name it")]
    Several,
    #[error(transparent)]
    Database(#[from] SourceError),
    #[error(transparent)]
    Findings(#[from] FindingsError),
}

impl Format {
    /// As the file's extension says.
    pub fn of(path: &Path) -> Result<Self, ExportError> {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match extension.as_deref() {
            Some("ndjson" | "jsonl") => Ok(Self::Ndjson),
            Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            _ => Err(ExportError::Format { path: path.to_owned() }),
        }
    }
}

/// Writes the findings that fit into a file that appears, or takes the place of an older one, when it is whole. Gives how
/// many there are.
pub fn export(
    connection: &Connection,
    filter: &Filter,
    path: &Path,
    format: Option<Format>,
) -> Result<u64, ExportError> {
    let format = format.map_or_else(|| Format::of(path), Ok)?;
    let failed = |source| ExportError::Write { path: path.to_owned(), source };
    let file = AtomicFile::create(path).map_err(failed)?;
    let mut sink: Box<dyn Sink> = match format {
        Format::Ndjson => Box::new(ndjson::Ndjson::new(file)),
        Format::Csv => Box::new(csv::Csv::new(file).map_err(failed)?),
        Format::Parquet => Box::new(parquet::Parquet::new(file).map_err(failed)?),
    };
    let mut taken = 0;
    findings::each(connection, filter, |finding| {
        taken += 1;
        sink.take(&finding).map_err(failed)
    })?;
    sink.finish().map_err(failed)?;
    Ok(taken)
}

#[cfg(test)]
mod tests;
