//! Folding of the words of a rule, the same way [`crate::text::normalise`] folds a note.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Longest segment of a term, in bytes: its accents are kept in one `u128`.
pub const MAX_BYTES: usize = 128;

/// A stretch of a term as the automaton sees it, and where its letters carry an accent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Folded {
    pub text: String,
    /// Bit `i` is set if byte `i` of `text` stands for an accented letter.
    pub accents: u128,
}

/// What the automaton reads in place of a byte of a view: apostrophes and hyphens count as blanks, so that
/// "d'origine", "d origine", "arrêt-maladie" and "arrêt maladie" are one.
#[inline]
pub const fn blank(byte: u8) -> u8 {
    match byte {
        b'\'' | b'-' => b' ',
        other => other,
    }
}

/// Folds a word or phrase of a rule: lower case, no accent, canonical apostrophe, quote, dash and blank.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded { text: String::with_capacity(text.len()), accents: 0 };
    if text.is_ascii() {
        folded.text.extend(text.bytes().map(|b| char::from(blank(b.to_ascii_lowercase()))));
        return folded;
    }
    for c in text.nfc().flat_map(char::to_lowercase) {
        match c {
            'œ' => folded.text.push_str("oe"),
            'æ' => folded.text.push_str("ae"),
            'ß' => folded.text.push_str("ss"),
            '’' | '‘' | 'ʼ' | '´' | '`' | '\'' | '-' | '‐' | '‑' | '–' | '—' => {
                folded.text.push(' ')
            }
            '«' | '»' | '“' | '”' | '„' => folded.text.push('"'),
            c if c.is_whitespace() => folded.text.push(' '),
            c if c.is_ascii() => folded.text.push(c),
            c => push_base(&mut folded, c),
        }
    }
    folded
}

/// Pushes the base letter of an accented one and remembers the accent.
fn push_base(folded: &mut Folded, c: char) {
    let mut accented = false;
    let at = folded.text.len();
    decompose_canonical(c, |part| {
        if is_combining_mark(part) {
            accented = true;
        } else {
            folded.text.push(part);
        }
    });
    if accented && at < MAX_BYTES {
        folded.accents |= 1 << at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_where_the_accents_were() {
        let folded = fold("Salé");
        assert_eq!(folded.text, "sale");
        assert_eq!(folded.accents, 0b1000);
        assert_eq!(fold("sale").accents, 0);
    }

    #[test]
    fn expands_ligatures_and_joins_words() {
        assert_eq!(fold("Sœur d’Œuvre-là").text, "soeur d oeuvre la");
    }
}
