//! Where the entries go: a printer on a file or on standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;

use crate::report::csv::Csv;
use crate::report::ndjson::Ndjson;
use crate::report::pretty::Pretty;
use crate::report::sarif::Sarif;
use crate::report::{Entry, Printer, Screen};
use crate::span::OffsetUnit;

/// How to print.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    /// One JSON object a note
    Ndjson,
    /// One row a note, without the words found
    Csv,
    /// For people, in French
    Pretty,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

/// A printer whose errors name where it prints.
pub struct Output {
    printer: Box<dyn Printer>,
    target: String,
}

impl Output {
    pub fn open(format: Format, file: Option<&Path>) -> anyhow::Result<Self> {
        let target = file.map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
        let mut colour = false;
        let out: Box<dyn Write> = match file {
            Some(path) => Box::new(File::create(path).with_context(|| format!("cannot write {target}"))?),
            None => {
                colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
                match format {
                    Format::Pretty => Box::new(anstream::stdout()),
                    _ => Box::new(io::stdout()),
                }
            }
        };
        let out = BufWriter::with_capacity(64 * 1024, out);
        let printer: Box<dyn Printer> = match format {
            Format::Ndjson => Box::new(Ndjson::new(out)),
            Format::Csv => Box::new(Csv::new(out)),
            Format::Pretty => Box::new(Pretty::new(out, Screen { colour })),
            Format::Sarif => Box::new(Sarif::new(out)),
        };
        Ok(Self { printer, target })
    }

    /// The offset unit the printer insists on.
    pub fn unit(&self) -> Option<OffsetUnit> {
        self.printer.unit()
    }

    pub fn begin(&mut self) -> anyhow::Result<()> {
        let done = self.printer.begin();
        self.named(done)
    }

    pub fn entry(&mut self, entry: &Entry) -> anyhow::Result<()> {
        let done = self.printer.entry(entry);
        self.named(done)
    }

    pub fn flush(&mut self) -> anyhow::Result<()> {
        let done = self.printer.flush();
        self.named(done)
    }

    pub fn end(&mut self) -> anyhow::Result<()> {
        let done = self.printer.end();
        self.named(done)
    }

    fn named(&self, done: io::Result<()>) -> anyhow::Result<()> {
        done.with_context(|| format!("cannot write {}", self.target))
    }
}
