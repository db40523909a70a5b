//! From the cells of a file's row to a [`Row`]: which columns hold what, found by name, number or usual name.

use std::borrow::Cow;
use std::fmt::Display;

use super::{Cell, Labels, Row, SourceError, month};
use crate::input::columns::{self, asked, is_name, list, usual};
use crate::rescan::spec::Columns;

/// Longest cell read, in bytes; a longer one is reported with its size. No note comes near it.
pub const MAX_CELL: usize = 1024 * 1024;

/// Longest key or label, in characters. What is longer is none, and may be a note: it must not reach the store.
const MAX_LABEL: usize = 120;

/// A value as a format gives it. `Debug` is left out: it may hold a note.
pub enum Value<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// So many bytes, more than [`MAX_CELL`].
    TooLong(u64),
    /// What is wrong, never the text.
    Unreadable(&'static str),
}

impl Value<'_> {
    /// The same without its own copy of the text.
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Value::Empty => Value::Empty,
            Value::Text(text) => Value::Text(Cow::Borrowed(text)),
            Value::TooLong(bytes) => Value::TooLong(*bytes),
            Value::Unreadable(reason) => Value::Unreadable(reason),
        }
    }
}

/// Positions of the columns in a row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Names of the columns of notes, as reports show them.
    pub names: Vec<String>,
    text: Vec<usize>,
    key: Option<usize>,
    author: Option<usize>,
    team: Option<usize>,
    pub field: Option<usize>,
    date: Option<usize>,
    /// Columns the file has.
    pub count: usize,
}

impl Layout {
    /// Of a file in which nothing is.
    pub fn of_nothing(wanted: &Columns) -> Self {
        let names = wanted.text.clone();
        let none = None;
        Self { names, text: vec![], key: none, author: none, team: none, field: none, date: none, count: 0 }
    }

    /// Finds the columns in a header.
    pub fn find(header: &[String], wanted: &Columns, authors: bool) -> Result<Self, SourceError> {
        let plain: Vec<String> = header.iter().map(|name| columns::plain(name)).collect();
        let place = |name: &str| asked(&plain, name).ok_or_else(|| missing(name, &plain));
        let optional = |name: &Option<String>, list: &[&str]| match name {
            Some(name) => place(name).map(Some),
            None => Ok(usual(&plain, list)),
        };
        let mut text = Vec::new();
        for name in &wanted.text {
            let at = place(name)?;
            if !text.contains(&at) {
                text.push(at);
            }
        }
        if wanted.text.is_empty() {
            text = (0..plain.len()).filter(|at| columns::TEXT.contains(&plain[*at].as_str())).collect();
            if plain.len() == 1 {
                text = vec![0];
            }
        }
        if text.is_empty() {
            let message = format!("no column is known to hold notes; name it with --text ({})", list(&plain));
            return Err(SourceError::permanent(message));
        }
        let not_text = |at: &usize| !text.contains(at);
        Ok(Self {
            names: names(header, &text, wanted)?,
            key: match &wanted.key {
                Some(name) => Some(place(name)?),
                None => usual(&plain, &columns::ID).filter(not_text),
            },
            author: if authors { optional(&wanted.author, &columns::AUTHOR)? } else { None },
            team: optional(&wanted.team, &columns::TEAM)?.filter(not_text),
            field: wanted.field.as_deref().map(place).transpose()?,
            date: optional(&wanted.date, &columns::DATE)?,
            count: header.len(),
            text,
        })
    }

    /// The columns that are read, in no order.
    pub fn used(&self) -> impl Iterator<Item = usize> {
        let labels = [self.key, self.author, self.team, self.field, self.date];
        self.text.iter().copied().chain(labels.into_iter().flatten())
    }

    /// A row from its cells. `place` goes before what is wrong with one: `line 12`.
    pub fn row<'a>(&self, number: u64, place: impl Display, value: impl Fn(usize) -> Value<'a>) -> Row {
        let label_at = |at: Option<usize>| at.and_then(|at| label(value(at)));
        let cells = self.text.iter().map(|at| cell(value(*at), &place)).collect();
        let labels = Labels {
            author: label_at(self.author),
            team: label_at(self.team),
            field: label_at(self.field),
            month: label_at(self.date).and_then(|date| month::of(&date)),
        };
        Row { key: self.key(number, label_at(self.key)), cells, labels }
    }

    /// A row that cannot be read as a whole.
    pub fn unreadable(&self, number: u64, reason: String) -> Row {
        Row { key: self.key(number, None), cells: vec![Cell::Unreadable(reason)], labels: Labels::default() }
    }

    /// The number of a row that has no key of its own is not to be taken for one.
    fn key(&self, number: u64, own: Option<String>) -> String {
        match (own, self.key) {
            (Some(own), _) => own,
            (None, None) => number.to_string(),
            (None, Some(_)) => format!("row {number}"),
        }
    }
}

/// What the columns of notes are called: their headers, where those are surely names.
fn names(header: &[String], text: &[usize], wanted: &Columns) -> Result<Vec<String>, SourceError> {
    let mut names: Vec<String> = Vec::new();
    for at in text {
        let name = header[*at].trim();
        let number = at + 1;
        let by_name = wanted.text.iter().any(|w| columns::plain(w) == columns::plain(name));
        let mut shown = match name {
            "" => format!("column {number}"),
            name if by_name || is_name(name) => name.to_owned(),
            _ => {
                return Err(SourceError::permanent(format!(
                    "the first row does not look like a header (column {number} has {} characters); give the columns \
                     names there, or ask for this one by its whole name",
                    name.chars().count()
                )));
            }
        };
        if names.contains(&shown) {
            shown = format!("{shown} (column {number})");
        }
        names.push(shown);
    }
    Ok(names)
}

fn missing(name: &str, header: &[String]) -> SourceError {
    SourceError::permanent(format!("there is no column `{name}` ({})", list(header)))
}

fn cell(value: Value<'_>, place: &impl Display) -> Cell {
    let reason = match value {
        Value::Empty => return Cell::Empty,
        Value::Text(text) if text.trim().is_empty() => return Cell::Empty,
        Value::Text(text) if text.len() > MAX_CELL => too_long(text.len() as u64),
        Value::Text(text) if text.contains('\0') => "the cell holds NUL bytes: this is no text".to_owned(),
        Value::Text(text) => return Cell::Text(text.into_owned().into()),
        Value::TooLong(bytes) => too_long(bytes),
        Value::Unreadable(reason) => reason.to_owned(),
    };
    Cell::Unreadable(format!("{place}: {reason}"))
}

fn too_long(bytes: u64) -> String {
    format!("the cell has {bytes} bytes, more than {MAX_CELL}; no note is that long: read it in the source")
}

/// A key or a label: short, of one line.
fn label(value: Value<'_>) -> Option<String> {
    let Value::Text(text) = value else { return None };
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().nth(MAX_LABEL).is_none() && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn text(names: &[&str]) -> Columns {
        Columns { text: header(names), ..Columns::default() }
    }

    #[test]
    fn usual_names_are_found_out() {
        let names = header(&["ID", "Description", "Equipe", "Commentaire ", "Date", "Auteur"]);
        let layout = Layout::find(&names, &Columns::default(), false).unwrap();
        assert_eq!(layout.names, ["Description", "Commentaire"]);
        assert_eq!(
            (layout.text, layout.key, layout.team, layout.date),
            (vec![1, 3], Some(0), Some(2), Some(4))
        );
        assert_eq!((layout.author, layout.field), (None, None));
        assert_eq!(Layout::find(&names, &Columns::default(), true).unwrap().author, Some(5));
    }

    #[test]
    fn columns_are_asked_for_by_name_or_number() {
        let names = header(&["a", "Suivi du client par l'agence", "b", ""]);
        let layout =
            Layout::find(&names, &text(&["3", "suivi du client par l'agence", "4", "b"]), false).unwrap();
        assert_eq!(layout.text, [2, 1, 3]);
        assert_eq!(layout.names, ["b", "Suivi du client par l'agence", "column 4"]);
    }

    #[test]
    fn a_missing_column_lists_those_there_are_and_never_a_note() {
        let names = header(&["12", "client diabétique depuis 2012", "suivi"]);
        for wanted in
            [text(&["nope"]), Columns::default(), Columns { date: Some("x".into()), ..text(&["suivi"]) }]
        {
            let error = Layout::find(&names, &wanted, false).unwrap_err().to_string();
            assert!(error.contains("`suivi`") && !error.contains("diab"), "{error}");
        }
        // Without a header, a note would become a column's name.
        let error = Layout::find(&names, &text(&["2"]), false).unwrap_err().to_string();
        assert!(error.contains("does not look like a header") && !error.contains("diab"), "{error}");
    }

    #[test]
    fn columns_of_one_name_are_told_apart() {
        let layout = Layout::find(&header(&["note", "note"]), &Columns::default(), false).unwrap();
        assert_eq!(layout.names, ["note", "note (column 2)"]);
    }

    #[test]
    fn cells_and_labels_by_hand() {
        let names = header(&["id", "note", "equipe", "date"]);
        let layout = Layout::find(&names, &Columns::default(), false).unwrap();
        let row = |cells: [&'static str; 4]| layout.row(7, "line 9", |at| Value::Text(cells[at].into()));
        let good = row([" k1 ", " dit oui\n", "Nord", "03/02/2024"]);
        assert!(matches!(&good.cells[..], [Cell::Text(text)] if text.as_str() == " dit oui\n"));
        assert_eq!((good.key.as_str(), good.labels.team.as_deref()), ("k1", Some("Nord")));
        assert_eq!(good.labels.month.as_deref(), Some("2024-02"));

        let odd = row(["", "a\0b", "une\nnote", "hier"]);
        assert!(matches!(&odd.cells[..], [Cell::Unreadable(reason)] if reason.starts_with("line 9: ")));
        assert_eq!((odd.key.as_str(), &odd.labels), ("row 7", &Labels::default()));
        assert!(matches!(row(["1", " \u{a0}\r\n", "", ""]).cells[..], [Cell::Empty]));

        let long = "note ".repeat(50);
        let row = layout
            .row(1, "line 2", |at| if at == 1 { Value::Empty } else { Value::Text(long.as_str().into()) });
        assert_eq!((row.key.as_str(), &row.labels), ("row 1", &Labels::default()));
    }
}
