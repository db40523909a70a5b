//! What a client asks a rescan to do: the members of a specification, with sources a client may name.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::http::members::{Members, string};
use crate::http::problem::{Problem, Violation};
use crate::http::rescans::permit::Permit;
use crate::http::rescans::uploads;
use crate::http::state::AppState;
use crate::rescan::spec::{Columns, FileFormat, Files, SourceSpec, Spec};
use crate::store::Store;

/// Sources of one rescan, and paths of one source, at most.
const MOST: usize = 100;

/// Longest name of a rescan, in characters.
const NAME: usize = 200;

/// A rescan to be done. Members that are not listed are refused.
#[derive(utoipa::ToSchema)]
#[schema(as = RescanRequest)]
#[expect(dead_code, reason = "describes the members that `read` reads")]
pub struct RescanSchema {
    /// Shown to people.
    #[schema(example = "Exports de novembre")]
    name: Option<String>,
    sources: Vec<SourceSchema>,
    /// Policy profile; `GET /v1/profiles` lists them.
    #[schema(default = "default")]
    profile: Option<String>,
    /// Findings under this score are not kept.
    #[schema(minimum = 0, maximum = 1, default = 0)]
    min_score: Option<f32>,
    /// Notes a second at most, to spare the source.
    #[schema(minimum = 1)]
    rate: Option<u32>,
    /// Scan only what changed since the last finished rescan of the same sources with the same versions and options.
    incremental: Option<bool>,
    /// Keep a masked excerpt of each finding, encrypted; the server needs `VIGIE_DATA_KEY`.
    excerpts: Option<bool>,
    /// Keep authors, for figures by author: staff must be told first (Code du travail, art. L1222-4).
    authors: Option<bool>,
    /// Sinks of the server's settings (`[[sink]]`) that get the findings when it has ended, by name.
    sinks: Option<Vec<String>>,
}

/// A source; `GET /v1/rescans/sources` lists what can be named.
#[derive(utoipa::ToSchema)]
#[schema(as = RescanSource)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the members that `read_source` reads")]
pub enum SourceSchema {
    /// A file that was sent to `POST /v1/rescans/uploads`.
    Upload {
        upload: String,
        format: Option<FileFormat>,
        columns: Option<Columns>,
        /// CSV delimiter; found out where absent.
        delimiter: Option<String>,
    },
    /// Files and folders of the server, under a folder of the setting `rescan_dirs`.
    Files {
        paths: Vec<String>,
        format: Option<FileFormat>,
        columns: Option<Columns>,
        /// CSV delimiter; found out where absent.
        delimiter: Option<String>,
    },
    /// A source of the server's settings (`[[source]]`).
    Source {
        name: String,
        /// Only these of its tables.
        tables: Option<Vec<String>>,
    },
}

/// What was asked for, its sources not looked up yet.
pub struct Asked {
    spec: Spec,
    sources: Vec<AskedSource>,
}

enum AskedSource {
    Upload(String, Files),
    Files(Files),
    Named(String, Option<Vec<String>>),
}

impl Asked {
    /// Reads the body of `POST /v1/rescans`.
    pub fn read(value: Value, state: &AppState) -> Result<Self, Problem> {
        let mut members = Members::of(value, "")?;
        let flag = |value: Value| value.as_bool();
        let name = members.optional("name", "a name of at most 200 characters on one line", |value| {
            string(value).filter(|name| name.chars().count() <= NAME && !name.contains(char::is_control))
        });
        let list = format!("a list of 1 to {MOST} sources");
        let sources = members.required("sources", &list, |value| match value {
            Value::Array(list) if (1..=MOST).contains(&list.len()) => Some(list),
            _ => None,
        });
        let profile = members.optional("profile", "a string", string);
        let min_score = members.optional("min_score", "a number from 0 to 1", |value| {
            value.as_f64().filter(|score| (0.0..=1.0).contains(score)).map(|score| score as f32)
        });
        let rate = members.optional("rate", "a whole number from 1", |value| {
            value.as_u64().and_then(|rate| u32::try_from(rate).ok()).filter(|rate| *rate > 0)
        });
        let incremental = members.optional("incremental", "true or false", flag);
        let excerpts = members.optional("excerpts", "true or false", flag);
        let authors = members.optional("authors", "true or false", flag);
        let sinks = members.optional("sinks", "a list of names", strings);
        members.finish()?;
        let sources = sources.into_iter().enumerate().map(|(at, value)| read_source(value, at));
        Ok(Self {
            sources: sources.collect::<Result<_, _>>()?,
            spec: Spec {
                name: name.unwrap_or_default(),
                sources: Vec::new(),
                profile: profile.unwrap_or_else(|| state.config().profile.clone()),
                min_score: min_score.unwrap_or_default(),
                rate,
                incremental: incremental.unwrap_or_default(),
                excerpts: excerpts.unwrap_or_default(),
                authors: authors.unwrap_or_default(),
                sinks: sinks.unwrap_or_default(),
            },
        })
    }

    /// What is to be stored and done, every source looked up among what the settings allow.
    pub fn spec(self, state: &AppState, store: &Store) -> Result<Spec, Problem> {
        let permit = state.rescans().permit();
        let mut spec = self.spec;
        for (at, name) in spec.sinks.iter().enumerate() {
            let sink = state.config().sink.iter().find(|sink| sink.name == *name);
            let detail = match sink.map(|sink| sink.target("r")) {
                Some(Ok(_)) => continue,
                Some(Err(error)) => {
                    tracing::error!(sink = name, %error, "a sink of the settings cannot be written");
                    "this sink cannot be written; the log has the reason"
                }
                None => "the settings have no [[sink]] of this name",
            };
            return Err(wrong(format!("/sinks/{at}"), detail));
        }
        for (at, source) in self.sources.into_iter().enumerate() {
            spec.sources.push(look_up(source, &format!("/sources/{at}"), permit, store)?);
        }
        Ok(spec)
    }
}

fn look_up(source: AskedSource, at: &str, permit: &Permit, store: &Store) -> Result<SourceSpec, Problem> {
    match source {
        AskedSource::Upload(id, files) => {
            let path = uploads::find(store, &id).ok_or_else(|| {
                wrong(format!("{at}/upload"), "no file with this id is kept; send it to /v1/rescans/uploads")
            })?;
            Ok(SourceSpec::Files(Files { paths: vec![path], ..files }))
        }
        AskedSource::Files(mut files) => {
            for (n, path) in files.paths.iter_mut().enumerate() {
                *path = permit.path(path).ok_or_else(|| {
                    let detail = "not there, or not in a folder that this server may read (rescan_dirs)";
                    wrong(format!("{at}/paths/{n}"), detail)
                })?;
            }
            Ok(SourceSpec::Files(files))
        }
        AskedSource::Named(name, tables) => {
            let named = permit
                .source(&name)
                .ok_or_else(|| wrong(format!("{at}/name"), "the settings have no [[source]] of this name"))?;
            let mut spec = named.spec();
            if let Some(tables) = tables {
                let missing = tables.iter().position(|name| !named.tables.iter().any(|t| t.name == *name));
                if let Some(n) = missing {
                    return Err(wrong(format!("{at}/tables/{n}"), "the source has no table of this name"));
                }
                if let SourceSpec::Database(database) = &mut spec {
                    database.tables.retain(|table| tables.contains(&table.name));
                }
            }
            if let SourceSpec::Files(files) = &mut spec {
                // As they are from here, wherever the next server is started.
                let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
                files.paths = files.paths.iter().map(real).collect();
            }
            Ok(spec)
        }
    }
}

fn read_source(value: Value, at: usize) -> Result<AskedSource, Problem> {
    let at = format!("/sources/{at}");
    let mut members = Members::of(value, at.clone())?;
    let kind = members.required("kind", "upload, files or source", string);
    let source = match kind.as_str() {
        "upload" => {
            let id = members.required("upload", "the id that the upload's answer gave", string);
            AskedSource::Upload(id, read_files(&mut members, &at)?)
        }
        "files" => {
            let paths = members.required("paths", &format!("a list of 1 to {MOST} paths"), |value| {
                strings(value).filter(|paths| (1..=MOST).contains(&paths.len()))
            });
            let paths = paths.iter().map(|path| Path::new(path).to_owned()).collect();
            AskedSource::Files(Files { paths, ..read_files(&mut members, &at)? })
        }
        "source" => {
            let name = members.required("name", "the name of a source", string);
            let tables = members.optional("tables", "a list of names, one at least", |value| {
                strings(value).filter(|tables| !tables.is_empty())
            });
            AskedSource::Named(name, tables)
        }
        "database" => {
            let detail = "databases are read where the settings name them ([[source]]); ask for kind source";
            return Err(wrong(format!("{at}/kind"), detail));
        }
        _ => return Err(wrong(format!("{at}/kind"), "expected upload, files or source")),
    };
    members.finish()?;
    Ok(source)
}

/// How files are written, and their columns.
fn read_files(members: &mut Members, at: &str) -> Result<Files, Problem> {
    let format = "csv, ndjson, xlsx or parquet";
    let format = members.optional("format", format, |value| serde_json::from_value::<FileFormat>(value).ok());
    let delimiter = members.optional("delimiter", "one ASCII character other than a quote", |value| {
        let text = string(value)?;
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if c.is_ascii() && !"\"\r\n\0".contains(c) => Some(c),
            _ => None,
        }
    });
    let columns = members.optional("columns", "an object", |value| value.is_object().then_some(value));
    let columns = match columns {
        Some(value) => read_columns(value, &format!("{at}/columns"))?,
        None => Columns::default(),
    };
    Ok(Files { paths: Vec::new(), format, columns, delimiter })
}

fn read_columns(value: Value, at: &str) -> Result<Columns, Problem> {
    let mut members = Members::of(value, at)?;
    let name = "the name of a column";
    let columns = Columns {
        key: members.optional("key", name, string),
        text: members.optional("text", "a list of names of columns", strings).unwrap_or_default(),
        author: members.optional("author", name, string),
        team: members.optional("team", name, string),
        field: members.optional("field", name, string),
        date: members.optional("date", name, string),
    };
    members.finish()?;
    Ok(columns)
}

fn strings(value: Value) -> Option<Vec<String>> {
    serde_json::from_value(value).ok()
}

pub fn wrong(pointer: impl Into<String>, detail: impl Into<String>) -> Problem {
    Problem::invalid(vec![Violation::new(pointer, detail)])
}
