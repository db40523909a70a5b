//! `vigie rescan`: the notes of a whole CRM, with proof that all were read. One file a subcommand.

mod ask;
mod delete;
mod end;
mod list;
mod live;
mod out;
mod resume;
mod run;
mod show;
mod spec;

use clap::{Args as ClapArgs, Subcommand};

use super::Exit;
use super::global::Setup;
use crate::store::Store;
use crate::store::rescans::{self, RescanRow};

/// Scan the notes of files and databases, pause and resume, see what was found
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(Box<run::Args>),
    Resume(resume::Args),
    Pause(ask::Pause),
    Cancel(ask::Cancel),
    List(list::Args),
    Show(show::Args),
    Delete(delete::Args),
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    match args.command {
        Command::Run(args) => run::run(*args, setup),
        Command::Resume(args) => resume::run(args, setup),
        Command::Pause(args) => ask::pause(args, setup),
        Command::Cancel(args) => ask::cancel(args, setup),
        Command::List(args) => list::run(args, setup),
        Command::Show(args) => show::run(args, setup),
        Command::Delete(args) => delete::run(args, setup),
    }
}

/// Opens the store of the settings.
pub fn store(setup: &Setup) -> anyhow::Result<Store> {
    Ok(Store::open(&setup.config.data_folder()?)?)
}

/// The rescan of that id.
pub fn find(store: &Store, id: &str) -> anyhow::Result<RescanRow> {
    let row = rescans::get(&*store.connection()?, id).map_err(|error| store.error(error))?;
    row.ok_or_else(|| anyhow::anyhow!("no rescan has the id `{id}`; `vigie rescan list` shows them"))
}
