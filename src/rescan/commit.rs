//! Writes pages into the store: findings, counters, digests and the place to go on from in one transaction, refused when
//! another process took the rescan over. Pages come in reading order, so that the place is all a resume needs.

use std::sync::Arc;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::claim::Claim;
use super::counted::Counted;
use super::scan::{Carried, Found, Kept, PageUnit, Scanned};
use crate::category::Category;
use crate::policy::Action;
use crate::store::located;

/// What is committed, in reading order.
#[derive(Debug)]
pub enum Item {
    Page(Box<Scanned>),
    /// The end of a unit: `None` when it was read to its end, else why it was not.
    End(Arc<PageUnit>, Option<String>),
}

/// What a commit added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub rows: u64,
    pub counts: Counted,
    /// By category: all, and those to be reworded or removed.
    pub findings: [(u64, u64); Category::COUNT],
    pub units_done: u64,
}

/// A commit did not happen; nothing of it did.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("another process took this rescan over")]
    Lost,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Commits items, all or none.
pub fn commit(
    connection: &mut Connection,
    claim: &Claim,
    worked_ms: i64,
    items: &[Item],
) -> Result<Added, CommitError> {
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !claim.beat(&step, worked_ms)? {
        return Err(CommitError::Lost);
    }
    let mut added = Added::default();
    for item in items {
        match item {
            Item::Page(page) => write_page(&step, page, &mut added)?,
            Item::End(unit, problem) => {
                let sql = "UPDATE unit SET done = ?2, problem = ?3 WHERE id = ?1";
                step.prepare_cached(sql)?.execute(params![unit.id, problem.is_none(), problem])?;
                added.units_done += u64::from(problem.is_none());
            }
        }
    }
    located::keep_up(&step)?;
    step.commit()?;
    Ok(added)
}

fn write_page(step: &Transaction<'_>, page: &Scanned, added: &mut Added) -> rusqlite::Result<()> {
    let unit = page.unit.as_ref();
    let mut tally = Tally::default();
    for kept in &page.findings {
        match kept {
            Kept::New(found) => write_finding(step, unit, found, &mut tally)?,
            Kept::Carried(carried) => carry(step, unit, carried, &mut tally)?,
        }
    }
    for unread in &page.unreadable {
        let sql = "INSERT INTO unreadable (unit, note_key, column_name, reason) VALUES (?1, ?2, ?3, ?4)";
        let column = unread.column.map(|column| &unit.columns[column]);
        step.prepare_cached(sql)?.execute(params![unit.id, unread.key, column, unread.reason])?;
    }
    for (column, counts) in unit.columns.iter().zip(&page.counts) {
        write_counts(step, unit.id, column, counts)?;
        added.counts.add(counts);
    }
    write_place(step, page)?;
    added.rows += page.rows;
    for ((category, action), findings) in tally.0 {
        let sql = "INSERT INTO tally (unit, category, action, findings) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO UPDATE SET findings = findings + excluded.findings";
        step.prepare_cached(sql)?.execute(params![unit.id, category, action, findings])?;
        if let Ok(category) = category.parse::<Category>() {
            let (all, to_change) = &mut added.findings[category.index()];
            *all += findings;
            *to_change +=
                if [Action::Warn, Action::Block].iter().any(|a| a.id() == action) { findings } else { 0 };
        }
    }
    Ok(())
}

fn write_finding(
    step: &Transaction<'_>,
    unit: &PageUnit,
    f: &Found,
    tally: &mut Tally,
) -> rusqlite::Result<()> {
    let mut insert = step.prepare_cached(
        "INSERT INTO finding (unit, note_key, column_name, field, category, subcategory, start, \"end\", score, severity, \
         action, rule, sources, fingerprint, excerpt, team, author, month, digest) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )?;
    insert.execute(params![
        unit.id,
        f.key,
        unit.columns[f.column],
        f.field,
        f.category.id(),
        f.subcategory,
        f.start,
        f.end,
        f.score,
        f.severity.id(),
        f.action.id(),
        f.rule,
        f.sources,
        f.fingerprint,
        f.excerpt,
        f.labels.team,
        f.labels.author,
        f.labels.month,
        f.digest.cast_signed(),
    ])?;
    tally.count(f.category.id(), f.action.id());
    Ok(())
}

/// Copies the findings of an unchanged note, under the labels it has now.
fn carry(
    step: &Transaction<'_>,
    unit: &PageUnit,
    carried: &Carried,
    tally: &mut Tally,
) -> rusqlite::Result<()> {
    let Some(unchanged) = &unit.unchanged else { return Ok(()) };
    let mut copy = step.prepare_cached(
        "INSERT INTO finding (unit, note_key, column_name, field, category, subcategory, start, \"end\", score, severity, \
         action, rule, sources, fingerprint, excerpt, team, author, month, digest) \
         SELECT ?1, note_key, column_name, field, category, subcategory, start, \"end\", score, severity, \
         action, rule, sources, fingerprint, excerpt, ?5, ?6, ?7, digest FROM finding \
         WHERE unit = ?2 AND note_key = ?3 AND digest = ?4 ORDER BY id RETURNING category, action",
    )?;
    let labels = &carried.labels;
    let mut rows = copy.query(params![
        unit.id,
        unchanged.unit,
        carried.key,
        carried.digest.cast_signed(),
        labels.team,
        labels.author,
        labels.month,
    ])?;
    while let Some(row) = rows.next()? {
        tally.count(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
    }
    Ok(())
}

fn write_counts(step: &Transaction<'_>, unit: i64, column: &str, counts: &Counted) -> rusqlite::Result<()> {
    let sql = "INSERT INTO coverage (unit, column_name, seen, scanned, unchanged, empty, unreadable, with_findings) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET seen = seen + excluded.seen, \
               scanned = scanned + excluded.scanned, unchanged = unchanged + excluded.unchanged, \
               empty = empty + excluded.empty, unreadable = unreadable + excluded.unreadable, \
               with_findings = with_findings + excluded.with_findings";
    let c = counts;
    step.prepare_cached(sql)?.execute(params![
        unit,
        column,
        c.seen,
        c.scanned,
        c.unchanged,
        c.empty,
        c.unreadable,
        c.with_findings
    ])?;
    Ok(())
}

/// The split, and where reading of the unit goes on.
fn write_place(step: &Transaction<'_>, page: &Scanned) -> rusqlite::Result<()> {
    let sql = "INSERT INTO split (unit, ordinal, rows, first_key, last_key, digests) \
               VALUES (?1, (SELECT splits FROM unit WHERE id = ?1), ?2, ?3, ?4, ?5)";
    step.prepare_cached(sql)?.execute(params![
        page.unit.id,
        page.rows,
        page.first_key,
        page.last_key,
        page.digests
    ])?;
    let sql = "UPDATE unit SET splits = splits + 1, rows_read = rows_read + ?2, position = ?3 WHERE id = ?1";
    step.prepare_cached(sql)?.execute(params![page.unit.id, page.rows, page.after.0])?;
    Ok(())
}

/// Findings of a page by category and action.
#[derive(Default)]
struct Tally(Vec<((String, String), u64)>);

impl Tally {
    fn count(&mut self, category: &str, action: &str) {
        match self.0.iter_mut().find(|((c, a), _)| c == category && a == action) {
            Some((_, count)) => *count += 1,
            None => self.0.push(((category.to_owned(), action.to_owned()), 1)),
        }
    }
}
