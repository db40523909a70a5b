//! The cells of one CSV record (RFC 4180), with the place of each. A quote opens a cell only at its beginning, so
//! that `écran 24"` is read as it stands.

use memchr::memchr;

/// A cell as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Empty where the value is longer than [`Cells::bounded`] allows.
    pub value: Vec<u8>,
    /// Bytes of the value.
    pub size: u64,
    pub quoted: bool,
    /// Line and column (from 1, in code points) of the first character of the value.
    pub line: u64,
    pub column: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the beginning of a cell.
    Open,
    Bare,
    Quoted,
    /// After a quote inside a quoted cell: the end, or the first of two.
    Closing,
}

/// Cuts a record fed line by line.
#[derive(Debug)]
pub struct Cells {
    delimiter: u8,
    /// Longest value kept.
    longest: usize,
    /// Most cells kept.
    most: usize,
    state: State,
    cell: Cell,
    done: Vec<Cell>,
    /// Cells before the current one, kept or not.
    ended: usize,
    strays: usize,
}

impl Cells {
    pub fn new(delimiter: u8) -> Self {
        Self::bounded(delimiter, usize::MAX, usize::MAX)
    }

    /// Keeps values of at most `longest` bytes, and at most `most` cells.
    pub fn bounded(delimiter: u8, longest: usize, most: usize) -> Self {
        let (cell, done) = (Cell::default(), Vec::with_capacity(most.min(16)));
        Self { delimiter, longest, most, state: State::Open, cell, done, ended: 0, strays: 0 }
    }

    /// How many cells the record has so far.
    pub fn count(&self) -> usize {
        self.ended + 1
    }

    /// How often something stands behind a closing quote: the quote that opened the cell may be a stray one.
    pub fn stray_quotes(&self) -> usize {
        self.strays
    }

    fn push(&mut self, bytes: &[u8]) {
        self.cell.size += bytes.len() as u64;
        if self.cell.size <= self.longest as u64 {
            self.cell.value.extend_from_slice(bytes);
        } else if !self.cell.value.is_empty() {
            self.cell.value = Vec::new();
        }
    }

    /// Ends the cell; the next one begins here.
    fn end_cell(&mut self, line: u64, column: u64) {
        let next = Cell { line, column, ..Cell::default() };
        let cell = std::mem::replace(&mut self.cell, next);
        self.ended += 1;
        if self.done.len() < self.most {
            self.done.push(cell);
        }
        self.state = State::Open;
    }

    /// Reads one more line or piece of one, its end included. Says whether the record ends with the line: it does not
    /// within quotes.
    pub fn feed(&mut self, number: u64, line: &[u8]) -> bool {
        let content = super::lines::trimmed(line).len();
        let mut column = 1;
        if self.ended == 0 && self.state == State::Open {
            (self.cell.line, self.cell.column) = (number, column);
        }
        let mut at = 0;
        // The line's end is content only between quotes.
        while at < if self.state == State::Quoted { line.len() } else { content } {
            let byte = line[at];
            match self.state {
                State::Quoted => {
                    let run = memchr(b'"', &line[at..]).unwrap_or(line.len() - at);
                    self.push(&line[at..at + run]);
                    column += characters(&line[at..at + run]);
                    at += run;
                    if at == line.len() {
                        break;
                    }
                    self.state = State::Closing;
                }
                State::Bare => {
                    let run = memchr(self.delimiter, &line[at..content]).unwrap_or(content - at);
                    self.push(&line[at..at + run]);
                    column += characters(&line[at..at + run]);
                    at += run;
                    if at == content {
                        break;
                    }
                    self.end_cell(number, column + 1);
                }
                State::Open | State::Closing if byte == self.delimiter => self.end_cell(number, column + 1),
                State::Open if byte == b'"' => {
                    self.cell.quoted = true;
                    self.cell.column = column + 1;
                    self.state = State::Quoted;
                }
                State::Closing if byte == b'"' => {
                    self.push(b"\"");
                    self.state = State::Quoted;
                }
                // What comes now is read as the beginning of a run.
                State::Open | State::Closing => {
                    self.strays += usize::from(self.state == State::Closing);
                    self.state = State::Bare;
                    continue;
                }
            }
            at += 1;
            column += 1;
        }
        self.state != State::Quoted
    }

    /// The record's cells.
    pub fn finish(mut self) -> Vec<Cell> {
        if self.done.len() < self.most {
            self.done.push(self.cell);
        }
        self.done
    }
}

/// How many characters begin in these bytes: continuation bytes of UTF-8 begin none.
fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64
}

/// The delimiter of a header: of `;`, `,`, tab and `|`, the one most frequent outside quotes.
pub fn sniff(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for byte in header {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(d, _)| d == byte && !quoted) {
            *count += 1;
        }
    }
    // The last of equals wins in `max_by_key`: reversed, that is the first.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(d, _)| *d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(lines: &[&str]) -> Vec<(String, u64, u64)> {
        let mut cells = Cells::new(b';');
        for (i, line) in lines.iter().enumerate() {
            let ends = cells.feed(i as u64 + 1, line.as_bytes());
            assert_eq!(ends, i + 1 == lines.len());
        }
        cells.finish().into_iter().map(|c| (String::from_utf8(c.value).unwrap(), c.line, c.column)).collect()
    }

    #[test]
    fn records_by_hand() {
        assert_eq!(cut(&["a;b\r\n"]), [("a".into(), 1, 1), ("b".into(), 1, 3)]);
        assert_eq!(cut(&["é;\"x;\"\"y\"\"\"\n"]), [("é".into(), 1, 1), ("x;\"y\"".into(), 1, 4)]);
        assert_eq!(
            cut(&["1;\"un\r\n", "deux\";z\n"]),
            [("1".into(), 1, 1), ("un\r\ndeux".into(), 1, 4), ("z".into(), 2, 7)]
        );
        assert_eq!(cut(&["écran 24\";b\n"]), [("écran 24\"".into(), 1, 1), ("b".into(), 1, 11)]);
        assert_eq!(cut(&[";\n"]), [("".into(), 1, 1), ("".into(), 1, 2)]);
    }

    #[test]
    fn what_is_too_much_is_counted_and_not_kept() {
        let mut cells = Cells::bounded(b';', 3, 2);
        assert!(cells.feed(1, b"abc;\"ab\"\"cd\";e;f\n"));
        assert_eq!(cells.count(), 4);
        let kept: Vec<(Vec<u8>, u64)> = cells.finish().into_iter().map(|c| (c.value, c.size)).collect();
        assert_eq!(kept, [(b"abc".to_vec(), 3), (Vec::new(), 5)]);
    }

    #[test]
    fn stray_quotes_are_noticed() {
        for (line, strays) in [("\"a\";b", 0), ("\"a\"b;\"c\"d", 2), ("a\"b;c", 0), ("\"\"\"a\"", 0)] {
            let mut cells = Cells::new(b';');
            cells.feed(1, line.as_bytes());
            assert_eq!(cells.stray_quotes(), strays, "{line}");
        }
    }

    #[test]
    fn delimiters_are_sniffed() {
        assert_eq!(sniff(b"id;text"), b';');
        assert_eq!(sniff(b"\"a;b;c\",text"), b',');
        assert_eq!(sniff(b"id\ttext\tb,c"), b'\t');
        assert_eq!(sniff(b"text"), b',');
    }
}
