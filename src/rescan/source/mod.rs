//! Where notes come from: files of every kind CRMs export, and the tables of their databases.

pub mod address;
mod columns;
mod compressed;
mod csv;
pub mod discover;
pub mod files;
mod folder;
mod month;
mod ndjson;
mod open;
mod pages;
mod parquet;
pub mod sql;
mod tls;
pub mod url;
mod xlsx;

pub use open::{Opened, open, without_passwords};
use serde::{Deserialize, Serialize};

use crate::note::NoteText;

/// A table, a query or a file: what has rows, columns of notes and a count of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// `public.llx_actioncomm`, `exports/2024/clients.csv`: the same at every plan of the same source.
    pub name: String,
    /// Columns of notes, in the order of [`Row::cells`].
    pub columns: Vec<String>,
    /// Rows the source says it has, where it can tell without reading them.
    pub expected: Option<u64>,
}

/// Where reading of a unit goes on: made by the source, stored as it is, given back to the same source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position(pub String);

/// Consecutive rows, and where the next ones begin. A page is cut by count alone, so that the pages of a source that did
/// not change are the same at every run.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<Row>,
    pub after: Position,
}

/// A row with its columns of notes.
#[derive(Debug)]
pub struct Row {
    /// The row's key as text: primary key, id column, else the number of the row from 1.
    pub key: String,
    /// One cell a column of [`Unit::columns`]; one only, holding the reason, where the row as a whole cannot be read.
    pub cells: Vec<Cell>,
    pub labels: Labels,
}

/// A note, or why there is none.
#[derive(Debug)]
pub enum Cell {
    Text(NoteText),
    /// NULL, or only blanks.
    Empty,
    /// What is wrong, and what to do; never the text.
    Unreadable(String),
}

/// What a report groups findings by. The author is read only where the operator asked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub author: Option<String>,
    pub team: Option<String>,
    /// Name of the field for the policy; `None`: the column's name.
    pub field: Option<String>,
    /// `YYYY-MM`, where the date column holds a date.
    pub month: Option<String>,
}

/// A source cannot be opened or read. Says the place and the remedy; never carries a note.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SourceError {
    pub message: String,
    /// Whether trying again later may help: the server restarted, the network dropped.
    pub transient: bool,
}

/// A unit, or the name of what cannot be read at all, and why.
pub type Listed = Result<Unit, (String, SourceError)>;

/// Something with notes. Plans and counts first, then reads each unit from any position it gave.
pub trait Source: Send {
    /// Its units, in an order that is the same at every run. A unit that cannot be read at all is an error in its place.
    fn units(&mut self) -> Result<Vec<Listed>, SourceError>;

    /// Reads a unit from its beginning, or from where a page ended.
    fn open(&mut self, unit: &Unit, from: Option<&Position>) -> Result<Box<dyn Pages>, SourceError>;
}

/// A unit being read.
pub trait Pages: Send {
    /// The next rows, at most `rows` of them, `None` at the end. After a transient error the unit is opened again from the
    /// last page's position.
    fn next(&mut self, rows: usize) -> Result<Option<Page>, SourceError>;
}

impl SourceError {
    pub fn permanent(message: impl Into<String>) -> Self {
        Self { message: message.into(), transient: false }
    }

    pub fn transient(message: impl Into<String>) -> Self {
        Self { message: message.into(), transient: true }
    }
}
