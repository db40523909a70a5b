//! `vigie categories`: the taxonomy.

use std::io::Write;

use anyhow::Context;
use serde_json::{Value, json};

use super::Exit;
use super::table::{Side, Table};
use crate::category::Category;

/// List the categories, their legal grounds and subcategories
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args) -> anyhow::Result<Exit> {
    let text = if args.json { serde_json::to_string_pretty(&list())? + "\n" } else { table().to_string() };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

fn list() -> Vec<Value> {
    Category::ALL
        .into_iter()
        .map(|c| {
            json!({
                "id": c.id(),
                "label": c.label(),
                "legal_basis": c.legal_basis(),
                "special_category": c.is_special(),
                "subcategories": c.subcategories(),
            })
        })
        .collect()
}

fn table() -> Table {
    let mut table = Table::new([
        ("id", Side::Left),
        ("label", Side::Left),
        ("legal ground", Side::Left),
        ("subcategories", Side::Left),
    ]);
    for c in Category::ALL {
        table.row([
            c.id().to_owned(),
            c.label().to_owned(),
            c.legal_basis().to_owned(),
            c.subcategories().join(", "),
        ]);
    }
    table
}
