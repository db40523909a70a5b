//! What rescans asked for over HTTP may read and write, by name: `[[source]]` and `[[sink]]` of the settings file. A client
//! names one; it can neither give an address nor a query of its own.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::rescan::sink::{ExportError, Format, Target};
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

/// A file or a table that gets the findings of a rescan when it has ended.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSink {
    pub name: String,
    /// `.ndjson`, `.csv` or `.parquet`; `{id}` in it stands for the rescan's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// A database, and a table of it: `postgres://vigie:${BI_PASSWORD}@bi/crm?table=vigie_findings`.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "address")]
    pub url: Option<String>,
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
    pub fn target(&self, rescan: &str) -> Result<Target, ExportError> {
        let path = self.path.as_ref().map(|path| path.to_string_lossy().replace("{id}", rescan));
        match (&path, &self.url) {
            (Some(path), _) => Ok(Target::File { path: path.into(), format: Format::of(Path::new(path))? }),
            (None, url) => Target::parse(url.as_deref().unwrap_or_default(), None),
        }
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
        let name = &sink.name;
        match (&sink.path, &sink.url) {
            (Some(path), None) => {
                Format::of(path).map_err(|error| format!("sink `{name}`: {error}"))?;
            }
            (None, Some(_)) => {}
            _ => return Err(format!("sink `{name}` needs either `path` or `url`")),
        }
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
            ("[[sink]]\nname = \"a\"", "sink `a` needs either"),
            ("[[sink]]\nname = \"a\"\nurl = \"mysql://bi/c\"", ""),
        ] {
            let found = wrong(toml);
            assert!(found.contains(said) && said.is_empty() == found.is_empty(), "{toml}: {found}");
        }
    }

    #[test]
    fn a_sink_names_the_rescan_in_its_file() {
        let sink = NamedSink { path: Some("/bi/{id}.csv".into()), ..NamedSink::default() };
        assert_eq!(sink.target("r-1").unwrap().to_string(), "/bi/r-1.csv");
        let sink = NamedSink { url: Some("postgres://vigie:x@bi/crm".to_owned()), ..NamedSink::default() };
        assert_eq!(sink.target("r-1").unwrap().to_string(), "postgres://vigie@bi/crm");
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
