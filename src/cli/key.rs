//! `vigie key`: keys of the HTTP service.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;

use super::Exit;
use crate::secret::{new_key, read_keys_file};

/// Make API keys
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
}

const AFTER_HELP: &str = "\
The key goes to the client, who sends it as `Authorization: Bearer vigie_…`; it is shown this once and stored nowhere. \
The service stores its hash: a line `name:sha256` of the keys file (`vigie serve --keys-file FILE`) or of the variable \
VIGIE_KEYS.

Examples:
  vigie key new crm
  vigie key new crm --keys-file /etc/vigie/keys

Exit codes:
  0  made
  2  failed";

/// Make a key and its stored form
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
struct New {
    /// The client's name, as logs and metrics show it
    name: String,

    /// Add the stored form to this file, made if it does not exist, readable by its owner alone
    #[arg(long, value_name = "FILE")]
    keys_file: Option<PathBuf>,
}

pub fn run(args: Args) -> anyhow::Result<Exit> {
    let Command::New(New { name, keys_file }) = args.command;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.@".contains(c)) {
        bail!("a key's name holds letters, digits and - _ . @ only");
    }
    let key = new_key(&name)?;
    let line = key.stored.line();
    let shown = match keys_file {
        Some(path) => {
            add(&path, &name, &line)?;
            format!("{}\n", key.key)
        }
        None => format!("key:    {}\nstored: {line}\n", key.key),
    };
    std::io::stdout().write_all(shown.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

/// Appends a line to the keys file.
fn add(path: &Path, name: &str, line: &str) -> anyhow::Result<()> {
    let shown = path.display();
    if path.exists() && read_keys_file(path)?.iter().any(|key| key.name() == name) {
        bail!("{shown} has a key named `{name}` already; remove its line, or take another name");
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| writeln!(file, "{line}"));
    written.with_context(|| format!("cannot write {shown}"))
}
