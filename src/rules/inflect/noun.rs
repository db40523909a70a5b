//! Plurals.

use super::{push, stem};

const AL_IN_S: [&str; 18] = [
    "bal",
    "carnaval",
    "festival",
    "chacal",
    "régal",
    "récital",
    "fatal",
    "final",
    "banal",
    "naval",
    "bancal",
    "glacial",
    "natal",
    "tonal",
    "cérémonial",
    "aval",
    "mistral",
    "choral",
];
const AIL_IN_AUX: [&str; 7] = ["travail", "bail", "corail", "émail", "soupirail", "vantail", "vitrail"];
const OU_IN_X: [&str; 7] = ["bijou", "caillou", "chou", "genou", "hibou", "joujou", "pou"];
const EU_IN_S: [&str; 6] = ["bleu", "pneu", "landau", "émeu", "lieu-dit", "sarrau"];
const IRREGULAR: [(&str, &str); 6] = [
    ("œil", "yeux"),
    ("monsieur", "messieurs"),
    ("madame", "mesdames"),
    ("mademoiselle", "mesdemoiselles"),
    ("bonhomme", "bonshommes"),
    ("ciel", "cieux"),
];

/// The plural of a noun or of a masculine adjective.
pub fn plural(word: &str) -> String {
    if let Some((_, plural)) = IRREGULAR.iter().find(|(singular, _)| *singular == word) {
        return (*plural).to_owned();
    }
    if word.ends_with(['s', 'x', 'z']) {
        return word.to_owned();
    }
    if let Some(stem) = stem(word, "al")
        && !AL_IN_S.contains(&word)
    {
        return format!("{stem}aux");
    }
    if AIL_IN_AUX.contains(&word) {
        return format!("{}aux", &word[..word.len() - "ail".len()]);
    }
    let in_x = ["eau", "eu", "au"].iter().any(|end| word.ends_with(end)) && !EU_IN_S.contains(&word);
    if in_x || OU_IN_X.contains(&word) {
        return format!("{word}x");
    }
    format!("{word}s")
}

/// Singular and plural; a compound takes the mark on its last part, or on both.
pub fn noun(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    match word.rsplit_once('-') {
        Some((first, last)) if !first.is_empty() && !last.is_empty() => {
            push(&mut forms, format!("{first}-{}", plural(last)));
            push(&mut forms, format!("{}-{}", plural(first), plural(last)));
        }
        _ => push(&mut forms, plural(word)),
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals() {
        for (singular, expected) in [
            ("crise", "crises"),
            ("virus", "virus"),
            ("hôpital", "hôpitaux"),
            ("festival", "festivals"),
            ("travail", "travaux"),
            ("jumeau", "jumeaux"),
            ("aveu", "aveux"),
            ("pneu", "pneus"),
            ("genou", "genoux"),
            ("fou", "fous"),
            ("œil", "yeux"),
            ("taux", "taux"),
        ] {
            assert_eq!(plural(singular), expected);
        }
    }

    #[test]
    fn compounds_take_one_mark_or_two() {
        assert_eq!(noun("grand-mère"), ["grand-mère", "grand-mères", "grands-mères"]);
    }
}
