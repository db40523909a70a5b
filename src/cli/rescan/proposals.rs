//! `vigie rescan proposals`: what dismissals ask to be changed in the rules.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::super::global::Setup;
use super::super::{Exit, message};
use super::store;
use crate::rescan::proposals::{Proposals, propose};
use crate::rescan::sink::AtomicFile;

const AFTER_HELP: &str = "\
A rule dismissed at least five times, and in four decisions of five, is proposed to be left alone, in the fields where that \
holds; a phrase given with `review … --phrase` is proposed for the allow-list. What is printed are files for your own folder \
of rules (--rules-dir), tried beside the rules there are: a phrase that would hide what a rule must find is refused, with \
the example. Nothing changes until you save them.

Examples:
  vigie rescan proposals
  vigie rescan proposals --profile bank --output /etc/vigie/rules

Exit codes:
  0  nothing to propose
  1  something is proposed
  2  failed";

/// Propose changes of the rules from the findings that reviewers dismissed
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Profile whose decisions count [env: VIGIE_PROFILE] [default: default]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Write the files into this folder of rules; one that exists is never overwritten
    #[arg(short, long, value_name = "DIR", conflicts_with = "json")]
    output: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let profile = args.profile.unwrap_or_else(|| setup.config.profile.clone());
    let proposals = propose(&*store.connection()?, &profile, setup.config.rules_dir.as_deref())?;
    for refused in proposals.refused.iter().filter(|_| !args.json) {
        message::warn(&format!("not proposed: « {} »: {}", refused.what, refused.why));
    }
    let found =
        if proposals.policy.is_some() || proposals.allow.is_some() { Exit::Found } else { Exit::Clear };
    if args.json {
        print(&(serde_json::to_string_pretty(&proposals)? + "\n"))?;
    } else if let Some(dir) = &args.output {
        save(dir, &proposals)?;
    } else {
        print(
            &files(&proposals)
                .iter()
                .map(|(name, text)| format!("# {name}\n{text}"))
                .collect::<Vec<_>>()
                .join("\n"),
        )?;
    }
    if found == Exit::Clear && !setup.quiet {
        message::say(format_args!("nothing to propose for the profile `{profile}`\n"));
    }
    Ok(found)
}

/// Paths in a folder of rules, and what goes there.
fn files(proposals: &Proposals) -> Vec<(String, &str)> {
    let policy = proposals.policy.as_ref().map(|(name, text)| (format!("policy/{name}"), text.as_str()));
    let allow = proposals.allow.as_deref().map(|text| ("allow.toml".to_owned(), text));
    policy.into_iter().chain(allow).collect()
}

fn save(dir: &Path, proposals: &Proposals) -> anyhow::Result<()> {
    let files: Vec<(PathBuf, &str)> =
        files(proposals).into_iter().map(|(name, text)| (dir.join(name), text)).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        bail!(
            "{} exists; add the entries that `vigie rescan proposals` prints to it by hand",
            path.display()
        );
    }
    for (path, text) in files {
        let write = || -> std::io::Result<()> {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut file = AtomicFile::create(&path)?;
            file.write_all(text.as_bytes())?;
            file.commit()
        };
        write().with_context(|| format!("cannot write {}", path.display()))?;
        message::say(format_args!("{}\n", path.display()));
    }
    Ok(())
}

fn print(text: &str) -> anyhow::Result<()> {
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")
}
