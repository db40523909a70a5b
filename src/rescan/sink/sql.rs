//! A table of findings in PostgreSQL, MariaDB or MySQL: one transaction that puts a rescan's findings in the place of those
//! it had there.

use std::io;

use mysql::prelude::Queryable;
use mysql::{Conn, Value};
use postgres::Client;
use rusqlite::Connection;

use super::ExportError;
use crate::rescan::source::address::{Address, Server};
use crate::rescan::source::sql::Dialect;
use crate::rescan::source::sql::{mysql as my, postgres as pg};
use crate::rescan::source::{SourceError, url};
use crate::store::findings::{self, Filter, StoredFinding};

/// Name of the table, unless the address says `?table=NAME`.
pub const TABLE: &str = "vigie_findings";

/// Rows of a statement.
const BATCH: usize = 500;

/// Columns with their types in PostgreSQL and MySQL. `start` and `end` count UTF-16 units.
const COLUMNS: [(&str, &str, &str); 22] = [
    ("rescan", "text NOT NULL", "varchar(64) NOT NULL"),
    ("fingerprint", "text NOT NULL", "char(32) NOT NULL"),
    ("source", "text NOT NULL", "text NOT NULL"),
    ("unit", "text NOT NULL", "text NOT NULL"),
    ("note", "text NOT NULL", "text NOT NULL"),
    ("column_name", "text NOT NULL", "varchar(255) NOT NULL"),
    ("field", "text", "text"),
    ("category", "text NOT NULL", "varchar(64) NOT NULL"),
    ("subcategory", "text", "varchar(64)"),
    ("severity", "text NOT NULL", "varchar(16) NOT NULL"),
    ("action", "text NOT NULL", "varchar(16) NOT NULL"),
    ("score", "double precision NOT NULL", "double NOT NULL"),
    ("start_utf16", "bigint NOT NULL", "bigint NOT NULL"),
    ("end_utf16", "bigint NOT NULL", "bigint NOT NULL"),
    ("rule", "text NOT NULL", "varchar(255) NOT NULL"),
    ("detectors", "text NOT NULL", "varchar(255) NOT NULL"),
    ("team", "text", "varchar(255)"),
    ("author", "text", "varchar(255)"),
    ("month", "text", "char(7)"),
    ("review", "text NOT NULL", "varchar(16) NOT NULL"),
    ("reviewed_by", "text", "varchar(255)"),
    ("reviewed_at_ms", "bigint", "bigint"),
];

/// Whether the address can be read.
pub fn check(given: &str) -> Result<(), SourceError> {
    target(given).map(drop)
}

/// Puts the findings of one rescan that fit into the table that the address names, in the place of all it had of that
/// rescan. Gives how many there are.
pub fn export(
    connection: &Connection,
    rescan: &str,
    filter: &Filter,
    given: &str,
) -> Result<u64, ExportError> {
    let filter = Filter { rescan: Some(rescan.to_owned()), ..filter.clone() };
    let (address, table) = target(given)?;
    let mut writer = Writer::begin(&address, &table, rescan)?;
    let mut batch: Vec<Vec<Option<String>>> = Vec::with_capacity(BATCH);
    let mut taken = 0;
    findings::each(connection, &filter, |finding| {
        batch.push(row(&finding));
        taken += 1;
        if batch.len() == BATCH { writer.write(std::mem::take(&mut batch)) } else { Ok(()) }
    })?;
    writer.write(batch)?;
    writer.commit()?;
    Ok(taken)
}

/// The address without `table`, and the table.
fn target(given: &str) -> Result<(Address, String), SourceError> {
    let resolved = url::resolve(given)?;
    let (base, query) = match resolved.rsplit_once('@') {
        // A password may hold a question mark.
        Some((user, rest)) => match rest.split_once('?') {
            Some((host, query)) => (format!("{user}@{host}"), query.to_owned()),
            None => (resolved.clone(), String::new()),
        },
        None => (resolved.clone(), String::new()),
    };
    let (named, rest): (Vec<&str>, Vec<&str>) =
        query.split('&').filter(|pair| !pair.is_empty()).partition(|pair| pair.starts_with("table="));
    let table = named
        .first()
        .and_then(|pair| url::decode(&pair["table=".len()..]))
        .unwrap_or_else(|| TABLE.to_owned());
    let address = if rest.is_empty() { base } else { format!("{base}?{}", rest.join("&")) };
    Ok((Address::parse(&address)?, table))
}

fn row(f: &StoredFinding) -> Vec<Option<String>> {
    let review = f.review.as_ref();
    vec![
        Some(f.rescan.clone()),
        Some(f.fingerprint.to_string()),
        Some(f.source.clone()),
        Some(f.unit.clone()),
        Some(f.note.clone()),
        Some(f.column.clone()),
        f.field.clone(),
        Some(f.category.clone()),
        f.subcategory.clone(),
        Some(f.severity.clone()),
        Some(f.action.clone()),
        Some(f.score.to_string()),
        Some(f.start.to_string()),
        Some(f.end.to_string()),
        Some(f.rule.clone()),
        Some(f.sources.join("+")),
        f.team.clone(),
        f.author.clone(),
        f.month.clone(),
        Some(f.state.id().to_owned()),
        review.and_then(|review| review.by.clone()),
        review.map(|review| review.at.to_string()),
    ]
}

/// A transaction under way. Dropped before its commit, it leaves what was there.
struct Writer {
    server: Open,
    place: String,
    insert: String,
}

enum Open {
    Postgres(Box<Client>),
    Mysql(Box<Conn>),
}

impl Writer {
    fn begin(address: &Address, table: &str, rescan: &str) -> Result<Self, ExportError> {
        let dialect = match address.server {
            Server::Postgres => Dialect::Postgres,
            Server::Mysql => Dialect::Mysql,
        };
        let quoted = table.split('.').map(|part| dialect.name(part)).collect::<Vec<_>>().join(".");
        let columns = COLUMNS.map(|(name, postgres, mysql)| {
            let kind = if dialect == Dialect::Postgres { postgres } else { mysql };
            format!("{} {kind}", dialect.name(name))
        });
        let options = match dialect {
            Dialect::Postgres => ")",
            Dialect::Mysql => ", KEY (rescan)) ENGINE = InnoDB CHARACTER SET utf8mb4",
        };
        let create = format!("CREATE TABLE IF NOT EXISTS {quoted} ({}{options}", columns.join(", "));
        let names = COLUMNS.map(|(name, ..)| dialect.name(name)).join(", ");
        let delete = format!("DELETE FROM {quoted} WHERE rescan = {}", dialect.parameter(1));
        let place = address.place.clone();
        let (server, insert) = match address.server {
            Server::Postgres => {
                let mut client = pg::client(address)?;
                let begun = client
                    .batch_execute("SET client_min_messages = warning; BEGIN")
                    .and_then(|()| client.batch_execute(&create))
                    .and_then(|()| client.execute(&delete, &[&rescan]));
                begun.map_err(|error| written(&place, postgres_words(&error)))?;
                let cast = |at: usize| format!("u.c{at}::{}", COLUMNS[at].1.trim_end_matches(" NOT NULL"));
                let lists = |name: &dyn Fn(usize) -> String| {
                    (0..COLUMNS.len()).map(name).collect::<Vec<_>>().join(", ")
                };
                let insert = format!(
                    "INSERT INTO {quoted} ({names}) SELECT {} FROM unnest({}) AS u ({})",
                    lists(&cast),
                    lists(&|at| format!("${}::text[]", at + 1)),
                    lists(&|at| format!("c{at}"))
                );
                (Open::Postgres(Box::new(client)), insert)
            }
            Server::Mysql => {
                let mut conn = my::client(address)?;
                let begun = conn
                    .query_drop(&create)
                    .and_then(|()| conn.query_drop("START TRANSACTION"))
                    .and_then(|()| conn.exec_drop(&delete, (rescan,)));
                begun.map_err(|error| written(&place, error.to_string()))?;
                (Open::Mysql(Box::new(conn)), format!("INSERT INTO {quoted} ({names}) VALUES "))
            }
        };
        Ok(Self { server, place, insert })
    }

    fn write(&mut self, rows: Vec<Vec<Option<String>>>) -> Result<(), ExportError> {
        if rows.is_empty() {
            return Ok(());
        }
        let count = rows.len();
        match &mut self.server {
            Open::Postgres(client) => {
                let mut columns: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(count); COLUMNS.len()];
                for row in rows {
                    columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
                }
                let given: Vec<_> =
                    columns.iter().map(|column| column as &(dyn postgres::types::ToSql + Sync)).collect();
                let done = client.execute(&self.insert, &given).map(drop);
                done.map_err(|error| written(&self.place, postgres_words(&error)))
            }
            Open::Mysql(conn) => {
                let row = format!("({})", vec!["?"; COLUMNS.len()].join(", "));
                let sql = format!("{}{}", self.insert, vec![row; count].join(", "));
                let given = rows.into_iter().flatten().map(|value| value.map_or(Value::NULL, Value::from));
                conn.exec_drop(sql, given.collect::<Vec<_>>())
                    .map_err(|error| written(&self.place, error.to_string()))
            }
        }
    }

    fn commit(mut self) -> Result<(), ExportError> {
        match &mut self.server {
            Open::Postgres(client) => {
                client.batch_execute("COMMIT").map_err(|error| written(&self.place, postgres_words(&error)))
            }
            Open::Mysql(conn) => {
                conn.query_drop("COMMIT").map_err(|error| written(&self.place, error.to_string()))
            }
        }
    }
}

/// Findings hold no text of a note: the server may be quoted.
fn postgres_words(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string)
}

fn written(place: &str, why: String) -> ExportError {
    ExportError::Write { path: place.into(), source: io::Error::other(why) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_may_name_the_table() {
        let (address, table) =
            target("postgres://v:a?b@db/crm?table=audit.f%C3%A9vrier&sslmode=require").unwrap();
        assert_eq!((address.database.as_str(), table.as_str()), ("crm", "audit.février"));
        assert_eq!(address.tls, crate::rescan::source::address::TlsMode::Require);
        let (_, table) = target("mysql://v@db/crm").unwrap();
        assert_eq!(table, TABLE);
        assert!(target("mysql://v@db/crm?tables=x").is_err());
    }
}
