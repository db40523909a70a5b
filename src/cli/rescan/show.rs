//! `vigie rescan show`: one rescan: where it stands, unit by unit, and what was found.

use std::fmt::Write as _;
use std::io::Write;

use anyhow::Context;
use serde_json::json;

use super::super::Exit;
use super::super::global::Setup;
use super::super::table::{Side, Table};
use super::{find, store};
use crate::report::grouped;
use crate::rescan::progress::Snapshot;
use crate::store::rescans::RescanRow;
use crate::store::units::{self, CoverageRow, UnitRow, UnreadableRow};

/// Notes that could not be read, shown at most.
const UNREADABLE: u32 = 20;

/// Show a rescan: where it stands, what was read of each table and file, what was found
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its id, as `vigie rescan list` shows it
    id: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A rescan with its units.
struct Shown {
    row: RescanRow,
    snapshot: Snapshot,
    units: Vec<UnitRow>,
    coverage: Vec<CoverageRow>,
    unreadable: Vec<UnreadableRow>,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    let connection = store.connection()?;
    let read = || -> rusqlite::Result<Shown> {
        Ok(Shown {
            snapshot: Snapshot::read(&connection, &row)?,
            units: units::list(&connection, row.no)?,
            coverage: units::coverage(&connection, row.no)?,
            unreadable: units::unreadable(&connection, row.no, UNREADABLE)?,
            row: row.clone(),
        })
    };
    let shown = read().map_err(|error| store.error(error))?;
    let text = if args.json { serde_json::to_string_pretty(&shown.json())? + "\n" } else { shown.text()? };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

impl Shown {
    fn json(&self) -> serde_json::Value {
        let units: Vec<_> = self
            .units
            .iter()
            .map(|u| {
                let columns: Vec<_> = self.coverage.iter().filter(|c| c.unit == u.id).collect();
                json!({
                    "source": u.source,
                    "name": u.name,
                    "expected_rows": u.expected_rows,
                    "rows_read": u.rows_read,
                    "done": u.done,
                    "problem": u.problem,
                    "columns": columns,
                })
            })
            .collect();
        json!({
            "rescan": self.snapshot,
            "spec": self.row.spec,
            "versions": self.row.versions,
            "created_at": self.row.created_at,
            "started_at": self.row.started_at,
            "ended_at": self.row.ended_at,
            "units": units,
            "unreadable": self.unreadable,
        })
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let (s, v) = (&self.snapshot, &self.row.versions);
        let mut out = String::new();
        writeln!(out, "{}  {}", s.id, s.state)?;
        if s.name != s.id {
            writeln!(out, "name      {}", s.name)?;
        }
        if let Some(message) = &s.message {
            writeln!(out, "message   {message}")?;
        }
        writeln!(out, "profile   {}, from score {}", v.policy, self.row.spec.min_score)?;
        writeln!(out, "versions  engine {}, model {}, lexicons {}", v.engine, v.model, v.lexicons)?;
        writeln!(out, "worked    {:.1} s, {} notes/s", s.worked_ms as f64 / 1000.0, grouped(s.rate as u64))?;
        writeln!(out, "\n{}", self.coverage_table())?;
        for unit in self.units.iter().filter(|unit| unit.problem.is_some()) {
            writeln!(out, "{}: {}", unit.name, unit.problem.as_deref().unwrap_or_default())?;
        }
        let mut found =
            Table::new([("findings", Side::Right), ("to change", Side::Right), ("category", Side::Left)]);
        for c in &s.by_category {
            found.row([grouped(c.findings), grouped(c.to_change), c.category.label().to_owned()]);
        }
        write!(out, "{found}")?;
        if !self.unreadable.is_empty() {
            writeln!(out, "\nnotes that could not be read{}:", self.cut())?;
        }
        for note in &self.unreadable {
            let unit = self.units.iter().find(|u| u.id == note.unit).map_or("", |u| u.name.as_str());
            let column = note.column.as_deref().map_or(String::new(), |column| format!(" {column}"));
            writeln!(out, "  {unit} {}{column}: {}", note.key, note.reason)?;
        }
        Ok(out)
    }

    fn cut(&self) -> String {
        let cut = self.unreadable.len() == UNREADABLE as usize;
        if cut { format!(" (the first {UNREADABLE})") } else { String::new() }
    }

    fn coverage_table(&self) -> Table {
        let mut table = Table::new([
            ("unit", Side::Left),
            ("rows", Side::Right),
            ("expected", Side::Right),
            ("column", Side::Left),
            ("seen", Side::Right),
            ("scanned", Side::Right),
            ("unchanged", Side::Right),
            ("empty", Side::Right),
            ("unreadable", Side::Right),
            ("with findings", Side::Right),
        ]);
        for unit in &self.units {
            let rows = || {
                [
                    unit.name.clone(),
                    grouped(unit.rows_read),
                    unit.expected_rows.map_or("?".to_owned(), grouped),
                ]
            };
            let of: Vec<_> = self.coverage.iter().filter(|c| c.unit == unit.id).collect();
            if of.is_empty() {
                let [name, read, expected] = rows();
                let none = || "-".to_owned();
                table.row([name, read, expected, none(), none(), none(), none(), none(), none(), none()]);
            }
            for c in of {
                let [name, read, expected] = rows();
                table.row([
                    name,
                    read,
                    expected,
                    c.column.clone(),
                    grouped(c.counted.seen),
                    grouped(c.counted.scanned),
                    grouped(c.counted.unchanged),
                    grouped(c.counted.empty),
                    grouped(c.counted.unreadable),
                    grouped(c.counted.with_findings),
                ]);
            }
        }
        table
    }
}
