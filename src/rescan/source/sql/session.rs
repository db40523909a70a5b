//! What the reading of tables asks of a server, whichever it is.

use std::ops::ControlFlow;

use super::super::SourceError;
use super::super::address::{Address, Server};
use super::dialect::Dialect;
use super::mysql::MysqlSession;
use super::postgres::PostgresSession;

/// A row as the server gives it: bytes, or NULL.
pub type Values = Vec<Option<Vec<u8>>>;

/// A statement failed.
#[derive(Debug)]
pub enum Fault {
    /// For what one row holds (SQLSTATE class 22): the rows around it can be read. Never carries the row's data.
    Data(SourceError),
    Failed(SourceError),
}

impl From<Fault> for SourceError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Data(error) | Fault::Failed(error) => error,
        }
    }
}

/// A value of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    Text(String),
    Bytes(Vec<u8>),
    Integer(i64),
    Unsigned(u64),
}

/// What kind of values a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, whose bytes the server converts to UTF-8.
    Text,
    /// Text in an encoding that the database does not know (SQL_ASCII): read as bytes, as the server would refuse to send
    /// what is not UTF-8.
    Undeclared,
    /// Bytes nobody says the meaning of.
    Bytes,
    /// A number that is whole.
    Integer,
    /// Anything else, which the server can write as text.
    Other,
}

impl Kind {
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Undeclared)
    }
}

/// A column of a table or query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    /// As the server can be told to cast to it.
    pub type_name: String,
    /// Whether NULL may occur, as far as is known.
    pub nullable: bool,
}

/// A table or view there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Its name as reports show it.
    pub shown: String,
    /// Its name as statements need it.
    pub quoted: String,
    pub schema: String,
    /// Without its schema.
    pub name: String,
    /// Whether it is a table, whose rows can be changed in a transaction that can be taken back.
    pub can_roll_back: bool,
    /// The columns of each unique index, the primary key first.
    pub unique: Vec<Vec<String>>,
}

/// A read-only connection.
pub trait Session: Send {
    fn dialect(&self) -> Dialect;

    /// Where it leads, for messages.
    fn place(&self) -> &str;

    /// Runs a statement, prepared at its first use, and hands over its rows until told to stop.
    fn each(
        &mut self,
        sql: &str,
        parameters: &[Parameter],
        row: &mut dyn FnMut(Values) -> ControlFlow<()>,
    ) -> Result<(), Fault>;

    /// The table or view of this name, with its schema or without.
    fn relation(&mut self, name: &str) -> Result<Option<Relation>, SourceError>;

    /// Names of the tables and views one may mean.
    fn relations(&mut self) -> Result<Vec<String>, SourceError>;

    /// The columns of what may stand after FROM.
    fn describe(&mut self, from: &str, relation: Option<&Relation>) -> Result<Vec<Column>, SourceError>;
}

/// Connects.
pub fn connect(address: &Address) -> Result<Box<dyn Session>, SourceError> {
    Ok(match address.server {
        Server::Postgres => Box::new(PostgresSession::connect(address)?),
        Server::Mysql => Box::new(MysqlSession::connect(address)?),
    })
}

/// All rows of a short statement, as text.
pub fn texts(
    session: &mut dyn Session,
    sql: &str,
    parameters: &[Parameter],
) -> Result<Vec<Vec<Option<String>>>, SourceError> {
    let mut all = Vec::new();
    session.each(sql, parameters, &mut |row| {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        all.push(row.into_iter().map(|value| value.map(text)).collect());
        ControlFlow::Continue(())
    })?;
    Ok(all)
}
