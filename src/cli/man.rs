//! `vigie man`: the manual pages, made from the help.

use std::path::PathBuf;

use anyhow::Context;

use super::Exit;

const AFTER_HELP: &str = "\
Example:
  vigie man ~/.local/share/man/man1 && man vigie-scan";

/// Write the manual pages into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Made if it does not exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(args: Args) -> anyhow::Result<Exit> {
    let shown = args.dir.display();
    std::fs::create_dir_all(&args.dir).with_context(|| format!("cannot make {shown}"))?;
    let command = super::command().disable_help_subcommand(true);
    clap_mangen::generate_to(command, &args.dir).with_context(|| format!("cannot write into {shown}"))?;
    Ok(Exit::Clear)
}
