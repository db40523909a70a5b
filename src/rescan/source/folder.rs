//! The files of a source: those that are named, and those in folders; each once, in the same order at every run.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::SourceError;
use super::compressed::Packing;
use super::pages::io_error;
use crate::rescan::spec::FileFormat;

/// How notes are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub format: FileFormat,
    pub packing: Packing,
}

/// A file, or a part of a folder that cannot be read.
#[derive(Debug)]
pub struct Found {
    /// Path from the folder that was named, or the file's name; longer where two would be called the same.
    pub name: String,
    pub path: PathBuf,
    pub kind: Result<Kind, SourceError>,
}

/// Lists the files. What was named must be there and be of a known kind; in folders, the rest is reported in its place.
pub fn list(paths: &[PathBuf], format: Option<FileFormat>) -> Result<Vec<Found>, SourceError> {
    let mut walk = Walk { format, seen: HashSet::new(), found: Vec::new() };
    for path in paths {
        let shown = path.display();
        let metadata = fs::metadata(path).map_err(|e| io_error(&format!("{shown} cannot be opened"), &e))?;
        let before = walk.found.len();
        if metadata.is_dir() {
            walk.folder(path, Path::new(""))?;
            walk.found[before..].sort_by(|a, b| Path::new(&a.name).cmp(Path::new(&b.name)));
        } else if metadata.is_file() {
            let name =
                path.file_name().map_or_else(|| shown.to_string(), |n| n.to_string_lossy().into_owned());
            let found = kind(path, format)
                .map_err(|e| SourceError { message: format!("{shown}: {}", e.message), ..e })?;
            walk.file(path, name, Ok(found));
        } else {
            return Err(SourceError::permanent(format!(
                "{shown} is neither a file nor a folder; write a pipe's content to a file first, so that reading can go \
                 on after a stop"
            )));
        }
    }
    if walk.found.is_empty() {
        return Err(SourceError::permanent("there is no file of notes in what was named"));
    }
    tell_apart(&mut walk.found);
    Ok(walk.found)
}

struct Walk {
    format: Option<FileFormat>,
    /// Files and folders that were met, by where they really are: links may lead to them again.
    seen: HashSet<PathBuf>,
    found: Vec<Found>,
}

impl Walk {
    /// Lists a folder. An error of the folder itself is given back.
    fn folder(&mut self, path: &Path, name: &Path) -> Result<(), SourceError> {
        let cannot = |e: &io::Error| io_error("the folder cannot be read", e);
        if !self.seen.insert(path.canonicalize().map_err(|e| cannot(&e))?) {
            return Ok(());
        }
        let entries = fs::read_dir(path).and_then(|entries| {
            entries.map(|entry| entry.map(|e| e.file_name())).collect::<io::Result<Vec<_>>>()
        });
        let mut entries = entries.map_err(|e| cannot(&e))?;
        entries.sort_unstable();
        for entry in entries {
            let hidden = entry.as_encoded_bytes();
            // Office programs mark an open file by another one with this sign.
            if hidden.starts_with(b".") || hidden.starts_with(b"~$") {
                continue;
            }
            self.entry(&path.join(&entry), &name.join(&entry));
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, name: &Path) {
        let shown = name.display().to_string();
        let problem = match fs::metadata(path) {
            Err(error) => io_error("the file cannot be opened", &error),
            Ok(metadata) if metadata.is_dir() => match self.folder(path, name) {
                Ok(()) => return,
                Err(error) => error,
            },
            Ok(metadata) if metadata.is_file() => match kind(path, self.format) {
                // Nothing is lost with an empty file, as some programs write to say that they are done.
                Err(_) if metadata.len() == 0 => return,
                kind => return self.file(path, shown, kind),
            },
            Ok(_) => SourceError::permanent("neither a file nor a folder; not read"),
        };
        self.found.push(Found { name: shown, path: path.to_owned(), kind: Err(problem) });
    }

    fn file(&mut self, path: &Path, name: String, kind: Result<Kind, SourceError>) {
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.seen.insert(place) {
            self.found.push(Found { name, path: path.to_owned(), kind });
        }
    }
}

/// What the name says of how a file is written; `asked` overrides all but the compression.
fn kind(path: &Path, asked: Option<FileFormat>) -> Result<Kind, SourceError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let (packing, inner) = match name.rsplit_once('.') {
        Some((inner, "gz")) => (Packing::Gzip, inner),
        Some((inner, "zst" | "zstd")) => (Packing::Zstd, inner),
        _ => (Packing::None, name.as_str()),
    };
    let by_name = match inner.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "csv" | "tsv" => Ok(FileFormat::Csv),
        "ndjson" | "jsonl" | "json" => Ok(FileFormat::Ndjson),
        "xlsx" | "xlsm" => Ok(FileFormat::Xlsx),
        "parquet" | "pq" => Ok(FileFormat::Parquet),
        "xls" | "xlsb" | "ods" => Err("this kind of workbook is not read; save it as .xlsx or .csv"),
        "zip" | "7z" | "rar" | "tar" | "tgz" | "bz2" | "xz" => Err("an archive is not read; unpack it first"),
        _ => {
            Err("its name does not say how its notes are written (csv, ndjson, xlsx, parquet); add --format")
        }
    };
    let format = match asked {
        Some(format) => format,
        None => by_name.map_err(SourceError::permanent)?,
    };
    if packing != Packing::None && matches!(format, FileFormat::Xlsx | FileFormat::Parquet) {
        return Err(SourceError::permanent(
            "XLSX and Parquet are compressed already; unpack this file first",
        ));
    }
    Ok(Kind { format, packing })
}

/// Gives files of one name the names of their folders too, until each is called something else.
fn tell_apart(found: &mut [Found]) {
    let parts = |path: &Path| -> Vec<String> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let names = path.components().filter(|c| matches!(c, Component::Normal(_) | Component::ParentDir));
        names.map(|c| c.as_os_str().to_string_lossy().into_owned()).collect()
    };
    loop {
        let mut names = HashSet::new();
        let twice: HashSet<String> =
            found.iter().filter(|f| !names.insert(f.name.clone())).map(|f| f.name.clone()).collect();
        let mut changed = false;
        for file in found.iter_mut().filter(|f| twice.contains(&f.name)) {
            let parts = parts(&file.path);
            let shown = Path::new(&file.name).components().count();
            if shown < parts.len() {
                file.name = parts[parts.len() - shown - 1..].join("/");
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, names: &[&str]) {
        for name in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
    }

    fn names(found: &[Found]) -> Vec<(&str, bool)> {
        found.iter().map(|f| (f.name.as_str(), f.kind.is_ok())).collect()
    }

    #[test]
    fn folders_are_walked_in_order_and_what_is_unknown_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            &["b.csv", "a/z.ndjson.gz", "a/y.parquet.zst", ".hidden.csv", "~$b.xlsx", "lisez-moi.md"],
        );
        fs::write(dir.path().join("_SUCCESS"), "").unwrap();
        let found = list(&[dir.path().to_owned()], None).unwrap();
        let expected =
            [("a/y.parquet.zst", false), ("a/z.ndjson.gz", true), ("b.csv", true), ("lisez-moi.md", false)];
        assert_eq!(names(&found), expected);
        let error = found[0].kind.as_ref().unwrap_err().to_string();
        assert!(error.contains("compressed already"), "{error}");
        assert_eq!(
            *found[1].kind.as_ref().unwrap(),
            Kind { format: FileFormat::Ndjson, packing: Packing::Gzip }
        );
        let forced = list(&[dir.path().to_owned()], Some(FileFormat::Csv)).unwrap();
        assert!(forced.iter().all(|f| f.kind.as_ref().is_ok_and(|k| k.format == FileFormat::Csv)));
    }

    #[test]
    fn what_is_named_must_be_there_and_known() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["a.xls", "b.txt"]);
        fs::create_dir(dir.path().join("empty")).unwrap();
        for (name, said) in
            [("a.xls", ".xlsx"), ("b.txt", "--format"), ("c.csv", "c.csv"), ("empty", "no file of notes")]
        {
            let error = list(&[dir.path().join(name)], None).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn files_of_one_name_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["2023/nord/c.csv", "2024/nord/c.csv", "2024/d.csv"]);
        let paths = ["2023", "2024", "2024/nord/c.csv"].map(|name| dir.path().join(name));
        let found = list(&paths, None).unwrap();
        let expected = [("2023/nord/c.csv", true), ("d.csv", true), ("2024/nord/c.csv", true)];
        let mut sorted = names(&found);
        sorted.sort_by_key(|(name, _)| expected.iter().position(|(e, _)| e == name));
        assert_eq!(sorted, expected);
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_in_circles_and_no_file_comes_twice() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["a/b.csv"]);
        symlink(dir.path(), dir.path().join("a/up")).unwrap();
        symlink(dir.path().join("a/b.csv"), dir.path().join("c.csv")).unwrap();
        symlink(dir.path().join("gone.csv"), dir.path().join("broken.csv")).unwrap();
        let found = list(&[dir.path().to_owned(), dir.path().join("a")], None).unwrap();
        assert_eq!(names(&found), [("a/b.csv", true), ("broken.csv", false)]);
    }
}
