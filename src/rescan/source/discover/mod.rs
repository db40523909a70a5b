//! What to rescan in a database: its CRM's own columns of notes where the CRM is known, else columns of text that look
//! like notes.

mod catalogue;
mod mappings;
mod toml;

pub use catalogue::Sample;
use catalogue::{Found, sample, tables};
use mappings::{Crm, Mapped, recognise};

use super::address::Address;
use super::sql::{Session, connect};
use super::{SourceError, url};
use crate::rescan::spec::{Columns, Database, Table};

/// Texts shorter than this on average are labels, not notes.
const SHORTEST_NOTE: u64 = 25;

/// Usual names, best first.
const DATES: [&str; 10] = [
    "created_at",
    "date_creation",
    "creation_date",
    "create_date",
    "date_entered",
    "datec",
    "created",
    "created_on",
    "date",
    "updated_at",
];
const AUTHORS: [&str; 8] =
    ["created_by", "created_by_id", "create_uid", "author_id", "author", "auteur", "user_id", "utilisateur"];
const TEAMS: [&str; 6] = ["team_id", "team", "equipe", "agence", "service", "department"];

/// What a database seems to hold.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// As given, without a password in clear.
    pub url: String,
    /// The CRM whose tables these are.
    pub crm: Option<&'static str>,
    /// What to rescan, the rest with the reason why not.
    pub tables: Vec<Proposed>,
    pub left_out: Vec<LeftOut>,
}

/// A table to rescan.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub table: Table,
    pub rows: Option<u64>,
    /// One a column of text.
    pub samples: Vec<Sample>,
}

/// A table with long texts that is not proposed.
#[derive(Clone, Debug)]
pub struct LeftOut {
    pub name: String,
    pub columns: Vec<String>,
    pub why: String,
}

impl Proposal {
    /// As a source of a spec.
    pub fn database(&self) -> Database {
        Database {
            url: self.url.clone(),
            tables: self.tables.iter().map(|proposed| proposed.table.clone()).collect(),
        }
    }
}

/// Connects and looks around. Reads names, statistics and lengths; no text.
pub fn discover(given: &str) -> Result<Proposal, SourceError> {
    let address = Address::parse(&url::resolve(given)?)?;
    let mut session = connect(&address)?;
    let session = &mut *session;
    let found = tables(session)?;
    let names: Vec<&str> = found.iter().map(|table| table.name.as_str()).collect();
    let known = recognise(&names);
    let mut proposal = Proposal {
        url: url::without_password(given),
        crm: known.as_ref().map(|(crm, _)| crm.name),
        tables: Vec::new(),
        left_out: Vec::new(),
    };
    for table in &found {
        let mapped = known.as_ref().and_then(|(crm, prefix)| mapping(crm, prefix, &table.name));
        let long: Vec<&str> = table.columns.iter().filter(|c| c.is_long).map(|c| c.name.as_str()).collect();
        let outcome = match mapped {
            Some(mapped) => from_mapping(session, table, mapped),
            None if long.is_empty() => continue,
            None if known.is_some() => Ok(Err("not a table of notes of this CRM".to_owned())),
            None => from_lengths(session, table, &long),
        };
        match outcome {
            Ok(Ok(proposed)) => proposal.tables.push(proposed),
            Err(error) if error.transient => return Err(error),
            Ok(Err(why)) => proposal.left_out.push(left_out(table, &long, why)),
            Err(error) => proposal.left_out.push(left_out(table, &long, error.message)),
        }
    }
    if let Some((crm, prefix)) = &known {
        // The most telling tables first, as the mapping has them.
        let place = |proposed: &Proposed| {
            let is_it = |mapped: &Mapped| proposed.table.name.ends_with(&format!("{prefix}{}", mapped.table));
            crm.tables.iter().position(is_it)
        };
        proposal.tables.sort_by_key(place);
    }
    Ok(proposal)
}

fn mapping(crm: &'static Crm, prefix: &str, table: &str) -> Option<&'static Mapped> {
    let name = table.strip_prefix(prefix)?;
    crm.tables.iter().find(|mapped| mapped.table == name)
}

fn left_out(table: &Found, columns: &[&str], why: String) -> LeftOut {
    LeftOut { name: table.full_name(), columns: columns.iter().map(|name| (*name).to_owned()).collect(), why }
}

/// A table or the reason why not.
type Outcome = Result<Result<Proposed, String>, SourceError>;

fn from_mapping(session: &mut dyn Session, table: &Found, mapped: &Mapped) -> Outcome {
    let text: Vec<&str> = mapped.text.iter().copied().filter(|name| table.has(name)).collect();
    if text.is_empty() {
        return Ok(Err(format!("none of the columns {} is there", mapped.text.join(", "))));
    }
    let first = |names: &[&str]| names.iter().find(|name| table.has(name)).map(|name| (*name).to_owned());
    let columns = Columns {
        key: first(&[mapped.key]),
        text: text.iter().map(|name| (*name).to_owned()).collect(),
        author: first(mapped.author),
        team: mapped.team.and_then(|team| first(&[team])),
        field: None,
        date: first(mapped.date),
    };
    let samples = lengths(session, table, &text)?;
    if samples.iter().all(|sample| sample.filled == 0 && sample.is_whole()) {
        return Ok(Err("nothing is written there".to_owned()));
    }
    Ok(Ok(proposed(table, columns, samples)))
}

fn from_lengths(session: &mut dyn Session, table: &Found, long: &[&str]) -> Outcome {
    let samples = lengths(session, table, long)?;
    let (text, samples): (Vec<&str>, Vec<Sample>) =
        long.iter().copied().zip(samples).filter(|(_, sample)| sample.length >= SHORTEST_NOTE).unzip();
    if text.is_empty() {
        return Ok(Err("its texts are short or none".to_owned()));
    }
    let relation = session.relation(&table.full_name())?;
    let key =
        relation.and_then(|relation| relation.unique.into_iter().next()).map(|columns| columns.join(", "));
    let key = key.or_else(|| table.has("id").then(|| "id".to_owned()));
    let Some(key) = key else {
        return Ok(Err("it has no unique key: name one, or give a query that has".to_owned()));
    };
    let usual = |names: &[&str], is_date: bool| {
        let matches =
            |name: &&&str| table.columns.iter().any(|c| c.name == **name && (!is_date || c.is_date));
        names.iter().find(matches).map(|name| (*name).to_owned())
    };
    let columns = Columns {
        key: Some(key),
        text: text.iter().map(|name| (*name).to_owned()).collect(),
        author: usual(&AUTHORS, false),
        team: usual(&TEAMS, false),
        field: None,
        date: usual(&DATES, true),
    };
    Ok(Ok(proposed(table, columns, samples)))
}

fn lengths(session: &mut dyn Session, table: &Found, columns: &[&str]) -> Result<Vec<Sample>, SourceError> {
    let dialect = session.dialect();
    let quoted = match &table.schema {
        Some(schema) => format!("{}.{}", dialect.name(schema), dialect.name(&table.name)),
        None => dialect.name(&table.name),
    };
    sample(session, &quoted, columns)
}

fn proposed(table: &Found, columns: Columns, samples: Vec<Sample>) -> Proposed {
    // Statistics are estimates; a sample that is the whole table is not.
    let counted = samples.first().filter(|sample| sample.is_whole()).map(|sample| sample.rows);
    let rows = counted.or(table.rows);
    Proposed { table: Table { name: table.full_name(), columns, ..Table::default() }, rows, samples }
}
