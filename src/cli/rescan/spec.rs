//! Arguments and a file of specifications, joined into what a rescan is asked to do.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::super::global::probability;
use crate::policy::DEFAULT_PROFILE;
use crate::rescan::spec::{Columns, Database, FileFormat, Files, SourceSpec, Spec, Table};

/// What to read and how.
#[derive(Debug, clap::Args)]
pub struct SpecArgs {
    /// Files, folders, or addresses of databases (postgres://user@host/base, mysql://user@host/base)
    ///
    /// ${NAME} in an address stands for an environment variable: postgres://vigie:${CRM_PASSWORD}@db/crm. It is stored as
    /// written; a password in clear is not stored, and would have to be given anew to resume.
    #[arg(value_name = "PATH|URL")]
    sources: Vec<String>,

    /// TOML file that says all this; flags add to it
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,

    /// Table of the database, with its schema where it needs one; may be given several times
    #[arg(long, value_name = "TABLE", help_heading = "Columns")]
    table: Vec<String>,

    /// Column of the key; without it the primary key, a column with a usual name, or the number of the row
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    key: Option<String>,

    /// Column of notes, may be given several times; without it those with usual names
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    text: Vec<String>,

    /// Column of the author; staff must be told before (Code du travail, art. L1222-4)
    #[arg(long, value_name = "COLUMN", requires = "authors", help_heading = "Columns")]
    author: Option<String>,

    /// Column of the team, to group findings by
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    team: Option<String>,

    /// Column that names the field of each note; without it the name of the note's column is its field
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    field: Option<String>,

    /// Column of the date, to group findings by month
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    date: Option<String>,

    /// How the files are written; without it the extension says
    #[arg(long, value_name = "FORMAT")]
    format: Option<FileFormat>,

    /// CSV delimiter, one character or `tab`; without it, it is found out
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<char>,

    /// Policy profile; `vigie profiles` lists them [env: VIGIE_PROFILE] [default: default]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Leave out findings under this score, 0 to 1 [default: 0]
    #[arg(long, value_name = "SCORE", value_parser = probability)]
    min_score: Option<f32>,

    /// Read at most so many notes a second, to spare the source
    #[arg(long, value_name = "NOTES", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,

    /// Scan only the notes that changed since the last rescan of the same sources with the same versions and options; what
    /// was found in the others is taken over
    #[arg(long)]
    incremental: bool,

    /// Keep a masked excerpt of each finding, encrypted; needs the key in VIGIE_DATA_KEY
    #[arg(long)]
    excerpts: bool,

    /// Keep the authors of notes with findings; staff must be told before (Code du travail, art. L1222-4)
    #[arg(long)]
    authors: bool,

    /// What to call it
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

impl SpecArgs {
    /// What the arguments and the file come to. `profile` is that of the settings.
    pub fn spec(self, profile: &str) -> anyhow::Result<Spec> {
        let mut spec = match &self.spec {
            Some(path) => read(path, profile)?,
            None => empty(profile),
        };
        let columns = Columns {
            key: self.key,
            text: self.text,
            author: self.author,
            team: self.team,
            field: self.field,
            date: self.date,
        };
        let (urls, paths): (Vec<_>, Vec<_>) = self.sources.into_iter().partition(|s| is_address(s));
        if !self.table.is_empty() && urls.is_empty() {
            bail!("--table is for databases; name one by its address, as postgres://user@host/base");
        }
        for url in urls {
            if self.table.is_empty() {
                bail!(
                    "name the tables to read with --table, or let `vigie rescan discover` propose a --spec"
                );
            }
            let table =
                |name: &String| Table { name: name.clone(), columns: columns.clone(), ..Table::default() };
            let tables = self.table.iter().map(table).collect();
            spec.sources.push(SourceSpec::Database(Database { url, tables }));
        }
        if !paths.is_empty() {
            let paths = paths.iter().map(|path| absolute(Path::new(path))).collect::<Result<_, _>>()?;
            let (format, delimiter) = (self.format, self.delimiter);
            spec.sources.push(SourceSpec::Files(Files { paths, format, columns, delimiter }));
        }
        if spec.sources.is_empty() {
            bail!("nothing to scan: name files, folders or addresses of databases, or a --spec");
        }
        spec.name = self.name.unwrap_or(spec.name);
        spec.profile = self.profile.unwrap_or(spec.profile);
        spec.min_score = self.min_score.unwrap_or(spec.min_score);
        spec.rate = self.rate.or(spec.rate);
        spec.incremental |= self.incremental;
        spec.excerpts |= self.excerpts;
        spec.authors |= self.authors;
        Ok(spec)
    }
}

fn empty(profile: &str) -> Spec {
    Spec {
        name: String::new(),
        sources: Vec::new(),
        profile: profile.to_owned(),
        min_score: 0.0,
        rate: None,
        incremental: false,
        excerpts: false,
        authors: false,
    }
}

/// Reads a specification. Relative paths in it are taken from the file's own folder.
fn read(path: &Path, profile: &str) -> anyhow::Result<Spec> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut spec: Spec = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |s| text[..s.start].matches('\n').count() + 1);
        anyhow::anyhow!("{}:{line}: {}", path.display(), error.message())
    })?;
    if spec.profile == DEFAULT_PROFILE {
        spec.profile = profile.to_owned();
    }
    if !(0.0..=1.0).contains(&spec.min_score) {
        bail!("{}: min_score is not between 0 and 1", path.display());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    for source in &mut spec.sources {
        if let SourceSpec::Files(files) = source {
            for file in &mut files.paths {
                *file = absolute(&folder.join(&*file))?;
            }
        }
    }
    Ok(spec)
}

/// Whether it is an address, or a variable that holds one.
fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("${")
}

/// The path from the root, as the rescan may be resumed from another folder.
fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("cannot tell where {} is", path.display()))
}

fn delimiter(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (text, chars.next(), chars.next()) {
        ("\\t" | "tab", ..) => Ok('\t'),
        (_, Some(c), None) if c.is_ascii() && !"\"\r\n".contains(c) => Ok(c),
        _ => Err("give one ASCII character other than a quote, or `tab`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        spec: SpecArgs,
    }

    fn spec(args: &[&str]) -> anyhow::Result<Spec> {
        Cli::try_parse_from(["x"].iter().chain(args))?.spec.spec("bank")
    }

    #[test]
    fn paths_are_stored_from_the_root_and_addresses_as_written() {
        let url = "postgres://vigie:${PW}@db/crm";
        let spec = spec(&["notes.csv", url, "--table", "a", "--table", "b", "--text", "suivi"]).unwrap();
        let SourceSpec::Database(database) = &spec.sources[0] else { panic!("{spec:?}") };
        assert_eq!((database.url.as_str(), database.tables.len()), (url, 2));
        let SourceSpec::Files(files) = &spec.sources[1] else { panic!("{spec:?}") };
        assert!(files.paths[0].is_absolute() && files.columns.text == ["suivi"]);
        assert_eq!(spec.profile, "bank");
    }

    #[test]
    fn a_file_and_flags_join() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("crm.toml");
        let file = path.to_str().unwrap();
        std::fs::write(
            &path,
            "name = 'crm'\nmin_score = 0.5\n[[sources]]\nkind = 'files'\npaths = ['a.csv']\n",
        )
        .unwrap();
        let spec_of = |extra: &[&str]| spec(&[&["--spec", file], extra].concat());
        let joined = spec_of(&["b.csv", "--min-score", "0.7", "--incremental"]).unwrap();
        assert_eq!((joined.name.as_str(), joined.min_score, joined.incremental), ("crm", 0.7, true));
        assert_eq!(joined.sources.len(), 2);
        let SourceSpec::Files(files) = &joined.sources[0] else { panic!() };
        assert_eq!(files.paths, [std::path::absolute(dir.path().join("a.csv")).unwrap()]);
        std::fs::write(&path, "name = 'crm'\nsorces = []\n").unwrap();
        let error = spec_of(&[]).unwrap_err().to_string();
        assert!(error.contains("crm.toml:2:") && error.contains("sorces"), "{error}");
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_remedy() {
        for (args, said) in [
            (&["mysql://u@h/b"][..], "--table"),
            (&["a.csv", "--table", "t"], "databases"),
            (&[], "nothing to scan"),
            (&["a.csv", "--author", "a"], "--authors"),
            (&["a.csv", "--delimiter", ";;"], "one ASCII character"),
            (&["a.csv", "--rate", "0"], "rate"),
        ] {
            let error = spec(args).unwrap_err().to_string();
            assert!(error.contains(said), "{args:?}: {error}");
        }
    }
}
