//! `vigie rules list`: the lexicons' entries.

use std::io::Write;

use anyhow::Context;
use serde_json::{Value, json};

use crate::cli::Exit;
use crate::cli::global::Setup;
use crate::cli::table::{Side, Table};
use crate::rules::{Rule, RuleSet};

const AFTER_HELP: &str = "\
Examples:
  vigie rules list health
  vigie rules list trade_union/ --json";

/// List the lexicons' entries, those of --rules-dir included
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Only rules whose name begins so: a category, or `category/entry`
    #[arg(value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,

    /// Print JSON, with terms and examples
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let rules = RuleSet::load(setup.config.rules_dir.as_deref())?;
    let chosen = rules.rules().iter().filter(|rule| rule.name.starts_with(&args.prefix));
    let text = if args.json {
        serde_json::to_string_pretty(&chosen.map(described).collect::<Vec<_>>())? + "\n"
    } else {
        let mut table = Table::new([
            ("rule", Side::Left),
            ("subcategory", Side::Left),
            ("strength", Side::Left),
            ("terms", Side::Right),
            ("file", Side::Left),
        ]);
        for rule in chosen {
            table.row([
                rule.name.to_string(),
                rule.subcategory.unwrap_or("-").to_owned(),
                format!("{:?}", rule.strength).to_lowercase(),
                rule.terms.len().to_string(),
                format!("{}:{}", rule.file, rule.line),
            ]);
        }
        table.to_string()
    };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

fn described(rule: &Rule) -> Value {
    json!({
        "rule": &*rule.name,
        "category": rule.category,
        "subcategory": rule.subcategory,
        "strength": rule.strength,
        "terms": rule.terms,
        "flag": rule.flag,
        "pass": rule.pass,
        "file": rule.file,
        "line": rule.line,
    })
}
