//! Writers of invented notes, one a format; all stream.

mod csv;
mod ndjson;
mod parquet;
mod sql;

use std::io::{self, Write};

use super::{Generator, Invented};

/// How to write the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A header line, then one note a record; `;` between cells
    Csv,
    /// One object a line
    Ndjson,
    /// One file, 100 000 notes a row group
    Parquet,
    /// A table `notes`, for PostgreSQL and for MariaDB or MySQL
    Sql,
}

/// Names of the columns; the last one only where it is asked for.
const COLUMNS: [&str; 8] = ["id", "client", "commentaire", "champ", "auteur", "equipe", "date", "verite"];

/// Writes one note after the other.
trait Writer {
    fn note(&mut self, note: &Invented) -> io::Result<()>;

    /// Writes what comes after the last one.
    fn end(self: Box<Self>) -> io::Result<()>;
}

/// Writes notes. `truth`: with a column that says what was put in.
pub fn write(
    generator: &Generator,
    notes: u64,
    format: Format,
    truth: bool,
    out: impl Write + Send,
) -> io::Result<()> {
    let mut writer: Box<dyn Writer + '_> = match format {
        Format::Csv => Box::new(csv::Csv::new(out, truth)?),
        Format::Ndjson => Box::new(ndjson::Ndjson::new(out, truth)),
        Format::Parquet => Box::new(parquet::Parquet::new(out, truth)?),
        Format::Sql => Box::new(sql::Sql::new(out, truth)?),
    };
    let mut note = Invented::default();
    for place in 0..notes {
        generator.write(place, &mut note);
        writer.note(&note)?;
    }
    writer.end()
}
