//! The report for spreadsheets: one figure a row, so that a pivot table makes any view of it.

use std::io::{self, Write};

use super::model::{Authors, Backlog, Group, Ranking, Report};
use crate::report::csv::{cell, io_error};
use crate::rescan::counted::Counted;

const HEADER: [&str; 5] = ["table", "item", "detail", "measure", "value"];

/// Writes the report as CSV: table, item, detail, measure, value. Names are disarmed as in every CSV of the program: one
/// that a spreadsheet would take for a formula begins with an apostrophe.
pub fn csv(report: &Report, out: impl Write) -> io::Result<()> {
    let mut rows = Rows(csv::Writer::from_writer(out));
    rows.0.write_record(HEADER).map_err(io_error)?;
    identity(report, &mut rows)?;
    rows.counted("notes", "", "", &report.notes)?;
    rows.group("total", "", &report.total)?;
    for c in &report.by_category {
        rows.group("category", c.category.id(), &c.group)?;
    }
    for (table, groups) in [("severity", &report.by_severity), ("action", &report.by_action)] {
        for group in groups {
            rows.group(table, group.name.as_deref().unwrap_or_default(), group)?;
        }
    }
    let rankings = [
        ("unit", &report.by_unit),
        ("field", &report.by_field),
        ("team", &report.by_team),
        ("rule", &report.by_rule),
    ];
    for (table, ranking) in rankings {
        rows.ranking(table, ranking)?;
    }
    if let Authors::Shown(ranking) = &report.by_author {
        rows.ranking("author", ranking)?;
    }
    for m in &report.by_month {
        let figures = [
            ("findings", m.findings),
            ("notes", m.notes),
            ("block", m.block),
            ("warn", m.warn),
            ("report", m.report),
        ];
        rows.figures("month", &m.month, "", &figures)?;
    }
    rows.figures("month", "", "", &[("findings", report.undated)])?;
    changes(report, &mut rows)?;
    coverage(report, &mut rows)?;
    rows.0.flush()
}

fn identity(report: &Report, rows: &mut Rows<impl Write>) -> io::Result<()> {
    let (rescan, versions) = (&report.rescan, &report.versions);
    let texts = [
        ("id", rescan.id.as_str()),
        ("name", &rescan.name),
        ("state", rescan.state.id()),
        ("message", rescan.message.as_deref().unwrap_or_default()),
        ("complete", if report.complete { "yes" } else { "no" }),
        ("profile", &rescan.profile),
        ("engine", &versions.engine),
        ("model", &versions.model),
        ("lexicons", &versions.lexicons),
        ("policy", &versions.policy),
        ("manifest", report.manifest.as_deref().unwrap_or_default()),
    ];
    for (measure, value) in texts {
        rows.row(["rescan", "", "", measure, value])?;
    }
    for source in &rescan.sources {
        rows.row(["rescan", "", "", "source", source])?;
    }
    Ok(())
}

fn changes(report: &Report, rows: &mut Rows<impl Write>) -> io::Result<()> {
    let Some(changes) = &report.changes else { return Ok(()) };
    rows.row(["changes", "", "", "since", &changes.since])?;
    let figures = [
        ("new", changes.new),
        ("gone", changes.gone),
        ("gone_reviewed", changes.gone_reviewed),
        ("still", changes.still),
    ];
    rows.figures("changes", "", "", &figures)?;
    for c in &changes.by_category {
        let figures = [("new", c.new), ("gone", c.gone), ("still", c.still)];
        rows.figures("changes", c.category.id(), "", &figures)?;
    }
    Ok(())
}

fn coverage(report: &Report, rows: &mut Rows<impl Write>) -> io::Result<()> {
    for unit in &report.coverage {
        rows.figures("coverage", &unit.name, "", &[("rows_read", unit.rows_read)])?;
        if let Some(expected) = unit.expected_rows {
            rows.figures("coverage", &unit.name, "", &[("expected_rows", expected)])?;
        }
        if let Some(problem) = &unit.problem {
            rows.row(["coverage", &unit.name, "", "problem", problem])?;
        }
        for column in &unit.columns {
            rows.counted("coverage", &unit.name, &column.column, &column.counted)?;
        }
    }
    for note in &report.unreadable {
        let column = note.column.as_deref().unwrap_or_default();
        rows.row(["unreadable", &note.unit, &note.note, column, &note.reason])?;
    }
    let listed = report.unreadable.len() as u64;
    let figures = [("lines_listed", listed), ("lines", report.unreadable_lines)];
    rows.figures("unreadable", "", "", &figures)
}

struct Rows<W: Write>(csv::Writer<W>);

impl<W: Write> Rows<W> {
    fn row(&mut self, cells: [&str; 5]) -> io::Result<()> {
        self.0.write_record(cells.map(cell)).map_err(io_error)
    }

    fn figures(&mut self, table: &str, item: &str, detail: &str, figures: &[(&str, u64)]) -> io::Result<()> {
        for (measure, value) in figures {
            self.row([table, item, detail, measure, &value.to_string()])?;
        }
        Ok(())
    }

    fn group(&mut self, table: &str, item: &str, group: &Group) -> io::Result<()> {
        let Backlog { to_review, confirmed, dismissed, fixed, found_again } = group.review;
        let figures = [
            ("findings", group.findings),
            ("notes", group.notes),
            ("block", group.block),
            ("warn", group.warn),
            ("report", group.report),
            ("high", group.high),
            ("medium", group.medium),
            ("low", group.low),
            ("to_review", to_review),
            ("confirmed", confirmed),
            ("dismissed", dismissed),
            ("fixed", fixed),
            ("found_again", found_again),
        ];
        self.figures(table, item, "", &figures)?;
        let Some(p) = &group.precision else { return Ok(()) };
        for (measure, value) in [("precision", p.value), ("precision_low", p.low), ("precision_high", p.high)]
        {
            self.row([table, item, "", measure, &format!("{value:.4}")])?;
        }
        Ok(())
    }

    fn ranking(&mut self, table: &str, ranking: &Ranking) -> io::Result<()> {
        for group in &ranking.groups {
            self.group(table, group.name.as_deref().unwrap_or_default(), group)?;
        }
        if ranking.other_groups == 0 {
            return Ok(());
        }
        let others = [("groups", ranking.other_groups), ("findings", ranking.other_findings)];
        self.figures(table, "(others)", "", &others)
    }

    fn counted(&mut self, table: &str, item: &str, detail: &str, counted: &Counted) -> io::Result<()> {
        let figures = [
            ("seen", counted.seen),
            ("scanned", counted.scanned),
            ("unchanged", counted.unchanged),
            ("empty", counted.empty),
            ("unreadable", counted.unreadable),
            ("with_findings", counted.with_findings),
        ];
        self.figures(table, item, detail, &figures)
    }
}
