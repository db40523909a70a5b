//! A table whose notes a script may change: what the script must know of it.

use super::dialect::Dialect;
use super::key::{self, KeyColumn};
use super::session::{Column, Kind, Parameter, Session, texts};
use super::{SourceError, connect, plan_of};
use crate::rescan::source::address::Address;
use crate::rescan::source::url;
use crate::rescan::spec::Database;

/// A table that can be written to.
pub struct Target {
    pub dialect: Dialect,
    /// Its name as reports show it.
    pub shown: String,
    pub schema: String,
    /// Without its schema.
    pub name: String,
    /// With its schema, quoted.
    pub quoted: String,
    pub keys: Vec<KeyColumn>,
    pub columns: Vec<TargetColumn>,
}

/// A column of notes.
pub struct TargetColumn {
    pub column: Column,
    /// Longest text it takes, in characters.
    pub most_characters: Option<u64>,
    /// And in bytes.
    pub most_bytes: Option<u64>,
}

/// A database whose tables a script may change.
pub struct Targets {
    session: Box<dyn Session>,
    database: Database,
}

impl Targets {
    pub fn connect(database: &Database) -> Result<Self, SourceError> {
        let address = Address::parse(&url::resolve(&database.url)?)?;
        Ok(Self { session: connect(&address)?, database: database.clone() })
    }

    /// The table of this unit, or why no script can change it.
    pub fn of(&mut self, unit: &str) -> Result<Result<Target, String>, SourceError> {
        let session = &mut *self.session;
        let plan = plan_of(session, &self.database, unit, false)?;
        let Some(relation) = plan.relation.clone() else {
            return Ok(Err("it is a query, not a table: change the tables it reads".to_owned()));
        };
        if !relation.can_roll_back {
            let why = "it is no table that can be changed in a transaction (a view, or an engine without)";
            return Ok(Err(why.to_owned()));
        }
        let lengths = lengths(session, &relation.schema, &relation.name)?;
        let columns = plan.notes().map(|column| {
            let found = lengths.iter().find(|(name, ..)| *name == column.name);
            let (most_characters, most_bytes) =
                found.map_or((None, None), |(_, chars, bytes)| (*chars, *bytes));
            TargetColumn { column: column.clone(), most_characters, most_bytes }
        });
        Ok(Ok(Target {
            dialect: plan.dialect,
            columns: columns.collect(),
            shown: relation.shown,
            schema: relation.schema,
            name: relation.name,
            quoted: relation.quoted,
            keys: plan.keys,
        }))
    }
}

/// Columns with the longest text each takes.
type Lengths = Vec<(String, Option<u64>, Option<u64>)>;

fn lengths(session: &mut dyn Session, schema: &str, table: &str) -> Result<Lengths, SourceError> {
    let dialect = session.dialect();
    let [characters, bytes] =
        ["character_maximum_length", "character_octet_length"].map(|column| dialect.text(column));
    let [first, second] = [1, 2].map(|number| dialect.parameter(number));
    let name = dialect.text("column_name");
    let sql = format!(
        "SELECT {name}, {characters}, {bytes} FROM information_schema.columns \
         WHERE table_schema = {first} AND table_name = {second}"
    );
    let given = [schema, table].map(|text| Parameter::Text(text.to_owned()));
    let rows = texts(session, &sql, &given)?;
    let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
    let read = |row: Vec<Option<String>>| match &row[..] {
        [Some(name), characters, bytes] => Some((name.clone(), number(characters), number(bytes))),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

impl Target {
    /// Whether a row has this key, as a condition; `None` where it is no key of this table.
    pub fn has_key(&self, key: &str) -> Option<String> {
        let values = key::split(key, self.keys.len())?;
        let is = |(key, value): (&KeyColumn, &String)| {
            format!("{} = {}", self.dialect.name(&key.column.name), key.literal(self.dialect, value))
        };
        Some(self.keys.iter().zip(&values).map(is).collect::<Vec<_>>().join(" AND "))
    }

    /// The key's columns, quoted.
    pub fn key_names(&self) -> String {
        self.keys.iter().map(|key| self.dialect.name(&key.column.name)).collect::<Vec<_>>().join(", ")
    }

    /// SHA-256 of a column's text in hexadecimal digits, as an expression.
    pub fn digest(&self, column: &Column) -> String {
        let name = self.dialect.name(&column.name);
        match (self.dialect, column.kind) {
            (Dialect::Postgres, Kind::Undeclared) => {
                format!("encode(sha256(convert_to({name}::text, 'SQL_ASCII')), 'hex')")
            }
            (Dialect::Postgres, _) => format!("encode(sha256(convert_to({name}::text, 'UTF8')), 'hex')"),
            (Dialect::Mysql, _) => format!("SHA2(CONVERT({name} USING utf8mb4), 256)"),
        }
    }
}

impl TargetColumn {
    /// Why this text cannot be put there, if it cannot.
    pub fn refuses(&self, text: &str) -> Option<String> {
        let over = |most: Option<u64>, length: usize| most.filter(|most| length as u64 > *most);
        if !self.column.kind.is_text() {
            return Some("the column holds no plain text: change it by hand".to_owned());
        }
        if let Some(most) = over(self.most_characters, text.chars().count()) {
            return Some(format!("the redacted text is longer than the {most} characters of the column"));
        }
        over(self.most_bytes, text.len())
            .map(|most| format!("the redacted text is longer than the {most} bytes of the column"))
    }
}
