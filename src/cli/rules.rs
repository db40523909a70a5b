//! `vigie rules`: what the rules are and why they say what they say.

use clap::{Args as ClapArgs, Subcommand};

use super::global::Setup;
use super::{Exit, explain};

/// Look into the rules: why a text is flagged or not
#[derive(Debug, ClapArgs)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Explain(explain::Args),
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    match args.command {
        Command::Explain(args) => explain::run(args, setup),
    }
}
