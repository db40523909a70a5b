//! `vigie eval`: how good the scanner is on marked-up notes.

mod print;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};

use super::global::{Judge, Judging, Setup, load};
use super::{Exit, message, parallel};
use crate::eval::floors::Floor;
use crate::eval::markup::{self, Labelled};
use crate::eval::metrics::Metrics;
use crate::eval::mistakes::{Mistake, mistakes};
use crate::eval::observe::{Observed, observe};
use crate::scanner::{Scanner, ScannerOptions};

/// Notes of a batch.
const BATCH: usize = 16;

const AFTER_HELP: &str = "\
Notes are written one a line; a line that begins with # is a comment:
  Client [health:diabétique type 2], demande livraison le matin
  elle est [health:enceinte de 6 mois], congé à partir de juin |ok=private_life
  le greffe du tribunal de commerce a validé l'immatriculation
`[category:words]` is a required finding, `[a+b:words]` two on the same words, the tail `|ok=a,b` lists categories that \
may be reported too. A note without mark must raise nothing.

What counts. A finding counts if the profile warns of it or blocks it. A category counts once a note: required and \
reported is right, reported though neither required nor accepted is a false alarm, required and not reported is a miss. \
Macro-F1 is the mean over the categories that occur. The calibration error is taken over all findings, before the \
profile, in ten bins of the score.

Floors of --fail-under: macro, micro (F1), span, a category's id (F1); ceilings: clean, calibration.

Examples:
  vigie eval models/data/dev
  vigie eval models/data/test --fail-under macro=0.9,clean=0.01,span=0.9,health=0.85
  vigie eval mine.txt --errors --rules-only
  vigie eval models/data/dev --features dev.ndjson

Exit codes:
  0  measured; every floor of --fail-under is reached
  1  measured; a floor is missed (standard error says which)
  2  failed: wrong usage, unreadable file, wrong mark (named by file and line)";

/// Measure precision, recall and false alarms on marked-up notes
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Files of marked-up notes, or folders of such .txt files
    #[arg(value_name = "FILE|DIR", required = true)]
    paths: Vec<PathBuf>,

    /// Print the measures as JSON
    #[arg(long)]
    json: bool,

    /// List what was missed and what was raised for nothing, with the notes' text
    #[arg(long)]
    errors: bool,

    /// Exit with 1 if a measure misses its limit
    #[arg(long, value_name = "NAME=LIMIT", value_delimiter = ',')]
    fail_under: Vec<Floor>,

    /// Without the classifier
    #[arg(long, conflicts_with_all = ["model_only", "no_classifier"])]
    rules_only: bool,

    /// Without lexicons and patterns
    #[arg(long, conflicts_with = "no_classifier")]
    model_only: bool,

    /// Write every finding before the profile with its evidence, one JSON object a line, for fitting the fusion
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,

    /// Threads; 0 for one a core. The measures do not depend on it
    #[arg(short, long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=256))]
    jobs: u16,

    #[command(flatten)]
    judging: Judging,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let mut notes: Vec<Labelled> = Vec::new();
    for path in &args.paths {
        notes.extend(markup::read(path)?);
    }
    if notes.is_empty() {
        bail!("no note to measure on: the files hold comments and blank lines only");
    }
    let mut options = ScannerOptions { rules: !args.model_only, ..setup.config.scanner_options() };
    options.classifier &= !args.rules_only;
    if args.jobs > 0 {
        options.sessions = args.jobs.into();
    }
    let scanner = Arc::new(load(&options)?);
    let judge = args.judging.clone().judge(setup, &scanner)?;
    let mut features = args.features.as_deref().map(Features::create).transpose()?;
    let mut metrics = Metrics::default();
    let mut errors: Vec<Mistake> = Vec::new();
    let begin = Instant::now();
    let (eye, by) = (Arc::clone(&scanner), judge.clone());
    let work = move |batch: Vec<Labelled>| scan(&eye, batch, &by);
    parallel::in_order(batches(notes).into_iter(), options.sessions, work, |batch| {
        for (from, found) in batch? {
            metrics.add(&from.note, &found);
            if args.errors {
                errors.extend(mistakes(&from, &found));
            }
            if let Some(features) = &mut features {
                features.write(&from, &found)?;
            }
        }
        Ok(())
    })?;
    let elapsed = begin.elapsed();
    if let Some(features) = features {
        features.finish()?;
    }
    let scores = metrics.scores();
    let listed = args.errors.then_some(errors.as_slice());
    print::print(&scores, listed, &scanner, &judge.profile, args.json, elapsed)?;
    let missed: Vec<String> = args.fail_under.iter().filter_map(|floor| floor.missed(&scores)).collect();
    for missed in &missed {
        message::say(format_args!("vigie: floor missed: {missed}\n"));
    }
    Ok(if missed.is_empty() { Exit::Clear } else { Exit::Found })
}

fn batches(notes: Vec<Labelled>) -> Vec<Vec<Labelled>> {
    notes.chunks(BATCH).map(<[Labelled]>::to_vec).collect()
}

fn scan(
    scanner: &Scanner,
    batch: Vec<Labelled>,
    judge: &Judge,
) -> anyhow::Result<Vec<(Labelled, Vec<Observed>)>> {
    let observed = batch.into_iter().map(|from| {
        let found = observe(scanner, &from.note, &judge.options())
            .with_context(|| format!("{}:{}", from.file, from.line))?;
        Ok((from, found))
    });
    observed.collect()
}

/// The file of `--features`.
struct Features {
    out: BufWriter<File>,
    path: String,
}

impl Features {
    fn create(path: &Path) -> anyhow::Result<Self> {
        let shown = path.display().to_string();
        let file = File::create(path).with_context(|| format!("cannot write {shown}"))?;
        Ok(Self { out: BufWriter::new(file), path: shown })
    }

    fn write(&mut self, from: &Labelled, found: &[Observed]) -> anyhow::Result<()> {
        for finding in found {
            serde_json::to_writer(&mut self.out, &finding.feature_line(from))
                .map_err(std::io::Error::from)
                .and_then(|()| self.out.write_all(b"\n"))
                .with_context(|| format!("cannot write {}", self.path))?;
        }
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.out.flush().with_context(|| format!("cannot write {}", self.path))
    }
}
