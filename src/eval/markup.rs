//! Marked-up notes: one a line, `[category:words]` a required finding, `[a+b:words]` two on one stretch, a tail
//! `|ok=a,b` categories that may be reported too. A line that begins with `#` is a comment.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::category::Category;
use crate::note::NoteText;
use crate::span::Span;

/// A note and what must and may be found in it.
#[derive(Clone, Debug)]
pub struct Marked {
    pub text: NoteText,
    /// Required findings, in the order of the text.
    pub required: Vec<(Category, Span)>,
    /// Categories that are neither required nor wrong.
    pub accepted: Vec<Category>,
}

/// A marked note and where it stands.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub note: Marked,
    pub file: Arc<str>,
    pub line: usize,
}

/// A line does not follow the format. Says what is wrong without repeating the note.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkupError {
    #[error("unknown category `{0}`; expected one of {list}", list = Category::ALL.map(Category::id).join(", "))]
    Category(String),
    #[error("a `[` that opens no mark; a mark is written [category:words]")]
    Stray,
    #[error("a `]` without its `[`")]
    Closing,
    #[error("a mark that is not closed by `]`, or holds another mark")]
    Open,
    #[error("a mark without words")]
    Empty,
    #[error("a mark that begins or ends with a blank")]
    Blank,
    #[error("a `|` that is not the tail |ok=category,category")]
    Bar,
}

/// A file of marked notes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read {path}: {source}", path = path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{file}:{line}: {error}")]
    Markup { file: String, line: usize, error: MarkupError },
    #[error("{path}: a folder without .txt file", path = .0.display())]
    Nothing(PathBuf),
}

impl Marked {
    /// Reads one line.
    pub fn parse(line: &str) -> Result<Self, MarkupError> {
        let (body, accepted) = match line.rfind('|') {
            None => (line.trim_end(), Vec::new()),
            Some(bar) => {
                let list = line[bar..].trim_end().strip_prefix("|ok=").ok_or(MarkupError::Bar)?;
                (line[..bar].trim_end(), categories(list, ',')?)
            }
        };
        let mut text = String::with_capacity(body.len());
        let mut required = Vec::new();
        let mut rest = body;
        while let Some(at) = rest.find(['[', ']', '|']) {
            text.push_str(&rest[..at]);
            let mark = match rest.as_bytes()[at] {
                b'[' => &rest[at + 1..],
                b']' => return Err(MarkupError::Closing),
                _ => return Err(MarkupError::Bar),
            };
            let (ids, _) = mark.split_once(':').filter(|(ids, _)| is_ids(ids)).ok_or(MarkupError::Stray)?;
            let inside = &mark[ids.len() + 1..];
            let end = inside.find(['[', ']']).ok_or(MarkupError::Open)?;
            if inside.as_bytes()[end] == b'[' {
                return Err(MarkupError::Open);
            }
            let words = &inside[..end];
            if words.is_empty() {
                return Err(MarkupError::Empty);
            }
            if words.trim() != words {
                return Err(MarkupError::Blank);
            }
            let span = Span::new(text.len(), text.len() + words.len());
            required.extend(categories(ids, '+')?.into_iter().map(|c| (c, span)));
            text.push_str(words);
            rest = &inside[end + 1..];
        }
        text.push_str(rest);
        Ok(Self { text: text.into(), required, accepted })
    }

    /// Whether a category must be found.
    pub fn requires(&self, category: Category) -> bool {
        self.required.iter().any(|(c, _)| *c == category)
    }

    /// Whether a category may be found without being wrong.
    pub fn tolerates(&self, category: Category) -> bool {
        self.accepted.contains(&category) || self.requires(category)
    }
}

fn is_ids(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '+')
}

fn categories(list: &str, separator: char) -> Result<Vec<Category>, MarkupError> {
    list.split(separator)
        .filter(|id| !id.is_empty())
        .map(|id| id.parse().map_err(|_| MarkupError::Category(id.to_owned())))
        .collect()
}

/// The notes of a file, or of every `.txt` file below a folder, in the order of the names.
pub fn read(path: &Path) -> Result<Vec<Labelled>, ReadError> {
    let mut files = Vec::new();
    list(path, &mut files)?;
    if files.is_empty() {
        return Err(ReadError::Nothing(path.to_owned()));
    }
    files.iter().map(|file| read_file(file)).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let cannot = |source| ReadError::Read { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(cannot)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut inside: Vec<PathBuf> = std::fs::read_dir(path)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect())
        .map_err(cannot)?;
    inside.sort();
    for path in inside {
        if path.is_dir() || path.extension().is_some_and(|e| e == "txt") {
            list(&path, files)?;
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<Vec<Labelled>, ReadError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ReadError::Read { path: path.to_owned(), source })?;
    let file: Arc<str> = path.display().to_string().into();
    let lines = text.strip_prefix('\u{feff}').unwrap_or(&text).lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(i, line)| match Marked::parse(line) {
            Ok(note) => Ok(Labelled { note, file: Arc::clone(&file), line: i + 1 }),
            Err(error) => Err(ReadError::Markup { file: file.to_string(), line: i + 1, error }),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_tail_by_hand() {
        let note = Marked::parse("été, [health+private_life:mère malade] et [offence:prison] |ok=judgement")
            .unwrap();
        let text = note.text.as_str();
        assert_eq!(text, "été, mère malade et prison");
        let found: Vec<(&str, &str)> = note.required.iter().map(|(c, s)| (c.id(), s.of(text))).collect();
        assert_eq!(
            found,
            [("health", "mère malade"), ("private_life", "mère malade"), ("offence", "prison")]
        );
        assert_eq!(note.accepted, [Category::Judgement]);
        assert!(note.tolerates(Category::Health) && !note.tolerates(Category::Nir));
    }

    #[test]
    fn a_note_without_mark_is_its_text() {
        let note = Marked::parse("rappeler mardi : 12h|ok=identifier").unwrap();
        assert_eq!((note.text.as_str(), note.required.len()), ("rappeler mardi : 12h", 0));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, error) in [
            ("a [sante:b]", MarkupError::Category("sante".into())),
            ("a [1] b", MarkupError::Stray),
            ("a [voir: b]", MarkupError::Blank),
            ("a [en cours : b]", MarkupError::Stray),
            ("a health:b]", MarkupError::Closing),
            ("a [health:b", MarkupError::Open),
            ("a [health:b [nir:c]]", MarkupError::Open),
            ("a [health:] b", MarkupError::Empty),
            ("a | b", MarkupError::Bar),
            ("a | b |ok=health", MarkupError::Bar),
            ("a |ok=santé", MarkupError::Category("santé".into())),
        ] {
            assert_eq!(Marked::parse(line).unwrap_err(), error, "{line}");
        }
    }

    #[test]
    fn a_folder_is_read_in_order_and_mistakes_carry_file_and_line() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("a")).unwrap();
        std::fs::write(dir.path().join("b.txt"), "# comment\n\ndeux\n").unwrap();
        std::fs::write(dir.path().join("a/x.txt"), "un\r\n").unwrap();
        std::fs::write(dir.path().join("a/notes.md"), "[nope:x]").unwrap();
        let notes = read(dir.path()).unwrap();
        let texts: Vec<(&str, usize)> = notes.iter().map(|l| (l.note.text.as_str(), l.line)).collect();
        assert_eq!(texts, [("un", 1), ("deux", 3)]);
        std::fs::write(dir.path().join("b.txt"), "bien\n[nope:x]\n").unwrap();
        let error = read(dir.path()).unwrap_err().to_string();
        assert!(error.contains("b.txt:2: unknown category `nope`"), "{error}");
    }
}
