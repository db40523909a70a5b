//! One table a phenomenon.

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{is_shouting, views};
use crate::text::{Mark, View};

fn plain(text: &str) -> String {
    views(text).0.text
}

/// The whole note with its disguises undone, if it has any.
fn undone(text: &str) -> Option<View> {
    let (plain, robust) = views(text);
    robust.stretches(&plain, usize::MAX).next()
}

fn robust(text: &str) -> Option<String> {
    undone(text).map(|view| view.text)
}

#[track_caller]
fn assert_plain(cases: &[(&str, &str)]) {
    for (from, to) in cases {
        assert_eq!(plain(from), *to, "{from:?}");
    }
}

#[test]
fn case_accents_and_ligatures() {
    assert_plain(&[
        ("Diabétique ÉVÊQUE", "diabetique eveque"),
        ("sœur Œdème ex æquo", "soeur oedeme ex aequo"),
        ("ﬁn ﬂou Straße ẞ", "fin flou strasse ss"),
        ("Ångström Øre Łódź", "angstrom ore lodz"),
        ("reçu naïf où", "recu naif ou"),
        ("x² n° nº 1ʳᵉ ½", "x2 n° n° 1re 1/2"),
    ]);
}

#[test]
fn punctuation_is_canonical() {
    assert_plain(&[
        ("l’église d‘un l´ami l`ami", "l'eglise d'un l'ami l'ami"),
        ("« oui » “non”", "\" oui \" \"non\""),
        ("a–b — c ‑ d−e", "a-b - c - d-e"),
        ("attend…", "attend..."),
    ]);
}

#[test]
fn blanks_collapse_and_line_breaks_stay() {
    assert_plain(&[
        ("a\u{a0}\u{202f} \t b", "a b"),
        ("a \r\n\r\n  b", "a\nb"),
        ("dia\u{200b}bé\u{ad}tique\u{feff}", "diabetique"),
        ("a\u{0}b", "a b"),
        ("\u{301}a", "a"),
    ]);
}

#[test]
fn full_width_and_look_alikes_are_latin() {
    assert_plain(&[
        ("ＤＩＡＢÈＴＥ　１２", "diabete 12"),
        ("c\u{43e}nnard \u{421}\u{415}", "connard ce"),
        ("diab\u{435}te \u{391}\u{39d}", "diabete an"),
        ("Россия любит", "россия любит"),
        ("Ελλάδα", "ελλαδα"),
    ]);
}

#[test]
fn mojibake_is_repaired() {
    assert_plain(&[
        ("diabÃ©tique", "diabetique"),
        ("lâ€™Ã©glise", "l'eglise"),
        ("Ã  la clinique, dÃ©jÃ  vu", "a la clinique, deja vu"),
        ("cÅ“ur nÂ° 3", "coeur n° 3"),
        ("100 â‚¬ â€“ ok", "100 € - ok"),
        ("naÃ¯f Ã‰TÃ‰", "naif ete"),
        ("l\u{92}\u{9c}il", "l'oeil"),
        ("Âge pâté", "age pate"),
    ]);
}

#[test]
fn marks_are_remembered() {
    let view = views("né ca\u{302}lin œ ễ").0;
    let mark = |letter: &str| view.marks[view.text.find(letter).unwrap()];
    assert_eq!((mark("e c"), mark("al"), mark("n")), (Mark::Acute, Mark::Circumflex, Mark::None));
    assert_eq!(view.marks.last(), Some(&Mark::Other));
}

#[test]
fn leet_is_read() {
    for (from, to) in [
        ("c0nnard", "connard"),
        ("un p3rvers", "un pervers"),
        ("$alope", "salope"),
        ("conn@rd !", "connard !"),
        ("c0nn4rd!", "connard!"),
    ] {
        assert_eq!(robust(from).as_deref(), Some(to), "{from:?}");
    }
}

#[test]
fn codes_and_units_are_no_leet() {
    for text in [
        "b4721",
        "covid19",
        "12/05/2024",
        "4x4",
        "1ere",
        "3eme",
        "15h30",
        "t3",
        "nath@orange.fr",
        "AB-123-CD",
        "2604B",
        "ok !",
        "F9K22TMP1",
        "100 km",
    ] {
        assert_eq!(robust(text), None, "{text:?}");
    }
}

#[test]
fn letter_spacing_is_closed() {
    for (from, to) in [
        ("c o n n a r d", "connard"),
        ("ce c.o.n là", "ce con la"),
        ("gros c-o-n", "gros con"),
        ("délégué C.G.T.", "delegue cgt."),
        ("un c o n", "un con"),
    ] {
        assert_eq!(robust(from).as_deref(), Some(to), "{from:?}");
    }
    assert_eq!(robust("il y a le M. C. Dupont"), None);
}

#[test]
fn repeated_letters_are_shortened() {
    for (from, to) in
        [("connnnard", "connard"), ("groooos", "gros"), ("grosssss", "gros"), ("SALOOOPE", "salope")]
    {
        assert_eq!(robust(from).as_deref(), Some(to), "{from:?}");
    }
    assert_eq!(robust("connard, employée !!! 0000"), None);
}

#[test]
fn robust_spans_cover_the_disguise() {
    let text = "quel grosss c-o-n";
    let view = undone(text).unwrap();
    let at = view.text.find("gros").unwrap();
    assert_eq!(view.to_original(at..at + 4).of(text), "grosss");
    let at = view.text.find("con").unwrap();
    assert_eq!(view.to_original(at..at + 3).of(text), "c-o-n");
}

#[test]
fn capitals_shout() {
    assert!(is_shouting("CLIENT MÉCONTENT, RAPPELER svp"));
    assert!(!is_shouting("Client mécontent de la CAF"));
}

#[test]
fn long_words_and_texts_are_fine() {
    for text in
        ["a".repeat(1 << 19), "é".repeat(1 << 18), "a.".repeat(1 << 18), "e\u{301}\u{302}".repeat(1 << 17)]
    {
        let (view, _) = views(&text);
        assert_eq!(view.text.len(), view.origin.len());
    }
}

/// Text as notes have it, and worse.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-zA-Zéèàçœ'’ .,\u{a0}\n0-9@$!*-]{0,60}",
        "(\\PC|[\u{300}-\u{30a}\u{200b}\u{200d}\u{feff}ÃÂâ©€™é]){0,40}",
    ]
}

proptest! {
    #[test]
    fn every_range_of_a_view_has_its_original(text in any_text()) {
        let (plain, robust) = views(&text);
        for view in std::iter::once(plain.clone()).chain(robust.stretches(&plain, 1)) {
            prop_assert_eq!(view.text.len(), view.origin.len());
            prop_assert_eq!(view.text.len(), view.marks.len());
            let mut before = 0;
            for (i, c) in view.text.char_indices() {
                let span = view.to_original(i..i + c.len_utf8());
                prop_assert!(!span.is_empty());
                prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                prop_assert!(span.start >= before);
                before = span.start;
            }
        }
    }

    #[test]
    fn composed_and_decomposed_agree(text in "(\\PC|[a-zàâäéèêëîïôöùûüç’œ .,0-9\u{300}-\u{304}]){0,40}") {
        // Mojibake is told by its composed letters.
        prop_assume!(!text.nfc().any(|c| "ÂÃÅâïð".contains(c)));
        let composed = views(&text.nfc().collect::<String>()).0;
        let decomposed = views(&text.nfd().collect::<String>()).0;
        prop_assert_eq!(composed.text, decomposed.text);
        prop_assert_eq!(composed.marks, decomposed.marks);
    }

    #[test]
    fn notes_side_by_side_normalise_alike(a in "[a-zA-Zéèàç0-9.]{1,20}", b in "[a-zA-Zéèàç0-9.]{1,20}") {
        let both = views(&format!("{a}, {b}")).0;
        let (left, right) = (views(&a).0, views(&b).0);
        prop_assert_eq!(&both.text, &format!("{}, {}", left.text, right.text));
        let shift = a.len() as u32 + 2;
        let at = left.text.len() + 2;
        let moved: Vec<(u32, u32)> = right.origin.iter().map(|o| (o.0 + shift, o.1 + shift)).collect();
        prop_assert_eq!(&both.origin[at..], &moved[..]);
    }
}
