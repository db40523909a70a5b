//! Decisions beside what they are about.

use rusqlite::{Connection, Row};

use super::{Review, read};
use crate::category::Category;
use crate::store::located;

/// A decision in force, and the newest finding it is about.
#[derive(Clone, Debug)]
pub struct Decided {
    pub rule: String,
    pub category: Category,
    pub field: Option<String>,
    pub review: Review,
}

/// Every decision in force about findings of rescans with that profile, one a fingerprint.
pub fn decided(connection: &Connection, profile: &str) -> rusqlite::Result<Vec<Decided>> {
    located::catch_up(connection)?;
    // With MAX, SQLite takes the other columns from the row that has it.
    let sql = "SELECT f.rule, f.category, f.field, r.decision, r.reason, r.by, r.at, MAX(f.id) \
               FROM review r JOIN located l ON l.fingerprint = r.fingerprint JOIN finding f ON f.id = l.finding JOIN unit u ON u.id = f.unit \
               JOIN rescan s ON s.no = u.rescan WHERE json_extract(s.spec, '$.profile') = ?1 GROUP BY r.fingerprint";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([profile], |row: &Row<'_>| {
        let review = read(row.get_ref(3)?.as_str()?, row.get(4)?, row.get(5)?, row.get(6)?)?;
        Ok((row.get::<_, String>(1)?.parse::<Category>().ok(), row.get(0)?, row.get(2)?, review))
    })?;
    let mut decided = Vec::new();
    for row in rows {
        let (category, rule, field, review) = row?;
        // A category of a newer version is for that version.
        if let Some(category) = category {
            decided.push(Decided { rule, category, field, review });
        }
    }
    Ok(decided)
}
