//! Columns by the names they usually have, by name and by number.

/// Names a column of notes usually has, best first, in small letters.
pub const TEXT: [&str; 16] = [
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
pub const ID: [&str; 9] =
    ["id", "identifiant", "ref", "reference", "référence", "uuid", "numero", "numéro", "n°"];
/// Who wrote the note.
pub const AUTHOR: [&str; 8] =
    ["auteur", "author", "conseiller", "utilisateur", "user", "saisi par", "cree par", "créé par"];
/// Whose team.
pub const TEAM: [&str; 5] = ["equipe", "équipe", "team", "service", "agence"];
/// When.
pub const DATE: [&str; 9] = [
    "date",
    "date_creation",
    "date de création",
    "date création",
    "date_note",
    "created_at",
    "created",
    "createdat",
    "datec",
];

/// A header's name as it is compared.
pub fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Whether a name is this one, which is [`plain`]. Nothing is copied for a name in ASCII: this is asked for every member of
/// every row.
pub fn is_plainly(name: &str, plain_name: &str) -> bool {
    match name.is_ascii() {
        true => name.trim().eq_ignore_ascii_case(plain_name),
        false => plain(name) == plain_name,
    }
}

/// The place of the best of the usual names; `names` are [`plain`].
pub fn usual(names: &[String], list: &[&str]) -> Option<usize> {
    list.iter().find_map(|usual| names.iter().position(|name| name == usual))
}

/// A column asked for by its name, or by its number from 1.
pub fn asked(names: &[String], name: &str) -> Option<usize> {
    let wanted = plain(name);
    names.iter().position(|n| *n == wanted).or_else(|| match wanted.parse::<usize>() {
        Ok(number @ 1..) if number <= names.len() => Some(number - 1),
        _ => None,
    })
}

/// Whether it looks like a column's name. A file without a header has a note there, which must not be shown.
pub fn is_name(name: &str) -> bool {
    (1..=24).contains(&name.chars().count()) && name.split_whitespace().count() <= 2
}

/// The header's names, for a message: what does not look like a name is only counted.
pub fn list(names: &[String]) -> String {
    const MOST: usize = 40;
    let shown = names
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(i, name)| if is_name(name) { format!("`{name}`") } else { format!("column {}", i + 1) });
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    format!("columns: {}{more}", shown.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_before_a_number() {
        let names = ["a", "1", "suivi client"].map(str::to_owned);
        assert_eq!(asked(&names, " Suivi Client "), Some(2));
        assert_eq!((asked(&names, "1"), asked(&names, "3")), (Some(1), Some(2)));
        assert_eq!((asked(&names, "0"), asked(&names, "4"), asked(&names, "b")), (None, None, None));
    }

    #[test]
    fn only_names_are_listed() {
        let names = ["a", "client diabétique depuis 2012", ""].map(str::to_owned);
        assert_eq!(list(&names), "columns: `a`, column 2, column 3");
        let many: Vec<String> = (0..50).map(|i| format!("c{i}")).collect();
        assert!(list(&many).ends_with("`c39` and 10 more"));
    }
}
