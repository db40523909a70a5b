//! `vigie generate`: invented notes for load tests.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;

use super::global::Setup;
use super::{Exit, message};
use crate::generate::Generator;
use crate::generate::write::{Format, write};

const AFTER_HELP: &str = "\
The notes are for load tests: to see how fast a rescan is, how much memory and disk it takes, and whether it goes on \
after a stop. They do not measure quality: they come from a small grammar, and finding what it says proves nothing about \
what people write.

About 120 characters a note, all different; about 8 in 100 hold something sensitive, over all 14 categories. Social \
security numbers, IBANs and cards have valid keys and belong to nobody. The same seed gives the same bytes, and a longer \
run begins with the notes of a shorter one.

Columns: id, client, commentaire, champ, auteur, equipe, date; with --truth also verite, the category that was put in \
(`health`, `identifier/iban`), empty for most notes. SQL makes a table `notes` in PostgreSQL, MariaDB or MySQL.

Examples:
  vigie generate --notes 1000000 --output notes.csv
  vigie generate --notes 10000000 --seed 7 --output notes.parquet
  vigie generate --notes 100000 --format sql | psql crm";

/// Invent notes for load tests
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// How many
    #[arg(short, long, value_name = "N")]
    notes: u64,

    /// What makes them these and not others
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// How to write them; without it the extension of --output says, else CSV
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Add a column that says what was put in
    #[arg(long)]
    truth: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let format =
        args.format.unwrap_or_else(|| match args.output.as_ref().and_then(|path| path.extension()) {
            Some(extension) if extension == "ndjson" || extension == "jsonl" => Format::Ndjson,
            Some(extension) if extension == "parquet" => Format::Parquet,
            Some(extension) if extension == "sql" => Format::Sql,
            _ => Format::Csv,
        });
    let target =
        args.output.as_ref().map_or_else(|| "standard output".into(), |path| path.display().to_string());
    let cannot = || format!("cannot write {target}");
    let out: Box<dyn Write + Send> = match &args.output {
        Some(path) => Box::new(File::create(path).with_context(cannot)?),
        None => Box::new(io::stdout()),
    };
    let out = BufWriter::with_capacity(256 * 1024, out);
    write(&Generator::new(args.seed)?, args.notes, format, args.truth, out).with_context(cannot)?;
    if !setup.quiet && args.output.is_some() {
        message::say(format_args!("{} invented notes written to {target}\n", args.notes));
    }
    Ok(Exit::Clear)
}
