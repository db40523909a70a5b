//! What rescans run by this server may read. Whoever holds a key must not be able to read any file or to reach any host:
//! files lie under `rescan_dirs`, are named by a `[[source]]`, or were sent; databases are those of a `[[source]]`, its
//! tables, queries and conditions included.
//!
//! It is asked when a rescan is asked for, and again whenever its sources are opened: what the settings no longer allow is
//! not read any more, and a rescan of the command line goes on here only where they allow it. Paths are compared where they
//! really are, links followed, those within a folder too.

use std::path::{Path, PathBuf};

use crate::config::{Config, NamedSource};
use crate::rescan::source::url::without_password;
use crate::rescan::source::{Opened, SourceError, files, open, place_of};
use crate::rescan::spec::{Database, Files, SourceSpec, Spec};

/// Where files are kept that were sent, in the data folder.
pub const UPLOADS: &str = "uploads";

/// The place of every file that was sent, so that an incremental rescan knows the next one of the same name.
pub const UPLOADED: &str = "upload";

/// What the settings allow.
#[derive(Clone, Debug)]
pub struct Permit {
    dirs: Vec<PathBuf>,
    sources: Vec<NamedSource>,
    data: Option<PathBuf>,
}

impl Permit {
    pub fn of(config: &Config) -> Self {
        Self {
            dirs: config.rescan_dirs.clone(),
            sources: config.source.clone(),
            data: config.data_folder().ok(),
        }
    }

    /// The file or folder a client names, from the root or from one of `rescan_dirs`; `None` where it is not there or not in
    /// any of them: which of both is not told.
    pub fn path(&self, asked: &Path) -> Option<PathBuf> {
        self.dirs.iter().find_map(|dir| {
            let dir = dir.canonicalize().ok()?;
            let path = dir.join(asked).canonicalize().ok()?;
            (path.starts_with(&dir) && !self.is_own(&path)).then_some(path)
        })
    }

    /// The source of that name.
    pub fn source(&self, name: &str) -> Option<&NamedSource> {
        self.sources.iter().find(|source| source.name == name)
    }

    /// Opens the sources of a rescan as stored, each only where the settings allow it.
    pub fn open(&self, spec: &Spec) -> Result<Vec<Opened>, SourceError> {
        let mut real = spec.clone();
        for source in &mut real.sources {
            match source {
                SourceSpec::Files(wanted) => self.check(wanted)?,
                SourceSpec::Database(wanted) => self.complete(wanted)?,
            }
        }
        self.open_unchecked(&real)
    }

    /// Opens the sources of a rescan whatever the settings allow, as the command line does for who may read them anyway: at
    /// the places they have in the store, by which what was read before is found again.
    pub fn open_unchecked(&self, spec: &Spec) -> Result<Vec<Opened>, SourceError> {
        let mut opened = open(spec)?;
        for (opened, source) in opened.iter_mut().zip(&spec.sources) {
            opened.place = self.place(source);
        }
        Ok(opened)
    }

    /// Whether it is a file that was sent.
    pub fn is_upload(&self, source: &SourceSpec) -> bool {
        let Some(folder) = self.uploads() else { return false };
        matches!(source, SourceSpec::Files(files) if files.paths.iter().all(|path| path.starts_with(&folder)))
    }

    /// Where a source is, for people: no password, no path of the data folder.
    pub fn place(&self, source: &SourceSpec) -> String {
        if self.is_upload(source) { UPLOADED.to_owned() } else { place_of(source) }
    }

    /// Folder of the files that were sent, as it really is once it is there.
    pub fn uploads(&self) -> Option<PathBuf> {
        let data = self.data.as_ref()?;
        Some(data.canonicalize().unwrap_or_else(|_| data.clone()).join(UPLOADS))
    }

    /// The store and its key, which no rescan reads.
    fn is_own(&self, path: &Path) -> bool {
        let data = self.data.as_ref().and_then(|data| data.canonicalize().ok());
        data.is_some_and(|data| path.starts_with(data))
    }

    /// Refuses files outside of what is allowed, those that links in a folder lead to among them.
    fn check(&self, wanted: &Files) -> Result<(), SourceError> {
        let named = self.sources.iter().flat_map(|source| &source.paths);
        let roots: Vec<PathBuf> =
            self.dirs.iter().chain(named).filter_map(|root| root.canonicalize().ok()).collect();
        let uploads = self.uploads();
        let allowed = |path: &Path| {
            let Ok(path) = path.canonicalize() else { return false };
            match uploads.as_ref().is_some_and(|folder| path.starts_with(folder)) {
                true => true,
                false => !self.is_own(&path) && roots.iter().any(|root| path.starts_with(root)),
            }
        };
        if !wanted.paths.iter().all(|path| allowed(path)) {
            return Err(refused("a file"));
        }
        let found = files::list(&wanted.paths, wanted.format)?;
        match found.iter().find(|file| file.kind.is_ok() && !allowed(&file.path)) {
            None => Ok(()),
            Some(file) => Err(SourceError::permanent(format!(
                "{} is a link that leads out of the folders this server may read (rescan_dirs)",
                file.name
            ))),
        }
    }

    /// Gives a stored address its password back, where the settings have the database and all its tables.
    fn complete(&self, wanted: &mut Database) -> Result<(), SourceError> {
        let stored = without_password(&wanted.url);
        let matching = |source: &&NamedSource| {
            source.url.as_deref().is_some_and(|url| without_password(url) == stored)
                && wanted.tables.iter().all(|table| source.tables.contains(table))
        };
        let source = self.sources.iter().find(matching).ok_or_else(|| refused("a database or a table"))?;
        wanted.url = source.url.clone().unwrap_or_default();
        Ok(())
    }
}

fn refused(what: &str) -> SourceError {
    SourceError::permanent(format!(
        "{what} of it is not there, or not among what this server may read (rescan_dirs, [[source]])"
    ))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    /// `in/a.csv` and `in/link`, which leads to `out/b.csv`; `data` with a store and an upload.
    fn place() -> (tempfile::TempDir, Permit) {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("in/a.csv", "note\nbonjour\n"),
            ("out/b.csv", "note\nsecret\n"),
            ("data/key.csv", "note\nsecret\n"),
            ("data/uploads/u-1/notes.csv", "note\nbonjour\n"),
        ] {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let config = Config {
            data_dir: Some(dir.path().join("data")),
            rescan_dirs: vec![dir.path().join("in")],
            source: vec![NamedSource {
                name: "crm".to_owned(),
                url: Some("postgres://vigie:s3cret@db/crm".to_owned()),
                tables: serde_json::from_value(json!([{"name": "notes"}, {"name": "tasks"}])).unwrap(),
                ..NamedSource::default()
            }],
            ..Config::default()
        };
        let permit = Permit::of(&config);
        (dir, permit)
    }

    fn files(paths: &[PathBuf]) -> Spec {
        serde_json::from_value(json!({"sources": [{"kind": "files", "paths": paths}]})).unwrap()
    }

    fn database(url: &str, tables: serde_json::Value) -> Spec {
        serde_json::from_value(json!({"sources": [{"kind": "database", "url": url, "tables": tables}]}))
            .unwrap()
    }

    #[test]
    fn only_files_of_the_folders_are_found() {
        let (dir, permit) = place();
        let real = dir.path().canonicalize().unwrap();
        let at = |path: &str| permit.path(Path::new(path));
        assert_eq!(at("a.csv"), Some(real.join("in/a.csv")));
        assert_eq!(at(real.join("in/a.csv").to_str().unwrap()), Some(real.join("in/a.csv")));
        assert_eq!(at("."), Some(real.join("in")));
        std::os::unix::fs::symlink(real.join("out/b.csv"), real.join("in/link.csv")).unwrap();
        for bad in ["../out/b.csv", "a.csv/../../out/b.csv", "/etc/passwd", "/", "..", "link.csv", "no.csv"] {
            assert_eq!(at(bad), None, "{bad}");
        }
        assert_eq!(at(real.join("out/b.csv").to_str().unwrap()), None);
    }

    #[test]
    fn what_is_stored_is_checked_again_when_it_is_opened() {
        let (dir, permit) = place();
        let at = |path: &str| dir.path().join(path);
        assert!(permit.open(&files(&[at("in")])).is_ok());
        let upload = permit.uploads().unwrap().join("u-1/notes.csv");
        for opened in
            [permit.open(&files(std::slice::from_ref(&upload))), permit.open_unchecked(&files(&[upload]))]
        {
            assert_eq!(opened.unwrap()[0].place, UPLOADED);
        }
        for bad in ["out/b.csv", "out", "data/key.csv", "", "in/no.csv"] {
            let error = permit.open(&files(&[at("in/a.csv"), at(bad)])).err().unwrap();
            assert!(error.message.contains("rescan_dirs") && !error.transient, "{bad}: {error}");
        }
        std::os::unix::fs::symlink(at("out/b.csv"), at("in/link.csv")).unwrap();
        let error = permit.open(&files(&[at("in")])).err().unwrap();
        assert!(error.message.contains("link.csv is a link"), "{error}");
        let closed = Permit { dirs: Vec::new(), ..permit };
        assert!(closed.open(&files(&[at("in/a.csv")])).is_err());
    }

    #[test]
    fn the_store_is_not_read_even_where_its_folder_is_allowed() {
        let (dir, permit) = place();
        let open = Permit { dirs: vec![dir.path().to_owned()], ..permit };
        assert!(open.path(Path::new("out/b.csv")).is_some());
        assert!(open.path(Path::new("data/key.csv")).is_none());
        assert!(open.open(&files(&[dir.path().join("data/key.csv")])).is_err());
        assert!(open.open(&files(&[dir.path().join("data")])).is_err());
    }

    #[test]
    fn only_named_databases_are_reached_and_only_their_own_tables() {
        let (_dir, permit) = place();
        let stored = "postgres://vigie@db/crm";
        let tables = json!([{"name": "notes"}]);
        assert!(permit.open(&database(stored, tables.clone())).is_ok());
        let Ok(mut wanted) = serde_json::from_value::<Database>(json!({"url": stored, "tables": tables}))
        else {
            panic!()
        };
        permit.complete(&mut wanted).unwrap();
        assert_eq!(wanted.url, "postgres://vigie:s3cret@db/crm");
        for (url, tables) in [
            ("postgres://vigie@elsewhere/crm", tables.clone()),
            ("postgres://other@db/crm", tables),
            (stored, json!([{"name": "users"}])),
            (stored, json!([{"name": "notes", "filter": "1 = (SELECT 1)"}])),
            (stored, json!([{"name": "notes", "query": "SELECT * FROM users"}])),
            (stored, json!([{"name": "notes", "columns": {"text": ["password"]}}])),
        ] {
            let error = permit.open(&database(url, tables)).err().unwrap();
            assert!(error.message.contains("[[source]]") && !error.message.contains("s3cret"), "{error}");
        }
    }
}
