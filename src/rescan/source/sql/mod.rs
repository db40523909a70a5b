//! Tables and queries of PostgreSQL, MariaDB and MySQL.
//!
//! Read in the order of a unique key, a few thousand rows a statement, each statement a transaction of its own: no lock
//! and no snapshot outlives it, and reading can go on from any key. The connection is read-only.

mod cell;
mod dialect;
mod key;
pub(crate) mod mysql;
mod mysql_error;
mod names;
mod pages;
mod plan;
pub(crate) mod postgres;
mod postgres_error;
mod session;
mod target;

pub use dialect::Dialect;
use pages::SqlPages;
pub(crate) use plan::Plan;
pub(crate) use session::{Session, connect, texts};
pub use target::{Target, TargetColumn, Targets};

use super::address::Address;
use super::{Pages, Position, Source, SourceError, Unit, url};
use crate::rescan::spec::Database;

/// A database with the tables asked for.
pub struct SqlSource {
    address: Address,
    database: Database,
    authors: bool,
    /// Kept from planning to the first unit read.
    session: Option<Box<dyn Session>>,
}

/// Reads the address. Connects only when planned or read. Authors are read only where they are asked for.
pub fn open(database: &Database, authors: bool) -> Result<Box<dyn Source>, SourceError> {
    let address = Address::parse(&url::resolve(&database.url)?)?;
    if database.tables.is_empty() {
        return Err(SourceError::permanent(format!(
            "{}: no table named; `vigie rescan discover` proposes some",
            address.place
        )));
    }
    Ok(Box::new(SqlSource { address, database: database.clone(), authors, session: None }))
}

impl SqlSource {
    fn session(&mut self) -> Result<Box<dyn Session>, SourceError> {
        match self.session.take() {
            Some(session) => Ok(session),
            None => connect(&self.address),
        }
    }
}

impl Source for SqlSource {
    fn units(&mut self) -> Result<Vec<Result<Unit, (String, SourceError)>>, SourceError> {
        let mut session = connect(&self.address)?;
        let mut units: Vec<Result<Unit, (String, SourceError)>> = Vec::new();
        for table in &self.database.tables {
            let planned = Plan::make(&mut *session, table, self.authors)
                .and_then(|plan| plan.count(&mut *session).map(|count| plan.unit(Some(count.rows))));
            let unit = match planned {
                Err(error) if error.transient => return Err(error),
                Err(error) => Err((table.name.clone(), error)),
                Ok(unit) if units.iter().flatten().any(|other| other.name == unit.name) => {
                    let twice = "named twice; give one of them as a query with a name of its own";
                    Err((unit.name.clone(), SourceError::permanent(format!("{}: {twice}", unit.name))))
                }
                Ok(unit) => Ok(unit),
            };
            units.push(unit);
        }
        self.session = Some(session);
        Ok(units)
    }

    fn open(&mut self, unit: &Unit, from: Option<&Position>) -> Result<Box<dyn Pages>, SourceError> {
        let kept = self.session.is_some();
        let mut session = self.session()?;
        let plan = match plan_of(&mut *session, &self.database, &unit.name, self.authors) {
            // The server may have gone since planning.
            Err(error) if error.transient && kept => {
                session = connect(&self.address)?;
                plan_of(&mut *session, &self.database, &unit.name, self.authors)?
            }
            planned => planned?,
        };
        if !plan.notes().map(|column| &column.name).eq(&unit.columns) {
            return Err(SourceError::permanent(format!(
                "{}: its columns changed; begin a new rescan",
                unit.name
            )));
        }
        Ok(Box::new(SqlPages::begin(session, plan, from)?))
    }
}

/// The plan of the unit of this name.
pub(crate) fn plan_of(
    session: &mut dyn Session,
    database: &Database,
    unit: &str,
    authors: bool,
) -> Result<Plan, SourceError> {
    let is_meant =
        |name: &str| name == unit || unit.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    let is_exact = |name: &str| name.eq_ignore_ascii_case(unit);
    let tables = &database.tables;
    let table = tables.iter().find(|t| is_exact(&t.name)).or_else(|| {
        tables.iter().find(|t| t.query.is_none() && (is_meant(&t.name) || is_meant(&t.name.to_lowercase())))
    });
    let Some(table) = table else {
        return Err(SourceError::permanent(format!("{unit}: no such table in this rescan")));
    };
    Plan::make(session, table, authors)
}
