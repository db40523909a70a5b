//! `vigie rescan`: the notes of a whole CRM, with proof that all were read. One file a subcommand.

mod ask;
mod delete;
mod discover;
mod end;
mod export;
mod findings;
mod fix;
mod how;
mod list;
mod live;
mod out;
mod proposals;
mod report;
mod resume;
mod review;
mod run;
mod show;
mod spec;
mod verify;

use clap::{Args as ClapArgs, Subcommand};

use super::Exit;
use super::global::Setup;
use crate::store::Store;
use crate::store::findings::FindingsError;
use crate::store::rescans::{self, RescanRow};

/// Scan the notes of files and databases, review what was found, report it with proof
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
    Findings(Box<findings::Args>),
    Export(Box<export::Args>),
    Report(report::Args),
    Verify(verify::Args),
    Review(review::Args),
    Proposals(proposals::Args),
    Discover(discover::Args),
    Fix(fix::Args),
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
        Command::Findings(args) => findings::run(*args, setup),
        Command::Export(args) => export::run(*args, setup),
        Command::Report(args) => report::run(args, setup),
        Command::Verify(args) => verify::run(args, setup),
        Command::Review(args) => review::run(args, setup),
        Command::Proposals(args) => proposals::run(args, setup),
        Command::Discover(args) => discover::run(args, setup),
        Command::Fix(args) => fix::run(args, setup),
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

/// An error of the store with its place and remedy.
fn failed(store: &Store, error: FindingsError) -> anyhow::Error {
    match error {
        FindingsError::Sqlite(error) => store.error(error).into(),
        other => other.into(),
    }
}

/// Who decides or looks: as told, else the name of the user.
fn reviewer(told: Option<String>) -> Option<String> {
    told.or_else(|| std::env::var("USER").ok()).filter(|name| !name.trim().is_empty())
}
