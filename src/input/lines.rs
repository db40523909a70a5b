//! Lines of a stream in bounded memory, each with its number and its place in bytes. A long line comes in pieces; what
//! was read can be read again as long as it is near.

use std::io::{self, ErrorKind, Read};

use memchr::memchr;

/// Longest piece of a line.
const PIECE: usize = 64 * 1024;

/// How far back [`Lines::rewind`] goes.
pub const MAX_REWIND: usize = 1024 * 1024;

/// A place between two bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Bytes before it.
    pub offset: u64,
    /// Lines that ended before it.
    pub lines: u64,
}

/// A line or, where it is long, some of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Of its line, from 1.
    pub number: u64,
    /// With the line's end. A carriage return is never parted from the line feed behind it.
    pub bytes: &'a [u8],
    /// Whether the line ends with it.
    pub ends: bool,
}

/// A whole line, with its end.
#[derive(Debug)]
pub struct Line {
    /// From 1.
    pub number: u64,
    /// What it holds, or how many bytes it has if they are too many.
    pub bytes: Result<Vec<u8>, u64>,
}

/// The lines of a source.
pub struct Lines {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// The unread bytes of the buffer.
    from: usize,
    to: usize,
    mark: Mark,
    /// Where to rewind to, and its place in the buffer.
    pin: Option<(usize, Mark)>,
}

impl Lines {
    pub fn new(source: Box<dyn Read + Send>) -> Self {
        Self::at(source, Mark::default())
    }

    /// Lines of a source whose first byte is at this place of the whole.
    pub fn at(source: Box<dyn Read + Send>, mark: Mark) -> Self {
        Self { source, buffer: vec![0; 2 * PIECE], from: 0, to: 0, mark, pin: None }
    }

    /// Where the next piece begins.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// The next piece, none at the end.
    pub fn piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        let mut searched = 0;
        let (size, ends) = loop {
            let unread = &self.buffer[self.from..self.to];
            if let Some(at) = memchr(b'\n', &unread[searched..]) {
                break (searched + at + 1, true);
            }
            if unread.len() >= PIECE {
                break (unread.len() - usize::from(unread.ends_with(b"\r")), false);
            }
            searched = unread.len();
            if self.fill()? == 0 {
                match self.to - self.from {
                    0 => return Ok(None),
                    rest => break (rest, true),
                }
            }
        };
        let number = self.mark.lines + 1;
        let start = self.from;
        self.from += size;
        self.mark.offset += size as u64;
        self.mark.lines += u64::from(ends);
        Ok(Some(Piece { number, bytes: &self.buffer[start..start + size], ends }))
    }

    /// The next line, none at the end. Of a line longer than `most` bytes only the size is given.
    pub fn line(&mut self, most: usize) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let mut size = 0;
        while let Some(piece) = self.piece()? {
            size += piece.bytes.len();
            let fits = size <= most;
            if fits {
                bytes.extend_from_slice(piece.bytes);
            } else {
                bytes = Vec::new();
            }
            if piece.ends {
                let bytes = if fits { Ok(bytes) } else { Err(size as u64) };
                return Ok(Some(Line { number: piece.number, bytes }));
            }
        }
        Ok(None)
    }

    /// Remembers this place for [`Self::rewind`].
    pub fn pin(&mut self) {
        self.pin = Some((self.from, self.mark));
    }

    /// Forgets the pinned place.
    pub fn unpin(&mut self) {
        self.pin = None;
    }

    /// Goes back to the pinned place. Says whether it could: it is forgotten once it lies [`MAX_REWIND`] bytes back.
    pub fn rewind(&mut self) -> bool {
        let Some((from, mark)) = self.pin.take() else { return false };
        (self.from, self.mark) = (from, mark);
        true
    }

    /// Whether a line has come that was not read yet.
    pub fn has_more_at_hand(&self) -> bool {
        self.buffer[self.from..self.to].contains(&b'\n')
    }

    /// Reads more behind the unread bytes. Gives how many bytes came, 0 at the end.
    fn fill(&mut self) -> io::Result<usize> {
        if self.pin.is_some_and(|(pinned, _)| self.from - pinned > MAX_REWIND) {
            self.pin = None;
        }
        let kept = self.pin.map_or(self.from, |(pinned, _)| pinned);
        if kept > 0 && self.buffer.len() - self.to < PIECE {
            self.buffer.copy_within(kept..self.to, 0);
            self.from -= kept;
            self.to -= kept;
            if let Some((pinned, _)) = &mut self.pin {
                *pinned = 0;
            }
        }
        if self.buffer.len() - self.to < PIECE {
            self.buffer.resize(self.to + 4 * PIECE, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.to..]) {
                Ok(size) => {
                    self.to += size;
                    return Ok(size);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// A line without its end.
pub fn trimmed(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: impl Into<Vec<u8>>) -> Lines {
        Lines::new(Box::new(io::Cursor::new(bytes.into())))
    }

    #[test]
    fn lines_have_numbers_and_places() {
        let mut lines = lines("un\r\n\ndeux");
        let mut seen = Vec::new();
        while let Some(piece) = lines.piece().unwrap() {
            let (number, bytes, ends) = (piece.number, piece.bytes.to_vec(), piece.ends);
            seen.push((number, String::from_utf8(bytes).unwrap(), ends, lines.mark().offset));
        }
        let expected =
            [(1, "un\r\n".into(), true, 4), (2, "\n".into(), true, 5), (3, "deux".into(), true, 9)];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_long_line_comes_in_pieces_and_its_end_is_not_parted() {
        for size in [PIECE - 1, PIECE, 2 * PIECE - 1, 2 * PIECE, 5 * PIECE + 7] {
            let mut text = vec![b'x'; size];
            text.extend(b"\r\nfin\n");
            let mut lines = lines(text.clone());
            let mut read = Vec::new();
            loop {
                let piece = lines.piece().unwrap().unwrap();
                assert_eq!(piece.number, 1);
                assert!(piece.bytes.len() <= 4 * PIECE && (piece.ends || !piece.bytes.ends_with(b"\r")));
                read.extend_from_slice(piece.bytes);
                if piece.ends {
                    break;
                }
            }
            assert!(read == text[..size + 2], "{size}");
            assert_eq!(lines.piece().unwrap().unwrap().bytes, b"fin\n");
        }
    }

    #[test]
    fn a_line_too_long_is_counted_and_the_next_one_read() {
        let mut input = vec![b'x'; 300_000];
        input.extend(b"\nnext\n");
        let mut lines = lines(input);
        assert_eq!(lines.line(200_000).unwrap().unwrap().bytes.unwrap_err(), 300_001);
        let line = lines.line(200_000).unwrap().unwrap();
        assert_eq!((line.number, line.bytes.unwrap()), (2, b"next\n".to_vec()));
        assert!(lines.line(200_000).unwrap().is_none());
    }

    #[test]
    fn what_is_near_can_be_read_again() {
        let text: String = (0..100_000).map(|i| format!("line {i}\n")).collect();
        let mut lines = lines(text.clone());
        for _ in 0..1000 {
            lines.piece().unwrap();
        }
        let mark = lines.mark();
        lines.pin();
        for _ in 0..50_000 {
            lines.piece().unwrap();
        }
        assert!(lines.rewind());
        assert_eq!(lines.mark(), mark);
        let mut rest = Vec::new();
        while let Some(piece) = lines.piece().unwrap() {
            rest.extend_from_slice(piece.bytes);
        }
        assert!(rest == text.as_bytes()[mark.offset as usize..]);
    }

    #[test]
    fn what_is_far_is_forgotten_and_the_buffer_stays_small() {
        let text = "0123456789abcde\n".repeat(400_000);
        let mut lines = lines(text);
        lines.pin();
        while lines.piece().unwrap().is_some() {}
        assert!(!lines.rewind());
        assert!(lines.buffer.len() <= MAX_REWIND + 8 * PIECE, "{}", lines.buffer.len());
    }
}
