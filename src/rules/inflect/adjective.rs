//! Adjectives and nouns for people: gender and number, from the masculine singular.

use super::{plural, push, stem};

/// Feminines no rule gives.
const IRREGULAR: &[(&str, &str)] = &[
    ("beau", "belle"),
    ("vieux", "vieille"),
    ("fou", "folle"),
    ("mou", "molle"),
    ("gros", "grosse"),
    ("bas", "basse"),
    ("las", "lasse"),
    ("gras", "grasse"),
    ("épais", "épaisse"),
    ("métis", "métisse"),
    ("exprès", "expresse"),
    ("faux", "fausse"),
    ("roux", "rousse"),
    ("doux", "douce"),
    ("blanc", "blanche"),
    ("franc", "franche"),
    ("sec", "sèche"),
    ("frais", "fraîche"),
    ("grec", "grecque"),
    ("long", "longue"),
    ("favori", "favorite"),
    ("gentil", "gentille"),
    ("nul", "nulle"),
    ("pareil", "pareille"),
    ("vermeil", "vermeille"),
    ("inquiet", "inquiète"),
    ("secret", "secrète"),
    ("complet", "complète"),
    ("incomplet", "incomplète"),
    ("concret", "concrète"),
    ("discret", "discrète"),
    ("indiscret", "indiscrète"),
    ("désuet", "désuète"),
    ("malin", "maligne"),
    ("bénin", "bénigne"),
    ("copain", "copine"),
    ("bref", "brève"),
    ("traître", "traîtresse"),
    ("ivrogne", "ivrognesse"),
    ("paysan", "paysanne"),
    ("rom", "rom"),
    ("sot", "sotte"),
    ("vieillot", "vieillotte"),
    ("pâlot", "pâlotte"),
    ("mormon", "mormone"),
    ("lapon", "lapone"),
    ("nippon", "nippone"),
    ("démon", "démone"),
    ("vengeur", "vengeresse"),
    ("pécheur", "pécheresse"),
    ("docteur", "doctoresse"),
    ("devin", "devineresse"),
    ("dû", "due"),
    ("loup", "louve"),
];

/// Feminines that add a bare `-e` to `-eur`.
const EUR_IN_EURE: [&str; 9] = [
    "majeur",
    "mineur",
    "meilleur",
    "supérieur",
    "inférieur",
    "antérieur",
    "intérieur",
    "extérieur",
    "ingénieur",
];

/// `-teur` made from a verb in `-ter` or `-tir`: `-teuse`.
const TEUR_IN_TEUSE: &[&str] = &[
    "menteur",
    "chanteur",
    "acheteur",
    "flatteur",
    "radoteur",
    "batteur",
    "profiteur",
    "visiteur",
    "porteur",
    "sauteur",
    "squatteur",
    "rapporteur",
    "conteur",
    "monteur",
    "déserteur",
    "chuchoteur",
    "tricoteur",
    "toiletteur",
    "transporteur",
    "quêteur",
    "disputeur",
    "exploiteur",
    "péteur",
    "jeteur",
    "lutteur",
    "emprunteur",
    "solliciteur",
];

/// The feminines of a masculine singular; two where usage hesitates.
fn feminines(word: &str) -> Vec<String> {
    if let Some((_, feminine)) = IRREGULAR.iter().find(|(masculine, _)| *masculine == word) {
        return vec![(*feminine).to_owned()];
    }
    let one = |feminine: String| vec![feminine];
    if word.ends_with('e') {
        return one(word.to_owned());
    }
    if let Some(stem) = stem(word, "teur") {
        return teur(word, stem);
    }
    if let Some(stem) = stem(word, "eur") {
        let eure = EUR_IN_EURE.contains(&word);
        return one(if eure { format!("{word}e") } else { format!("{stem}euse") });
    }
    const RULES: &[(&str, &str)] = &[
        ("eux", "euse"),
        ("oux", "ouse"),
        ("f", "ve"),
        ("er", "ère"),
        ("el", "elle"),
        ("eil", "eille"),
        ("en", "enne"),
        ("on", "onne"),
        ("et", "ette"),
        ("eau", "elle"),
        ("ic", "ique"),
        ("uc", "uque"),
        ("ac", "aque"),
        ("gu", "guë"),
        ("x", "se"),
    ];
    for (masculine, feminine) in RULES {
        if let Some(stem) = stem(word, masculine) {
            return one(format!("{stem}{feminine}"));
        }
    }
    one(format!("{word}e"))
}

fn teur(word: &str, stem: &str) -> Vec<String> {
    if TEUR_IN_TEUSE.contains(&word) {
        vec![format!("{stem}teuse")]
    } else if stem.ends_with(['a', 'c', 'i', 'u']) {
        vec![format!("{stem}trice")]
    } else {
        vec![format!("{stem}trice"), format!("{stem}teuse")]
    }
}

/// Masculine and feminine, singular and plural.
pub fn adjective(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    let feminines = feminines(word);
    push(&mut forms, plural(word));
    for feminine in feminines {
        push(&mut forms, plural(&feminine));
        push(&mut forms, feminine);
    }
    if word == "beau" || word == "nouveau" {
        push(&mut forms, format!("{}el", &word[..word.len() - 3]));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feminines_and_plurals() {
        for (word, expected) in [
            ("dépressif", &["dépressifs", "dépressive", "dépressives"][..]),
            ("boiteux", &["boiteuse", "boiteuses"]),
            ("alcoolique", &["alcooliques"]),
            ("étranger", &["étrangers", "étrangère", "étrangères"]),
            ("algérien", &["algériens", "algérienne", "algériennes"]),
            ("criminel", &["criminels", "criminelle", "criminelles"]),
            ("médiateur", &["médiateurs", "médiatrice", "médiatrices"]),
            ("menteur", &["menteurs", "menteuse", "menteuses"]),
            ("tuteur", &["tuteurs", "tutrice", "tutrices"]),
            ("marginal", &["marginaux", "marginale", "marginales"]),
            ("jumeau", &["jumeaux", "jumelle", "jumelles"]),
            ("juif", &["juifs", "juive", "juives"]),
            ("sourd", &["sourds", "sourde", "sourdes"]),
            ("handicapé", &["handicapés", "handicapée", "handicapées"]),
            ("français", &["française", "françaises"]),
            ("muet", &["muets", "muette", "muettes"]),
            ("con", &["cons", "conne", "connes"]),
            ("voleur", &["voleurs", "voleuse", "voleuses"]),
            ("jaloux", &["jalouse", "jalouses"]),
            ("musulman", &["musulmans", "musulmane", "musulmanes"]),
        ] {
            let forms = adjective(word);
            assert_eq!(forms[0], word);
            let mut rest: Vec<&str> = forms[1..].iter().map(String::as_str).collect();
            let mut expected = expected.to_vec();
            rest.sort_unstable();
            expected.sort_unstable();
            assert_eq!(rest, expected, "{word}");
        }
    }
}
