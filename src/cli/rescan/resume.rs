//! `vigie rescan resume`: goes on with a rescan that stopped.

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use super::end::end;
use super::how::How;
use super::out::Outputs;
use super::{find, live, store};
use crate::http::rescans::permit::Permit;
use crate::rescan::spec::Spec;
use crate::rescan::{Runner, Task};
use crate::store::State;

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
    // A file that was sent to the server is at the place the server gave it.
    let permit = Permit::of(&setup.config);
    let open = Box::new(move |spec: &Spec| permit.open_unchecked(spec));
    let runner = Runner::start(Task::new(store.clone(), scanner, row.id, threads, open))?;
    let last = live::follow(&runner, setup.quiet)?;
    let sinks = &row.spec.sinks;
    if !sinks.is_empty() && matches!(last.state, State::Done | State::Partial) {
        message::warn(&format!(
            "only a server writes to the sinks of its settings, which {id} was asked for with ({}); \
             `vigie rescan export {id} --out FILE|URL` writes what was found",
            sinks.join(", "),
            id = last.id,
        ));
    }
    outputs.write(&store, &last, setup.quiet)?;
    end(&store, &last, args.how.fail_on, setup.quiet)
}
