//! `vigie rules`: what the rules are and why they say what they say.

mod check;
mod explain;
mod hits;
mod list;

use clap::{Args as ClapArgs, Subcommand};

use super::Exit;
use super::global::Setup;

/// Check the rules, list them, or show why a text is flagged or not
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    List(list::Args),
    Explain(explain::Args),
    Hits(hits::Args),
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    match args.command {
        Command::Check(args) => check::run(args, setup),
        Command::List(args) => list::run(args, setup),
        Command::Explain(args) => explain::run(args, setup),
        Command::Hits(args) => hits::run(args, setup),
    }
}
