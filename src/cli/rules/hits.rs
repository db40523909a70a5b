//! `vigie rules hits`: what lexicons and patterns propose for each note of a stream, for training the classifier.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use serde::Serialize;
use serde_json::Value;

use crate::category::Category;
use crate::cli::Exit;
use crate::cli::global::{Setup, load};
use crate::cli::input::{CsvSettings, Format, Source};
use crate::detect::classifier::Hint;
use crate::scanner::ScannerOptions;
use crate::span::{OffsetMap, OffsetUnit};
use crate::text::Document;

const AFTER_HELP: &str = "\
Reads notes as NDJSON, {\"id\", \"text\"} a line, and writes one line a note, in order: {\"id\", \"hits\"}. A hit is \
[category, kind, start, end]: kind is strong, context, weak or vetoed for a lexicon entry, pattern or proof for a pattern, \
offsets count code points. The classifier is given the same beside the words, so it must be trained on them \
(models/training); the note's text is not written.

Example:
  vigie rules hits notes.ndjson > hits.ndjson

Exit codes:
  0  written
  2  failed: unreadable file, a line that is no note (named by its number)";

/// Write what lexicons and patterns propose for each note, before fusion: the classifier's training input
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// NDJSON file; - for standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
}

/// One line of output.
#[derive(Debug, Serialize)]
struct Line {
    id: Value,
    hits: Vec<(Category, &'static str, usize, usize)>,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let options = ScannerOptions { classifier: false, ..setup.config.scanner_options() };
    let scanner = load(&options)?;
    let mut records = Source::open(&args.file, Some(Format::Ndjson))?.records(&CsvSettings::default())?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    while let Some(record) = records.next().context("cannot read the notes")? {
        let text = match record.text {
            Ok(text) => text,
            Err(failure) => bail!("line {}: {}", record.place.line, failure.detail),
        };
        let document = Document::new(text.as_str());
        let mut map = OffsetMap::new(text.as_str(), OffsetUnit::Codepoints);
        let mut candidates = scanner.proposals(&document)?;
        candidates.sort_by_key(|c| (c.span, c.category));
        let hits = candidates
            .iter()
            .filter_map(|c| {
                let kind = Hint::of(c)?.id();
                Some((c.category, kind, map.convert(c.span.start), map.convert(c.span.end)))
            })
            .collect();
        serde_json::to_writer(&mut out, &Line { id: record.id, hits })?;
        out.write_all(b"\n").context("cannot write standard output")?;
    }
    out.flush().context("cannot write standard output")?;
    Ok(Exit::Clear)
}
