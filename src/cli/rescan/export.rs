//! `vigie rescan export`: findings into a file or a table.

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use super::{find, store};
use crate::report::grouped;
use crate::rescan::sink::{Destination, Format};
use crate::store::findings::Filter;

const AFTER_HELP: &str = "\
The file appears, or takes the place of an older one, when it is whole. It holds no text of any note, and no excerpt. In \
a database the findings go into the table vigie_findings, made if need be, in the place of those it had of this rescan: \
all of them, or none.

Examples:
  vigie rescan export r-20261126-083015-k3x9 --out findings.parquet
  vigie rescan export r-20261126-083015-k3x9 --out 'postgres://vigie:${PW}@db/audit?table=vigie_findings'
  vigie rescan export r-20261126-083015-k3x9 --severity high --out high.csv --out high.ndjson";

/// Write the findings of a rescan to files (NDJSON, CSV, Parquet) or a database
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
    let named = args.out.iter().map(|out| Destination::of(out, args.format));
    let destinations: Vec<Destination> = named.collect::<Result<_, _>>()?;
    let connection = store.connection()?;
    for destination in destinations {
        let written = destination.write(&connection, &row.id, &args.filter)?;
        if !setup.quiet {
            message::say(format_args!("{destination}: {} findings\n", grouped(written)));
        }
    }
    Ok(Exit::Clear)
}
