//! Pages of a file's rows, and places in files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::{Page, Pages, Position, Row, SourceError};

/// The rows of a file one by one.
pub trait Rows: Send {
    fn next(&mut self) -> Result<Option<Row>, SourceError>;

    /// Where the next row begins.
    fn place(&self) -> Place;
}

/// A place between two rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Rows before it.
    pub rows: u64,
    /// Lines before it, where the file has lines.
    #[serde(default)]
    pub lines: u64,
    /// Bytes before it, of the text without compression, byte-order mark and UTF-16.
    #[serde(default)]
    pub bytes: u64,
}

/// What tells a file from another under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    size: u64,
    /// Milliseconds since 1970.
    modified: u64,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    stamp: Stamp,
}

impl Stamp {
    pub fn of(path: &Path) -> Result<Self, SourceError> {
        let metadata = fs::metadata(path).map_err(|e| io_error("the file cannot be opened", &e))?;
        let since = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Ok(Self { size: metadata.len(), modified: since.map_or(0, |s| s.as_millis() as u64) })
    }

    /// The place a position stands for, if it was given for this very file.
    pub fn place(&self, position: Option<&Position>) -> Result<Place, SourceError> {
        let Some(position) = position else { return Ok(Place::default()) };
        let stored: Stored = serde_json::from_str(&position.0)
            .map_err(|_| SourceError::permanent("the place to go on from is none of a file"))?;
        if stored.stamp != *self {
            return Err(SourceError::permanent(
                "the file changed since reading began; start a new rescan (--incremental reads only what changed)",
            ));
        }
        Ok(stored.place)
    }

    fn position(self, place: Place) -> Position {
        // A structure of numbers always has a JSON form.
        Position(serde_json::to_string(&Stored { place, stamp: self }).unwrap_or_default())
    }
}

/// Cuts pages by count alone. Rows before an error stand: they are a page, and the error comes after it.
pub struct FilePages {
    rows: Box<dyn Rows>,
    path: PathBuf,
    stamp: Stamp,
    failed: Option<SourceError>,
}

impl FilePages {
    /// `stamp` is the file's from before it was opened.
    pub fn new(rows: Box<dyn Rows>, path: PathBuf, stamp: Stamp) -> Self {
        Self { rows, path, stamp, failed: None }
    }

    /// Makes sure that the rows were those of one file.
    fn end(&self) -> Result<(), SourceError> {
        match Stamp::of(&self.path) {
            Ok(stamp) if stamp == self.stamp => Ok(()),
            _ => Err(SourceError::permanent(
                "the file changed while it was read: rows may be missing or torn; start a new rescan",
            )),
        }
    }
}

impl Pages for FilePages {
    fn next(&mut self, rows: usize) -> Result<Option<Page>, SourceError> {
        if let Some(error) = &self.failed {
            return Err(SourceError { message: error.message.clone(), transient: error.transient });
        }
        let mut page = Vec::with_capacity(rows.min(1024));
        let mut after = self.rows.place();
        while page.len() < rows {
            match self.rows.next() {
                Ok(Some(row)) => page.push(row),
                Ok(None) => break,
                Err(error) if page.is_empty() => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
            after = self.rows.place();
        }
        if page.is_empty() {
            return self.end().map(|()| None);
        }
        Ok(Some(Page { rows: page, after: self.stamp.position(after) }))
    }
}

/// An error of reading, with its place. It may pass where a network is in the way.
pub fn io_error(what: &str, error: &io::Error) -> SourceError {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, NetworkDown, NetworkUnreachable, NotConnected,
        ResourceBusy, StaleNetworkFileHandle, TimedOut,
    };
    let transient = matches!(
        error.kind(),
        ConnectionAborted
            | ConnectionReset
            | HostUnreachable
            | NetworkDown
            | NetworkUnreachable
            | NotConnected
            | ResourceBusy
            | StaleNetworkFileHandle
            | TimedOut
    );
    SourceError { message: format!("{what}: {error}"), transient }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 1 to `last`, then an error.
    struct Failing {
        given: u64,
        last: u64,
    }

    impl Rows for Failing {
        fn next(&mut self) -> Result<Option<Row>, SourceError> {
            if self.given == self.last {
                return Err(SourceError::transient("gone"));
            }
            self.given += 1;
            Ok(Some(Row { key: self.given.to_string(), cells: vec![], labels: Default::default() }))
        }

        fn place(&self) -> Place {
            Place { rows: self.given, ..Place::default() }
        }
    }

    #[test]
    fn rows_before_an_error_stand() {
        let stamp = Stamp { size: 1, modified: 2 };
        let mut pages = FilePages::new(Box::new(Failing { given: 0, last: 5 }), PathBuf::new(), stamp);
        assert_eq!(pages.next(3).unwrap().unwrap().rows.len(), 3);
        let page = pages.next(3).unwrap().unwrap();
        assert_eq!(page.rows.len(), 2);
        assert_eq!(stamp.place(Some(&page.after)).unwrap().rows, 5);
        for _ in 0..2 {
            assert!(pages.next(3).unwrap_err().transient);
        }
    }

    #[test]
    fn a_place_in_another_file_is_refused() {
        let stamp = Stamp { size: 10, modified: 2 };
        let position = stamp.position(Place { rows: 1, lines: 2, bytes: 3 });
        assert_eq!(stamp.place(Some(&position)).unwrap(), Place { rows: 1, lines: 2, bytes: 3 });
        let error = Stamp { size: 11, modified: 2 }.place(Some(&position)).unwrap_err().to_string();
        assert!(error.contains("changed since"), "{error}");
        assert!(stamp.place(Some(&Position("id > 5".into()))).is_err());
    }
}
