//! The detector by table: a small lexicon, notes, what must be found in them.

use proptest::prelude::*;

use super::*;

const HEALTH: &str = r#"
category = "health"

[[entry]]
id = "diabete"
subcategory = "illness"
strength = "strong"
terms = ["diabétique/a", "diabétique de type 2", "souffrir/v de diabète", "diabète"]
unless = ["@media", "dépistage gratuit"]

[[entry]]
id = "enceinte"
subcategory = "pregnancy"
strength = "context"
terms = ["enceinte/a"]
needs = ["@person", "de .. mois"]

[[entry]]
id = "operation"
strength = "strong"
terms = ["se faire/v opérer", "être/v hospitalisé/a", "touche .. aah", "=AME", "sale maladie", "aveugle/a", "lever/v le coude"]

[[entry]]
id = "weak"
strength = "weak"
terms = ["fatigué/a"]

[[entry]]
id = "wide"
strength = "strong"
window = "sentence"
terms = ["{ennui}"]
unless = ["tarif"]
"#;

const CONTEXT: &str = r#"
[[cue]]
name = "person"
terms = ["cliente", "elle", "il"]
except = ["il faut"]

[[cue]]
name = "media"
terms = ["livre/n", "film/n"]

[fillers]
words = ["toujours", "très", "peut-être", "sans doute", "pas"]

[common]
words = ["diabolique/a"]

[names]
words = ["jean", "sophie"]
"#;

const ALLOW: &str = r#"
[[allow]]
terms = ["test/n à l'aveugle", "mur/n aveugle/n"]
reason = "a wall, a test"
categories = ["health"]

[[allow]]
terms = ["cliente enceinte/n"]
unless = ["de .. mois"]
reason = "a customer of loudspeakers"
categories = ["health"]
"#;

const GROUPS: &str = r#"
[[group]]
name = "ennui"
terms = ["cécité", "petite vue"]
"#;

fn detector() -> LexiconDetector {
    let files =
        [("health.toml", HEALTH), ("context.toml", CONTEXT), ("groups.toml", GROUPS), ("allow.toml", ALLOW)];
    LexiconDetector::new(Arc::new(RuleSet::from_texts(&files).unwrap()))
}

fn detect(detector: &LexiconDetector, note: &str) -> Vec<Candidate> {
    let mut out = Vec::new();
    detector.detect(&Document::new(note), &mut out).unwrap();
    out
}

/// What counts in a note: unvetoed, scored as likely.
fn found(note: &str) -> Vec<String> {
    let likely = |c: &Candidate| c.veto.is_none() && c.score >= 0.5;
    detect(&detector(), note).iter().filter(|c| likely(c)).map(|c| c.span.of(note).to_owned()).collect()
}

fn veto(note: &str) -> String {
    let candidates = detect(&detector(), note);
    candidates.first().expect("a candidate").veto.clone().unwrap_or_default()
}

#[test]
fn terms_in_every_spelling() {
    for (note, span) in [
        ("Client diabétique, livrer le matin", "diabétique"),
        ("CLIENTE DIABETIQUE", "DIABETIQUE"),
        ("ils sont diabètiques", "diabètiques"),
        ("client diabétique de type 2", "diabétique de type 2"),
        ("souffrait de diabète", "souffrait de diabète"),
        ("souffre toujours très sans doute de diabète", "souffre toujours très sans doute de diabète"),
        ("il s'est fait opérer hier", "s'est fait opérer"),
        ("va se faire operer", "se faire operer"),
        ("je me suis fait opéré", "me suis fait opéré"),
        ("a été hospitaliser", "été hospitaliser"),
        ("il lève le coude", "lève le coude"),
        ("a levé le coude", "levé le coude"),
        ("touche un peu l'AAH", "touche un peu l'AAH"),
        ("droit à l'AME", "AME"),
        ("diabetik connu", "diabetik"),
        ("diabétiqe connu", "diabétiqe"),
    ] {
        assert_eq!(found(note), [span], "{note}");
    }
}

#[test]
fn what_is_no_term() {
    for note in [
        "antidiabétiques",                           // inside a word
        "salé maladie",                              // an accent the term does not have
        "une ame charitable",                        // capitals demanded
        "plan diabolique",                           // a common word near a term
        "touche le gros lot de l'ancien voisin aah", // too far
        "souffre beaucoup de diabete.com",           // no filler, and an address
        "",
    ] {
        let spans = found(note);
        assert!(!spans.iter().any(|s| s.contains("souffre") || s.len() > 8), "{note}: {spans:?}");
    }
    assert!(found("une ame charitable").is_empty());
    assert!(found("plan diabolique").is_empty());
    assert!(found("salé maladie").is_empty());
}

#[test]
fn context_entries_need_a_cue() {
    assert_eq!(found("elle est enceinte"), ["enceinte"]);
    assert_eq!(found("enceinte de bientôt 6 mois"), ["enceinte"]);
    assert!(found("enceinte à livrer").is_empty());
    assert!(found("cliente satisfaite. Enceinte à livrer").is_empty());
    // "il faut" is nobody.
    assert!(found("il faut une enceinte").is_empty());
    let weak = detect(&detector(), "enceinte à livrer");
    assert_eq!((weak[0].strength, weak[0].score), (Strength::Weak, HINT));
}

#[test]
fn capitals_say_nothing_in_a_note_of_capitals() {
    assert!(found("DROIT A L'AME DEMANDE PAR LE CLIENT").is_empty());
}

#[test]
fn innocent_contexts_are_named() {
    for (note, reason) in [
        ("livre sur le diabète", "next to @media"),
        ("dépistage gratuit du diabète", "next to dépistage gratuit"),
        ("mur aveugle à repeindre", "allowed phrase: a wall, a test"),
        ("rdv avec Mme Aveugle demain", "surname position"),
        ("rdv avec Jean AVEUGLE demain", "surname position"),
        ("12 rue des Aveugles", "inside a street address"),
        ("contact@diabete.fr", "inside an e-mail or web address"),
        ("adhésion de l'association des diabétiques", "inside an organisation's name"),
        ("le tarif augmente, cécité", "next to tarif"),
    ] {
        assert_eq!(veto(note), reason, "{note}");
    }
}

#[test]
fn an_allowed_phrase_counts_for_nothing_next_to_its_cue() {
    assert_eq!(veto("cliente enceinte"), "allowed phrase: a customer of loudspeakers");
    assert_eq!(found("cliente enceinte de 6 mois"), ["enceinte"]);
    // The cue of another sentence is another matter.
    assert!(found("cliente enceinte. Délai de deux mois").is_empty());
}

#[test]
fn a_group_stands_for_its_words() {
    assert_eq!(found("sa petite vue l'inquiète"), ["petite vue"]);
    assert_eq!(found("cécité depuis peu"), ["cécité"]);
}

#[test]
fn innocent_places_do_not_reach_too_far() {
    for note in [
        "habite rue Hugo est diabétique",
        "Mme Durand diabétique",
        "Mme est diabétique",
        "président de l'association des diabétiques",
        "a lu un avis « je suis diabétique »",
        "Sophie diabétique",
    ] {
        assert!(!found(note).is_empty(), "{note}");
    }
}

#[test]
fn the_longest_match_of_a_rule_stands_alone() {
    assert_eq!(detect(&detector(), "diabétique de type 2").len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_gives_spans_on_boundaries(note in "\\PC{0,80}") {
        for candidate in detect(&detector(), &note) {
            prop_assert!(note.is_char_boundary(candidate.span.start) && note.is_char_boundary(candidate.span.end));
        }
    }

    #[test]
    fn words_of_notes_in_any_order(note in "(client|se|fait|opérer|diabete|touche|AAH|rue|Mme|Aveugle|\"|livre|,|\n|-|'| |é|œ|É){0,40}") {
        for candidate in detect(&detector(), &note) {
            prop_assert!(!candidate.span.of(&note).is_empty());
        }
    }
}
