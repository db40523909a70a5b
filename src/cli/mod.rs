//! The command line: one file a subcommand. Help and messages to operators are in English; what is shown about a note
//! is in French, for those who write notes.

mod categories;
mod check;
mod completions;
mod crash;
mod eval;
mod exit;
mod generate;
mod global;
mod input;
mod key;
mod man;
mod message;
mod parallel;
mod profiles;
mod rescan;
mod rules;
mod scan;
mod serve;
mod table;

use std::io::Write;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};

pub use exit::Exit;
use global::Global;

use crate::config::ConfigLayer;

const LONG_ABOUT: &str = "\
Finds sensitive data in French free-text notes: special categories of personal data (GDPR articles 9 and 10), the \
social security number, excessive remarks, and identifiers that belong in a protected field.

Everything runs on this machine: lexicons, patterns, policy and classifier are inside the program. A note's text never \
leaves it and never reaches a log.";

const AFTER_HELP: &str = "\
Examples:
  vigie check \"Client diabétique, livrer le matin\"
  vigie scan notes.csv --to csv --output findings.csv
  vigie rescan run exports/ --text Commentaire
  export-notes | vigie scan --stdin > findings.ndjson
  vigie serve

Exit codes:
  0  done, nothing found
  1  done, something was found (check, scan, rescan), a floor was missed (eval), a rule is wrong (rules check)
  2  failed: wrong usage, or input or output failed
  3  done in part: some notes could not be read; something may have been found in the others (scan, rescan)";

/// Finds sensitive data in French free-text notes
#[derive(Debug, Parser)]
#[command(name = "vigie", version, long_about = LONG_ABOUT, after_help = AFTER_HELP, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Scan(scan::Args),
    Rescan(rescan::Args),
    Eval(eval::Args),
    Generate(generate::Args),
    Rules(rules::Args),
    Categories(categories::Args),
    Profiles(profiles::Args),
    Serve(Box<serve::Args>),
    Key(key::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// The whole command, for completions and manual pages.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Parses the arguments, runs the command, says what went wrong.
pub fn main() -> ExitCode {
    crash::keep_quiet();
    match Cli::parse().run() {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_broken_pipe(&error) => Exit::Clear.into(),
        Err(error) => {
            message::error(&error);
            Exit::Failed.into()
        }
    }
}

impl Cli {
    fn run(self) -> anyhow::Result<Exit> {
        let flags = match &self.command {
            Some(Command::Serve(args)) => args.flags.clone(),
            _ => ConfigLayer::default(),
        };
        let setup = self.global.setup(flags)?;
        if self.global.dump_config {
            let text = setup.config.to_string();
            std::io::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
            return Ok(Exit::Clear);
        }
        let service = matches!(self.command, Some(Command::Serve(_)));
        self.global.begin_log(&setup, service)?;
        match self.command {
            Some(Command::Serve(_)) => serve::run(setup),
            Some(Command::Check(args)) => check::run(args, &setup),
            Some(Command::Scan(args)) => scan::run(args, &setup),
            Some(Command::Rescan(args)) => rescan::run(args, &setup),
            Some(Command::Eval(args)) => eval::run(args, &setup),
            Some(Command::Generate(args)) => generate::run(args, &setup),
            Some(Command::Rules(args)) => rules::run(args, &setup),
            Some(Command::Categories(args)) => categories::run(args),
            Some(Command::Profiles(args)) => profiles::run(args, &setup),
            Some(Command::Key(args)) => key::run(args),
            Some(Command::Completions(args)) => completions::run(args),
            Some(Command::Man(args)) => man::run(args),
            None => anyhow::bail!("no command given; see `vigie --help`"),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
