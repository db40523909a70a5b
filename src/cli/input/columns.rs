//! Which columns of a CSV file hold the note and its id.

use anyhow::{Context, bail};

use super::CsvSettings;
use crate::input::columns;

/// Positions in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    pub text: usize,
    pub id: Option<usize>,
    pub count: usize,
}

impl Columns {
    /// Finds the columns in a header.
    pub fn find(header: &[String], settings: &CsvSettings) -> anyhow::Result<Self> {
        let names: Vec<String> = header.iter().map(|name| columns::plain(name)).collect();
        let text = match &settings.text_column {
            Some(name) => asked(&names, name, "--text-column")?,
            None => match columns::usual(&names, &columns::TEXT) {
                Some(at) => at,
                None if names.len() == 1 => 0,
                None => {
                    bail!(
                        "no column is known to hold notes; name it with --text-column ({})",
                        columns::list(&names)
                    )
                }
            },
        };
        let id = match &settings.id_column {
            Some(name) => Some(asked(&names, name, "--id-column")?),
            None => columns::usual(&names, &columns::ID).filter(|at| *at != text),
        };
        Ok(Self { text, id, count: names.len() })
    }
}

fn asked(names: &[String], name: &str, option: &str) -> anyhow::Result<usize> {
    columns::asked(names, name).with_context(|| {
        format!("{option} `{name}`: the header has no such column ({})", columns::list(names))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(header: &[&str], text: Option<&str>) -> anyhow::Result<Columns> {
        let header: Vec<String> = header.iter().map(|h| (*h).to_owned()).collect();
        let settings = CsvSettings { text_column: text.map(str::to_owned), ..CsvSettings::default() };
        Columns::find(&header, &settings)
    }

    #[test]
    fn usual_names_are_known() {
        let found = find(&["Date", "Référence", "Commentaire"], None).unwrap();
        assert_eq!(found, Columns { text: 2, id: Some(1), count: 3 });
        assert_eq!(find(&["truc"], None).unwrap().text, 0);
    }

    #[test]
    fn a_column_is_asked_for_by_name_or_number() {
        assert_eq!(find(&["a", "Suivi Client"], Some("suivi client")).unwrap().text, 1);
        assert_eq!(find(&["a", "b"], Some("2")).unwrap().text, 1);
        let error = find(&["a", "b"], Some("c")).unwrap_err().to_string();
        assert!(error.contains("`a`, `b`"), "{error}");
    }

    #[test]
    fn a_note_in_the_place_of_the_header_is_not_repeated() {
        let error = find(&["12", "client diabétique depuis 2012"], None).unwrap_err().to_string();
        assert!(error.contains("column 2") && !error.contains("diab"), "{error}");
    }
}
