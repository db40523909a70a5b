//! Files as a source: a unit a file, or a sheet of a workbook.

use std::collections::HashMap;
use std::path::PathBuf;

pub use super::folder::list;

use super::columns::Layout;
use super::compressed::Content;
use super::csv::{self, Csv};
use super::folder::{self, Found, Kind};
use super::ndjson::{self, Ndjson};
use super::pages::{FilePages, Rows, Stamp};
use super::parquet::{self, Parquet};
use super::xlsx::{self, Xlsx};
use super::{Listed, Pages, Position, Source, SourceError, Unit};
use crate::rescan::spec::{Columns, FileFormat, Files};

/// What is asked of every file.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub columns: Columns,
    pub authors: bool,
    /// Of CSV; `None`: found out.
    pub delimiter: Option<u8>,
}

impl Settings {
    /// The columns that are asked for, by name or number.
    pub fn wanted(&self) -> impl Iterator<Item = &str> {
        let Columns { key, text, author, team, field, date } = &self.columns;
        let author = author.as_ref().filter(|_| self.authors);
        let labels = [key.as_ref(), author, team.as_ref(), field.as_ref(), date.as_ref()];
        text.iter().chain(labels.into_iter().flatten()).map(String::as_str)
    }

    /// Finds the columns in a file's header.
    pub fn layout(&self, header: &[String]) -> Result<Layout, SourceError> {
        Layout::find(header, &self.columns, self.authors)
    }
}

/// Opens files and folders. What was named must be there and be of a known kind. `authors`: read who wrote a note.
pub fn open(files: &Files, authors: bool) -> Result<Box<dyn Source>, SourceError> {
    let delimiter = match files.delimiter {
        Some(c) if c.is_ascii() && !"\"\r\n\0".contains(c) => Some(c as u8),
        Some(_) => {
            return Err(SourceError::permanent("the delimiter is one ASCII character other than a quote"));
        }
        None => None,
    };
    folder::list(&files.paths, files.format)?;
    let settings = Settings { columns: files.columns.clone(), authors, delimiter };
    Ok(Box::new(FileSource { paths: files.paths.clone(), format: files.format, settings, planned: None }))
}

/// The names of the columns of files, for people to choose from: those of all files and sheets, in the order they come
/// first. What cannot be read is left out, unless nothing can.
pub fn column_names(paths: &[PathBuf], format: Option<FileFormat>) -> Result<Vec<String>, SourceError> {
    let settings = Settings::default();
    let mut names: Vec<String> = Vec::new();
    let mut trouble = None;
    for Found { path, kind, .. } in folder::list(paths, format)? {
        let headers = kind.and_then(|kind| {
            let content = Content { path: path.clone(), packing: kind.packing };
            Ok(match kind.format {
                FileFormat::Csv => vec![csv::header(&content, &settings)?.map(|header| header.names)],
                FileFormat::Ndjson => vec![ndjson::members(&content, &settings)?],
                FileFormat::Parquet => vec![Some(parquet::columns(&path)?.0)],
                FileFormat::Xlsx => {
                    let sheets = xlsx::sheets(&path)?.into_iter();
                    let header = |(_, header): (String, Result<Option<xlsx::Header>, _>)| {
                        header.map(|header| header.map(|header| header.names))
                    };
                    sheets.map(header).collect::<Result<_, SourceError>>()?
                }
            })
        });
        match headers {
            Ok(headers) => {
                for name in headers.into_iter().flatten().flatten() {
                    if !name.trim().is_empty() && !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            Err(error) => trouble = trouble.or(Some(error)),
        }
    }
    match trouble.filter(|_| names.is_empty()) {
        Some(error) => Err(error),
        None => Ok(names),
    }
}

struct FileSource {
    paths: Vec<PathBuf>,
    format: Option<FileFormat>,
    settings: Settings,
    /// Where each unit is, once that is known.
    planned: Option<HashMap<String, Planned>>,
}

#[derive(Clone, Debug)]
struct Planned {
    path: PathBuf,
    kind: Kind,
    sheet: Option<String>,
}

impl Source for FileSource {
    fn units(&mut self) -> Result<Vec<Listed>, SourceError> {
        let mut units = Vec::new();
        let mut planned = HashMap::new();
        for Found { name, path, kind } in folder::list(&self.paths, self.format)? {
            match kind {
                Err(error) => units.push(Err((name, error))),
                Ok(kind) if kind.format == FileFormat::Xlsx => {
                    self.sheets(&name, &Planned { path, kind, sheet: None }, &mut units, &mut planned);
                }
                Ok(kind) => {
                    let place = Planned { path, kind, sheet: None };
                    units.push(self.inspect(&name, &place).map_err(|error| (name.clone(), error)));
                    planned.insert(name, place);
                }
            }
        }
        self.planned = Some(planned);
        Ok(units)
    }

    fn open(&mut self, unit: &Unit, from: Option<&Position>) -> Result<Box<dyn Pages>, SourceError> {
        if self.planned.is_none() {
            self.units()?;
        }
        let planned = self.planned.as_ref().and_then(|planned| planned.get(&unit.name)).cloned();
        let planned = planned.ok_or_else(|| SourceError::permanent("the file is no longer there"))?;
        let stamp = Stamp::of(&planned.path)?;
        let place = stamp.place(from)?;
        let changed = |layout: &Layout| match layout.names == unit.columns {
            true => Ok(()),
            false => Err(SourceError::permanent("the columns of notes are no longer those of the plan")),
        };
        let content = planned.content();
        let rows: Box<dyn Rows> = match planned.kind.format {
            FileFormat::Csv => match csv::header(&content, &self.settings)? {
                None => return Ok(Box::new(Nothing)),
                Some(header) => {
                    let layout = self.settings.layout(&header.names)?;
                    changed(&layout)?;
                    Box::new(Csv::open(&content, &header, layout, place)?)
                }
            },
            FileFormat::Ndjson => match ndjson::members(&content, &self.settings)? {
                None => return Ok(Box::new(Nothing)),
                Some(members) => {
                    let layout = ndjson::layout(&members, &self.settings)?;
                    changed(&layout)?;
                    Box::new(Ndjson::open(&content, &members, layout, &self.settings, place)?)
                }
            },
            FileFormat::Xlsx => {
                let sheet = planned.sheet.unwrap_or_default();
                let header = xlsx::header(&content.path, &sheet)?.unwrap_or_default();
                let layout = self.settings.layout(&header.names)?;
                changed(&layout)?;
                Box::new(Xlsx::open(&content.path, &sheet, layout, place)?)
            }
            FileFormat::Parquet => {
                let (names, _) = parquet::columns(&content.path)?;
                let layout = self.settings.layout(&names)?;
                changed(&layout)?;
                Box::new(Parquet::open(&content.path, layout, place)?)
            }
        };
        Ok(Box::new(FilePages::new(rows, planned.path, stamp)))
    }
}

impl FileSource {
    /// The unit of a file.
    fn inspect(&self, name: &str, place: &Planned) -> Result<Unit, SourceError> {
        let content = place.content();
        let (header, expected) = match place.kind.format {
            FileFormat::Csv => (csv::header(&content, &self.settings)?.map(|header| header.names), None),
            FileFormat::Ndjson => (ndjson::members(&content, &self.settings)?, None),
            FileFormat::Parquet => {
                let (names, rows) = parquet::columns(&content.path)?;
                (Some(names), Some(rows))
            }
            FileFormat::Xlsx => return Err(SourceError::permanent("a workbook has a unit a sheet")),
        };
        let (layout, expected) = match header {
            Some(header) => (self.settings.layout(&header)?, expected),
            None => (Layout::of_nothing(&self.settings.columns), Some(0)),
        };
        Ok(Unit { name: name.to_owned(), columns: layout.names, expected })
    }

    /// The units of a workbook: its sheets. Empty ones are none.
    fn sheets(
        &self,
        name: &str,
        file: &Planned,
        units: &mut Vec<Listed>,
        planned: &mut HashMap<String, Planned>,
    ) {
        let sheets = match xlsx::sheets(&file.path) {
            Ok(sheets) => sheets,
            Err(error) => return units.push(Err((name.to_owned(), error))),
        };
        for (sheet, header) in sheets {
            let unit_name = format!("{name}#{sheet}");
            let unit = match header {
                Ok(None) => continue,
                Ok(Some(header)) => self.settings.layout(&header.names).map(|layout| Unit {
                    name: unit_name.clone(),
                    columns: layout.names,
                    expected: header.expected,
                }),
                Err(error) => Err(error),
            };
            units.push(unit.map_err(|error| (unit_name.clone(), error)));
            planned.insert(unit_name, Planned { sheet: Some(sheet), ..file.clone() });
        }
    }
}

impl Planned {
    fn content(&self) -> Content {
        Content { path: self.path.clone(), packing: self.kind.packing }
    }
}

/// The rows of an empty file.
struct Nothing;

impl Pages for Nothing {
    fn next(&mut self, _rows: usize) -> Result<Option<super::Page>, SourceError> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
