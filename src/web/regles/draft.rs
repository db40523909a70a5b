//! A rules file being written: tried with the real compiler beside the shipped rules and the rest of the folder, before it
//! is saved.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::policy::{Policies, PolicyError};
use crate::rescan::sink::AtomicFile;
use crate::rules::{RuleError, RuleSet, check};

/// Longest file, in bytes.
pub const LONGEST: usize = 1 << 20;

/// A file of a user's folder of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesFile {
    /// `lexicons`, `policy`, or nothing for `allow.toml`.
    folder: Option<&'static str>,
    name: String,
}

/// Something wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// From 1, where it can be told.
    pub line: Option<usize>,
    /// The compiler's own words.
    pub message: String,
}

impl RulesFile {
    /// `allow.toml`, `lexicons/….toml`, `policy/….toml`; nothing else is a rules file.
    pub fn parse(path: &str) -> Option<Self> {
        if path == "allow.toml" {
            return Some(Self { folder: None, name: path.to_owned() });
        }
        let (folder, name) = path.split_once('/')?;
        let folder = ["lexicons", "policy"].into_iter().find(|f| *f == folder)?;
        let stem = name.strip_suffix(".toml")?;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        let good = (1..=60).contains(&stem.len()) && stem.bytes().all(plain);
        good.then(|| Self { folder: Some(folder), name: name.to_owned() })
    }

    /// Its path in the folder of rules.
    pub fn path(&self) -> String {
        self.folder.map_or_else(|| self.name.clone(), |folder| format!("{folder}/{}", self.name))
    }

    /// Its name alone.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn is_policy(&self) -> bool {
        self.folder == Some("policy")
    }

    /// What it holds now; `None` where it is not there.
    pub fn read(&self, rules_dir: &Path) -> io::Result<Option<String>> {
        match fs::read_to_string(rules_dir.join(self.path())) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Saves it, whole or not at all.
    pub fn save(&self, rules_dir: &Path, text: &str) -> io::Result<()> {
        let path = rules_dir.join(self.path());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = AtomicFile::create(&path)?;
        file.write_all(text.as_bytes())?;
        file.commit()
    }

    /// Everything wrong with this file if it held `text`: what the compiler says of it, and examples of rules that would not
    /// come out as before.
    pub fn wrongs(&self, rules_dir: Option<&Path>, text: &str) -> io::Result<Vec<Wrong>> {
        let copy = Copy::of(rules_dir)?;
        let before = match self.is_policy() {
            true => Vec::new(),
            // Rules that are broken already are not this draft's.
            false => RuleSet::load(rules_dir).map(|rules| check::check(&Arc::new(rules))).unwrap_or_default(),
        };
        self.save(&copy.0, text)?;
        let own = copy.0.join(self.path()).display().to_string();
        let line = |file: &str, line: usize| Some(line).filter(|line| file == own && *line > 0);
        if self.is_policy() {
            return Ok(match Policies::load(Some(&copy.0)) {
                Ok(_) => Vec::new(),
                Err(PolicyError::Syntax { file, line: at, message }) => {
                    vec![Wrong { line: line(&file, at), message }]
                }
                Err(PolicyError::Invalid { message, .. }) => vec![Wrong { line: None, message }],
                Err(error) => vec![Wrong { line: None, message: copy.hidden(&error.to_string()) }],
            });
        }
        let problems = match RuleSet::load(Some(&copy.0)) {
            Ok(rules) => {
                let after = check::check(&Arc::new(rules));
                after
                    .into_iter()
                    .filter(|p| !before.iter().any(|b| b.rule == p.rule && b.message == p.message))
                    .collect()
            }
            Err(RuleError::Invalid(problems)) => problems,
            Err(RuleError::Syntax { file, line: at, message }) => {
                return Ok(vec![Wrong { line: line(&file, at), message }]);
            }
            Err(error) => return Ok(vec![Wrong { line: None, message: copy.hidden(&error.to_string()) }]),
        };
        let wrong = |p: crate::rules::Problem| Wrong {
            line: line(&p.file, p.line),
            message: format!("{}: {}", p.rule, p.message),
        };
        Ok(problems.into_iter().map(wrong).collect())
    }
}

/// Every rules file of a folder.
pub fn list(rules_dir: &Path) -> Vec<RulesFile> {
    let mut files = Vec::new();
    for folder in ["lexicons", "policy"] {
        for entry in fs::read_dir(rules_dir.join(folder)).into_iter().flatten().flatten() {
            files.extend(RulesFile::parse(&format!("{folder}/{}", entry.file_name().to_string_lossy())));
        }
    }
    if rules_dir.join("allow.toml").is_file() {
        files.extend(RulesFile::parse("allow.toml"));
    }
    files.sort_by_key(RulesFile::path);
    files
}

/// A copy of a folder of rules, to try a change in; removed when dropped.
struct Copy(PathBuf);

impl Copy {
    fn of(rules_dir: Option<&Path>) -> io::Result<Self> {
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(|error| io::Error::other(error.to_string()))?;
        let copy = Self(std::env::temp_dir().join(format!("vigie-rules-{}", hex::encode(random))));
        fs::create_dir(&copy.0)?;
        let Some(dir) = rules_dir else { return Ok(copy) };
        for folder in ["lexicons", "policy", ""] {
            let Ok(entries) = fs::read_dir(dir.join(folder)) else { continue };
            fs::create_dir_all(copy.0.join(folder))?;
            for entry in entries.flatten() {
                let path = entry.path();
                if path.is_file() && path.extension().is_some_and(|e| e == "toml") {
                    fs::copy(&path, copy.0.join(folder).join(entry.file_name()))?;
                }
            }
        }
        Ok(copy)
    }

    /// A message without the copy's own path.
    fn hidden(&self, message: &str) -> String {
        message.replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What cannot be removed is in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrongs(path: &str, dir: Option<&Path>, text: &str) -> Vec<Wrong> {
        RulesFile::parse(path).unwrap().wrongs(dir, text).unwrap()
    }

    #[test]
    fn only_rules_files_have_a_path() {
        for good in ["allow.toml", "lexicons/mes-mots.toml", "policy/default-revue-2.toml"] {
            assert_eq!(RulesFile::parse(good).unwrap().path(), good);
        }
        for bad in [
            "",
            "x.toml",
            "../allow.toml",
            "policy/../x.toml",
            "policy/.toml",
            "policy/a/b.toml",
            "policy/A.toml",
            "lexicons/x",
            "/etc/passwd",
            "policy\\x.toml",
        ] {
            assert_eq!(RulesFile::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_draft_is_tried_with_the_rest_of_the_folder_and_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let allow = "[[allow]]\nterms = [\"dépression saisonnière du marché\"]\nreason = \"économie\"\n";
        assert_eq!(wrongs("allow.toml", None, allow), []);
        std::fs::write(dir.path().join("allow.toml"), allow).unwrap();
        // It takes the place of the file that is there.
        assert_eq!(wrongs("allow.toml", Some(dir.path()), allow), []);
        let wrong = wrongs("allow.toml", Some(dir.path()), "[[allow]]\nterms = [\"x\"]\nreeson = \"\"\n");
        assert_eq!(wrong[0].line, Some(3), "{wrong:?}");
        assert!(!wrong[0].message.contains("vigie-rules-"), "{wrong:?}");
        let profile = "id = \"maison\"\nlabel = \"Maison\"\nextends = \"nulle-part\"\n";
        assert!(!wrongs("policy/maison.toml", Some(dir.path()), profile).is_empty());
        assert_eq!(std::fs::read_to_string(dir.path().join("allow.toml")).unwrap(), allow);
        assert!(!dir.path().join("policy").exists());
    }

    #[test]
    fn what_would_silence_a_rules_own_example_is_told() {
        let allow =
            "[[allow]]\nterms = [\"cancer du pancréas\"]\nreason = \"essai\"\ncategories = [\"health\"]\n";
        let wrong = wrongs("allow.toml", None, allow);
        assert!(wrong.iter().any(|w| w.message.starts_with("health/")), "{wrong:?}");
    }

    #[test]
    fn a_saved_file_is_listed_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let file = RulesFile::parse("policy/maison.toml").unwrap();
        assert_eq!(file.read(dir.path()).unwrap(), None);
        file.save(dir.path(), "id = 1\n").unwrap();
        assert_eq!(file.read(dir.path()).unwrap().as_deref(), Some("id = 1\n"));
        assert_eq!(list(dir.path()), [file]);
    }
}
