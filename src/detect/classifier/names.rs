//! Names are read as one name: what somebody is called must not change what is found.
//!
//! A small model learns that some names go with some categories, however often names are swapped in training. So the pieces
//! of a given name are replaced by those of one neutral name of the same gender, those of a family name by one neutral family
//! name. Gender stays, as "vit avec son mari Paul" says something of a man. A name is one of `names.toml`, or what follows a
//! title ("Mme Sauvage"). `models/training/neutral.py` is the same in Python.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::span::Span;

/// What a name is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Man,
    Woman,
    Family,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Man, Kind::Woman, Kind::Family];

    fn neutral(self) -> &'static str {
        match self {
            Kind::Man => "Paul",
            Kind::Woman => "Marie",
            Kind::Family => "Martin",
        }
    }
}

/// Titles that a point may follow.
const ABBREVIATIONS: [&str; 9] = ["m", "mm", "mr", "mme", "mmes", "mlle", "mlles", "dr", "me"];
const TITLES: [&str; 6] = ["monsieur", "madame", "mademoiselle", "messieurs", "mesdames", "maître"];
/// What may stand between a title and a family name.
const PARTICLES: [&str; 16] =
    ["le", "la", "de", "du", "des", "da", "dos", "di", "el", "al", "ben", "ait", "aït", "van", "von", "d"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    men: Vec<String>,
    women: Vec<String>,
    families: Vec<String>,
    /// Names that are also words: not names where they are written in capitals throughout.
    also_words: Vec<String>,
}

/// Names as they may be written, and their kind.
static NAMES: LazyLock<HashMap<String, Kind>> = LazyLock::new(|| {
    let lists: Lists = toml::from_str(include_str!("names.toml")).expect("names.toml is read by a test");
    let mut names = HashMap::new();
    for (kind, list) in [(Kind::Man, lists.men), (Kind::Woman, lists.women), (Kind::Family, lists.families)] {
        for name in list {
            if !lists.also_words.contains(&name) {
                let loud = name.to_uppercase();
                names.insert(loud.nfd().filter(|c| !is_combining_mark(*c)).collect(), kind);
                names.insert(loud, kind);
            }
            names.insert(name, kind);
        }
    }
    names
});

/// The names of a note, in order.
pub fn find(text: &str) -> Vec<(Span, Kind)> {
    let shouting = text.chars().filter(|c| c.is_uppercase()).count()
        >= text.chars().filter(|c| c.is_lowercase()).count();
    let mut found = Vec::new();
    // A title was read just before, and whether a point may follow it.
    let mut titled: Option<bool> = None;
    let mut before = 0;
    for span in words(text) {
        let word = span.of(text);
        titled = titled.filter(|abbreviation| {
            let mut between = text[before..span.start].chars();
            between.all(|c| c.is_whitespace() || matches!(c, '\'' | '’') || (*abbreviation && c == '.'))
        });
        before = span.end;
        let lower = word.to_lowercase();
        let capital = word.starts_with(char::is_uppercase);
        if let Some(kind) = NAMES.get(word) {
            found.push((span, *kind));
            titled = None;
        } else if ABBREVIATIONS.contains(&lower.as_str()) {
            titled = Some(true);
        } else if TITLES.contains(&lower.as_str()) {
            titled = Some(false);
        } else if titled.is_some() && PARTICLES.contains(&lower.as_str()) {
            // The name follows.
        } else {
            let loud = !word.contains(char::is_lowercase);
            if titled.is_some() && capital && word.chars().nth(1).is_some() && !(loud && shouting) {
                found.push((span, Kind::Family));
            }
            titled = None;
        }
    }
    found
}

/// Runs of letters.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, c)| c.is_alphabetic())?;
        let mut end = text.len();
        while let Some((at, c)) = rest.peek() {
            if !c.is_alphabetic() {
                end = *at;
                break;
            }
            rest.next();
        }
        Some(Span::new(start, end))
    })
}

/// The pieces of the neutral names, by a tokenizer.
pub struct Neutral([Vec<u32>; 3]);

impl Neutral {
    /// Asks the tokenizer once, and reads the lists, which the first note would wait for.
    pub fn new(tokenizer: &tokenizers::Tokenizer) -> tokenizers::Result<Self> {
        LazyLock::force(&NAMES);
        let pieces =
            |kind: Kind| tokenizer.encode(kind.neutral(), false).map(|found| found.get_ids().to_vec());
        let [man, woman, family] = Kind::ALL.map(pieces);
        Ok(Self([man?, woman?, family?]))
    }

    /// The tokens with every name replaced; those of a name all stand for the whole of it.
    pub fn tokens(&self, text: &str, ids: &[u32], spans: &[Span]) -> (Vec<u32>, Vec<Span>) {
        let names = find(text);
        let mut out = (Vec::with_capacity(ids.len()), Vec::with_capacity(ids.len()));
        let mut next = 0;
        let mut replaced = usize::MAX;
        for (id, span) in ids.iter().zip(spans) {
            while names.get(next).is_some_and(|(name, _)| name.end <= span.start) {
                next += 1;
            }
            match names.get(next).filter(|(name, _)| name.start < span.end && span.start < span.end) {
                Some(_) if replaced == next => {}
                Some((name, kind)) => {
                    replaced = next;
                    for id in &self.0[*kind as usize] {
                        out.0.push(*id);
                        out.1.push(*name);
                    }
                }
                None => {
                    out.0.push(*id);
                    out.1.push(*span);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(&str, Kind)> {
        find(text).into_iter().map(|(span, kind)| (span.of(text), kind)).collect()
    }

    #[test]
    fn the_lists_are_read_and_apart() {
        let lists: Lists = toml::from_str(include_str!("names.toml")).unwrap();
        let all: Vec<&String> = lists.men.iter().chain(&lists.women).chain(&lists.families).collect();
        let apart: std::collections::HashSet<&&String> = all.iter().collect();
        assert_eq!(all.len(), apart.len(), "a name stands in two lists");
        assert!(all.iter().all(|name| name.chars().all(char::is_alphabetic)));
        assert!(lists.also_words.iter().all(|word| all.contains(&word)));
        assert!(all.len() > 2500);
    }

    #[test]
    fn names_of_the_lists_in_their_usual_forms() {
        use Kind::{Family, Man, Woman};
        assert_eq!(
            names("Karim et Marie Benali, TRAORE"),
            [("Karim", Man), ("Marie", Woman), ("Benali", Family), ("TRAORE", Family)]
        );
        assert_eq!(names("il se marie samedi, SE MARIE SAMEDI"), []);
    }

    #[test]
    fn what_follows_a_title_is_a_name() {
        let one = |text| names(text).first().map(|(name, _)| *name);
        assert_eq!(one("Mme Sauvage rappelle"), Some("Sauvage"));
        assert_eq!(one("voir M. JUIF au comptoir"), Some("JUIF"));
        assert_eq!(one("monsieur Le Boiteux"), Some("Boiteux"));
        assert_eq!(one("Mme diabétique"), None);
        assert_eq!(one("MME DIABETIQUE LIVRER TOT"), None);
        assert_eq!(one("Merci Madame. Enceinte de six mois"), None);
        assert_eq!(one("Madame, Enceinte de six mois"), None);
    }

    #[test]
    fn a_name_is_one_stretch_of_neutral_pieces() {
        let neutral = Neutral([vec![7], vec![8, 9], vec![10]]);
        let text = "vu Svetlana hier";
        let spans = [Span::new(0, 2), Span::new(3, 6), Span::new(6, 11), Span::new(12, 16)];
        let (ids, spans) = neutral.tokens(text, &[1, 2, 3, 4], &spans);
        assert_eq!(ids, [1, 8, 9, 4]);
        assert_eq!(spans, [Span::new(0, 2), Span::new(3, 11), Span::new(3, 11), Span::new(12, 16)]);
    }
}
