//! A text as the rules read it: words, and every other sign by itself.

use super::fold::blank;

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Nothing.
    None,
    /// One blank, apostrophe or hyphen.
    One,
    /// More than one: a dash between blanks, the beginning of the text.
    Many,
}

/// A word, or one sign that is neither letter, digit nor blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    pub space: Space,
    /// Whether it is a word.
    pub word: bool,
}

/// What a byte is to the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Sign,
    /// Part of a character that only the whole character tells.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Wide; 256];
    let mut b = 0;
    while b < 128 {
        classes[b] = match b as u8 {
            byte if blank(byte) == b' ' => Class::Blank,
            byte if byte.is_ascii_alphanumeric() => Class::Word,
            _ => Class::Sign,
        };
        b += 1;
    }
    classes
};

/// The tokens of a folded text.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let bytes = text.as_bytes();
    let class = move |at: usize| bytes.get(at).map(|b| CLASSES[usize::from(*b)]);
    let wide = move |at: usize| text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at;
        while class(at) == Some(Class::Blank) {
            at += 1;
        }
        let space = match at - from {
            _ if from == 0 => Space::Many,
            0 => Space::None,
            1 => Space::One,
            _ => Space::Many,
        };
        let start = at;
        loop {
            let len = match class(at) {
                Some(Class::Word) => 1,
                Some(Class::Wide) if wide(at).is_alphanumeric() => wide(at).len_utf8(),
                _ => break,
            };
            at += len;
        }
        if at > start {
            return Some(Token { start, end: at, space, word: true });
        }
        at += match class(at)? {
            Class::Wide => wide(at).len_utf8(),
            _ => 1,
        };
        Some(Token { start, end: at, space, word: false })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(text: &str) -> Vec<(&str, Space)> {
        tokens(text).map(|t| (&text[t.start..t.end], t.space)).collect()
    }

    #[test]
    fn words_and_signs() {
        use Space::{Many, None, One};
        assert_eq!(
            list("d'origine, c*n"),
            [("d", Many), ("origine", One), (",", None), ("c", One), ("*", None), ("n", None)]
        );
        assert_eq!(list("a - b\nc"), [("a", Many), ("b", Many), ("\n", None), ("c", None)]);
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_between(text in "\\PC{0,40}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(text[end..token.start].bytes().all(|b| blank(b) == b' '));
                prop_assert!(token.end > token.start);
                end = token.end;
            }
            prop_assert!(text[end..].bytes().all(|b| blank(b) == b' '));
        }
    }
}
