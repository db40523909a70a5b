//! Plain text: one note a line, its line's number for an id.

use std::io;

use super::lines::{Lines, too_long};
use super::{Record, Records};
use crate::input::lines::trimmed;
use crate::report::Layout;

pub struct Text {
    lines: Lines,
}

impl Text {
    pub fn new(lines: Lines) -> Self {
        Self { lines }
    }
}

impl Records for Text {
    fn next(&mut self) -> io::Result<Option<Record>> {
        let Some(line) = self.lines.next()? else { return Ok(None) };
        let text = match line.bytes {
            Ok(bytes) => self.lines.decode(trimmed(&bytes), line.number).map(Into::into),
            Err(size) => Err(too_long(size)),
        };
        let place = self.lines.place(line.number, Layout::Line);
        Ok(Some(Record { id: line.number.into(), field: None, text, place }))
    }

    fn has_more_at_hand(&self) -> bool {
        self.lines.has_more_at_hand()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CsvSettings, Format, tests::read};

    fn texts(bytes: &[u8]) -> Vec<String> {
        let notes = read(Format::Text, bytes, &CsvSettings::default()).unwrap();
        notes.into_iter().map(|(_, _, text)| text).collect()
    }

    #[test]
    fn every_line_is_a_note() {
        assert_eq!(texts(b"un\r\n\ndeux"), ["un", "", "deux"]);
        assert!(texts(b"").is_empty());
    }

    #[test]
    fn windows_1252_is_read_and_binary_refused() {
        assert_eq!(texts(b"malade \xE9\n\0\x01\nfin\n"), ["malade é", "!invalid-body", "fin"]);
    }
}
