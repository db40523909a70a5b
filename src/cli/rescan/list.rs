//! `vigie rescan list`: every rescan of the store.

use std::io::Write;

use anyhow::Context;

use super::super::Exit;
use super::super::global::Setup;
use super::super::table::{Side, Table};
use super::store;
use crate::report::grouped;
use crate::rescan::progress::Snapshot;
use crate::store::rescans;

/// List the rescans, newest first
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let connection = store.connection()?;
    let read = || -> rusqlite::Result<Vec<Snapshot>> {
        rescans::list(&connection)?.iter().map(|row| Snapshot::read(&connection, row)).collect()
    };
    let list = read().map_err(|error| store.error(error))?;
    let text = if args.json { serde_json::to_string_pretty(&list)? + "\n" } else { table(&list).to_string() };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

fn table(list: &[Snapshot]) -> Table {
    let mut table = Table::new([
        ("id", Side::Left),
        ("state", Side::Left),
        ("rows", Side::Right),
        ("notes", Side::Right),
        ("unreadable", Side::Right),
        ("findings", Side::Right),
        ("name", Side::Left),
    ]);
    for s in list {
        table.row([
            s.id.clone(),
            s.state.to_string(),
            grouped(s.rows_read),
            grouped(s.notes.seen),
            grouped(s.notes.unreadable),
            grouped(s.findings),
            if s.name == s.id { String::new() } else { s.name.clone() },
        ]);
    }
    table
}
