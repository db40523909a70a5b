//! `vigie rescan resume`: goes on with a rescan that stopped.

use super::super::Exit;
use super::super::global::Setup;
use super::end::end;
use super::how::How;
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

    #[command(flatten)]
    how: How,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&args.how.out)?;
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    let (scanner, threads) = args.how.scanner(setup)?;
    let open = Box::new(source::open);
    let runner = Runner::start(Task::new(store.clone(), scanner, row.id, threads, open))?;
    let last = live::follow(&runner, setup.quiet)?;
    outputs.write(&store, &last, setup.quiet)?;
    end(&store, &last, args.how.fail_on, setup.quiet)
}
