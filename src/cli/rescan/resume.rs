//! `vigie rescan resume`: goes on with a rescan that stopped.

use std::sync::Arc;

use super::super::Exit;
use super::super::global::{Setup, load};
use super::end::{FailOn, end};
use super::out::Outputs;
use super::{find, live, store};
use crate::rescan::{Runner, Task, source};

const AFTER_HELP: &str = "\
Goes on with what was paused or failed, whose process was killed, or that ended with a table or file not read to its end. \
It goes on where it was, with the rules and the model it began with; with others it is refused.

Exit codes: as `vigie rescan run`";

/// Go on with a rescan that stopped
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Its id, as `vigie rescan list` shows it
    id: String,

    /// Write the findings to this file when it has ended: .ndjson, .csv or .parquet; or into a table of the database at
    /// this address; may be given several times
    #[arg(long, value_name = "FILE|URL")]
    out: Vec<String>,

    /// Scanning threads; 0 for one a core
    #[arg(short, long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=256))]
    jobs: u16,

    /// What must be found for the exit code to be 1
    #[arg(long, value_name = "VERDICT", default_value = "warn")]
    fail_on: FailOn,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&args.out)?;
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    let mut options = setup.config.scanner_options();
    if args.jobs > 0 {
        options.sessions = args.jobs.into();
    }
    let threads = options.sessions;
    let scanner = Arc::new(load(&options)?);
    let open = Box::new(source::open);
    let runner = Runner::start(Task::new(store.clone(), scanner, row.id, threads, open))?;
    let last = live::follow(&runner, setup.quiet)?;
    outputs.write(&store, &last, setup.quiet)?;
    end(&store, &last, args.fail_on, setup.quiet)
}
