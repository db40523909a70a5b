//! What rescans asked for over HTTP may read and write, by name: `[[source]]` and `[[sink]]` of the settings file. A client
//! names one; it can neither give an address nor a query of its own.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::rescan::sink::Format;
use crate::rescan::source::url::without_password;
use crate::rescan::spec::{Columns, Database, FileFormat, Files, SourceSpec, Table};

/// A source that clients may have read: tables of a database, or files.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSource {
    pub name: String,
    /// As in a specification: `postgres://vigie:${CRM_PASSWORD}@db/crm`.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "address")]
    pub url: Option<String>,
    /// Files and folders.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<FileFormat>,
    /// CSV delimiter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Columns of the files.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Columns,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
}

/// A file that gets the findings of a rescan when it has ended.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSink {
    pub name: String,
    /// `.ndjson`, `.csv` or `.parquet`; `{id}` in it stands for the rescan's id.
    pub path: PathBuf,
}

impl NamedSource {
    /// What a rescan of it reads: all its tables or files.
    pub fn spec(&self) -> SourceSpec {
        match &self.url {
            Some(url) => SourceSpec::Database(Database { url: url.clone(), tables: self.tables.clone() }),
            None => SourceSpec::Files(Files {
                paths: self.paths.clone(),
                format: self.format,
                columns: self.columns.clone(),
                delimiter: self.delimiter,
            }),
        }
    }

    /// Takes relative paths from that folder.
    pub fn place_in(&mut self, folder: &Path) {
        self.paths.iter_mut().for_each(|path| *path = folder.join(&*path));
    }
}

impl NamedSink {
    /// Where the findings of that rescan go.
    pub fn file(&self, rescan: &str) -> PathBuf {
        PathBuf::from(self.path.to_string_lossy().replace("{id}", rescan))
    }
}

/// Says what is wrong with a list of either.
pub fn check(sources: &[NamedSource], sinks: &[NamedSink]) -> Result<(), String> {
    unique("source", sources.iter().map(|source| source.name.as_str()))?;
    unique("sink", sinks.iter().map(|sink| sink.name.as_str()))?;
    for source in sources {
        let name = &source.name;
        match (&source.url, source.paths.is_empty()) {
            (Some(_), true) if source.tables.is_empty() => {
                return Err(format!("source `{name}` names no table; `vigie rescan discover` proposes some"));
            }
            (Some(_), true) if source.format.is_some() || source.columns != Columns::default() => {
                return Err(format!("source `{name}`: columns of a database stand with its tables"));
            }
            (None, false) if source.tables.is_empty() => {}
            (Some(_), true) => {}
            _ => return Err(format!("source `{name}` needs either `url` and `tables`, or `paths`")),
        }
    }
    for sink in sinks {
        Format::of(&sink.path).map_err(|error| format!("sink `{}`: {error}", sink.name))?;
    }
    Ok(())
}

fn unique<'n>(kind: &str, names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let mut seen = Vec::new();
    for name in names {
        let plain = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
        if name.trim().is_empty() || name.chars().count() > 60 || !name.chars().all(plain) {
            return Err(format!("a {kind} needs a name of letters, digits, blanks and -_. (60 at most)"));
        }
        if seen.contains(&name) {
            return Err(format!("two {kind}s are called `{name}`"));
        }
        seen.push(name);
    }
    Ok(())
}

/// What is printed of an address.
fn address<S: Serializer>(url: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    url.as_deref().map(without_password).serialize(serializer)
}

fn is_default(columns: &Columns) -> bool {
    *columns == Columns::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(toml: &str) -> String {
        #[derive(Deserialize)]
        struct Lists {
            #[serde(default)]
            source: Vec<NamedSource>,
            #[serde(default)]
            sink: Vec<NamedSink>,
        }
        let lists: Lists = toml::from_str(toml).unwrap();
        check(&lists.source, &lists.sink).err().unwrap_or_default()
    }

    #[test]
    fn what_makes_no_sense_is_said_with_its_name() {
        for (toml, said) in [
            ("[[source]]\nname = \"a\"\npaths = [\"x\"]", ""),
            ("[[source]]\nname = \"a\"\nurl = \"mysql://db/c\"\ntables = [{ name = \"t\" }]", ""),
            ("[[sink]]\nname = \"a\"\npath = \"out/{id}.csv\"", ""),
            ("[[source]]\nname = \"a\"", "`a` needs either"),
            ("[[source]]\nname = \"a\"\nurl = \"mysql://db/c\"", "`a` names no table"),
            ("[[source]]\nname = \"a\"\nurl = \"mysql://db/c\"\npaths = [\"x\"]", "`a` needs either"),
            ("[[source]]\nname = \"a\"\npaths = [\"x\"]\ntables = [{ name = \"t\" }]", "`a` needs either"),
            ("[[source]]\nname = \"\"\npaths = [\"x\"]", "needs a name"),
            (
                "[[source]]\nname = \"a\"\npaths = [\"x\"]\n[[source]]\nname = \"a\"\npaths = [\"y\"]",
                "two sources",
            ),
            ("[[sink]]\nname = \"a\"\npath = \"out\"", "sink `a`"),
        ] {
            let found = wrong(toml);
            assert!(found.contains(said) && said.is_empty() == found.is_empty(), "{toml}: {found}");
        }
    }

    #[test]
    fn a_password_in_clear_is_not_printed() {
        let source = NamedSource {
            name: "crm".to_owned(),
            url: Some("postgres://vigie:s3cret@db/crm".to_owned()),
            tables: vec![Table { name: "notes".to_owned(), ..Table::default() }],
            ..NamedSource::default()
        };
        let printed = toml::to_string(&source).unwrap();
        assert!(printed.contains("postgres://vigie@db/crm") && !printed.contains("s3cret"), "{printed}");
    }
}
