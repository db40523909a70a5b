//! How many findings there are, by any of their properties.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use super::{Filter, FindingsError};
use crate::store::rescans;

/// A property to count by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    Category,
    Subcategory,
    Severity,
    Action,
    Team,
    Field,
    Month,
    Rule,
    Unit,
    Column,
    /// State of the review: `confirmed`, `dismissed`, `fixed`, nothing while it is to be reviewed
    Review,
    /// Only where one rescan is asked for that kept authors
    Author,
}

impl Dimension {
    fn column(self) -> &'static str {
        match self {
            Dimension::Category => "f.category",
            Dimension::Subcategory => "f.subcategory",
            Dimension::Severity => "f.severity",
            Dimension::Action => "f.action",
            Dimension::Team => "f.team",
            Dimension::Field => "f.field",
            Dimension::Month => "f.month",
            Dimension::Rule => "f.rule",
            Dimension::Unit => "u.name",
            Dimension::Column => "f.column_name",
            Dimension::Review => "r.decision",
            Dimension::Author => "f.author",
        }
    }
}

/// A group of findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Count {
    /// One value a dimension, in their order; `null` where the findings have none.
    pub key: Vec<Option<String>>,
    pub findings: u64,
    /// Notes that hold at least one of them.
    pub notes: u64,
}

/// Findings that fit, grouped; the largest groups first, equal ones by key. Without a dimension, one group of all.
pub fn counts(
    connection: &Connection,
    filter: &Filter,
    by: &[Dimension],
) -> Result<Vec<Count>, FindingsError> {
    if by.contains(&Dimension::Author) && !kept_authors(connection, filter)? {
        return Err(FindingsError::Authors);
    }
    let (mut conditions, mut values) = filter.conditions();
    if let Some(id) = &filter.rescan {
        let row = rescans::get(connection, id)?;
        let row = row.ok_or_else(|| FindingsError::UnknownRescan(id.clone()))?;
        conditions.push("u.rescan = ?".to_owned());
        values.push(Value::from(row.no));
    }
    if let Some(name) = &filter.unit {
        conditions.push("u.name = ?".to_owned());
        values.push(name.clone().into());
    }
    let columns: Vec<&str> = by.iter().map(|d| d.column()).collect();
    let sql = format!(
        "SELECT COUNT(*), COUNT(DISTINCT f.unit || ':' || length(f.note_key) || ':' || f.note_key || f.column_name){} \
         FROM unit u JOIN finding f ON f.unit = u.id LEFT JOIN review r ON r.fingerprint = f.fingerprint WHERE {} {}",
        columns.iter().map(|c| format!(", {c}")).collect::<String>(),
        if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") },
        if columns.is_empty() { String::new() } else { format!("GROUP BY {}", columns.join(", ")) },
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        let key = (0..by.len()).map(|i| row.get(i + 2)).collect::<rusqlite::Result<_>>()?;
        Ok(Count { key, findings: row.get(0)?, notes: row.get(1)? })
    })?;
    let mut counts: Vec<Count> = rows.collect::<rusqlite::Result<_>>()?;
    counts.sort_by(|a, b| b.findings.cmp(&a.findings).then_with(|| a.key.cmp(&b.key)));
    Ok(counts)
}

fn kept_authors(connection: &Connection, filter: &Filter) -> Result<bool, FindingsError> {
    let Some(id) = &filter.rescan else { return Ok(false) };
    Ok(rescans::get(connection, id)?.is_some_and(|row| row.spec.authors))
}
