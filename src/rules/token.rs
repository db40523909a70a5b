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

/// The tokens of a folded text.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at;
        while at < bytes.len() && blank(bytes[at]) == b' ' {
            at += 1;
        }
        let space = match at - from {
            _ if from == 0 => Space::Many,
            0 => Space::None,
            1 => Space::One,
            _ => Space::Many,
        };
        let start = at;
        while at < bytes.len() {
            let (letter, len) = if bytes[at].is_ascii() {
                (bytes[at].is_ascii_alphanumeric(), 1)
            } else {
                let c = text[at..].chars().next().expect("inside the text");
                (c.is_alphanumeric(), c.len_utf8())
            };
            if letter {
                at += len;
                continue;
            }
            if at > start {
                break;
            }
            at += len;
            return Some(Token { start, end: at, space, word: false });
        }
        (at > start).then_some(Token { start, end: at, space, word: true })
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
