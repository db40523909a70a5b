//! Which columns are meant: by name where they are named, else by what is usual.

use super::super::SourceError;
use super::session::Column;
use crate::input::columns as usual;

/// The columns there are.
pub struct Available<'a> {
    pub unit: &'a str,
    pub columns: &'a [Column],
}

impl Available<'_> {
    /// The column of this name, if need be in another case.
    pub fn find(&self, name: &str) -> Result<Column, SourceError> {
        self.get(name).cloned().ok_or_else(|| self.missing(name))
    }

    fn get(&self, name: &str) -> Option<&Column> {
        let exact = self.columns.iter().find(|column| column.name == name);
        exact.or_else(|| self.columns.iter().find(|column| column.name.to_lowercase() == name.to_lowercase()))
    }

    /// The column with the best of the usual names.
    pub fn usual(&self, names: &[&str]) -> Option<Column> {
        names.iter().find_map(|name| self.get(name)).cloned()
    }

    fn missing(&self, name: &str) -> SourceError {
        SourceError::permanent(format!("{}: no column `{name}`; there is {}", self.unit, self.list(|_| true)))
    }

    fn list(&self, wanted: impl Fn(&Column) -> bool) -> String {
        list(&self.columns.iter().filter(|c| wanted(c)).map(|c| c.name.clone()).collect::<Vec<_>>())
    }
}

/// Names, the first of them if there are many.
pub fn list(names: &[String]) -> String {
    const SHOWN: usize = 40;
    let mut shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.is_empty() {
        shown.push_str("none");
    }
    if names.len() > SHOWN {
        shown.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    shown
}

/// The key's columns, and whether the server keeps them unique.
pub fn key(
    there: &Available<'_>,
    wanted: Option<&str>,
    unique: &[Vec<String>],
) -> Result<(Vec<Column>, bool), SourceError> {
    let columns: Vec<Column> = match wanted {
        Some(name) => match there.get(name) {
            Some(column) => vec![column.clone()],
            None => name.split(',').map(|name| there.find(name.trim())).collect::<Result<_, _>>()?,
        },
        None => match usual_key(there, unique) {
            Some(columns) => columns,
            None => {
                return Err(SourceError::permanent(format!(
                    "{}: no primary key; name a unique column (or several, with commas) as the key with --key, or give a \
                     query with one: there is {}",
                    there.unit,
                    there.list(|_| true)
                )));
            }
        },
    };
    let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    names.sort_unstable();
    let indexed = unique.iter().any(|index| {
        let mut index: Vec<&str> = index.iter().map(String::as_str).collect();
        index.sort_unstable();
        index == names
    });
    Ok((columns, indexed))
}

/// The primary key, a unique index without NULLs, or a column with a usual name.
fn usual_key(there: &Available<'_>, unique: &[Vec<String>]) -> Option<Vec<Column>> {
    let filled = |index: &Vec<String>| {
        let columns = index.iter().map(|name| there.get(name).filter(|column| !column.nullable).cloned());
        columns.collect::<Option<Vec<Column>>>()
    };
    let named = || there.usual(&usual::ID).map(|column| vec![column]);
    unique.iter().find_map(filled).or_else(named)
}

/// The columns of notes.
pub fn notes(there: &Available<'_>, wanted: &[String]) -> Result<Vec<Column>, SourceError> {
    if !wanted.is_empty() {
        return wanted.iter().map(|name| there.find(name)).collect();
    }
    let is_note = |column: &Column| usual::TEXT.contains(&column.name.to_lowercase().as_str());
    let found: Vec<Column> =
        there.columns.iter().filter(|column| column.kind.is_text() && is_note(column)).cloned().collect();
    if found.is_empty() {
        return Err(SourceError::permanent(format!(
            "{}: no column is known to hold notes; name them with --text: columns of text are {}",
            there.unit,
            there.list(|column| column.kind.is_text())
        )));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::session::Kind;
    use super::*;

    fn column(name: &str, kind: Kind, nullable: bool) -> Column {
        Column { name: name.into(), kind, type_name: "text".into(), nullable }
    }

    fn columns() -> Vec<Column> {
        vec![
            column("id", Kind::Integer, true),
            column("code", Kind::Text, false),
            column("Note", Kind::Text, true),
            column("description", Kind::Other, true),
        ]
    }

    fn named(columns: &[Column]) -> Vec<&str> {
        columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn the_primary_key_then_a_unique_index_then_a_usual_name() {
        let columns = columns();
        let there = Available { unit: "t", columns: &columns };
        let index = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let (found, indexed) = key(&there, None, &[index(&["id"]), index(&["code"])]).unwrap();
        assert_eq!((named(&found), indexed), (vec!["code"], true), "an index with NULLs is no key");
        let (found, indexed) = key(&there, None, &[]).unwrap();
        assert_eq!((named(&found), indexed), (vec!["id"], false));
        let (found, indexed) = key(&there, Some("code, ID"), &[index(&["id", "code"])]).unwrap();
        assert_eq!((named(&found), indexed), (vec!["code", "id"], true));
    }

    #[test]
    fn what_is_not_there_is_said_with_what_is() {
        let columns = columns();
        let there = Available { unit: "t", columns: &columns };
        let error = key(&there, Some("nope"), &[]).unwrap_err().to_string();
        assert!(error.contains("`nope`") && error.contains("`code`"), "{error}");
        let without = Available { unit: "t", columns: &columns[1..] };
        let error = key(&without, None, &[]).unwrap_err().to_string();
        assert!(error.contains("--key"), "{error}");
    }

    #[test]
    fn notes_are_text_with_a_usual_name() {
        let columns = columns();
        let there = Available { unit: "t", columns: &columns };
        assert_eq!(named(&notes(&there, &[]).unwrap()), ["Note"]);
        assert_eq!(named(&notes(&there, &["CODE".into()]).unwrap()), ["code"]);
        let none = Available { unit: "t", columns: &columns[..2] };
        let error = notes(&none, &[]).unwrap_err().to_string();
        assert!(error.contains("--text") && error.contains("`code`"), "{error}");
    }
}
