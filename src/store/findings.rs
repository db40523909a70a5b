//! Findings as stored: pages for people, [`counts()`] for charts, one after the other for exports and reports.
//!
//! Their order is that of the units, in each by the note's key, then as found: the index on both gives it without sorting,
//! and what was found in a note stands together.

mod counts;
mod cursor;
mod filter;

use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use serde::Serialize;

pub use counts::{Count, Dimension, counts};
pub use cursor::{BadCursor, Cursor};
pub use filter::Filter;

use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::ReviewState;
use crate::store::reviews::{self, Review};

/// Most findings on one page.
pub const MAX_PAGE: u32 = 1000;

/// A finding as stored, with what reviewers decided about it. It has no text: only a masked excerpt, encrypted, where the
/// rescan kept them.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct StoredFinding {
    #[schema(value_type = String, example = "bbc97399b5bda2391a97ed84ab601b75")]
    pub fingerprint: Fingerprint,
    /// Id of the rescan.
    pub rescan: String,
    /// Where the unit is, without password.
    pub source: String,
    /// Table or file.
    pub unit: String,
    /// Key of the note's row.
    pub note: String,
    pub column: String,
    /// Name of the field as given to the policy.
    pub field: Option<String>,
    pub category: String,
    pub subcategory: Option<String>,
    pub severity: String,
    pub action: String,
    pub score: f64,
    /// First UTF-16 unit of the finding in the note.
    pub start: u64,
    /// One past its last.
    pub end: u64,
    pub rule: String,
    /// Detectors that agreed.
    pub sources: Vec<String>,
    pub team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// `YYYY-MM`, where the source has a date.
    pub month: Option<String>,
    pub state: ReviewState,
    /// The decision in force.
    pub review: Option<Review>,
    /// Row of the store, which orders the findings of a note.
    #[serde(skip)]
    pub id: i64,
    /// Row of its unit.
    #[serde(skip)]
    pub unit_id: i64,
    /// Sealed: see [`crate::rescan::excerpt`].
    #[serde(skip)]
    pub excerpt: Option<Vec<u8>>,
}

/// Findings that follow each other.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Page {
    pub findings: Vec<StoredFinding>,
    /// Where the next page begins; `None` on the last one.
    #[schema(value_type = Option<String>)]
    pub next: Option<Cursor>,
}

/// Findings cannot be asked for so.
#[derive(Debug, thiserror::Error)]
pub enum FindingsError {
    #[error("unknown rescan `{0}`; `vigie rescan list` lists them")]
    UnknownRescan(String),
    #[error(
        "figures by author need one rescan that kept authors (`--authors`): staff must be told beforehand (Code du \
         travail, art. L1222-4)"
    )]
    Authors,
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

const COLUMNS: &str = "f.id, f.unit, f.fingerprint, s.id, u.source, u.name, f.note_key, f.column_name, f.field, \
    f.category, f.subcategory, f.severity, f.action, f.score, f.start, f.\"end\", f.rule, f.sources, f.team, f.author, \
    f.month, f.excerpt, r.decision, r.reason, r.by, r.at";

const TABLES: &str = "finding f CROSS JOIN unit u ON u.id = f.unit JOIN rescan s ON s.no = u.rescan \
    LEFT JOIN review r ON r.fingerprint = f.fingerprint";

impl StoredFinding {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let review = match row.get::<_, Option<String>>(22)? {
            Some(decision) => Some(reviews::read(&decision, row.get(23)?, row.get(24)?, row.get(25)?)?),
            None => None,
        };
        let sources = row.get_ref(17)?.as_str()?;
        Ok(Self {
            id: row.get(0)?,
            unit_id: row.get(1)?,
            fingerprint: row.get(2)?,
            rescan: row.get(3)?,
            source: row.get(4)?,
            unit: row.get(5)?,
            note: row.get(6)?,
            column: row.get(7)?,
            field: row.get(8)?,
            category: row.get(9)?,
            subcategory: row.get(10)?,
            severity: row.get(11)?,
            action: row.get(12)?,
            score: row.get(13)?,
            start: row.get(14)?,
            end: row.get(15)?,
            rule: row.get(16)?,
            sources: sources.split('+').filter(|s| !s.is_empty()).map(str::to_owned).collect(),
            team: row.get(18)?,
            author: row.get(19)?,
            month: row.get(20)?,
            excerpt: row.get(21)?,
            state: review.as_ref().map_or(ReviewState::ToReview, Review::state),
            review,
        })
    }
}

/// A page of at most `limit` findings that fit, after a cursor.
pub fn list(
    connection: &Connection,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page, FindingsError> {
    let limit = limit.clamp(1, MAX_PAGE) as usize;
    let mut findings = Vec::new();
    // One more than asked for tells whether there is a next page.
    let wanted = limit + 1;
    for unit in filter.units(connection)? {
        let within = match after {
            Some(cursor) if unit < cursor.unit => continue,
            Some(cursor) if unit == cursor.unit => Some(cursor),
            _ => None,
        };
        let query = Query { filter, unit, after: within, limit: Some(wanted - findings.len()) };
        query.each(connection, |finding| {
            findings.push(finding);
            Ok::<(), FindingsError>(())
        })?;
        if findings.len() == wanted {
            break;
        }
    }
    let more = findings.len() == wanted;
    findings.truncate(limit);
    let next = findings.last().filter(|_| more).map(Cursor::after);
    Ok(Page { findings, next })
}

/// Calls `take` with every finding that fits, in order, as the store is at the beginning, or at that of the transaction
/// the connection is in; in the memory of one.
pub fn each<E: From<FindingsError>>(
    connection: &Connection,
    filter: &Filter,
    mut take: impl FnMut(StoredFinding) -> Result<(), E>,
) -> Result<(), E> {
    let snapshot = connection.is_autocommit().then(|| connection.unchecked_transaction());
    let _snapshot = snapshot.transpose().map_err(FindingsError::from)?;
    for unit in filter.units(connection)? {
        Query { filter, unit, after: None, limit: None }.each(connection, &mut take)?;
    }
    Ok(())
}

/// The newest finding of that fingerprint.
pub fn newest(
    connection: &Connection,
    fingerprint: &Fingerprint,
) -> Result<Option<StoredFinding>, FindingsError> {
    let newest = "SELECT MAX(finding) FROM finding_by_fingerprint WHERE fingerprint = ?1";
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE f.id = ({newest})");
    Ok(connection.prepare_cached(&sql)?.query_row([fingerprint], StoredFinding::read).optional()?)
}

/// The findings of one unit.
struct Query<'q> {
    filter: &'q Filter,
    unit: i64,
    after: Option<&'q Cursor>,
    limit: Option<usize>,
}

impl Query<'_> {
    fn sql(&self) -> (String, Vec<rusqlite::types::Value>) {
        let (mut conditions, mut values) = self.filter.conditions();
        conditions.insert(0, "f.unit = ?".to_owned());
        values.insert(0, self.unit.into());
        if let Some(cursor) = self.after {
            conditions.push("(f.note_key, f.id) > (?, ?)".to_owned());
            values.extend([cursor.note.clone().into(), cursor.id.into()]);
        }
        let mut sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE {} ORDER BY f.note_key, f.id",
            conditions.join(" AND ")
        );
        if let Some(limit) = self.limit {
            sql.push_str(" LIMIT ?");
            values.push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        }
        (sql, values)
    }

    fn each<E: From<FindingsError>>(
        &self,
        connection: &Connection,
        mut take: impl FnMut(StoredFinding) -> Result<(), E>,
    ) -> Result<(), E> {
        let (sql, values) = self.sql();
        let mut statement = connection.prepare_cached(&sql).map_err(FindingsError::from)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(FindingsError::from)?;
        while let Some(row) = rows.next().map_err(FindingsError::from)? {
            take(StoredFinding::read(row).map_err(FindingsError::from)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
