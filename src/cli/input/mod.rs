//! Notes read as a stream from NDJSON, CSV or plain text, in bounded memory. A record that cannot be read is an error
//! with its line in its place; the others go on.

mod columns;
mod csv;
mod lines;
mod ndjson;
mod text;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::input::encoding;
use crate::note::NoteText;
use crate::report::{Failure, Place};
use lines::Lines;

/// One note as the input gives it.
#[derive(Debug)]
pub struct Record {
    /// Given by the input, else the number of its line.
    pub id: Value,
    pub field: Option<String>,
    pub text: Result<NoteText, Failure>,
    pub place: Place,
}

/// A source of records.
pub trait Records: Send {
    /// The next record, or none at the end. An error is one of reading the source itself.
    fn next(&mut self) -> io::Result<Option<Record>>;

    /// Whether more input has come already, so that the next record may be had without waiting.
    fn has_more_at_hand(&self) -> bool;
}

/// How notes are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// {"id", "text", "field"?}, one object a line
    Ndjson,
    /// A header line, then one note a record; `;`, `,`, tab or `|` between cells
    Csv,
    /// One note a line
    Text,
}

/// What the user says about CSV files; the rest is found out.
#[derive(Clone, Debug, Default)]
pub struct CsvSettings {
    pub text_column: Option<String>,
    pub id_column: Option<String>,
    pub delimiter: Option<u8>,
}

/// Standard input's name on the command line.
const STDIN: &str = "-";

/// A file or standard input, opened, its format known.
pub struct Source {
    name: Arc<str>,
    format: Format,
    reader: Box<dyn Read + Send>,
}

impl Source {
    /// Opens a file, or standard input for `-`. `format` overrides what the extension says.
    pub fn open(path: &Path, format: Option<Format>) -> anyhow::Result<Self> {
        if path.as_os_str() == STDIN {
            return Ok(Self {
                name: "stdin".into(),
                format: format.unwrap_or(Format::Ndjson),
                reader: Box::new(io::stdin()),
            });
        }
        let shown = path.display();
        let file = File::open(path).with_context(|| format!("cannot open {shown}"))?;
        if file.metadata().is_ok_and(|m| m.is_dir()) {
            bail!("{shown} is a folder; name the files in it, as in {shown}/*.csv");
        }
        let format = match format {
            Some(format) => format,
            None => by_extension(path)?,
        };
        Ok(Self { name: shown.to_string().into(), format, reader: Box::new(file) })
    }

    /// As the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its notes.
    pub fn records(self, settings: &CsvSettings) -> anyhow::Result<Box<dyn Records>> {
        let cannot = format!("cannot read {}", self.name);
        let reader = encoding::utf8(self.reader).context(cannot)?;
        let lines = Lines::new(self.name, reader);
        Ok(match self.format {
            Format::Ndjson => Box::new(ndjson::Ndjson::new(lines)),
            Format::Text => Box::new(text::Text::new(lines)),
            Format::Csv => Box::new(csv::Csv::open(lines, settings)?),
        })
    }
}

fn by_extension(path: &Path) -> anyhow::Result<Format> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    Ok(match extension.as_deref() {
        None | Some("ndjson" | "jsonl" | "json") => Format::Ndjson,
        Some("csv" | "tsv") => Format::Csv,
        Some("txt" | "text") => Format::Text,
        Some(other) => bail!(
            "the extension `.{other}` of {} does not say how its notes are written; add --from ndjson, csv or text",
            path.display()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything the bytes of a file give: (line, id, text or the error's code).
    pub(super) fn read(
        format: Format,
        bytes: &[u8],
        settings: &CsvSettings,
    ) -> anyhow::Result<Vec<(u64, Value, String)>> {
        let source = Source { name: "f".into(), format, reader: Box::new(io::Cursor::new(bytes.to_vec())) };
        let mut records = source.records(settings)?;
        let mut out = Vec::new();
        while let Some(record) = records.next()? {
            let text = record.text.map_or_else(|f| format!("!{}", f.kind.id()), NoteText::into_string);
            out.push((record.place.line, record.id, text));
        }
        Ok(out)
    }

    #[test]
    fn the_extension_says_the_format() {
        for (name, format) in [("a.jsonl", Format::Ndjson), ("a.CSV", Format::Csv), ("fd/63", Format::Ndjson)]
        {
            assert_eq!(by_extension(Path::new(name)).unwrap(), format);
        }
        let error = by_extension(Path::new("a.xlsx")).unwrap_err().to_string();
        assert!(error.contains("--from"), "{error}");
    }

    #[test]
    fn a_missing_file_and_a_folder_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = Source::open(dir.path(), None).err().unwrap().to_string();
        assert!(error.contains("is a folder"), "{error}");
        let error = Source::open(&dir.path().join("x.csv"), None).err().unwrap().to_string();
        assert!(error.contains("x.csv"), "{error}");
    }
}
