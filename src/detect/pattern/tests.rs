//! The shipped catalogue keeps its promises, and a wrong one says where it is wrong.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::category::Category;

fn found(detector: &PatternDetector, text: &str) -> Vec<Candidate> {
    let mut out = Vec::new();
    detector.detect(&Document::new(text), &mut out).unwrap();
    out.retain(|c| c.veto.is_none());
    out
}

/// The note without its brackets, and the bytes they held.
fn unmark(marked: &str) -> (String, std::ops::Range<usize>) {
    let (before, rest) = marked.split_once('[').expect("a flag example shows its value between brackets");
    let (value, after) = rest.split_once(']').expect("a bracket is closed");
    (format!("{before}{value}{after}"), before.len()..before.len() + value.len())
}

#[test]
fn every_example_of_the_catalogue_holds() {
    let detector = PatternDetector::embedded().unwrap();
    let mut broken = Vec::new();
    for example in detector.examples() {
        for marked in example.flag {
            let (note, range) = unmark(marked);
            let hits = found(&detector, &note);
            if !hits.iter().any(|c| c.span.start == range.start && c.span.end == range.end) {
                let spans: Vec<_> = hits.iter().map(|c| (&c.rule, c.span.of(&note), c.score)).collect();
                broken.push(format!(
                    "line {} {}: flag {marked:?}, found {spans:?}",
                    example.line, example.rule
                ));
            }
        }
        for note in example.pass {
            let hits = found(&detector, note);
            if !hits.is_empty() {
                let spans: Vec<_> = hits.iter().map(|c| (&c.rule, c.span.of(note), c.score)).collect();
                broken
                    .push(format!("line {} {}: pass {note:?}, found {spans:?}", example.line, example.rule));
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn values_keep_their_category_and_score() {
    let detector = PatternDetector::embedded().unwrap();
    for (text, category, subcategory, least) in [
        ("NIR 1 84 12 76 451 089 46", Category::Nir, None, 0.97),
        ("virer sur FR1420041010050500013M02606", Category::Identifier, Some("iban"), 0.97),
        ("CB 4970 1012 3456 7893", Category::Identifier, Some("payment_card"), 0.95),
        ("12 34 ou 01 42 92 70 00", Category::Identifier, Some("phone"), 0.7),
        ("mdp : Soleil2024!", Category::Identifier, Some("credential"), 0.9),
    ] {
        let hits = found(&detector, text);
        assert_eq!(hits.len(), 1, "{text}: {hits:?}");
        assert_eq!((hits[0].category, hits[0].subcategory), (category, subcategory), "{text}");
        assert!(hits[0].score >= least, "{text}: {}", hits[0].score);
    }
}

#[test]
fn a_note_without_digit_or_sign_gives_nothing() {
    let detector = PatternDetector::embedded().unwrap();
    assert!(found(&detector, "Client ravi de la livraison, rappeler lundi pour le reste").is_empty());
}

#[test]
fn a_wrong_catalogue_names_file_and_line() {
    for (text, line, says) in [
        ("[[pattern]]\nid = 'a'\ncategory = 'nir'\nregex = '('\n", 2, "regex"),
        ("[[pattern]]\nid = 'a'\ncategory = 'nirr'\nregex = 'a'\n", 3, "nirr"),
        ("\n[[pattern]]\nid = 'a'\ncategory = 'nir'\nregex = 'a'\nread = 'x'\n", 3, "reader"),
        (
            "[[pattern]]\nid = 'a'\ncategory = 'identifier'\nsubcategory = 'x'\nregex = 'a'\n",
            2,
            "subcategory",
        ),
        ("[[pattern]]\nid = 'a'\ncategory = 'nir'\nregex = 'a'\nscore = 2.0\n", 2, "between 0 and 1"),
        ("[[pattern]]\nid = 'a'\ncategory = 'nir'\nregex = 'a'\nscroe = 1\n", 5, "scroe"),
        (
            "[[pattern]]\nid = 'a'\ncategory = 'nir'\nregex = 'a'\n[[pattern]]\nid = 'a'\ncategory = 'nir'\nregex = 'a'\n",
            6,
            "twice",
        ),
        ("[[pattern]\n", 1, ""),
    ] {
        let error = PatternDetector::from_toml("mine.toml", text).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("mine.toml", line), "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
}

#[test]
fn long_input_stays_linear() {
    let detector = PatternDetector::embedded().unwrap();
    for unit in [
        "1",
        "06 12 34 56 78 ",
        "a@",
        "12 rue ",
        "mdp ",
        "1-",
        "fr76",
        "zero six ",
        "code 12 ",
        "né le ",
        "a.b@c.fr ",
    ] {
        let text = unit.repeat((1 << 16) / unit.len());
        found(&detector, &text);
    }
}

proptest! {
    #[test]
    fn spans_lie_on_characters_and_never_overlap(
        text in "(\\PC|0|6|12|34|56|78|[ .@/-]|né le |mdp : |code |rue |fr76|zéro six ){0,30}"
    ) {
        static DETECTOR: LazyLock<PatternDetector> = LazyLock::new(|| PatternDetector::embedded().unwrap());
        let mut out = Vec::new();
        DETECTOR.detect(&Document::new(&text), &mut out).unwrap();
        let mut end = 0;
        for c in &out {
            prop_assert!(c.span.start >= end && c.span.start < c.span.end);
            prop_assert!(text.is_char_boundary(c.span.start) && text.is_char_boundary(c.span.end));
            prop_assert!((0.0..=1.0).contains(&c.score));
            end = c.span.end;
        }
    }
}

/// What patterns look for, in any order: a value may begin a note, end it, or stand where its announcement should.
const PIECES: &str = "583|4512|24 000|58A14|06 39 98|12 07|1 84 12|2024|fr76|ab-123-cd|12 rue|code|digicode|portail|\
    alarme|mdp|:|est|né le|carte|cvv|zéro six|rib|clé|cni|plaque|tel|badge|x|é|-|/|.|'";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    #[test]
    fn pieces_in_any_order_are_read(
        pieces in prop::collection::vec(prop::sample::select(PIECES.split('|').collect::<Vec<_>>()), 1..6),
        glue in prop::sample::select(&["", " "][..]),
    ) {
        static DETECTOR: LazyLock<PatternDetector> = LazyLock::new(|| PatternDetector::embedded().unwrap());
        let text = pieces.join(glue);
        let mut out = Vec::new();
        DETECTOR.detect(&Document::new(&text), &mut out).unwrap();
        for c in &out {
            prop_assert!(c.span.start < c.span.end && text.get(c.span.start..c.span.end).is_some());
        }
    }
}

/// Notes that patterns could match without end: twelve times the length must not take a hundred times as long. Other tests
/// run beside it, so that a slow measure is taken again; a square would be slow in all of them.
#[test]
fn time_grows_with_the_note_not_with_its_square() {
    let detector = PatternDetector::embedded().unwrap();
    let time = |unit: &str, bytes: usize| {
        let text = unit.repeat(bytes / unit.len());
        let document = Document::new(&text);
        let once = || {
            let begin = Instant::now();
            detector.detect(&document, &mut Vec::new()).unwrap();
            begin.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap_or_default()
    };
    for unit in [
        "06 ",
        "06 12 34 56 78 ",
        "1 85 05 78 006 084 ",
        "zero ",
        "zero six ",
        "a@",
        "12 rue ",
        "mot de passe ",
    ] {
        let measured = || (time(unit, 8_000), time(unit, 96_000));
        let mut tries = (0..10).map(|_| measured());
        let grows = |(short, long): (Duration, Duration)| long < 40 * short.max(Duration::from_millis(1));
        assert!(tries.any(grows), "{unit:?}: {:?}", measured());
    }
}

/// The stretches a long note is searched in hide no value that lies across two of them.
#[test]
fn a_value_is_found_wherever_it_stands_in_a_long_note() {
    let detector = PatternDetector::embedded().unwrap();
    for pad in (1700..2100).step_by(3) {
        let text = format!(
            "{}mail paul.durand@example.org, domicile 12 rue des Lilas 75011 Paris",
            "a, ".repeat(pad)
        );
        let found = found(&detector, &text);
        let at = |words: &str| {
            let start = text.find(words).unwrap();
            found.iter().any(|c| c.span.start == start && c.span.of(&text).starts_with(words))
        };
        assert!(at("paul.durand@example.org") && at("12 rue des Lilas"), "{pad}");
    }
}
