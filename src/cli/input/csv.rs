//! CSV: a header, then one note a record.

use std::io;

use anyhow::Context;
use serde_json::Value;

use super::columns::Columns;
use super::lines::{Lines, too_long};
use super::{CsvSettings, Record, Records};
use crate::input::cells::{Cell, Cells, sniff};
use crate::input::encoding;
use crate::input::lines::{Line, trimmed};
use crate::report::{Failure, FailureKind, Layout};

/// Most bytes between two quotes; beyond, the quote counts as never closed.
const MAX_RECORD: usize = 1024 * 1024;

pub struct Csv {
    lines: Lines,
    delimiter: u8,
    columns: Columns,
}

/// A record's cells, or why it has none.
type Row = (u64, Result<Vec<Cell>, Failure>);

impl Csv {
    /// Reads the header.
    pub fn open(mut lines: Lines, settings: &CsvSettings) -> anyhow::Result<Self> {
        let name = lines.name().to_string();
        let first = loop {
            match lines.next().with_context(|| format!("cannot read {name}"))? {
                Some(Line { bytes: Ok(bytes), .. }) if trimmed(&bytes).is_empty() => {}
                first => break first,
            }
        };
        let delimiter = match (&settings.delimiter, &first) {
            (Some(delimiter), _) => *delimiter,
            (None, Some(Line { bytes: Ok(bytes), .. })) => sniff(bytes),
            (None, _) => b',',
        };
        let mut csv = Self { lines, delimiter, columns: Columns { text: 0, id: None, count: 1 } };
        let Some(first) = first else { return Ok(csv) };
        csv.lines.give_back(vec![first]);
        let (line, header) = csv.row()?.unwrap_or((1, Ok(Vec::new())));
        let header = header.map_err(|f| anyhow::anyhow!("{name}:{line}: {}", f.detail))?;
        let header: Vec<String> = header.iter().map(|c| encoding::text(&c.value).0.into_owned()).collect();
        csv.columns = Columns::find(&header, settings).with_context(|| name)?;
        Ok(csv)
    }

    /// The next record that is not blank.
    fn row(&mut self) -> io::Result<Option<Row>> {
        loop {
            let Some(first) = self.lines.next()? else { return Ok(None) };
            let number = first.number;
            let bytes = match first.bytes {
                Ok(bytes) if trimmed(&bytes).is_empty() => continue,
                Ok(bytes) => bytes,
                Err(size) => return Ok(Some((number, Err(too_long(size))))),
            };
            let mut cells = Cells::new(self.delimiter);
            let mut complete = cells.feed(number, &bytes);
            let mut size = bytes.len();
            let mut more: Vec<Line> = Vec::new();
            while !complete && size <= MAX_RECORD {
                let Some(line) = self.lines.next()? else { break };
                if let Ok(bytes) = &line.bytes {
                    complete = cells.feed(line.number, bytes);
                    size += bytes.len();
                } else {
                    size = usize::MAX;
                }
                more.push(line);
            }
            if complete {
                return Ok(Some((number, Ok(cells.finish()))));
            }
            // Only the line with the stray quote is lost: the lines behind it are records of their own.
            self.lines.give_back(more);
            let message = "a quote opens here and is never closed; write a quote inside a cell twice";
            return Ok(Some((number, Err(Failure::new(FailureKind::InvalidBody, message)))));
        }
    }

    fn record(&mut self, line: u64, cells: Vec<Cell>) -> Record {
        let Columns { text, id, count } = self.columns;
        let mut record = Record {
            id: line.into(),
            field: None,
            text: Err(Failure::new(
                FailureKind::InvalidBody,
                format!("{} cells, the header has {count}; quote cells that hold the delimiter", cells.len()),
            )),
            place: self.lines.place(line, Layout::Unknown),
        };
        if cells.len() != count {
            record.id = Value::Null;
            return record;
        }
        if let Some(id) = id {
            record.id = self.lines.decode(&cells[id].value, line).map_or(Value::Null, Value::String);
        }
        let cell = &cells[text];
        record.text = self.lines.decode(&cell.value, line).map(Into::into);
        record.place.layout = Layout::Field { line: cell.line, column: cell.column, quoted: cell.quoted };
        record
    }
}

impl Records for Csv {
    fn next(&mut self) -> io::Result<Option<Record>> {
        Ok(match self.row()? {
            None => None,
            Some((line, Ok(cells))) => Some(self.record(line, cells)),
            Some((line, Err(failure))) => {
                let place = self.lines.place(line, Layout::Unknown);
                Some(Record { id: Value::Null, field: None, text: Err(failure), place })
            }
        })
    }

    fn has_more_at_hand(&self) -> bool {
        self.lines.has_more_at_hand()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, tests};
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(u64, Value, String)> {
        tests::read(Format::Csv, bytes, &CsvSettings::default()).unwrap()
    }

    #[test]
    fn every_encoding_gives_the_same_notes() {
        let text = "id;commentaire\n7;client diabétique, fatigué\n8;\"dit \"\"non\"\"\nà la fin\"\n";
        let expected = [
            (2, "7".into(), "client diabétique, fatigué".to_owned()),
            (3, "8".into(), "dit \"non\"\nà la fin".to_owned()),
        ];
        let cp1252 = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        let utf16: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &cp1252, &utf16] {
            assert_eq!(read(bytes), expected);
        }
    }

    #[test]
    fn delimiters_and_line_ends() {
        for text in [
            "id,text\r\n1,a\r\n",
            "id\ttext\n1\ta",
            "\n\nid|text\n\n1|a\n\n",
            "\"id\";\"text\"\n\"1\";\"a\"\n",
        ] {
            let notes = read(text.as_bytes());
            assert_eq!((&notes[0].1, notes[0].2.as_str()), (&"1".into(), "a"), "{text:?}");
            assert_eq!(notes.len(), 1);
        }
    }

    #[test]
    fn a_ragged_line_is_an_error_with_its_number_and_the_rest_goes_on() {
        let notes = read(b"id;text\n1;a\n2;b;c\n3\n4;d\n");
        let summary: Vec<(u64, &str)> = notes.iter().map(|(line, _, text)| (*line, text.as_str())).collect();
        assert_eq!(summary, [(2, "a"), (3, "!invalid-body"), (4, "!invalid-body"), (5, "d")]);
    }

    #[test]
    fn an_open_quote_costs_its_line_only() {
        let notes = read(b"id;text\n1;a\n2;\"b\n3;c\n4;d\n");
        let summary: Vec<(u64, &str)> = notes.iter().map(|(line, _, text)| (*line, text.as_str())).collect();
        assert_eq!(summary, [(2, "a"), (3, "!invalid-body"), (4, "c"), (5, "d")]);
    }

    #[test]
    fn empty_files_hold_no_note() {
        assert!(read(b"").is_empty());
        assert!(read(b"\xEF\xBB\xBF").is_empty());
        assert!(read(b"id;text\n").is_empty());
    }
}
