//! Numbered lines of bounded length.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use super::encoding;
use crate::cli::message;
use crate::report::{Failure, FailureKind, Layout, Place};

/// Longest line read, in bytes; a longer one is reported and skipped. No note comes near it.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// One line, with its line end.
pub struct Line {
    /// From 1.
    pub number: u64,
    /// What it holds, or how many bytes it has if they are too many.
    pub bytes: Result<Vec<u8>, u64>,
}

/// The lines of a source.
pub struct Lines {
    name: Arc<str>,
    reader: BufReader<Box<dyn Read + Send>>,
    number: u64,
    /// Lines given back, to be read again.
    returned: VecDeque<Line>,
    told_encoding: bool,
}

impl Lines {
    pub fn new(name: Arc<str>, reader: Box<dyn Read + Send>) -> Self {
        let reader = BufReader::with_capacity(64 * 1024, reader);
        Self { name, reader, number: 0, returned: VecDeque::new(), told_encoding: false }
    }

    pub fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        (&mut self.reader).take(MAX_LINE as u64).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        if bytes.len() < MAX_LINE || bytes.ends_with(b"\n") {
            return Ok(Some(Line { number, bytes: Ok(bytes) }));
        }
        let skipped = self.skip_line()?;
        Ok(Some(Line { number, bytes: Err(MAX_LINE as u64 + skipped) }))
    }

    /// Gives lines back; the first of them comes next.
    pub fn give_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.returned.push_front(line);
        }
    }

    /// Whether input has come that was not read yet.
    pub fn has_more_at_hand(&self) -> bool {
        !self.returned.is_empty() || self.reader.buffer().contains(&b'\n')
    }

    fn skip_line(&mut self) -> io::Result<u64> {
        let mut skipped = 0;
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = buffer.iter().position(|b| *b == b'\n');
            let size = end.map_or(buffer.len(), |i| i + 1);
            self.reader.consume(size);
            skipped += size as u64;
            if end.is_some() || size == 0 {
                return Ok(skipped);
            }
        }
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

/// A line without its end.
pub fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
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
