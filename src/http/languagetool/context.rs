//! The words around a match, as clients show them in a list of matches.

use crate::span::Span;

/// Characters shown on each side.
const SIDE: usize = 40;

/// A cut-out of the text on one line, and where the match begins in it, in UTF-16 units.
pub fn around(text: &str, span: Span) -> (String, usize) {
    let before = &text[..span.start];
    let from = before.char_indices().rev().nth(SIDE - 1).map_or(0, |(at, _)| at);
    let after = &text[span.end..];
    let to = after.char_indices().nth(SIDE).map_or(text.len(), |(at, _)| span.end + at);
    let dots = |cut: bool| if cut { "..." } else { "" };
    let shown = format!("{}{}{}", dots(from > 0), &text[from..to], dots(to < text.len()));
    let offset = dots(from > 0).len() + text[from..span.start].encode_utf16().count();
    (shown.replace(['\n', '\r'], " "), offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_match_is_where_the_offset_says() {
        for left in ["", "😀 é ", &"é😀\n".repeat(30)] {
            for right in ["", ".", &" 😀".repeat(60)] {
                let text = format!("{left}mot{right}");
                let (shown, offset) = around(&text, Span::new(left.len(), left.len() + 3));
                let units: Vec<u16> = shown.encode_utf16().collect();
                assert_eq!(String::from_utf16(&units[offset..offset + 3]).unwrap(), "mot", "{shown}");
                assert!(shown.chars().count() <= 2 * SIDE + 3 + 6 && !shown.contains('\n'));
            }
        }
    }
}
