//! MariaDB and MySQL, read.

use std::ops::ControlFlow;
use std::time::Duration;

use mysql::consts::{ColumnFlags, ColumnType};
use mysql::prelude::Queryable;
use mysql::{Conn, DriverError, Error, OptsBuilder, Params, SslOpts, Value};

use super::super::address::{Address, Host, TlsMode};
use super::super::{SourceError, tls};
use super::dialect::Dialect;
use super::mysql_error::{connecting, fault};
use super::session::{Column, Fault, Kind, Parameter, Relation, Session, Values, texts};

/// The character set of what is no text.
const BINARY: u16 = 63;

/// A connection to MariaDB or MySQL.
pub struct MysqlSession {
    conn: Conn,
    place: String,
}

/// Opens a connection that may write, without any setting made.
pub fn client(address: &Address) -> Result<Conn, SourceError> {
    let plain = OptsBuilder::new()
        .user(Some(&address.user))
        .pass(address.password.as_ref().map(|password| &password.0))
        .db_name(Some(&address.database))
        .prefer_socket(false)
        .tcp_connect_timeout(Some(address.connect_timeout))
        .tcp_keepalive_time_ms(Some(30_000))
        // A statement may be silent as long as it may run.
        .read_timeout(Some(address.statement_timeout + Duration::from_secs(30)))
        .write_timeout(Some(Duration::from_secs(60)))
        .connect_attrs(Some([("program_name", "vigie")].into()));
    let plain = match &address.host {
        Host::Tcp { name, port } => plain.ip_or_hostname(Some(name)).tcp_port(*port),
        Host::Socket { path, .. } => plain.socket(Some(path.display().to_string())),
    };
    let ssl = match (&address.host, address.tls) {
        (Host::Socket { .. }, _) | (_, TlsMode::Disable) => None,
        (_, TlsMode::Prefer | TlsMode::Require) => {
            Some(SslOpts::default().with_danger_accept_invalid_certs(true))
        }
        (_, TlsMode::VerifyFull) => {
            // The client reads the file itself, and fails as if the server had gone.
            tls::roots(address)?;
            Some(SslOpts::default().with_root_cert_path(address.roots.clone()))
        }
    };
    match Conn::new(plain.clone().ssl_opts(ssl)) {
        Err(Error::DriverError(DriverError::TlsNotSupported)) if address.tls == TlsMode::Prefer => {
            Conn::new(plain)
        }
        done => done,
    }
    .map_err(|error| connecting(&error, address))
}

impl MysqlSession {
    /// Connects; nothing can be written on this connection, and no statement runs for ever.
    pub fn connect(address: &Address) -> Result<Self, SourceError> {
        let mut conn = client(address)?;
        let failed = |error: Error| connecting(&error, address);
        conn.query_drop("SET SESSION TRANSACTION READ ONLY").map_err(failed)?;
        let version: Option<String> = conn.query_first("SELECT VERSION()").map_err(failed)?;
        let seconds = address.statement_timeout.as_secs();
        let limit = match version.is_some_and(|version| version.contains("MariaDB")) {
            true => format!("SET SESSION max_statement_time = {seconds}"),
            false => format!("SET SESSION max_execution_time = {}", seconds * 1000),
        };
        conn.query_drop(limit).map_err(failed)?;
        Ok(Self { conn, place: address.place.clone() })
    }
}

impl Session for MysqlSession {
    fn dialect(&self) -> Dialect {
        Dialect::Mysql
    }

    fn place(&self) -> &str {
        &self.place
    }

    fn each(
        &mut self,
        sql: &str,
        parameters: &[Parameter],
        row: &mut dyn FnMut(Values) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let given = match parameters {
            [] => Params::Empty,
            _ => Params::Positional(parameters.iter().map(value).collect()),
        };
        let place = &self.place;
        let rows = self.conn.exec_iter(sql, given).map_err(|error| fault(&error, place))?;
        for next in rows {
            let values = next.map_err(|error| fault(&error, place))?.unwrap_raw();
            let values = values.into_iter().map(|value| value.and_then(bytes)).collect();
            if row(values).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn relation(&mut self, name: &str) -> Result<Option<Relation>, SourceError> {
        let (schema, table) = name.split_once('.').unwrap_or(("", name));
        let sql = "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_SCHEMA = DATABASE(), \
                     t.ENGINE IN (SELECT e.ENGINE FROM information_schema.ENGINES e WHERE e.TRANSACTIONS = 'YES') \
                   FROM information_schema.TABLES t \
                   WHERE (TABLE_SCHEMA = COALESCE(NULLIF(?, ''), DATABASE()) AND TABLE_NAME = ?) \
                      OR (TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?) LIMIT 1";
        let given = [schema, table, name].map(|text| Parameter::Text(text.to_owned()));
        let Some(row) = texts(self, sql, &given)?.into_iter().next() else { return Ok(None) };
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        let (schema, table) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
        let mut flag = || row.next().is_some_and(|flag| flag == "1");
        let (is_own, can_roll_back) = (flag(), flag());
        let sql = "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? \
                   AND TABLE_NAME = ? AND NON_UNIQUE = 0 ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX";
        let given = [&schema, &table].map(|text| Parameter::Text(text.clone()));
        let mut unique: Vec<(String, Vec<String>)> = Vec::new();
        for row in texts(self, sql, &given)? {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let (index, column) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
            match unique.last_mut() {
                Some((last, columns)) if *last == index => columns.push(column),
                _ => unique.push((index, vec![column])),
            }
        }
        Ok(Some(Relation {
            shown: if is_own { table.clone() } else { format!("{schema}.{table}") },
            quoted: format!("{}.{}", Dialect::Mysql.name(&schema), Dialect::Mysql.name(&table)),
            schema,
            name: table,
            can_roll_back,
            unique: unique.into_iter().map(|(_, columns)| columns).collect(),
        }))
    }

    fn relations(&mut self) -> Result<Vec<String>, SourceError> {
        let sql = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME";
        Ok(texts(self, sql, &[])?.into_iter().flatten().flatten().collect())
    }

    fn describe(&mut self, from: &str, _: Option<&Relation>) -> Result<Vec<Column>, SourceError> {
        let sql = format!("SELECT * FROM {from} LIMIT 0");
        let statement =
            self.conn.prep(&sql).map_err(|error| SourceError::from(fault(&error, &self.place)))?;
        let columns = statement.columns();
        let column = |column: &mysql::Column| Column {
            name: column.name_str().into_owned(),
            kind: kind(column),
            type_name: type_name(column),
            nullable: !column.flags().contains(ColumnFlags::NOT_NULL_FLAG),
        };
        Ok(columns.iter().map(column).collect())
    }
}

fn kind(column: &mysql::Column) -> Kind {
    use ColumnType::*;
    match column.column_type() {
        MYSQL_TYPE_TINY | MYSQL_TYPE_SHORT | MYSQL_TYPE_INT24 | MYSQL_TYPE_LONG | MYSQL_TYPE_LONGLONG => {
            Kind::Integer
        }
        MYSQL_TYPE_VARCHAR
        | MYSQL_TYPE_VAR_STRING
        | MYSQL_TYPE_STRING
        | MYSQL_TYPE_TINY_BLOB
        | MYSQL_TYPE_MEDIUM_BLOB
        | MYSQL_TYPE_LONG_BLOB
        | MYSQL_TYPE_BLOB => {
            if column.character_set() == BINARY {
                Kind::Bytes
            } else {
                Kind::Text
            }
        }
        _ => Kind::Other,
    }
}

/// What a key of this type is cast to where it is compared.
fn type_name(column: &mysql::Column) -> String {
    match (kind(column), column.column_type()) {
        (Kind::Integer, _) if column.flags().contains(ColumnFlags::UNSIGNED_FLAG) => "unsigned".to_owned(),
        (Kind::Integer, _) => "signed".to_owned(),
        (Kind::Text | Kind::Undeclared, _) => "text".to_owned(),
        (Kind::Bytes, _) => "binary".to_owned(),
        (Kind::Other, ColumnType::MYSQL_TYPE_NEWDECIMAL) => format!("decimal(65, {})", column.decimals()),
        (Kind::Other, other) => format!("{other:?}").trim_start_matches("MYSQL_TYPE_").to_ascii_lowercase(),
    }
}

fn value(parameter: &Parameter) -> Value {
    match parameter {
        Parameter::Text(text) => Value::Bytes(text.clone().into_bytes()),
        Parameter::Bytes(bytes) => Value::Bytes(bytes.clone()),
        Parameter::Integer(number) => Value::Int(*number),
        Parameter::Unsigned(number) => Value::UInt(*number),
    }
}

/// A value as text. Statements cast all but text, bytes and whole numbers.
fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(bytes),
        Value::Int(number) => Some(number.to_string().into_bytes()),
        Value::UInt(number) => Some(number.to_string().into_bytes()),
        other => Some(other.as_sql(true).into_bytes()),
    }
}
