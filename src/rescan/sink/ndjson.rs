//! One JSON object a line, the same as a finding of the API.

use std::io::{self, Write};

use super::{AtomicFile, Sink};
use crate::store::findings::StoredFinding;

pub struct Ndjson {
    out: AtomicFile,
}

impl Ndjson {
    pub fn new(out: AtomicFile) -> Self {
        Self { out }
    }
}

/// Writes one line.
pub fn line(out: &mut impl Write, finding: &StoredFinding) -> io::Result<()> {
    serde_json::to_writer(&mut *out, finding)?;
    out.write_all(b"\n")
}

impl Sink for Ndjson {
    fn take(&mut self, finding: &StoredFinding) -> io::Result<()> {
        line(&mut self.out, finding)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.out.commit()
    }
}
