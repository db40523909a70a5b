//! Numbered lines of bounded length, with the name of their source.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use crate::cli::message;
use crate::input::encoding;
use crate::input::lines::{self, Line};
use crate::report::{Failure, FailureKind, Layout, Place};

/// Longest line read, in bytes; a longer one is reported and skipped. No note comes near it.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// The lines of a source.
pub struct Lines {
    name: Arc<str>,
    lines: lines::Lines,
    /// Lines given back, to be read again.
    returned: VecDeque<Line>,
    told_encoding: bool,
}

impl Lines {
    pub fn new(name: Arc<str>, reader: Box<dyn Read + Send>) -> Self {
        Self { name, lines: lines::Lines::new(reader), returned: VecDeque::new(), told_encoding: false }
    }

    pub fn next(&mut self) -> io::Result<Option<Line>> {
        match self.returned.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.line(MAX_LINE),
        }
    }

    /// Gives lines back; the first of them comes next.
    pub fn give_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.returned.push_front(line);
        }
    }

    /// Whether input has come that was not read yet.
    pub fn has_more_at_hand(&self) -> bool {
        !self.returned.is_empty() || self.lines.has_more_at_hand()
    }

    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    pub fn place(&self, line: u64, layout: Layout) -> Place {
        Place::new(&self.name, line, layout)
    }

    /// The text of bytes found on a line. Windows-1252 is said on standard error, once a file.
    pub fn decode(&mut self, bytes: &[u8], line: u64) -> Result<String, Failure> {
        if bytes.contains(&0) {
            return Err(Failure::new(
                FailureKind::InvalidBody,
                "the line holds NUL bytes: this is no text; export the notes as CSV, NDJSON or text",
            ));
        }
        let (text, guessed) = encoding::text(bytes);
        if guessed && !self.told_encoding {
            self.told_encoding = true;
            message::warn(&format!("{}:{line}: not valid UTF-8; read as Windows-1252", self.name));
        }
        Ok(text.into_owned())
    }
}

/// The failure of a line that is too long.
pub fn too_long(bytes: u64) -> Failure {
    Failure::new(
        FailureKind::TooLarge,
        format!("the line has {bytes} bytes, more than {MAX_LINE}; write one note a line"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_too_long_is_skipped_and_the_next_one_read() {
        let mut input = vec![b'x'; MAX_LINE + 70_000];
        input.extend(b"\nnext\n");
        let size = input.len() as u64 - 5;
        let mut lines = Lines::new("f".into(), Box::new(io::Cursor::new(input)));
        assert_eq!(lines.next().unwrap().unwrap().bytes.unwrap_err(), size);
        let line = lines.next().unwrap().unwrap();
        assert_eq!((line.number, line.bytes.unwrap()), (2, b"next\n".to_vec()));
        assert!(lines.next().unwrap().is_none());
    }

    #[test]
    fn lines_given_back_come_again_in_order() {
        let mut lines = Lines::new("f".into(), Box::new(io::Cursor::new("a\nb\nc")));
        let (a, b) = (lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap());
        lines.give_back(vec![a, b]);
        let again: Vec<u64> = std::iter::from_fn(|| lines.next().unwrap().map(|l| l.number)).collect();
        assert_eq!(again, [1, 2, 3]);
    }
}
