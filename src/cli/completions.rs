//! `vigie completions`: for the user's shell.

use std::io::Write;

use anyhow::Context;
use clap_complete::Shell;

use super::Exit;

const AFTER_HELP: &str = "\
Examples:
  vigie completions bash > ~/.local/share/bash-completion/completions/vigie
  vigie completions zsh > \"${fpath[1]}/_vigie\"
  vigie completions fish > ~/.config/fish/completions/vigie.fish";

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    shell: Shell,
}

pub fn run(args: Args) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "vigie", &mut script);
    std::io::stdout().write_all(&script).context("cannot write standard output")?;
    Ok(Exit::Clear)
}
