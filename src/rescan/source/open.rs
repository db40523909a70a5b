//! From what a rescan is asked to read to sources that can be read.

use std::path::PathBuf;

use super::{Source, SourceError, files, sql, url};
use crate::rescan::spec::{Files, SourceSpec, Spec};

/// A source with the place it is at, as stored and shown: a folder, an address without its password.
pub struct Opened {
    pub place: String,
    pub source: Box<dyn Source>,
}

/// Opens every source of a rescan, in order. Says what is wrong with what was asked for; databases are connected to only
/// when planned or read.
pub fn open(spec: &Spec) -> Result<Vec<Opened>, SourceError> {
    spec.sources
        .iter()
        .map(|source| match source {
            SourceSpec::Files(wanted) => {
                Ok(Opened { place: folder(wanted), source: files::open(wanted, spec.authors)? })
            }
            SourceSpec::Database(wanted) => {
                Ok(Opened { place: url::place(&wanted.url), source: sql::open(wanted, spec.authors)? })
            }
        })
        .collect()
}

/// What may be stored: addresses without a password in clear.
pub fn without_passwords(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    for source in &mut spec.sources {
        if let SourceSpec::Database(database) = source {
            database.url = url::without_password(&database.url);
        }
    }
    spec
}

/// The folder all files are in: the same when a file is added to it, so that an incremental rescan finds the earlier one.
fn folder(files: &Files) -> String {
    let folder_of = |path: &PathBuf| match path.parent() {
        Some(parent) if !path.is_dir() => parent.to_owned(),
        _ => path.clone(),
    };
    let common = |a: PathBuf, b: PathBuf| -> PathBuf {
        a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    };
    let folder = files.paths.iter().map(folder_of).reduce(common).unwrap_or_default();
    folder.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_at_the_folder_they_share() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().to_owned();
        for name in ["a/x", "b"] {
            std::fs::create_dir_all(root.join(name)).unwrap();
        }
        let place = |paths: &[&str]| {
            let paths = paths.iter().map(|path| root.join(path)).collect();
            folder(&Files { paths, ..Files::default() })
        };
        let at = |name: &str| root.join(name).display().to_string();
        assert_eq!(place(&["a"]), at("a"));
        assert_eq!(place(&["a/1.csv"]), at("a"));
        assert_eq!(place(&["a/1.csv", "a/x/2.csv"]), at("a"));
        assert_eq!(place(&["a/x/2.csv", "b"]), root.display().to_string());
    }

    #[test]
    fn a_password_in_clear_is_not_stored() {
        let spec: Spec = serde_json::from_value(serde_json::json!({
            "sources": [
                {"kind": "database", "url": "postgres://vigie:s3cret@db/crm", "tables": [{"name": "notes"}]},
                {"kind": "database", "url": "mysql://vigie:${PW}@db/crm", "tables": [{"name": "notes"}]}
            ]
        }))
        .unwrap();
        let stored = serde_json::to_string(&without_passwords(&spec)).unwrap();
        assert!(!stored.contains("s3cret") && stored.contains("${PW}"), "{stored}");
        let opened = open(&Spec { sources: spec.sources[..1].to_vec(), ..spec }).unwrap();
        assert_eq!(opened[0].place, "postgres://vigie@db/crm");
    }

    #[test]
    fn what_is_not_there_is_said_at_once() {
        let spec: Spec = serde_json::from_value(serde_json::json!({
            "sources": [{"kind": "files", "paths": ["/nowhere/notes.csv"]}]
        }))
        .unwrap();
        let error = open(&spec).err().unwrap();
        assert!(error.message.contains("/nowhere/notes.csv") && !error.transient, "{error}");
    }
}
