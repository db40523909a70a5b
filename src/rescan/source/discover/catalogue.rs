//! What tables and columns there are, and how long the texts in them are. No text is read, only lengths.

use super::super::SourceError;
use super::super::sql::{Dialect, Session, texts};

/// Rows looked at in a table.
const SAMPLE: usize = 1000;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Schema, where the name alone would not do.
    pub schema: Option<String>,
    pub name: String,
    /// As the server's statistics have it.
    pub rows: Option<u64>,
    pub columns: Vec<FoundColumn>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundColumn {
    pub name: String,
    /// Whether it may hold long text.
    pub is_long: bool,
    pub is_date: bool,
}

impl Found {
    /// The name as a spec needs it.
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone(),
        }
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|there| there.name == column)
    }
}

const POSTGRES: &str = "\
    SELECT CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE n.nspname END, c.relname::text, \
      CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint::text END, a.attname::text, \
      (t.typcategory = 'S' AND t.typname NOT IN ('name', 'char') \
        AND (a.atttypmod = -1 OR a.atttypmod - 4 >= 200))::int::text, \
      (t.typcategory = 'D')::int::text \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    JOIN pg_type t ON t.oid = a.atttypid \
    WHERE c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition AND n.nspname <> 'information_schema' \
      AND n.nspname NOT LIKE 'pg\\_%' AND has_table_privilege(c.oid, 'SELECT') \
    ORDER BY n.nspname, c.relname, a.attnum";

const MYSQL: &str = "\
    SELECT '', t.TABLE_NAME, CAST(t.TABLE_ROWS AS CHAR), c.COLUMN_NAME, \
      CAST(c.DATA_TYPE IN ('text', 'mediumtext', 'longtext', 'tinytext') \
        OR (c.DATA_TYPE IN ('varchar', 'char') AND c.CHARACTER_MAXIMUM_LENGTH >= 200) AS CHAR), \
      CAST(c.DATA_TYPE IN ('date', 'datetime', 'timestamp') AS CHAR) \
    FROM information_schema.TABLES t JOIN information_schema.COLUMNS c \
      ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME \
    WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' \
    ORDER BY t.TABLE_NAME, c.ORDINAL_POSITION";

/// All tables this user may read, with their columns. Vigie's own are left out.
pub fn tables(session: &mut dyn Session) -> Result<Vec<Found>, SourceError> {
    let sql = match session.dialect() {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql => MYSQL,
    };
    let mut tables: Vec<Found> = Vec::new();
    for row in texts(session, sql, &[])? {
        let Ok([schema, table, rows, column, is_long, is_date]) = <[Option<String>; 6]>::try_from(row) else {
            continue;
        };
        let (Some(name), Some(column)) = (table, column) else { continue };
        if name.starts_with("vigie_") {
            continue;
        }
        let schema = schema.filter(|schema| !schema.is_empty());
        let is_same = tables.last().is_some_and(|last| last.name == name && last.schema == schema);
        if !is_same {
            let rows = rows.and_then(|rows| rows.parse().ok());
            tables.push(Found { schema, name, rows, columns: Vec::new() });
        }
        let is = |flag: Option<String>| flag.as_deref() == Some("1");
        if let Some(last) = tables.last_mut() {
            last.columns.push(FoundColumn { name: column, is_long: is(is_long), is_date: is(is_date) });
        }
    }
    Ok(tables)
}

/// How much a column holds, in the first rows of its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// Rows looked at.
    pub rows: u64,
    /// Of them with a text that is not empty.
    pub filled: u64,
    /// Characters of those on average.
    pub length: u64,
}

impl Sample {
    /// Whether there are no more rows than those looked at.
    pub fn is_whole(self) -> bool {
        self.rows < SAMPLE as u64
    }
}

/// Looks at lengths of these columns in the first rows.
pub fn sample(session: &mut dyn Session, table: &str, columns: &[&str]) -> Result<Vec<Sample>, SourceError> {
    let dialect = session.dialect();
    let names: Vec<String> = columns.iter().map(|name| dialect.name(name)).collect();
    let lengths: Vec<String> =
        names.iter().enumerate().map(|(at, name)| format!("char_length({name}) AS n{at}")).collect();
    let measures = (0..names.len()).flat_map(|at| {
        [
            dialect.text(&format!("count(CASE WHEN n{at} > 0 THEN 1 END)")),
            dialect.text(&format!("round(avg(CASE WHEN n{at} > 0 THEN n{at} END))")),
        ]
    });
    let measures: Vec<String> = std::iter::once(dialect.text("count(*)")).chain(measures).collect();
    let sql = format!(
        "SELECT {} FROM (SELECT {} FROM {table} LIMIT {SAMPLE}) AS vigie_sample",
        measures.join(", "),
        lengths.join(", ")
    );
    let row = texts(session, &sql, &[])?.into_iter().next().unwrap_or_default();
    let numbers: Vec<u64> =
        row.into_iter().map(|text| text.and_then(|t| t.parse().ok()).unwrap_or(0)).collect();
    let Some((rows, pairs)) = numbers.split_first() else { return Ok(Vec::new()) };
    Ok(pairs.chunks_exact(2).map(|pair| Sample { rows: *rows, filled: pair[0], length: pair[1] }).collect())
}
