//! Words: runs of letters and digits. An apostrophe, a hyphen, an underscore or any other sign splits
//! ("l'|église", "porte|-|monnaie"), so that a lexicon entry of several words meets every spelling.
//! Runs of a script written without spaces are split by Unicode's word boundaries (UAX #29).

use unicode_segmentation::UnicodeSegmentation;

use crate::text::{Casing, Document, View, WORDS, Word, spare};

/// The words of the plain view, in order.
pub fn words(original: &str, plain: &View) -> Vec<Word> {
    let text = plain.text.as_str();
    let bytes = text.as_bytes();
    let mut out = spare::take(&WORDS, bytes.len() / 5 + 1);
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut latin = true;
        while at < bytes.len() {
            if bytes[at].is_ascii() {
                if !bytes[at].is_ascii_alphanumeric() {
                    break;
                }
                at += 1;
            } else {
                let Some(c) = text[at..].chars().next().filter(|c| c.is_alphanumeric()) else { break };
                latin = false;
                at += c.len_utf8();
            }
        }
        if start == at {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        } else if latin {
            out.push(word(original, plain, start, at));
        } else {
            let parts = text[start..at].unicode_word_indices();
            out.extend(parts.map(|(i, part)| word(original, plain, start + i, start + i + part.len())));
        }
    }
    out
}

fn word(original: &str, plain: &View, start: usize, end: usize) -> Word {
    let span = plain.to_original(start..end);
    Word { range: start..end, span, casing: casing(span.of(original)), opens_sentence: false }
}

fn casing(word: &str) -> Casing {
    let (mut upper, mut lower, mut first) = (0u32, 0u32, false);
    let mut count = |is_upper: bool, is_lower: bool| {
        first |= is_upper && upper + lower == 0;
        upper += u32::from(is_upper);
        lower += u32::from(is_lower);
    };
    if word.is_ascii() {
        word.bytes().for_each(|b| count(b.is_ascii_uppercase(), b.is_ascii_lowercase()));
    } else {
        word.chars().for_each(|c| count(c.is_uppercase(), c.is_lowercase()));
    }
    match (upper, lower) {
        (0, 0) => Casing::None,
        (0, _) => Casing::Lower,
        (1, _) if first => Casing::Capitalised,
        (_, 0) => Casing::Upper,
        _ => Casing::Mixed,
    }
}

/// Marks the first word of each sentence, and of each clause opened by a dash, a slash, an arrow or a bullet.
pub fn mark_openings(document: &mut Document<'_>) {
    let mut sentences = document.sentences.iter().map(|s| s.start).peekable();
    let bulleted =
        |start: usize| document.original[..start].trim_end().chars().next_back().is_some_and(bullet);
    let clauses: Vec<usize> =
        document.clauses.iter().map(|c| c.span.start).filter(|s| bulleted(*s)).collect();
    let mut clauses = clauses.into_iter().peekable();
    for word in &mut document.words {
        let start = word.span.start;
        let opens_sentence = sentences.next_if(|s| *s <= start).is_some();
        let opens_clause = clauses.next_if(|s| *s <= start).is_some();
        word.opens_sentence = opens_sentence || opens_clause;
        while sentences.next_if(|s| *s <= start).is_some() {}
        while clauses.next_if(|s| *s <= start).is_some() {}
    }
}

fn bullet(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '/' | '*' | '•' | '|' | '>' | '→' | '➔' | '►' | '▪' | '+' | '·')
}
