//! Which columns of a CSV file hold the note and its id.

use anyhow::bail;

use super::CsvSettings;

/// Names a column of notes usually has, best first, in small letters.
const TEXT: [&str; 16] = [
    "text",
    "texte",
    "comment",
    "commentaire",
    "note",
    "comments",
    "commentaires",
    "notes",
    "remarque",
    "remarques",
    "observation",
    "observations",
    "message",
    "description",
    "contenu",
    "bloc-notes",
];
/// The same for ids.
const ID: [&str; 9] =
    ["id", "identifiant", "ref", "reference", "référence", "uuid", "numero", "numéro", "n°"];

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
        let names: Vec<String> = header.iter().map(|n| n.trim().to_lowercase()).collect();
        let usual = |list: &[&str]| list.iter().find_map(|n| names.iter().position(|h| h == n));
        let text = match &settings.text_column {
            Some(name) => asked(&names, name, "--text-column")?,
            None => match usual(&TEXT) {
                Some(at) => at,
                None if names.len() == 1 => 0,
                None => {
                    bail!("no column is known to hold notes; name it with --text-column ({})", list(&names))
                }
            },
        };
        let id = match &settings.id_column {
            Some(name) => Some(asked(&names, name, "--id-column")?),
            None => usual(&ID).filter(|at| *at != text),
        };
        Ok(Self { text, id, count: names.len() })
    }
}

/// A column asked for by its name, or by its number from 1.
fn asked(names: &[String], name: &str, option: &str) -> anyhow::Result<usize> {
    let wanted = name.trim().to_lowercase();
    if let Some(at) = names.iter().position(|n| *n == wanted) {
        return Ok(at);
    }
    match wanted.parse::<usize>() {
        Ok(number @ 1..) if number <= names.len() => Ok(number - 1),
        _ => bail!("{option} `{name}`: the header has no such column ({})", list(names)),
    }
}

/// The header's names. A file without a header has a note there: what is too long for a name is only counted.
fn list(names: &[String]) -> String {
    let shown = names.iter().enumerate().map(|(i, name)| {
        let is_name = (1..=24).contains(&name.chars().count()) && name.split_whitespace().count() <= 2;
        if is_name { format!("`{name}`") } else { format!("column {}", i + 1) }
    });
    format!("columns: {}", shown.collect::<Vec<_>>().join(", "))
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
