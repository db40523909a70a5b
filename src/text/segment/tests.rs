//! Words and clauses by table.

use proptest::prelude::*;

use crate::text::{Casing, Document};

fn words(text: &str) -> Vec<String> {
    Document::new(text).words.iter().map(|w| w.span.of(text).to_owned()).collect()
}

#[track_caller]
fn assert_clauses(text: &str, expected: &[&str]) {
    let document = Document::new(text);
    let found: Vec<&str> = document.clauses.iter().map(|c| c.span.of(text)).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[track_caller]
fn assert_sentences(text: &str, expected: &[&str]) {
    let document = Document::new(text);
    let found: Vec<&str> = document.sentences.iter().map(|s| s.of(text)).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn words_split_at_every_sign() {
    assert_eq!(
        words("l’église, arc-en-ciel b4721 e\u{301}té_1"),
        ["l", "église", "arc", "en", "ciel", "b4721", "e\u{301}té", "1"]
    );
    assert_eq!(words("😀 client 👍🏽ok"), ["client", "ok"]);
    assert_eq!(words("你好世界"), ["你", "好", "世", "界"]);
}

#[test]
fn casing_is_that_of_the_note() {
    let text = "Élodie DURAND dit iPhone 12 À";
    let casings: Vec<Casing> = Document::new(text).words.iter().map(|w| w.casing).collect();
    use Casing::*;
    assert_eq!(casings, [Capitalised, Upper, Lower, Mixed, None, Capitalised]);
}

#[test]
fn the_first_word_of_a_sentence_or_item_opens_it() {
    let text = "Client ok. Noir refusé - Rappeler Paul, Jean\n• Noël";
    let opening: Vec<String> = Document::new(text)
        .words
        .iter()
        .filter(|w| w.opens_sentence)
        .map(|w| w.span.of(text).to_owned())
        .collect();
    assert_eq!(opening, ["Client", "Noir", "Rappeler", "Noël"]);
}

#[test]
fn strong_punctuation_ends_sentences() {
    assert_sentences("Diabétique. Rappeler ! Ok ? oui… fin", &["Diabétique", "Rappeler", "Ok", "oui", "fin"]);
    assert_sentences("appel ok.rappeler demain", &["appel ok", "rappeler demain"]);
    assert_sentences("a vu M. Dupont et Mme. Roy av. Foch", &["a vu M. Dupont et Mme. Roy av. Foch"]);
    assert_sentences("rdv. pris le 12. Voir", &["rdv. pris le 12", "Voir"]);
    assert_sentences("tel. 06.12.34.56.78 le 12.05 à 1.200 €", &["tel. 06.12.34.56.78 le 12.05 à 1.200 €"]);
    assert_sentences("1. Rappeler\n2. Livrer", &["1. Rappeler", "2. Livrer"]);
    assert_sentences("S.N.C.F. puis C.A.F. ok", &["S.N.C.F. puis C.A.F. ok"]);
}

#[test]
fn clauses_follow_the_signs_of_notes() {
    assert_clauses(
        "ok - rappeler / livrer // sav -> fini | x",
        &["ok", "rappeler", "livrer", "sav", "fini", "x"],
    );
    assert_clauses("tel : 06 12, veuf (depuis mai)", &["tel", "06 12", "veuf", "depuis mai"]);
    assert_clauses(
        "3,5 kg le 12/05 à 12:30, h/f 06 - 12 - 34",
        &["3,5 kg le 12/05 à 12:30", "h/f 06 - 12 - 34"],
    );
    assert_clauses("- un\n* deux\n• trois → quatre", &["un", "deux", "trois", "quatre"]);
    assert_clauses(
        "voir https://a.fr/b?c=d,page. mail jean.paul@orange.fr, ok",
        &["voir https://a.fr/b?c=d,page", "mail jean.paul@orange.fr", "ok"],
    );
    assert_clauses("client·e·s – oui", &["client·e·s", "oui"]);
    assert_clauses("quel c*n arc-en-ciel", &["quel c*n arc-en-ciel"]);
}

#[test]
fn pasted_mail_is_read() {
    assert_sentences(
        "De : Paul\nObjet : retard\n> bonjour\nMerci d'avance Cordialement Jean",
        &["De : Paul", "Objet : retard", "bonjour", "Merci d'avance", "Cordialement Jean"],
    );
    let wrapped =
        "Bonjour, je vous écris car mon mari est hospitalisé depuis trois\nsemaines à Nantes.\nMerci";
    assert_eq!(Document::new(wrapped).sentences.len(), 2);
}

#[test]
fn a_note_without_words_is_one_clause() {
    for text in ["", " ", "...", "😀"] {
        let document = Document::new(text);
        assert_eq!((document.clauses.len(), document.sentences.len()), (1, 1));
    }
}

#[test]
fn long_input_stays_linear() {
    for unit in ["a", "a ", "a. ", "- ", "1 - ", "@", "a@b ", ".", "\n", "é,", "a-"] {
        let text = unit.repeat((1 << 18) / unit.len());
        assert!(!Document::new(&text).clauses.is_empty());
    }
}

proptest! {
    #[test]
    fn pieces_are_in_order_and_on_boundaries(text in prop_oneof![any::<String>(), "[a-zA-Zé0-9 .,;:/()@\n’–•*>-]{0,80}"]) {
        let document = Document::new(&text);
        let cuts = |s: crate::span::Span| text.is_char_boundary(s.start) && text.is_char_boundary(s.end);
        let mut start = 0;
        for word in &document.words {
            // Two words may come from one character: "¼" reads "1/4".
            prop_assert!(word.span.start >= start && !word.span.is_empty() && cuts(word.span));
            prop_assert_eq!(document.plain.to_original(word.range.clone()), word.span);
            start = word.span.start;
        }
        let mut end = 0;
        let mut sentence = 0;
        for clause in &document.clauses {
            prop_assert!(clause.span.start >= end && cuts(clause.span));
            prop_assert!(clause.sentence >= sentence && clause.sentence < document.sentences.len());
            prop_assert!(document.sentences[clause.sentence].contains(clause.span));
            (end, sentence) = (clause.span.end, clause.sentence);
        }
        end = 0;
        for sentence in &document.sentences {
            prop_assert!(sentence.start >= end && cuts(*sentence));
            end = sentence.end;
        }
    }

    #[test]
    fn every_word_lies_in_the_clause_it_is_looked_up_in(text in "[a-zA-Zé0-9 .,;:/()\n–-]{0,80}") {
        let document = Document::new(&text);
        for word in &document.words {
            let clause = &document.clauses[document.clause_at(word.span.start)];
            prop_assert!(clause.span.contains(word.span));
        }
    }
}
