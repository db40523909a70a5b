//! What is read of a table: its key, its columns of notes and labels, and the statements that do it.

use super::super::SourceError;
use super::super::Unit;
use super::cell::MAX_CELL_BYTES;
use super::dialect::Dialect;
use super::key::{KeyColumn, after};
use super::names::{self, Available};
use super::session::{Column, Kind, Relation, Session, texts};
use crate::input::columns as usual;
use crate::rescan::spec::Table;

/// What a query is called inside statements.
const QUERY: &str = "vigie_source";

/// What a value read is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The note of this place in [`Unit::columns`].
    Note(usize),
    Author,
    Team,
    Field,
    Date,
}

/// A column that is read.
#[derive(Clone, Debug)]
pub struct Item {
    pub role: Role,
    pub column: Column,
    /// The column, quoted, with its table.
    quoted: String,
}

/// How a unit is read.
#[derive(Clone, Debug)]
pub struct Plan {
    pub dialect: Dialect,
    /// Name of the unit.
    pub name: String,
    /// The table itself; `None` for a query.
    pub relation: Option<Relation>,
    pub keys: Vec<KeyColumn>,
    pub items: Vec<Item>,
    from: String,
    filter: Option<String>,
}

/// Rows there are, and those that have no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    pub rows: u64,
    pub without_key: u64,
}

impl Plan {
    /// Looks at the table and finds its columns.
    pub fn make(session: &mut dyn Session, table: &Table, authors: bool) -> Result<Self, SourceError> {
        let dialect = session.dialect();
        let (relation, from, qualifier) = match &table.query {
            Some(query) => {
                // A comment at the end must not swallow what follows.
                let query = query.trim().trim_end_matches(';');
                (None, format!("({query}\n) AS {QUERY}"), QUERY.to_owned())
            }
            None => {
                let Some(relation) = session.relation(&table.name)? else {
                    let there = names::list(&session.relations()?);
                    let place = session.place();
                    return Err(SourceError::permanent(format!(
                        "no table `{}` in {place}; there is {there}",
                        table.name
                    )));
                };
                let quoted = relation.quoted.clone();
                (Some(relation), quoted.clone(), quoted)
            }
        };
        let columns = session.describe(&from, relation.as_ref())?;
        let name = relation.as_ref().map_or_else(|| table.name.clone(), |relation| relation.shown.clone());
        let there = Available { unit: &name, columns: &columns };
        let wanted = &table.columns;
        let unique = relation.as_ref().map_or(&[][..], |relation| &relation.unique);
        let (key, indexed) = names::key(&there, wanted.key.as_deref(), unique)?;
        let quote = |column: &Column| format!("{qualifier}.{}", dialect.name(&column.name));
        let keys =
            key.into_iter().map(|column| KeyColumn { quoted: quote(&column), column, indexed }).collect();
        let notes = names::notes(&there, &wanted.text)?;
        let mut items: Vec<Item> = Vec::new();
        let mut add = |role, column: Column| items.push(Item { role, quoted: quote(&column), column });
        for (at, column) in notes.into_iter().enumerate() {
            add(Role::Note(at), column);
        }
        let labels = [
            (Role::Author, &wanted.author, &usual::AUTHOR[..]),
            (Role::Team, &wanted.team, &usual::TEAM[..]),
            (Role::Field, &wanted.field, &[]),
            (Role::Date, &wanted.date, &usual::DATE[..]),
        ];
        for (role, name, names) in labels {
            let column = match name {
                _ if role == Role::Author && !authors => None,
                Some(name) => Some(there.find(name)?),
                None => there.usual(names).filter(|column| !wanted.text.contains(&column.name)),
            };
            if let Some(column) = column {
                add(role, column);
            }
        }
        let filter = table.filter.as_deref().map(str::trim).filter(|filter| !filter.is_empty());
        Ok(Self {
            dialect,
            keys,
            items,
            from,
            filter: filter.map(|filter| format!("({filter}\n)")),
            name,
            relation,
        })
    }

    /// The columns of notes.
    pub fn notes(&self) -> impl Iterator<Item = &Column> {
        self.items.iter().filter(|item| matches!(item.role, Role::Note(_))).map(|item| &item.column)
    }

    pub fn unit(&self, expected: Option<u64>) -> Unit {
        Unit { name: self.name.clone(), columns: self.notes().map(|c| c.name.clone()).collect(), expected }
    }

    /// Whether two rows may have the same key, for all that the server promises.
    pub fn may_repeat(&self) -> bool {
        self.keys.iter().any(|key| !key.indexed)
    }

    /// Whether a row may have no key.
    pub fn may_lack_key(&self) -> bool {
        self.keys.iter().any(|key| key.column.nullable)
    }

    /// Counts the rows, under the same condition as they are read.
    pub fn count(&self, session: &mut dyn Session) -> Result<Count, SourceError> {
        let lacking = match self.may_lack_key() {
            true => format!(
                "count(CASE WHEN {} THEN 1 END)",
                self.keys
                    .iter()
                    .map(|key| format!("{} IS NULL", key.quoted))
                    .collect::<Vec<_>>()
                    .join(" OR ")
            ),
            false => "0".to_owned(),
        };
        let [all, lacking] = ["count(*)", &lacking].map(|number| self.dialect.text(number));
        let filter = self.filter.as_ref().map_or_else(String::new, |filter| format!(" WHERE {filter}"));
        let sql = format!("SELECT {all}, {lacking} FROM {}{filter}", self.from);
        let row = texts(session, &sql, &[])?.into_iter().next().unwrap_or_default();
        let number = |at: usize| row.get(at).and_then(Option::as_deref).and_then(|text| text.parse().ok());
        Ok(Count { rows: number(0).unwrap_or(0), without_key: number(1).unwrap_or(0) })
    }

    /// The statement that reads keys and these items of at most so many rows, from the beginning or after a key; and which
    /// column of the key each of its parameters is of.
    pub fn statement(&self, items: &[Item], from_key: bool, rows: usize) -> (String, Vec<usize>) {
        let dialect = self.dialect;
        let mut given: Vec<String> = self.keys.iter().map(|key| key.value(dialect)).collect();
        given.extend(items.iter().flat_map(|item| item.expressions(dialect)));
        let mut conditions: Vec<String> = self.filter.iter().cloned().collect();
        let mut used = Vec::new();
        if from_key {
            let (condition, parameters) = after(&self.keys, dialect);
            conditions.push(condition);
            used = parameters;
        }
        // Those without a key are counted, and said at the end.
        let nullable = self.keys.iter().filter(|key| key.column.nullable);
        conditions.extend(nullable.map(|key| format!("{} IS NOT NULL", key.quoted)));
        let condition = match conditions.as_slice() {
            [] => String::new(),
            all => format!(" WHERE {}", all.join(" AND ")),
        };
        let order: Vec<String> = self.keys.iter().map(|key| key.order(dialect)).collect();
        let sql = format!(
            "SELECT {} FROM {}{condition} ORDER BY {} LIMIT {rows}",
            given.join(", "),
            self.from,
            order.join(", ")
        );
        (sql, used)
    }
}

impl Item {
    /// What is read for it: a note's text and, where it is too long, its size instead; a label's text.
    fn expressions(&self, dialect: Dialect) -> Vec<String> {
        let value = match self.column.kind {
            Kind::Bytes => self.quoted.clone(),
            Kind::Undeclared => format!("convert_to({}, 'SQL_ASCII')", dialect.text(&self.quoted)),
            Kind::Text if dialect == Dialect::Mysql => self.quoted.clone(),
            _ => dialect.text(&self.quoted),
        };
        match self.role {
            Role::Note(_) => {
                let size = dialect.size(&value);
                let written = dialect.text(&size);
                vec![
                    format!("CASE WHEN {size} <= {MAX_CELL_BYTES} THEN {value} END"),
                    format!("CASE WHEN {size} > {MAX_CELL_BYTES} THEN {written} END"),
                ]
            }
            _ => vec![value],
        }
    }
}
