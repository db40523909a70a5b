//! What terms expand to.

use super::super::term::parse;
use super::*;

/// The chains of a term as text, segments joined by `~` (fillers) or `..`.
fn chains(term: &str) -> Vec<String> {
    let mut all = Vec::new();
    for chain in expand(&parse(term, None).unwrap()).unwrap() {
        let mut texts = vec![String::new()];
        for (i, segment) in chain.iter().enumerate() {
            let gap = match (i, segment.gap) {
                (0, _) => "",
                (_, Gap::Adjacent) => " ",
                (_, Gap::Fillers) => "~",
                (_, Gap::Words) => "..",
            };
            texts = texts
                .iter()
                .flat_map(|t| segment.forms.iter().map(move |f| format!("{t}{gap}{}", f.folded.text)))
                .collect();
        }
        all.extend(texts);
    }
    all.sort();
    all
}

#[test]
fn groups_and_options() {
    assert_eq!(chains("taux [trop|très] (haut|bas)").len(), 6);
    assert_eq!(chains("malade(s|)"), ["malade", "malades"]);
    assert_eq!(chains("d'(origine|ascendance) arabe"), ["d ascendance arabe", "d origine arabe"]);
    assert_eq!(chains("[il] .. malade"), ["il..malade", "malade"]);
    assert_eq!(chains("(l'|cette) arme"), ["cette arme", "l arme"]);
}

#[test]
fn a_verb_leaves_room_for_adverbs() {
    let all = chains("souffrir/v de diabète");
    assert!(all.contains(&"souffre~de diabete".to_owned()));
    assert!(all.contains(&"souffert~de diabete".to_owned()));
}

#[test]
fn reflexive_verbs() {
    let all = chains("se faire/v opérer");
    for expected in ["se fait~operer", "se faire~operer", "s est~fait~operer", "me suis~fait~operee"] {
        assert!(all.contains(&expected.to_owned()), "{expected} not in {all:?}");
    }
    assert!(chains("s'automutiler/v").contains(&"s automutile".to_owned()));
}

#[test]
fn a_misspelt_participle_after_etre() {
    assert!(chains("être/v hospitalisé/a").contains(&"ete~hospitaliser".to_owned()));
    assert!(!chains("hospitalisé/a").contains(&"hospitaliser".to_owned()));
}

#[test]
fn accents_move_with_the_words() {
    let chains = expand(&parse("très salé", None).unwrap()).unwrap();
    assert_eq!(chains[0][0].forms[0].folded.accents, 0b1_0000_0100);
}

#[test]
fn too_many_forms_are_refused() {
    let words: Vec<String> = (0..=MAX_FORMS).map(|i| format!("mot{i}")).collect();
    let wide = format!("({})", words.join("|"));
    assert!(expand(&parse(&wide, None).unwrap()).unwrap_err().contains("split it"));
}

#[test]
fn wide_alternatives_add_up() {
    let wide = "(a|b|c|d|e|f|g|h) (a|b|c|d|e|f|g|h) (l'|son) (a|b|c|d|e|f|g|h)";
    let expanded = expand(&parse(wide, None).unwrap()).unwrap();
    let forms: usize = expanded[0].iter().map(|segment| segment.forms.len()).sum();
    assert_eq!((expanded.len(), forms), (1, 8 + 16 + 8));
    assert!(chains(wide).contains(&"a h l b".to_owned()));
}
