//! `vigie rescan discover`: proposes what to rescan in a database.

use std::io::Write;

use anyhow::Context;

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use crate::rescan::source::discover::discover;

const AFTER_HELP: &str = "\
Recognises Dolibarr, EspoCRM, SuiteCRM and Odoo by their tables, whatever their prefix; elsewhere it looks for columns \
with long texts. It reads names, statistics and lengths, not a word of a note, and writes nothing.

Examples:
  vigie rescan discover 'mysql://vigie:${CRM_PASSWORD}@crm.example/dolibarr' > rescan.toml
  vigie rescan run --spec rescan.toml

Exit codes:
  0  printed
  2  failed: wrong address, no connection
  3  printed, but there is nothing to propose";

/// Propose the tables and columns of a database to rescan, as a spec to edit
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// postgres://user@host:port/base or mysql://user@host:port/base; ${NAME} stands for an environment variable
    #[arg(value_name = "URL")]
    url: String,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let proposal = discover(&args.url)?;
    anstream::stdout().write_all(proposal.to_string().as_bytes()).context("cannot write standard output")?;
    if proposal.tables.is_empty() {
        if !setup.quiet {
            message::warn(
                "no table seems to hold notes; name tables yourself with `vigie rescan run URL --table`",
            );
        }
        return Ok(Exit::Partial);
    }
    Ok(Exit::Clear)
}
