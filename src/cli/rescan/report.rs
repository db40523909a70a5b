//! `vigie rescan report`: the report of a rescan.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::tz::TimeZone;

use super::super::Exit;
use super::super::global::Setup;
use super::{failed, find, reviewer, store};
use crate::rescan::excerpt::Excerpts;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::report::{self, Options, Report};
use crate::rescan::sink::AtomicFile;
use crate::store::rescans::RescanRow;
use crate::store::{Store, reviews};

const AFTER_HELP: &str = "\
html is one file without anything outside it, in French, made to be read and printed; json and csv hold the same figures, \
with more rows. manifest is the signed account of what was read and found, for `vigie rescan verify`.

Figures by author need a rescan that kept authors, and --authors here too: they watch staff, who must be told beforehand \
(Code du travail, art. L1222-4).

Examples:
  vigie rescan report r-20261126-083015-k3x9 -o report.html
  vigie rescan report r-20261126-083015-k3x9 --format manifest -o manifest.json";

/// Write the report of a rescan: HTML, JSON, CSV, or its signed manifest
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Id of the rescan, as `vigie rescan list` shows it
    id: String,

    /// What to write [default: as the file is named, else html]
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,

    /// File to write, whole or not at all [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Show figures by author, where the rescan kept authors
    #[arg(long)]
    authors: bool,

    /// Leave out masked excerpts, where the rescan kept them
    #[arg(long)]
    no_examples: bool,

    /// Who makes the report, for the history of the findings whose excerpts it shows [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Html,
    Json,
    Csv,
    Manifest,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    let named = args.output.as_deref().and_then(Format::of);
    let format = args.format.or(named).unwrap_or(Format::Html);
    if args.authors && !row.spec.authors {
        anyhow::bail!("the rescan {} kept no authors; only `vigie rescan run --authors` does", row.id);
    }
    let bytes = match format {
        Format::Manifest => manifest(&row)?,
        _ => {
            let report = made(&args, &store, &row)?;
            match format {
                Format::Json => serde_json::to_vec_pretty(&report)?,
                Format::Csv => {
                    let mut out = Vec::new();
                    report::csv::csv(&report, &mut out)?;
                    out
                }
                Format::Html | Format::Manifest => {
                    report::html::html(&report, &TimeZone::system()).into_bytes()
                }
            }
        }
    };
    match &args.output {
        Some(path) => write(path, &bytes).with_context(|| format!("cannot write {}", path.display()))?,
        None => std::io::stdout().write_all(&bytes).context("cannot write standard output")?,
    }
    Ok(Exit::Clear)
}

fn manifest(row: &RescanRow) -> anyhow::Result<Vec<u8>> {
    let signed = row.manifest.as_ref();
    let signed = signed.with_context(|| {
        format!("the rescan {} is {}: its manifest is signed when it ends", row.id, row.state)
    })?;
    Ok(format!("{signed}\n").into_bytes())
}

/// The report; whose excerpts it shows is recorded.
fn made(args: &Args, store: &Store, row: &RescanRow) -> anyhow::Result<Report> {
    let connection = store.connection()?;
    let opener = Excerpts::new(store.keys());
    let open = |fingerprint: &Fingerprint, sealed: &[u8]| opener.open(&fingerprint.0, sealed);
    let options = Options {
        open: if args.no_examples { None } else { Some(&open) },
        authors: args.authors,
        ..Options::default()
    };
    let report = report::build(&connection, row, &options).map_err(|error| failed(store, error))?;
    let seen: Vec<Fingerprint> = report.examples.iter().flatten().map(|e| e.fingerprint).collect();
    if !seen.is_empty() {
        reviews::revealed(&connection, &seen, reviewer(args.by.clone()).as_deref())?;
    }
    Ok(report)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.commit()
}
