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
        out.write_record(&COLUMNS[..COLUMNS.len() - usize::from(!truth)])?;
        Ok(Self { out, truth })
    }
}

impl<W: Write> Writer for Csv<W> {
    fn note(&mut self, note: &Invented) -> io::Result<()> {
        let Invented { id, client, text, field, author, team, date, truth, .. } = note;
        for cell in [id.to_string().as_str(), client, text, field, author, team, date] {
            self.out.write_field(cell)?;
        }
        if self.truth {
            self.out.write_field(truth)?;
        }
        Ok(self.out.write_record(None::<&[u8]>)?)
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
