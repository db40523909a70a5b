//! Where lexicons come from: the files embedded in the program, and a user's folder.

use std::borrow::Cow;
use std::path::Path;

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::error::{RuleError, line_at};
use super::schema::{AllowEntry, AllowFile, ContextFile, Cue, Entry, Group, GroupFile, LexiconFile};
use crate::category::Category;

/// Every file of `lexicons/`, by name.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/lexicons.rs"));

/// The pattern detector's file: not read here, but it decides as much as a lexicon, so that it is part of the version.
const PATTERNS: &str = "patterns.toml";
/// The advice book's.
const ADVICE: &str = "advice.toml";
const CONTEXT: &str = "context.toml";
const GROUPS: &str = "groups.toml";
const ALLOW: &str = "allow.toml";

/// Something read from a file.
#[derive(Debug)]
pub struct Located<T> {
    pub file: String,
    pub line: usize,
    pub value: T,
}

/// Everything read, in order: the embedded files by name, then the user's.
#[derive(Debug, Default)]
pub struct Sources {
    pub entries: Vec<(Category, Located<Entry>)>,
    pub cues: Vec<Located<Cue>>,
    pub groups: Vec<Located<Group>>,
    pub allows: Vec<Located<AllowEntry>>,
    pub common: Vec<String>,
    pub fillers: Vec<String>,
    pub names: Vec<String>,
    pub embedded: Embedded,
    hash: Sha256,
}

/// How many of each are embedded; the rest are the user's and replace those of the same name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded {
    pub entries: usize,
    pub cues: usize,
    pub groups: usize,
}

impl Sources {
    /// The embedded files alone.
    pub fn embedded() -> Result<Self, RuleError> {
        let mut sources = Self::default();
        for (name, text) in EMBEDDED {
            sources.add(name, &format!("lexicons/{name}"), text)?;
        }
        sources.embed();
        Ok(sources)
    }

    /// Makes all that was added so far the embedded part.
    pub fn embed(&mut self) {
        self.embedded =
            Embedded { entries: self.entries.len(), cues: self.cues.len(), groups: self.groups.len() };
    }

    /// Adds `folder/lexicons/*.toml` and `folder/allow.toml`. Patterns and advice there are refused: they would be passed over.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), RuleError> {
        let lexicons = folder.join("lexicons");
        let mut paths = Vec::new();
        if lexicons.is_dir() {
            let failed = |source| RuleError::Read { path: lexicons.clone(), source };
            for entry in std::fs::read_dir(&lexicons).map_err(failed)? {
                paths.push(entry.map_err(failed)?.path());
            }
        }
        paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
        paths.sort();
        let allow = folder.join(ALLOW);
        if allow.is_file() {
            paths.push(allow);
        }
        for path in paths {
            let text = std::fs::read_to_string(&path)
                .map_err(|source| RuleError::Read { path: path.clone(), source })?;
            let name = path.file_name().map_or(Cow::Borrowed(""), |name| name.to_string_lossy());
            if [PATTERNS, ADVICE].contains(&&*name) {
                return Err(RuleError::Ours(path));
            }
            self.add(&name, &path.display().to_string(), &text)?;
        }
        Ok(())
    }

    /// Adds one file's text; `name` tells what kind of file it is.
    pub fn add(&mut self, name: &str, file: &str, text: &str) -> Result<(), RuleError> {
        if name == ADVICE {
            return Ok(());
        }
        self.hash.update((name.len() as u64).to_le_bytes());
        self.hash.update(name);
        self.hash.update((text.len() as u64).to_le_bytes());
        self.hash.update(text);
        let line_starts: Vec<usize> = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1))
            .collect();
        let origin = Origin { file, line_starts: &line_starts };
        match name {
            PATTERNS => {}
            CONTEXT => {
                let parsed: ContextFile = parse(file, text)?;
                self.common.extend(parsed.common.words);
                self.fillers.extend(parsed.fillers.words);
                self.names.extend(parsed.names.words);
                self.cues.extend(parsed.cue.into_iter().map(|cue| origin.locate(cue)));
            }
            GROUPS => {
                let parsed: GroupFile = parse(file, text)?;
                self.groups.extend(parsed.group.into_iter().map(|group| origin.locate(group)));
            }
            ALLOW => {
                let parsed: AllowFile = parse(file, text)?;
                self.allows.extend(parsed.allow.into_iter().map(|allow| origin.locate(allow)));
            }
            _ => {
                let parsed: LexiconFile = parse(file, text)?;
                let entries = parsed.entry.into_iter().map(|entry| (parsed.category, origin.locate(entry)));
                self.entries.extend(entries);
            }
        }
        Ok(())
    }

    /// The first twelve hexadecimal digits of the SHA-256 of all files.
    pub fn version(&self) -> String {
        hex::encode(&self.hash.clone().finalize()[..6])
    }
}

/// A file being read, to say where what it holds stands.
struct Origin<'f> {
    file: &'f str,
    /// Byte offset of every line.
    line_starts: &'f [usize],
}

impl Origin<'_> {
    fn locate<T>(&self, item: Spanned<T>) -> Located<T> {
        let line = self.line_starts.partition_point(|start| *start <= item.span().start);
        Located { file: self.file.to_owned(), line, value: item.into_inner() }
    }
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, RuleError> {
    toml::from_str(text).map_err(|error| RuleError::Syntax {
        file: file.to_owned(),
        line: error.span().map_or(0, |span| line_at(text, span.start)),
        message: error.message().trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_file_and_line() {
        let text = "category = \"health\"\n\n[[entry]]\nid = \"x\"\nstrenght = \"strong\"\nterms = [\"x\"]\n";
        let error = Sources::default().add("x.toml", "lexicons/x.toml", text).unwrap_err().to_string();
        assert!(error.starts_with("lexicons/x.toml:5:") && error.contains("strenght"), "{error}");
        let error =
            Sources::default().add("x.toml", "x.toml", "category = \"healt\"").unwrap_err().to_string();
        assert!(error.contains("x.toml:1") && error.contains("healt"), "{error}");
    }

    #[test]
    fn patterns_of_a_user_are_refused_aloud() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("lexicons")).unwrap();
        for name in [PATTERNS, ADVICE] {
            let path = folder.path().join("lexicons").join(name);
            std::fs::write(&path, "").unwrap();
            let error = Sources::default().add_folder(folder.path()).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("allow.toml"), "{error}");
            std::fs::remove_file(path).unwrap();
        }
        Sources::default().add_folder(folder.path()).unwrap();
    }

    #[test]
    fn the_version_follows_the_content() {
        let version = |name: &str, text: &str| {
            let mut sources = Sources::default();
            sources.add(name, name, text).unwrap();
            sources.version()
        };
        assert_eq!(version("x.toml", "category = \"health\""), version("x.toml", "category = \"health\""));
        assert_ne!(version("x.toml", "category = \"health\""), version("x.toml", "category = \"genetic\""));
        // A pattern decides too; advice does not.
        assert_ne!(version(PATTERNS, "references = []"), version(PATTERNS, "references = ['lot']"));
        assert_eq!(version(ADVICE, "[health]"), version(ADVICE, "[genetic]"));
    }
}
