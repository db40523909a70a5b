//! Files made for a test, and rows as one line of text each.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::super::open;
use crate::rescan::source::{Cell, Labels, Position, Row, Source, SourceError, Unit};
use crate::rescan::spec::{Columns, Files};

pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

pub fn file(dir: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, content).unwrap();
    path
}

pub fn files(path: &Path) -> Files {
    Files { paths: vec![path.to_owned()], ..Files::default() }
}

pub fn text(name: &str) -> Columns {
    Columns { text: vec![name.to_owned()], ..Columns::default() }
}

/// The only unit of a source.
pub fn only_unit(source: &mut dyn Source) -> Result<Unit, SourceError> {
    let mut units = source.units().unwrap();
    assert_eq!(units.len(), 1);
    units.remove(0).map_err(|(_, error)| error)
}

/// `key: cells [labels]`, the cells with `!` before what is wrong with them, `-` where they are empty.
pub fn shown(row: &Row) -> String {
    let cells: Vec<String> = row
        .cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(text) => text.as_str().to_owned(),
            Cell::Empty => "-".to_owned(),
            Cell::Unreadable(reason) => format!("!{reason}"),
        })
        .collect();
    let Labels { author, team, field, month } = &row.labels;
    let labels: Vec<&str> = [author, team, field, month].into_iter().flatten().map(String::as_str).collect();
    let labels = if labels.is_empty() { String::new() } else { format!(" [{}]", labels.join(", ")) };
    format!("{}: {}{labels}", row.key, cells.join(" | "))
}

/// Rows from a place on, and the positions after each page.
pub fn pages(
    source: &mut dyn Source,
    unit: &Unit,
    from: Option<&Position>,
    size: usize,
) -> (Vec<String>, Vec<(usize, Position)>, Option<SourceError>) {
    let mut pages = source.open(unit, from).unwrap();
    let (mut rows, mut positions) = (Vec::new(), Vec::new());
    loop {
        match pages.next(size) {
            Ok(None) => return (rows, positions, None),
            Err(error) => return (rows, positions, Some(error)),
            Ok(Some(page)) => {
                assert!((1..=size).contains(&page.rows.len()));
                rows.extend(page.rows.iter().map(shown));
                positions.push((rows.len(), page.after));
            }
        }
    }
}

/// Every row of a file with one unit.
pub fn rows(files: &Files) -> Vec<String> {
    let mut source = open(files, true).unwrap();
    let unit = only_unit(&mut *source).unwrap();
    let (rows, _, error) = pages(&mut *source, &unit, None, 500);
    assert!(error.is_none(), "{error:?}");
    rows
}

/// Why the only unit cannot be read.
pub fn refused(files: &Files) -> String {
    let mut source = open(files, false).unwrap();
    only_unit(&mut *source).unwrap_err().to_string()
}

/// Whatever page is the last before a stop, a new source that goes on there gives the rest. Gives all rows.
pub fn resumes_everywhere(files: &Files, size: usize) -> Vec<String> {
    let mut source = open(files, false).unwrap();
    let unit = only_unit(&mut *source).unwrap();
    let (all, positions, error) = pages(&mut *source, &unit, None, size);
    assert!(error.is_none(), "{error:?}");
    for (count, position) in &positions {
        let mut again = open(files, false).unwrap();
        let (rest, _, error) = pages(&mut *again, &unit, Some(position), size);
        assert!(error.is_none(), "{error:?}");
        assert!(rest == all[*count..], "behind row {count}: {} rows, not {}", rest.len(), all.len() - count);
    }
    all
}
