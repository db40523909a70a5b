//! A report from the store.

use rusqlite::Connection;

use super::changes::{changes, previous};
use super::model::{Authors, CategoryGroup, Identity, Report};
use super::tally::{Open, Tally};
use crate::category::Category;
use crate::rescan::{coverage, manifest};
use crate::store::findings::{self, Filter, FindingsError};
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, now};

/// What a report may hold beside the figures.
pub struct Options<'o> {
    /// Opens the masked excerpts that are to be shown; `None`: show none.
    pub open: Option<&'o Open<'o>>,
    /// Whether to show figures by author, where the rescan kept them.
    pub authors: bool,
    /// Groups of a ranking listed at most.
    pub groups: usize,
    /// Notes listed at most that could not be read.
    pub unreadable: u32,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { open: None, authors: false, groups: 1000, unreadable: 100_000 }
    }
}

/// Makes the report of a rescan, whatever its state, from the store as it is at one moment.
pub fn build(
    connection: &Connection,
    row: &RescanRow,
    options: &Options<'_>,
) -> Result<Report, FindingsError> {
    let snapshot = connection.unchecked_transaction()?;
    let connection: &Connection = &snapshot;
    let row = &rescans::by_no(connection, row.no)?;
    let mut tally = Tally::new(row.started_at.unwrap_or(i64::MIN));
    findings::each(connection, &Filter::rescan(&row.id), |finding| {
        tally.add(finding);
        Ok::<(), FindingsError>(())
    })?;
    let units = coverage::of(connection, row.no)?;
    let notes = coverage::total(&units);
    let examples = options.open.filter(|_| row.spec.excerpts).map(|open| tally.examples(open));
    let total = tally.total.group();
    let changes = match previous(connection, row)? {
        Some(then) => Some(changes(connection, row, &then)?),
        None => None,
    };
    let most = options.groups;
    Ok(Report {
        rescan: identity(connection, row, &units)?,
        versions: row.versions.clone(),
        made_at: now(),
        complete: row.state == State::Done
            && notes.unreadable == 0
            && units.iter().all(|u| u.problem.is_none()),
        notes,
        by_category: categories(&tally),
        by_severity: ["high", "medium", "low"].iter().map(|name| tally.severity.group(name)).collect(),
        by_action: ["block", "warn", "report"].iter().map(|name| tally.action.group(name)).collect(),
        by_unit: tally.unit.ranking(most),
        by_field: tally.field.ranking(most),
        by_team: tally.team.ranking(most),
        undated: tally.month.unnamed(),
        by_month: tally.month.months(),
        by_rule: tally.rule.ranking(most),
        by_author: match (row.spec.authors, options.authors) {
            (false, _) => Authors::NotKept,
            (true, false) => Authors::NotShown,
            (true, true) => Authors::Shown(tally.author.ranking(most)),
        },
        examples,
        backlog: total.review,
        precision: total.precision,
        total,
        changes,
        coverage: units,
        unreadable: coverage::unreadable(connection, row.no, options.unreadable)?,
        unreadable_lines: coverage::unreadable_lines(connection, row.no)?,
        manifest: row.manifest.as_deref().and_then(manifest::digest_of).map(str::to_owned),
    })
}

fn identity(
    connection: &Connection,
    row: &RescanRow,
    units: &[coverage::UnitCoverage],
) -> Result<Identity, FindingsError> {
    let mut sources: Vec<String> = Vec::new();
    for unit in units {
        if !sources.contains(&unit.source) {
            sources.push(unit.source.clone());
        }
    }
    let baseline = match row.baseline {
        Some(no) => Some(rescans::by_no(connection, no)?.id),
        None => None,
    };
    Ok(Identity {
        id: row.id.clone(),
        name: row.name.clone(),
        state: row.state,
        message: row.message.clone(),
        sources,
        profile: row.spec.profile.clone(),
        min_score: row.spec.min_score,
        incremental: row.spec.incremental,
        baseline,
        created_at: row.created_at,
        started_at: row.started_at,
        ended_at: row.ended_at,
        worked_ms: row.worked_ms,
    })
}

/// Categories with findings, the largest first.
fn categories(tally: &Tally) -> Vec<CategoryGroup> {
    let group = |category: Category| CategoryGroup {
        category,
        label: category.label(),
        legal_basis: category.legal_basis(),
        special_category: category.is_special(),
        group: tally.category.group(category.id()),
    };
    let mut groups: Vec<CategoryGroup> =
        Category::ALL.into_iter().map(group).filter(|c| c.group.findings > 0).collect();
    groups.sort_by_key(|c| std::cmp::Reverse(c.group.findings));
    groups
}
