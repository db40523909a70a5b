//! `vigie rules check`: the shipped rules and the user's own, against their own examples.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use serde_json::json;

use crate::cli::Exit;
use crate::cli::global::Setup;
use crate::policy::{Policies, PolicyError};
use crate::rules::{Problem, RuleError, RuleSet, check};

const AFTER_HELP: &str = "\
Compiles the lexicons inside the program together with those of --rules-dir (lexicons/*.toml, allow.toml, policy/*.toml) \
and checks each entry: every `flag` example must be flagged, no `pass` example may be, no term may be written twice. Each \
problem is one line: file:line: rule: what is wrong. The tests of the program run the very same check.

Examples:
  vigie rules check
  vigie rules check --rules-dir /etc/vigie/rules

Exit codes:
  0  every rule is right
  1  some rule is wrong (listed on standard output)
  2  failed: unreadable folder or file";

/// Check every rule against its own examples
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let dir = setup.config.rules_dir.as_deref();
    if let Some(dir) = dir.filter(|dir| !dir.is_dir()) {
        anyhow::bail!("--rules-dir {}: no such folder", dir.display());
    }
    let (entries, examples, mut problems) = match RuleSet::load(dir) {
        Ok(rules) => {
            let stats = rules.stats();
            (stats.entries, stats.examples, check::check(&Arc::new(rules)))
        }
        Err(RuleError::Invalid(problems)) => (0, 0, problems),
        Err(RuleError::Syntax { file, line, message }) => {
            (0, 0, vec![problem(file, line, "syntax", message)])
        }
        Err(other) => return Err(other.into()),
    };
    match Policies::load(dir) {
        Ok(_) => {}
        Err(PolicyError::Syntax { file, line, message }) => {
            problems.push(problem(file, line, "policy", message))
        }
        Err(PolicyError::Invalid { file, message }) => problems.push(problem(file, 0, "policy", message)),
        Err(other) => return Err(other.into()),
    }
    let text = if args.json {
        let list: Vec<_> = problems
            .iter()
            .map(|p| json!({"file": p.file, "line": p.line, "rule": p.rule, "message": p.message}))
            .collect();
        let report = json!({"entries": entries, "examples": examples, "problems": list});
        serde_json::to_string_pretty(&report)? + "\n"
    } else if problems.is_empty() {
        format!("{entries} entries, {examples} examples: all right\n")
    } else {
        let list: String = problems.iter().map(|p| format!("{p}\n")).collect();
        format!("{list}{} problem(s)\n", problems.len())
    };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(if problems.is_empty() { Exit::Clear } else { Exit::Found })
}

fn problem(file: String, line: usize, rule: &str, message: String) -> Problem {
    Problem { file, line, rule: rule.to_owned(), message }
}
