//! PostgreSQL, read.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{FromSql, Type};
use postgres::{Client, Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::address::{Address, Host, TlsMode};
use super::super::{SourceError, tls};
use super::dialect::Dialect;
use super::postgres_error::{connecting, fault};
use super::session::{Column, Fault, Kind, Parameter, Relation, Session, Values, texts};

/// After this long without an answer a dead network is noticed.
const NETWORK_TIMEOUT: Duration = Duration::from_secs(60);

/// A connection to PostgreSQL.
pub struct PostgresSession {
    client: Client,
    place: String,
    statements: HashMap<String, Statement>,
}

/// Opens a connection that may write, without any setting made.
pub fn client(address: &Address) -> Result<Client, SourceError> {
    let mut config = Config::new();
    config
        .user(&address.user)
        .dbname(&address.database)
        .application_name("vigie")
        .connect_timeout(address.connect_timeout)
        .keepalives_idle(Duration::from_secs(30))
        .tcp_user_timeout(NETWORK_TIMEOUT)
        .ssl_mode(match address.tls {
            TlsMode::Disable => SslMode::Disable,
            TlsMode::Prefer => SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyFull => SslMode::Require,
        });
    match &address.host {
        Host::Tcp { name, port } => config.host(name).port(*port),
        Host::Socket { path, port } => {
            // Nothing leaves the machine there, and the server offers no encryption.
            config.host_path(path).port(*port).ssl_mode(SslMode::Disable)
        }
    };
    if let Some(password) = &address.password {
        config.password(&password.0);
    }
    config.connect(MakeRustlsConnect::new(tls::config(address)?)).map_err(|error| connecting(&error, address))
}

impl PostgresSession {
    /// Connects; nothing can be written on this connection, and no statement runs for ever.
    pub fn connect(address: &Address) -> Result<Self, SourceError> {
        let mut client = client(address)?;
        let settings = format!(
            "SET default_transaction_read_only = on; SET statement_timeout = '{}s'; SET DateStyle = 'ISO, YMD'",
            address.statement_timeout.as_secs()
        );
        client.batch_execute(&settings).map_err(|error| connecting(&error, address))?;
        // Each page is planned for its own key: a plan for any key may be a scan of the whole table. Older servers have
        // neither setting, and need neither.
        for setting in ["SET plan_cache_mode = force_custom_plan", "SET jit = off"] {
            let _ = client.batch_execute(setting);
        }
        Ok(Self { client, place: address.place.clone(), statements: HashMap::new() })
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Fault> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| fault(&error, &self.place))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// What types are called, and their category.
    fn types(&mut self, oids: &[u32]) -> Result<HashMap<String, (String, String)>, SourceError> {
        let list: Vec<String> = oids.iter().map(u32::to_string).collect();
        let sql = format!(
            "SELECT oid::text, format_type(oid, -1), typcategory::text FROM pg_type WHERE oid IN ({})",
            list.join(", ")
        );
        let rows = texts(self, &sql, &[])?;
        let mut types = HashMap::new();
        for row in rows {
            let mut row = row.into_iter().flatten();
            if let (Some(oid), Some(name), Some(category)) = (row.next(), row.next(), row.next()) {
                types.insert(oid, (name, category));
            }
        }
        Ok(types)
    }
}

impl Session for PostgresSession {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
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
        let statement = self.prepared(sql)?;
        let given: Vec<String> = parameters.iter().map(text).collect();
        let place = &self.place;
        let mut rows = self.client.query_raw(&statement, &given).map_err(|error| fault(&error, place))?;
        while let Some(next) = rows.next().map_err(|error| fault(&error, place))? {
            let values = (0..next.len()).map(|i| next.try_get::<_, Option<Raw>>(i).map(|v| v.map(|v| v.0)));
            let values: Values = values.collect::<Result<_, _>>().map_err(|error| fault(&error, place))?;
            if row(values).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn relation(&mut self, name: &str) -> Result<Option<Relation>, SourceError> {
        let (schema, table) = name.split_once('.').unwrap_or(("", name));
        let sql = "SELECT n.nspname::text, c.relname::text, c.oid::text, (c.relkind IN ('r', 'p'))::text FROM pg_class c \
                   JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (\
                     (($1::text = '' AND pg_table_is_visible(c.oid) OR n.nspname = $1::text) \
                       AND c.relname IN ($2::text, lower($2::text))) \
                     OR (pg_table_is_visible(c.oid) AND c.relname = $3::text)) \
                   ORDER BY c.relname IN ($2::text, $3::text) DESC, c.oid LIMIT 1";
        let given = [schema, table, name].map(|text| Parameter::Text(text.to_owned()));
        let found = texts(self, sql, &given)?.into_iter().next();
        let Some([schema, table, oid, is_table]) = found.and_then(columns::<4>) else { return Ok(None) };
        let sql = "SELECT i.indexrelid::text, a.attname::text FROM pg_index i \
                   CROSS JOIN LATERAL generate_subscripts(i.indkey, 1) AS k (place) \
                   JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.place] \
                   WHERE i.indrelid = ($1::text)::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
                     AND i.indexprs IS NULL AND k.place < i.indnkeyatts \
                   ORDER BY i.indisprimary DESC, i.indexrelid, k.place";
        let rows = texts(self, sql, &[Parameter::Text(oid)])?;
        Ok(Some(Relation {
            shown: format!("{schema}.{table}"),
            quoted: format!("{}.{}", Dialect::Postgres.name(&schema), Dialect::Postgres.name(&table)),
            schema,
            name: table,
            can_roll_back: is_table == "true",
            unique: grouped(rows.into_iter().filter_map(columns::<2>)),
        }))
    }

    fn relations(&mut self) -> Result<Vec<String>, SourceError> {
        let sql = "SELECT CASE WHEN pg_table_is_visible(c.oid) THEN '' ELSE n.nspname || '.' END || c.relname \
                   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' \
                     AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1";
        Ok(texts(self, sql, &[])?.into_iter().flatten().flatten().collect())
    }

    fn describe(&mut self, from: &str, relation: Option<&Relation>) -> Result<Vec<Column>, SourceError> {
        let statement = self.prepared(&format!("SELECT * FROM {from} LIMIT 0"))?;
        let types = self.types(&statement.columns().iter().map(|c| c.type_().oid()).collect::<Vec<_>>())?;
        let encoding = texts(self, "SHOW server_encoding", &[])?;
        let undeclared = encoding.into_iter().flatten().flatten().any(|name| name == "SQL_ASCII");
        let filled = match relation {
            Some(relation) => {
                let sql = "SELECT attname::text FROM pg_attribute \
                           WHERE attrelid = ($1::text)::regclass AND attnotnull AND attnum > 0";
                texts(self, sql, &[Parameter::Text(relation.quoted.clone())])?
            }
            None => Vec::new(),
        };
        let column = |column: &postgres::Column| {
            let (type_name, category) =
                types.get(&column.type_().oid().to_string()).cloned().unwrap_or_default();
            Column {
                name: column.name().to_owned(),
                kind: match kind(column.type_(), &category) {
                    Kind::Text if undeclared => Kind::Undeclared,
                    kind => kind,
                },
                type_name,
                nullable: !filled.iter().flatten().flatten().any(|name| name == column.name()),
            }
        };
        Ok(statement.columns().iter().map(column).collect())
    }
}

fn kind(of: &Type, category: &str) -> Kind {
    match *of {
        Type::BYTEA => Kind::Bytes,
        Type::INT2 | Type::INT4 | Type::INT8 => Kind::Integer,
        _ if category == "S" => Kind::Text,
        _ => Kind::Other,
    }
}

/// Every parameter is sent as text; the statement says what it is cast to.
fn text(parameter: &Parameter) -> String {
    match parameter {
        Parameter::Text(text) => text.clone(),
        Parameter::Bytes(bytes) => hex::encode(bytes),
        Parameter::Integer(number) => number.to_string(),
        Parameter::Unsigned(number) => number.to_string(),
    }
}

/// The row, if all its values are there.
fn columns<const N: usize>(row: Vec<Option<String>>) -> Option<[String; N]> {
    row.into_iter().collect::<Option<Vec<_>>>()?.try_into().ok()
}

/// Columns of one index after another.
fn grouped(rows: impl Iterator<Item = [String; 2]>) -> Vec<Vec<String>> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for [index, column] in rows {
        match groups.last_mut() {
            Some((last, columns)) if *last == index => columns.push(column),
            _ => groups.push((index, vec![column])),
        }
    }
    groups.into_iter().map(|(_, columns)| columns).collect()
}

/// Bytes as the server sent them: text need not be UTF-8.
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
