//! `vigie rescan run`: a new rescan, run here.

use std::io::Write;

use anyhow::Context;

use super::super::Exit;
use super::super::global::Setup;
use super::ask::sorted;
use super::end::end;
use super::how::How;
use super::out::Outputs;
use super::spec::SpecArgs;
use super::{live, store};
use crate::rescan::versions::Versions;
use crate::rescan::{RunError, Runner, Task, ask, source};
use crate::store::State;
use crate::store::rescans::{self, NewRescan};

const AFTER_HELP: &str = "\
Everything found and how far it is goes into the store of the data folder (--data-dir), page by page: a stop at any moment, \
a power cut included, loses nothing. Its id is printed on standard output as soon as it is known. Ctrl-C pauses it; \
`vigie rescan resume ID` goes on with it.

Examples:
  vigie rescan run exports/ --text Commentaire --team Agence
  vigie rescan run 'postgres://vigie:${CRM_PASSWORD}@db/crm' --table public.llx_actioncomm --text note
  vigie rescan run --spec crm.toml --incremental

Exit codes:
  0  every note was read, nothing was found (as --fail-on says)
  1  every note was read, something was found
  2  failed: wrong usage, or a source or the store failed; `vigie rescan resume` goes on where it stopped
  3  done in part: something could not be read, or it was paused or cancelled";

/// Scan the notes of files and tables, into the store
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    spec: SpecArgs,

    #[command(flatten)]
    how: How,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let outputs = Outputs::new(&args.how.out)?;
    let spec = args.spec.spec(&setup.config.profile)?;
    // First what may be wrong in what was asked for, then the model, then the store: a mistake leaves nothing behind.
    let sources = source::open(&spec)?;
    let (scanner, threads) = args.how.scanner(setup)?;
    let versions = Versions::of(&scanner, &spec.profile)?;
    let store = store(setup)?;
    if spec.excerpts && !store.keys().is_from_environment() {
        return Err(RunError::ExcerptKey.into());
    }
    let stored = source::without_passwords(&spec);
    let new = NewRescan { spec: &stored, versions: &versions, idempotency: None };
    let row = rescans::create(&*store.connection()?, &new).map_err(|error| store.error(error))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", row.id).and_then(|()| out.flush()).context("cannot write standard output")?;
    drop(out);
    let mut opened = Some(sources);
    let open = Box::new(move |_: &_| opened.take().map_or_else(|| source::open(&spec), Ok));
    let runner = Runner::start(Task::new(store.clone(), scanner, row.id, threads, open))?;
    let last = live::follow(&runner, setup.quiet)?;
    if last.state == State::Failed && last.units == 0 {
        // Nothing was planned: what was asked for is wrong, and not worth keeping.
        ask::delete(&mut *store.connection()?, &last.id).map_err(|error| sorted(&store, error))?;
        anyhow::bail!("{}", last.message.unwrap_or_default());
    }
    outputs.write(&store, &last, setup.quiet)?;
    end(&store, &last, args.how.fail_on, setup.quiet)
}
