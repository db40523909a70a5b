//! `vigie rescan export`: findings into a file or a table.

use std::path::Path;

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use super::{find, store};
use crate::report::grouped;
use crate::rescan::sink::{self, Format};
use crate::store::findings::Filter;

const AFTER_HELP: &str = "\
The file appears, or takes the place of an older one, when it is whole. It holds no text of any note, and no excerpt.

Examples:
  vigie rescan export r-20261126-083015-k3x9 --out findings.parquet
  vigie rescan export r-20261126-083015-k3x9 --severity high --out high.csv --out high.ndjson";

/// Write the findings of a rescan to files: NDJSON, CSV, Parquet
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Id of the rescan, as `vigie rescan list` shows it
    id: String,

    /// Where to: a file named .ndjson, .csv or .parquet; may be given several times
    #[arg(short, long, value_name = "FILE", required = true)]
    out: Vec<String>,

    /// Format of the files, whatever their names
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,

    #[command(flatten)]
    filter: Filter,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    // A wrong name is told before anything is written.
    for out in args.out.iter().filter(|_| args.format.is_none()) {
        Format::of(Path::new(out))?;
    }
    let filter = Filter { rescan: Some(row.id), ..args.filter };
    let connection = store.connection()?;
    for out in &args.out {
        let written = sink::export(&connection, &filter, Path::new(out), args.format)?;
        if !setup.quiet {
            message::say(format_args!("{out}: {} findings\n", grouped(written)));
        }
    }
    Ok(Exit::Clear)
}
