use std::io::{self, Write};

use super::{COLUMNS, Writer};
use crate::generate::Invented;

pub struct Csv<W: Write> {
    out: csv::Writer<W>,
    truth: bool,
}

impl<W: Write> Csv<W> {
    pub fn new(out: W, truth: bool) -> io::Result<Self> {
        let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(out);
        out.write_record(&COLUMNS[..COLUMNS.len() - usize::from(!truth)]).map_err(failed)?;
        Ok(Self { out, truth })
    }
}

impl<W: Write> Writer for Csv<W> {
    fn note(&mut self, note: &Invented) -> io::Result<()> {
        let Invented { id, client, text, field, author, team, date, truth, .. } = note;
        for cell in [id.to_string().as_str(), client, text, field, author, team, date] {
            self.out.write_field(cell).map_err(failed)?;
        }
        if self.truth {
            self.out.write_field(truth).map_err(failed)?;
        }
        self.out.write_record(None::<&[u8]>).map_err(failed)
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// The library hides the kind of an error, by which a closed pipe is known.
fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
