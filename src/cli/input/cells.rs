//! The cells of one CSV record (RFC 4180), with the place of each. A quote opens a cell only at its beginning, so
//! that `écran 24"` is read as it stands.

/// A cell as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub value: Vec<u8>,
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
    state: State,
    cell: Cell,
    done: Vec<Cell>,
}

impl Cells {
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Open, cell: Cell::default(), done: Vec::new() }
    }

    /// Reads one more line, its end included. Says whether the record ends with it: it does not within quotes.
    pub fn feed(&mut self, number: u64, line: &[u8]) -> bool {
        let content = super::lines::trimmed(line).len();
        let mut column = 1;
        if self.done.is_empty() && self.state == State::Open {
            (self.cell.line, self.cell.column) = (number, column);
        }
        for (i, byte) in line.iter().copied().enumerate() {
            if self.state != State::Quoted && i >= content {
                break;
            }
            // Continuation bytes of UTF-8 begin no character.
            column += u64::from(byte & 0xC0 != 0x80);
            self.state = match (self.state, byte) {
                (State::Open, b'"') => {
                    self.cell.quoted = true;
                    self.cell.column = column;
                    State::Quoted
                }
                (State::Quoted, b'"') => State::Closing,
                (State::Closing, b'"') => {
                    self.cell.value.push(b'"');
                    State::Quoted
                }
                (State::Quoted, _) => {
                    self.cell.value.push(byte);
                    State::Quoted
                }
                (_, b) if b == self.delimiter => {
                    let next = Cell { line: number, column, ..Cell::default() };
                    self.done.push(std::mem::replace(&mut self.cell, next));
                    State::Open
                }
                (_, _) => {
                    self.cell.value.push(byte);
                    State::Bare
                }
            };
        }
        self.state != State::Quoted
    }

    /// The record's cells.
    pub fn finish(mut self) -> Vec<Cell> {
        self.done.push(self.cell);
        self.done
    }
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
    fn delimiters_are_sniffed() {
        assert_eq!(sniff(b"id;text"), b';');
        assert_eq!(sniff(b"\"a;b;c\",text"), b',');
        assert_eq!(sniff(b"id\ttext\tb,c"), b'\t');
        assert_eq!(sniff(b"text"), b',');
    }
}
