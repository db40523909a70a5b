//! XLSX workbooks, a sheet a unit. The sheet is read as a stream on a thread of its own, as its reader borrows the
//! workbook; only the workbook's shared strings are all in memory.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{Cell, DataRef, Reader, SheetType, XlsxCellReader, XlsxError};

use super::columns::{Layout, Value};
use super::pages::{Place, Rows, io_error};
use super::{Row, SourceError};

/// Most rows and columns of a sheet, as the format has it.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;

/// Rows handed from thread to thread at once.
const BATCH: usize = 256;

type Workbook = calamine::Xlsx<BufReader<File>>;

/// The first row of a sheet that is not empty.
#[derive(Clone, Debug, Default)]
pub struct Header {
    pub names: Vec<String>,
    /// Rows below it, by the sheet's dimensions; they are not always written.
    pub expected: Option<u64>,
}

/// The sheets of a workbook with their headers; `None` for an empty sheet.
pub type Sheets = Vec<(String, Result<Option<Header>, SourceError>)>;

/// Lists the sheets, in the order of the workbook.
pub fn sheets(path: &Path) -> Result<Sheets, SourceError> {
    guarded(|| {
        let mut book = workbook(path)?;
        let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
        let header = |name: String| {
            let header = guarded(|| read_header(&mut Cells::open(&mut book, &name)?));
            (name, header)
        };
        Ok(names.into_iter().map(header).collect())
    })
}

/// The header of one sheet.
pub fn header(path: &Path, sheet: &str) -> Result<Option<Header>, SourceError> {
    guarded(|| read_header(&mut Cells::open(&mut workbook(path)?, sheet)?))
}

/// Runs what a broken workbook may bring to a panic.
fn guarded<T>(work: impl FnOnce() -> Result<T, SourceError>) -> Result<T, SourceError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(None)))
}

fn workbook(path: &Path) -> Result<Workbook, SourceError> {
    let file = File::open(path).map_err(|e| io_error("the workbook cannot be opened", &e))?;
    Workbook::new(BufReader::new(file)).map_err(|e| failure(&e, None))
}

/// The cells of a sheet, a row at a time.
struct Cells<'a> {
    reader: XlsxCellReader<'a, BufReader<File>>,
    /// The first cell of the next row.
    ahead: Option<Cell<DataRef<'a>>>,
    /// The last row read, from 1.
    row: u32,
    ended: bool,
}

/// Number of the row, from 1, and its cells with their columns, from 0.
type SheetRow<'a> = (u32, Vec<(u32, DataRef<'a>)>);

impl<'a> Cells<'a> {
    fn open(book: &'a mut Workbook, sheet: &str) -> Result<Self, SourceError> {
        let reader = book.worksheet_cells_reader(sheet).map_err(|e| failure(&e, None))?;
        Ok(Self { reader, ahead: None, row: 0, ended: false })
    }

    fn cell(&mut self) -> Result<Option<Cell<DataRef<'a>>>, SourceError> {
        if self.ahead.is_some() || self.ended {
            return Ok(self.ahead.take());
        }
        let cell = self.reader.next_cell().map_err(|e| failure(&e, Some(self.row)))?;
        self.ended = cell.is_none();
        Ok(cell)
    }

    /// The next row that has cells, be they empty.
    fn row(&mut self) -> Result<Option<SheetRow<'a>>, SourceError> {
        let Some(first) = self.cell()? else { return Ok(None) };
        let row = first.get_position().0;
        if row < self.row || row >= MAX_ROWS {
            return Err(damaged(Some(self.row)));
        }
        let mut cells = Vec::new();
        let mut next = Some(first);
        while let Some(cell) = next {
            let (of, column) = cell.get_position();
            if of != row {
                self.ahead = Some(cell);
                break;
            }
            if column < MAX_COLUMNS && *cell.get_value() != DataRef::Empty {
                cells.push((column, cell.get_value().clone()));
            }
            next = self.cell()?;
        }
        self.row = row + 1;
        Ok(Some((self.row, cells)))
    }
}

fn read_header(cells: &mut Cells<'_>) -> Result<Option<Header>, SourceError> {
    while let Some((row, values)) = cells.row()? {
        let Some(last) = values.iter().map(|(column, _)| *column).max() else { continue };
        let mut names = vec![String::new(); last as usize + 1];
        for (column, value) in &values {
            if let Value::Text(text) = text(value) {
                names[*column as usize] = text.trim().to_owned();
            }
        }
        if names.iter().all(String::is_empty) {
            continue;
        }
        let dimensions = cells.reader.dimensions();
        let known = dimensions.end != dimensions.start && dimensions.end.0 < MAX_ROWS;
        let expected = known.then(|| u64::from((dimensions.end.0 + 1).saturating_sub(row)));
        return Ok(Some(Header { names, expected }));
    }
    Ok(None)
}

/// A cell as text.
fn text<'v>(value: &'v DataRef<'_>) -> Value<'v> {
    let owned = |text: String| Value::Text(Cow::Owned(text));
    match value {
        DataRef::Empty => Value::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Value::Text(Cow::Borrowed(text))
        }
        DataRef::SharedString(text) => Value::Text(Cow::Borrowed(text)),
        DataRef::Int(number) => owned(number.to_string()),
        DataRef::Float(number) => owned(number.to_string()),
        DataRef::Bool(truth) => owned(truth.to_string()),
        DataRef::Error(error) => owned(error.to_string()),
        DataRef::DateTime(date) if date.is_duration() => owned(date.as_f64().to_string()),
        DataRef::DateTime(date) => {
            let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            owned(match (hour, minute, second) {
                (0, 0, 0) => day,
                _ => format!("{day}T{hour:02}:{minute:02}:{second:02}"),
            })
        }
    }
}

/// The library's messages may quote the workbook: they are not passed on.
fn failure(error: &XlsxError, row: Option<u32>) -> SourceError {
    match error {
        XlsxError::Password => {
            SourceError::permanent("the workbook is protected by a password; save it without one")
        }
        XlsxError::WorksheetNotFound(_) => SourceError::permanent("the sheet is no longer there"),
        XlsxError::Io(error) => io_error(&format!("the workbook cannot be read{}", behind(row)), error),
        _ => damaged(row),
    }
}

fn damaged(row: Option<u32>) -> SourceError {
    SourceError::permanent(format!(
        "this is no whole .xlsx workbook{}; save it again, or as .csv",
        behind(row)
    ))
}

fn behind(row: Option<u32>) -> String {
    row.map_or_else(String::new, |row| format!(" (behind row {row})"))
}

enum Message {
    Rows(Vec<Row>),
    End(Result<(), SourceError>),
}

/// Rows of a sheet.
pub struct Xlsx {
    messages: Receiver<Message>,
    batch: std::vec::IntoIter<Row>,
    rows: u64,
    ended: bool,
}

impl Xlsx {
    pub fn open(path: &Path, sheet: &str, layout: Layout, place: Place) -> Result<Self, SourceError> {
        let (send, messages) = sync_channel(4);
        let work = Work { path: path.to_owned(), sheet: sheet.to_owned(), layout, skip: place.rows, send };
        let thread = thread::Builder::new().name("vigie-xlsx".to_owned()).spawn(move || work.run());
        thread.map_err(|e| io_error("no thread can be started to read the workbook", &e))?;
        Ok(Self { messages, batch: Vec::new().into_iter(), rows: place.rows, ended: false })
    }
}

impl Rows for Xlsx {
    fn next(&mut self) -> Result<Option<Row>, SourceError> {
        loop {
            if let Some(row) = self.batch.next() {
                self.rows += 1;
                return Ok(Some(row));
            }
            if self.ended {
                return Ok(None);
            }
            match self.messages.recv() {
                Ok(Message::Rows(rows)) => self.batch = rows.into_iter(),
                Ok(Message::End(end)) => {
                    self.ended = true;
                    end?;
                }
                Err(_) => return Err(damaged(None)),
            }
        }
    }

    fn place(&self) -> Place {
        Place { rows: self.rows, ..Place::default() }
    }
}

/// What the thread does.
struct Work {
    path: PathBuf,
    sheet: String,
    layout: Layout,
    /// Rows that were given before.
    skip: u64,
    send: SyncSender<Message>,
}

impl Work {
    fn run(self) {
        let end = guarded(|| self.rows());
        // Nobody listens any more where this fails.
        let _ = self.send.send(Message::End(end));
    }

    fn rows(&self) -> Result<(), SourceError> {
        let mut book = workbook(&self.path)?;
        let mut cells = Cells::open(&mut book, &self.sheet)?;
        if read_header(&mut cells)?.is_none() {
            return Ok(());
        }
        let header = cells.row;
        let mut last = header;
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let row = match cells.row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    let _ = self.send.send(Message::Rows(batch));
                    return Err(error);
                }
            };
            let (number, values) = row;
            // Rows without cells are not written in the file; they count all the same.
            for empty in last + 1..=number {
                if u64::from(empty - header) <= self.skip {
                    continue;
                }
                let values: &[_] = if empty == number { &values } else { &[] };
                batch.push(self.row(empty, values));
                if batch.len() == BATCH && self.send.send(Message::Rows(std::mem::take(&mut batch))).is_err()
                {
                    return Ok(());
                }
            }
            last = number;
        }
        let _ = self.send.send(Message::Rows(batch));
        Ok(())
    }

    /// A row whose key, without a column for it, is the number that the spreadsheet shows.
    fn row(&self, number: u32, values: &[(u32, DataRef<'_>)]) -> Row {
        self.layout.row(number.into(), format_args!("row {number}"), |at| {
            values
                .iter()
                .find(|(column, _)| *column as usize == at)
                .map_or(Value::Empty, |(_, value)| text(value))
        })
    }
}
