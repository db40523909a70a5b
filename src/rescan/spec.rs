//! What a rescan is asked to do: one structure for the command line, the HTTP door, the pages and the store.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A rescan as asked for. Stored as JSON with the rescan; holds no password (see [`Database::url`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Shown to people.
    #[serde(default)]
    pub name: String,
    pub sources: Vec<SourceSpec>,
    /// Policy profile.
    #[serde(default = "default_profile")]
    pub profile: String,
    /// Findings under this score are not kept, 0..=1.
    #[serde(default)]
    pub min_score: f32,
    /// Notes a second at most, to spare the source.
    #[serde(default)]
    pub rate: Option<u32>,
    /// Scan only what changed since the last finished rescan of the same sources with the same versions and profile.
    #[serde(default)]
    pub incremental: bool,
    /// Keep a masked excerpt of each finding, encrypted; needs `VIGIE_DATA_KEY`.
    #[serde(default)]
    pub excerpts: bool,
    /// Keep authors, for per-author figures: staff must be told first (Code du travail, art. L1222-4).
    #[serde(default)]
    pub authors: bool,
    /// Sinks of the server's settings (`[[sink]]`) that get the findings when it has ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sinks: Vec<String>,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum SourceSpec {
    Files(Files),
    Database(Database),
}

/// Files, or folders of them, plain or compressed (`.gz`, `.zst`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Files {
    #[schema(value_type = Vec<String>)]
    pub paths: Vec<PathBuf>,
    /// `None`: the extension says.
    #[serde(default)]
    pub format: Option<FileFormat>,
    #[serde(default)]
    pub columns: Columns,
    /// CSV delimiter; `None`: found out.
    #[serde(default)]
    pub delimiter: Option<char>,
}

/// How notes are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    Csv,
    Ndjson,
    Xlsx,
    Parquet,
}

/// Tables of a database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://user@host:port/base` or `mysql://user@host:port/base`. `${NAME}` stands for an environment variable and
    /// is stored as written; a password in clear is taken out before anything is stored.
    pub url: String,
    pub tables: Vec<Table>,
}

/// A table or a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Name, with its schema where there is one; for a query, what to call it.
    pub name: String,
    /// A SELECT that gives the columns below; `None`: the table itself.
    #[serde(default)]
    pub query: Option<String>,
    /// Condition on the rows, as after WHERE.
    #[serde(default)]
    pub filter: Option<String>,
    #[serde(default)]
    pub columns: Columns,
}

/// Which columns hold what. Names as in the source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Key of a row; `None`: the primary key, a column with a usual name, else the number of the row (files).
    #[serde(default)]
    pub key: Option<String>,
    /// Columns of notes; empty: those with usual names.
    #[serde(default)]
    pub text: Vec<String>,
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub team: Option<String>,
    /// Column that names the field of the note for the policy; `None`: the text column's own name is the field.
    #[serde(default)]
    pub field: Option<String>,
    #[serde(default)]
    pub date: Option<String>,
}

fn default_profile() -> String {
    crate::policy::DEFAULT_PROFILE.to_owned()
}
