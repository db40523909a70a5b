//! Records in batches: large enough to pay for the hand-over between threads, never waiting for input to fill up.

use std::collections::VecDeque;
use std::path::PathBuf;

use anyhow::Context;

use crate::cli::input::{CsvSettings, Format, Record, Records, Source};

/// Records of a batch; the last one may be the error that ended the input.
pub type Batch = Vec<anyhow::Result<Record>>;

const MOST_RECORDS: usize = 64;
const MOST_BYTES: usize = 256 * 1024;

/// The records of several files, one file after the other.
pub struct Batches {
    files: VecDeque<PathBuf>,
    format: Option<Format>,
    settings: CsvSettings,
    current: Option<(String, Box<dyn Records>)>,
}

impl Batches {
    pub fn new(files: Vec<PathBuf>, format: Option<Format>, settings: CsvSettings) -> Self {
        Self { files: files.into(), format, settings, current: None }
    }

    fn record(&mut self) -> anyhow::Result<Option<Record>> {
        loop {
            if let Some((name, records)) = &mut self.current {
                if let Some(record) = records.next().with_context(|| format!("cannot read {name}"))? {
                    return Ok(Some(record));
                }
                self.current = None;
            }
            let Some(path) = self.files.pop_front() else { return Ok(None) };
            let source = Source::open(&path, self.format)?;
            self.current = Some((source.name().to_owned(), source.records(&self.settings)?));
        }
    }

    fn must_wait(&self) -> bool {
        self.current.as_ref().is_some_and(|(_, records)| !records.has_more_at_hand())
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut batch = Batch::new();
        let mut bytes = 0;
        while batch.len() < MOST_RECORDS && bytes < MOST_BYTES {
            match self.record() {
                Ok(Some(record)) => {
                    bytes += record.text.as_ref().map_or(0, |text| text.as_str().len());
                    batch.push(Ok(record));
                    if self.must_wait() {
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    batch.push(Err(error));
                    self.files.clear();
                    self.current = None;
                    break;
                }
            }
        }
        (!batch.is_empty()).then_some(batch)
    }
}
