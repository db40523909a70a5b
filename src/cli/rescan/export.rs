//! `vigie rescan export`: findings into files and tables.

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use super::{find, store};
use crate::report::grouped;
use crate::rescan::sink::{Format, Target};
use crate::store::findings::Filter;

const AFTER_HELP: &str = "\
A file appears, or takes the place of an older one, when it is whole; a table (`vigie_findings`, or `?table=NAME`) gets the \
findings in one transaction, in the place of those it had of this rescan. Neither holds text of a note, or an excerpt.

Examples:
  vigie rescan export r-20261126-083015-k3x9 --out findings.parquet
  vigie rescan export r-20261126-083015-k3x9 --severity high --out high.csv --out high.ndjson
  vigie rescan export r-20261126-083015-k3x9 --out 'postgres://vigie:${DB_PASSWORD}@db/compliance'";

/// Write the findings of a rescan to files (NDJSON, CSV, Parquet) or to a table of a database
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Id of the rescan, as `vigie rescan list` shows it
    id: String,

    /// Where to: a file named .ndjson, .csv or .parquet, or the address of a database; may be given several times
    #[arg(short, long, value_name = "FILE|URL", required = true)]
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
    let targets =
        args.out.iter().map(|out| Target::parse(out, args.format)).collect::<Result<Vec<_>, _>>()?;
    let filter = Filter { rescan: Some(row.id), ..args.filter };
    let connection = store.connection()?;
    for target in targets {
        let written = target.write(&connection, &filter)?;
        if !setup.quiet {
            message::say(format_args!("{target}: {} findings\n", grouped(written)));
        }
    }
    Ok(Exit::Clear)
}
