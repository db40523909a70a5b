use std::io::{self, Write};

use super::{COLUMNS, Writer};
use crate::generate::Invented;

/// Notes of one statement.
const BATCH: u64 = 500;

pub struct Sql<W> {
    out: W,
    truth: bool,
    written: u64,
}

impl<W: Write> Sql<W> {
    pub fn new(mut out: W, truth: bool) -> io::Result<Self> {
        out.write_all(
            b"-- Invented notes, for PostgreSQL and for MariaDB or MySQL. UTF-8.\n\
              CREATE TABLE notes (\n  id BIGINT PRIMARY KEY,\n  client VARCHAR(80) NOT NULL,\n  commentaire TEXT NOT NULL,\n  \
              champ VARCHAR(40) NOT NULL,\n  auteur VARCHAR(40) NOT NULL,\n  equipe VARCHAR(40) NOT NULL,\n  \
              date DATE NOT NULL",
        )?;
        if truth {
            out.write_all(b",\n  verite VARCHAR(60) NOT NULL")?;
        }
        out.write_all(b"\n);\nBEGIN;\n")?;
        Ok(Self { out, truth, written: 0 })
    }

    /// A string literal. The notes hold no backslash, which MySQL would take for an escape.
    fn literal(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(b", '")?;
        for (i, part) in text.split('\'').enumerate() {
            if i > 0 {
                self.out.write_all(b"''")?;
            }
            self.out.write_all(part.as_bytes())?;
        }
        self.out.write_all(b"'")
    }
}

impl<W: Write> Writer for Sql<W> {
    fn note(&mut self, note: &Invented) -> io::Result<()> {
        if self.written.is_multiple_of(BATCH) {
            let columns = COLUMNS[..COLUMNS.len() - usize::from(!self.truth)].join(", ");
            let end = if self.written > 0 { ";\n" } else { "" };
            write!(self.out, "{end}INSERT INTO notes ({columns}) VALUES")?;
        } else {
            self.out.write_all(b",")?;
        }
        self.written += 1;
        write!(self.out, "\n({}", note.id)?;
        let Invented { client, text, field, author, team, date, truth, .. } = note;
        let cells: [&str; 6] = [client, text, field, author, team, date];
        for cell in cells {
            self.literal(cell)?;
        }
        if self.truth {
            self.literal(truth)?;
        }
        self.out.write_all(b")")
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        let end: &[u8] = if self.written > 0 { b";\nCOMMIT;\n" } else { b"COMMIT;\n" };
        self.out.write_all(end)?;
        self.out.flush()
    }
}
