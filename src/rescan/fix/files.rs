//! `ids.csv`, a line for every note with findings, and `redacted.ndjson`, the new text of those that have one.
//! Where a file's key repeats, the number of the row tells its notes apart.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::FixError;
use super::wanted::Notes;
use crate::note::NoteText;
use crate::report::csv::{cell, io_error};
use crate::rescan::sink::AtomicFile;

/// What became of a note. `Debug` shows no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Has a new text; not in a script, where there is one, for this reason.
    Redacted {
        before: NoteText,
        redacted: NoteText,
        why_not: Option<String>,
    },
    /// Has a new text, and the script puts it there.
    InScript {
        redacted: NoteText,
    },
    /// Nothing is found in it any more.
    Clean,
    /// Its row is not there any more.
    Gone,
    Unreadable(String),
    /// Its table or file is not there any more, or cannot be read.
    UnitGone,
    UnitUnreadable,
}

impl Outcome {
    fn id(&self) -> &'static str {
        match self {
            Outcome::Redacted { .. } | Outcome::InScript { .. } => "redacted",
            Outcome::Clean => "clean",
            Outcome::Gone => "gone",
            Outcome::Unreadable(_) => "unreadable",
            Outcome::UnitGone => "unit_gone",
            Outcome::UnitUnreadable => "unit_unreadable",
        }
    }

    fn detail(&self) -> &str {
        match self {
            Outcome::Redacted { why_not: Some(why), .. } | Outcome::Unreadable(why) => why,
            _ => "",
        }
    }

    fn text(&self) -> Option<&NoteText> {
        match self {
            Outcome::Redacted { redacted, .. } | Outcome::InScript { redacted } => Some(redacted),
            _ => None,
        }
    }
}

/// A note and what became of it.
pub struct Line<'l> {
    unit: &'l str,
    key: &'l str,
    notes: &'l Notes,
    /// Number of its row, from 1 below the header; `None` in a database, and where it was not met.
    row: Option<u64>,
    outcome: Outcome,
}

impl<'l> Line<'l> {
    pub fn new(unit: &'l str, key: &'l str, notes: &'l Notes, row: Option<u64>, outcome: Outcome) -> Self {
        Self { unit, key, notes, row, outcome }
    }
}

/// A line of `redacted.ndjson`.
#[derive(Serialize)]
struct Redacted<'l> {
    unit: &'l str,
    key: &'l str,
    column: &'l str,
    redacted: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
}

const HEADER: [&str; 9] =
    ["unit", "key", "column", "categories", "findings", "outcome", "in_script", "detail", "row"];

/// Both files.
pub struct Files {
    folder: PathBuf,
    ids: csv::Writer<AtomicFile>,
    redacted: AtomicFile,
}

impl Files {
    /// Makes the folder, readable by its owner alone where it is new.
    pub fn create(folder: &Path) -> Result<Self, FixError> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|source| FixError::Write { path: folder.to_owned(), source })?;
        let create = |name: &str| {
            let path = folder.join(name);
            AtomicFile::create_private(&path).map_err(|source| FixError::Write { path, source })
        };
        let mut ids = csv::Writer::from_writer(create("ids.csv")?);
        ids.write_record(HEADER).map_err(|error| at(folder, "ids.csv")(io_error(error)))?;
        Ok(Self { folder: folder.to_owned(), ids, redacted: create("redacted.ndjson")? })
    }

    pub fn line(&mut self, line: &Line<'_>) -> Result<(), FixError> {
        let Line { unit, key, notes, row: number, outcome } = line;
        let mut categories: Vec<&str> = notes.noted.iter().filter(|n| n.open).map(|n| &*n.category).collect();
        let findings = categories.len().to_string();
        categories.sort_unstable();
        categories.dedup();
        let categories = categories.join("|");
        let in_script = matches!(outcome, Outcome::InScript { .. });
        let shown = number.map_or_else(String::new, |number| number.to_string());
        let row = [
            *unit,
            *key,
            &notes.column,
            &categories,
            &findings,
            outcome.id(),
            if in_script { "yes" } else { "no" },
            outcome.detail(),
            &shown,
        ];
        let written = self.ids.write_record(row.map(cell).iter().map(AsRef::as_ref).map(str::as_bytes));
        written.map_err(|error| at(&self.folder, "ids.csv")(io_error(error)))?;
        let Some(text) = outcome.text() else { return Ok(()) };
        let redacted = Redacted { unit, key, column: &notes.column, redacted: text.as_str(), row: *number };
        serde_json::to_writer(&mut self.redacted, &redacted)
            .map_err(io::Error::from)
            .and_then(|()| self.redacted.write_all(b"\n"))
            .map_err(at(&self.folder, "redacted.ndjson"))
    }

    /// Puts both in their place.
    pub fn finish(self) -> Result<[PathBuf; 2], FixError> {
        let ids = self.ids.into_inner().map_err(|error| at(&self.folder, "ids.csv")(error.into_error()))?;
        ids.commit().map_err(at(&self.folder, "ids.csv"))?;
        self.redacted.commit().map_err(at(&self.folder, "redacted.ndjson"))?;
        Ok(["ids.csv", "redacted.ndjson"].map(|name| self.folder.join(name)))
    }
}

fn at(folder: &Path, name: &str) -> impl Fn(io::Error) -> FixError {
    let path = folder.join(name);
    move |source| FixError::Write { path: path.clone(), source }
}
