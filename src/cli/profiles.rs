//! `vigie profiles`: what each policy is for.

use std::io::Write;

use anyhow::Context;
use serde_json::{Value, json};

use super::Exit;
use super::global::Setup;
use crate::policy::Policies;
use crate::report::wrap;

/// List the policy profiles, those of --rules-dir included
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON, the rules of each profile included
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let policies = Policies::load(setup.config.rules_dir.as_deref())?;
    let text = if args.json {
        let list: Vec<Value> = policies
            .iter()
            .map(|p| json!({"id": p.id, "label": p.label, "description": p.description, "rules": p.rules}))
            .collect();
        serde_json::to_string_pretty(&list)? + "\n"
    } else {
        policies
            .iter()
            .map(|p| format!("{}: {}\n{}\n", p.id, p.label, wrap(&p.description, 100, "    ")))
            .collect()
    };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}
