//! `vigie scan`: a stream of notes, for programs and for the nightly job.

mod batches;
mod output;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::bail;

use super::global::{Judge, Judging, Setup, load};
use super::input::{CsvSettings, Format, Record, Source};
use super::{Exit, message, parallel};
use crate::answer::Answer;
use crate::note::Note;
use crate::report::{Entry, Failure, FailureKind, Scanned, Summary};
use crate::scanner::{ScanError, Scanner};
use crate::span::OffsetUnit;
use batches::Batches;
use output::Output;

const AFTER_HELP: &str = "\
Input. NDJSON: one object a line, {\"id\", \"text\", \"field\"?}. CSV: a header line; the delimiter (; , tab |), the \
columns (text, texte, comment, commentaire, note…; id, identifiant, ref…) and the encoding are found out (UTF-8 with or \
without mark, UTF-16 with mark, else Windows-1252, which is said on standard error). Text: one note a line. In text, and \
in CSV without a column of ids, the number of the line is the id.

Output. One entry a note, in the order of the input, while the input is still being read. ndjson: {\"id\", …answer} as \
the HTTP API gives it, or {\"id\", \"line\", \"error\"}. csv: one row a note, without the words found; a cell that a \
spreadsheet would take for a formula begins with an apostrophe. pretty: for people, notes with findings only. sarif: \
SARIF 2.1.0 for code hosts and editors, with line and column.

Examples:
  vigie scan notes.ndjson > findings.ndjson
  vigie scan clients.csv --text-column Suivi --to csv --output findings.csv
  export-notes | vigie scan --stdin --profile bank --fail-on block
  vigie scan notes/*.txt --to sarif --output vigie.sarif

Exit codes:
  0  every note was read, nothing was found (as --fail-on says)
  1  every note was read, something was found
  2  failed: wrong usage, or input or output failed; what was printed is not complete
  3  some notes could not be read, each with its error in the output; something may have been found in the others";

/// Scan notes from files or standard input: NDJSON, CSV or text
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Files to scan; `-` or none for standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Scan standard input
    #[arg(long, conflicts_with = "files")]
    stdin: bool,

    /// How the notes are written; without it the extension says, and NDJSON on standard input
    #[arg(long, value_name = "FORMAT")]
    from: Option<Format>,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
    to: output::Format,

    /// Print to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Name of the field of notes that do not say theirs; a profile may have rules for it
    #[arg(long, value_name = "NAME")]
    field: Option<String>,

    /// CSV column of the notes, by name or by number from 1
    #[arg(long, value_name = "COLUMN")]
    text_column: Option<String>,

    /// CSV column of the ids, by name or by number from 1
    #[arg(long, value_name = "COLUMN")]
    id_column: Option<String>,

    /// CSV delimiter, one character
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<u8>,

    /// What `start` and `end` count in NDJSON
    #[arg(long, value_name = "UNIT", default_value = "utf16")]
    offsets: OffsetUnit,

    /// Threads; 0 for one a core
    #[arg(short, long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=256))]
    jobs: u16,

    /// Verdict from which the exit code is 1
    #[arg(long, value_name = "VERDICT", default_value = "warn")]
    fail_on: FailOn,

    #[command(flatten)]
    judging: Judging,
}

/// From which verdict on a note counts as found.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FailOn {
    Warn,
    Block,
    Never,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files };
    let settings =
        CsvSettings { text_column: args.text_column, id_column: args.id_column, delimiter: args.delimiter };
    check_inputs(&files, args.from, &settings, args.output.as_ref())?;
    let mut options = setup.config.scanner_options();
    if args.jobs > 0 {
        options.sessions = args.jobs.into();
    }
    let threads = options.sessions;
    let scanner = Arc::new(load(&options)?);
    let judge = args.judging.judge(setup, &scanner)?;
    let mut output = Output::open(args.to, args.output.as_deref())?;
    let unit = output.unit().unwrap_or(args.offsets);
    let field = args.field;
    let work = move |batch: batches::Batch| -> Vec<anyhow::Result<Entry>> {
        let scan = |record| entry(&scanner, record, field.as_deref(), &judge, unit);
        batch.into_iter().map(|record| record.map(scan)).collect()
    };
    let begin = Instant::now();
    let mut summary = Summary::default();
    output.begin()?;
    parallel::in_order(Batches::new(files, args.from, settings), threads, work, |entries| {
        for entry in entries {
            let entry = entry?;
            summary.count(&entry);
            output.entry(&entry)?;
        }
        output.flush()
    })?;
    output.end()?;
    summary.elapsed = begin.elapsed();
    if !setup.quiet {
        message::say(format_args!("{summary}"));
    }
    Ok(exit(&summary, args.fail_on))
}

fn exit(summary: &Summary, fail_on: FailOn) -> Exit {
    let found = match fail_on {
        FailOn::Warn => summary.warned + summary.blocked,
        FailOn::Block => summary.blocked,
        FailOn::Never => 0,
    };
    match (summary.unreadable, found) {
        (1.., _) => Exit::Partial,
        (0, 1..) => Exit::Found,
        (0, 0) => Exit::Clear,
    }
}

/// Fails before anything is scanned if a file is missing, has no column of notes or would be overwritten.
fn check_inputs(
    files: &[PathBuf],
    format: Option<Format>,
    settings: &CsvSettings,
    output: Option<&PathBuf>,
) -> anyhow::Result<()> {
    let target = output.and_then(|path| path.canonicalize().ok());
    if files.iter().filter(|file| file.as_os_str() == "-").count() > 1 {
        bail!("standard input is named twice");
    }
    for file in files.iter().filter(|file| file.as_os_str() != "-") {
        // A pipe can be opened only once.
        let is_pipe = std::fs::metadata(file).is_ok_and(|m| !m.is_file() && !m.is_dir());
        if !is_pipe {
            Source::open(file, format)?.records(settings)?;
        }
        if target.is_some() && file.canonicalize().ok() == target {
            bail!("--output {} is one of the files to scan; name another", file.display());
        }
    }
    Ok(())
}

/// Scans one record. A note that cannot be scanned has the reason in the place of an answer.
fn entry(scanner: &Scanner, record: Record, field: Option<&str>, judge: &Judge, unit: OffsetUnit) -> Entry {
    let Record { id, field: own, text, place } = record;
    let outcome = text.and_then(|text| {
        let note = Note { field: own.or_else(|| field.map(str::to_owned)), text };
        let scan = || scanner.scan(&note, &judge.options()).map_err(|error| failure(&error));
        // A bug in a detector must cost one note, not the whole run.
        let report = catch_unwind(AssertUnwindSafe(scan)).unwrap_or_else(|_| {
            Err(Failure::new(FailureKind::Internal, "internal error on this note; please report it"))
        })?;
        let answer = Answer::new(&report, note.text.as_str(), unit, scanner.versions());
        Ok(Scanned { text: note.text.into_string(), answer })
    });
    Entry { id, place, outcome }
}

fn failure(error: &ScanError) -> Failure {
    let kind = match error {
        ScanError::TooLong { .. } => FailureKind::TooLarge,
        _ => FailureKind::Internal,
    };
    Failure::new(kind, error.to_string())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("\\t" | "tab", _) => Ok(b'\t'),
        (_, [byte]) if byte.is_ascii() && !b"\"\r\n".contains(byte) => Ok(*byte),
        _ => Err("give one ASCII character other than a quote, or `tab`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_by_hand() {
        let summary =
            |warned, blocked, unreadable| Summary { warned, blocked, unreadable, ..Summary::default() };
        for (counts, fail_on, expected) in [
            (summary(0, 0, 0), FailOn::Warn, Exit::Clear),
            (summary(1, 0, 0), FailOn::Warn, Exit::Found),
            (summary(1, 0, 0), FailOn::Block, Exit::Clear),
            (summary(0, 1, 0), FailOn::Block, Exit::Found),
            (summary(0, 1, 0), FailOn::Never, Exit::Clear),
            (summary(0, 1, 1), FailOn::Never, Exit::Partial),
        ] {
            assert_eq!(exit(&counts, fail_on), expected);
        }
    }
}
