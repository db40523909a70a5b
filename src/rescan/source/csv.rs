//! CSV in bounded memory: a record that cannot be read is one unreadable row with its line, the others go on.

use super::columns::{Layout, MAX_CELL, Value};
use super::compressed::{Content, Packing};
use super::files::Settings;
use super::pages::{Place, Rows};
use super::{Row, SourceError};
use crate::input::cells::{Cell, Cells, sniff};
use crate::input::encoding;
use crate::input::lines::{Lines, MAX_REWIND, Mark, trimmed};

/// Most columns of a header.
const MAX_COLUMNS: usize = 16_384;
/// How far the end of a quoted cell is looked for; beyond, the quote counts as never closed.
const REACH: u64 = 256 * 1024 * 1024;
/// How often a compressed file is read again from its beginning because of a stray quote; after that, quotes are
/// followed only as far as memory goes back.
const MOST_RETURNS: u32 = 16;

const STRAY_QUOTE: &str =
    "a quote opens here and no cell ends with the next one; write a quote inside a cell twice";

/// The header of a file.
pub struct Header {
    pub names: Vec<String>,
    delimiter: u8,
    after: Mark,
}

/// A record's cells, or why it has none, with the number of its first line.
type Record = (u64, Result<Vec<Cell>, String>);

/// Records of a file.
struct Records {
    content: Content,
    lines: Lines,
    delimiter: u8,
    /// Cells a record should have, where that is known.
    count: Option<usize>,
    reach: u64,
    returns: u32,
}

/// Reads the header. `None`: nothing is in the file.
pub fn header(content: &Content, settings: &Settings) -> Result<Option<Header>, SourceError> {
    let mut lines = content.lines(Mark::default())?;
    let mut delimiter = settings.delimiter;
    loop {
        lines.pin();
        let before = lines.mark().lines;
        let piece = lines.piece().map_err(|e| content.failure(before, &e))?;
        let Some(piece) = piece else { return Ok(None) };
        match trimmed(piece.bytes) {
            [] => {}
            // Spreadsheets say the delimiter there.
            [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', said] => delimiter = delimiter.or(Some(*said)),
            _ => {
                delimiter = delimiter.or_else(|| Some(sniff(piece.bytes)));
                break;
            }
        }
    }
    lines.rewind();
    let mut records = Records::new(content.clone(), lines, delimiter.unwrap_or(b','), None);
    let cells = match records.next()? {
        None => return Ok(None),
        Some((_, Ok(cells))) => cells,
        Some((line, Err(reason))) => {
            return Err(SourceError::permanent(format!("header, line {line}: {reason}")));
        }
    };
    if cells.len() >= MAX_COLUMNS
        || cells.iter().any(|cell| cell.value.contains(&0) || cell.size > MAX_CELL as u64)
    {
        return Err(SourceError::permanent(
            "the first line is no header of a CSV file: binary, or UTF-16 without its mark; save it as CSV in UTF-8",
        ));
    }
    let names = cells.iter().map(|cell| encoding::text(&cell.value).0.trim().to_owned()).collect();
    Ok(Some(Header { names, delimiter: records.delimiter, after: records.lines.mark() }))
}

impl Records {
    fn new(content: Content, lines: Lines, delimiter: u8, count: Option<usize>) -> Self {
        Self { content, lines, delimiter, count, reach: REACH, returns: 0 }
    }

    /// The next record that is not blank.
    fn next(&mut self) -> Result<Option<Record>, SourceError> {
        loop {
            let begin = self.lines.mark();
            let mut cells = Cells::bounded(self.delimiter, MAX_CELL, self.count.unwrap_or(MAX_COLUMNS));
            let complete = match self.feed(&mut cells)? {
                None => return Ok(None),
                Some(Fed::Blank) => continue,
                Some(Fed::Line { complete }) => complete,
            };
            let line = begin.lines + 1;
            if complete {
                return Ok(Some((line, self.cells(cells))));
            }
            let second = self.lines.mark();
            self.lines.pin();
            if self.quoted_lines(&mut cells, begin)? {
                self.lines.unpin();
                return Ok(Some((line, self.cells(cells))));
            }
            // Only the line with the stray quote is lost: the lines behind it are records of their own.
            self.return_to(second)?;
            return Ok(Some((line, Err(STRAY_QUOTE.to_owned()))));
        }
    }

    /// Reads lines until the record ends. Says whether it does, with each quote closed at the end of its cell: a stray
    /// quote would swallow lines up to the next cell with quotes.
    fn quoted_lines(&mut self, cells: &mut Cells, begin: Mark) -> Result<bool, SourceError> {
        let strays = cells.stray_quotes();
        while self.lines.mark().offset - begin.offset <= self.reach {
            match self.feed(cells)? {
                None => return Ok(false),
                Some(_) if cells.stray_quotes() > strays => return Ok(false),
                Some(Fed::Line { complete: true }) => return Ok(true),
                Some(_) => {}
            }
        }
        Ok(false)
    }

    /// Feeds one line.
    fn feed(&mut self, cells: &mut Cells) -> Result<Option<Fed>, SourceError> {
        let mut first = true;
        loop {
            let before = self.lines.mark().lines;
            let piece = self.lines.piece().map_err(|e| self.content.failure(before, &e))?;
            let Some(piece) = piece else { return Ok(None) };
            let complete = cells.feed(piece.number, piece.bytes);
            if piece.ends {
                let blank = first && complete && trimmed(piece.bytes).is_empty();
                return Ok(Some(if blank { Fed::Blank } else { Fed::Line { complete } }));
            }
            first = false;
        }
    }

    fn return_to(&mut self, mark: Mark) -> Result<(), SourceError> {
        if !self.lines.rewind() {
            self.lines = self.content.lines(mark)?;
            self.returns += 1;
            if self.content.packing != Packing::None && self.returns >= MOST_RETURNS {
                self.reach = MAX_REWIND as u64 / 2;
            }
        }
        Ok(())
    }

    fn cells(&self, cells: Cells) -> Result<Vec<Cell>, String> {
        match (self.count, cells.count()) {
            (Some(expected), count) if count != expected => {
                Err(format!("{count} cells, the header has {expected}; quote cells that hold the delimiter"))
            }
            _ => Ok(cells.finish()),
        }
    }
}

enum Fed {
    Blank,
    /// A line, and whether the record ends with it.
    Line {
        complete: bool,
    },
}

/// Rows of a file.
pub struct Csv {
    records: Records,
    layout: Layout,
    rows: u64,
}

impl Csv {
    pub fn open(
        content: &Content,
        header: &Header,
        layout: Layout,
        place: Place,
    ) -> Result<Self, SourceError> {
        let mark = match place.rows {
            0 => header.after,
            _ => Mark { offset: place.bytes, lines: place.lines },
        };
        let records =
            Records::new(content.clone(), content.lines(mark)?, header.delimiter, Some(layout.count));
        Ok(Self { records, layout, rows: place.rows })
    }
}

impl Rows for Csv {
    fn next(&mut self) -> Result<Option<Row>, SourceError> {
        let Some((line, cells)) = self.records.next()? else { return Ok(None) };
        self.rows += 1;
        Ok(Some(match cells {
            Err(reason) => self.layout.unreadable(self.rows, format!("line {line}: {reason}")),
            Ok(cells) => self.layout.row(self.rows, format_args!("line {line}"), |at| match &cells[at] {
                cell if cell.size > MAX_CELL as u64 => Value::TooLong(cell.size),
                cell => Value::Text(encoding::text(&cell.value).0),
            }),
        }))
    }

    fn place(&self) -> Place {
        let Mark { offset, lines } = self.records.lines.mark();
        Place { rows: self.rows, lines, bytes: offset }
    }
}
