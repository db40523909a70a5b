//! Cutting a long note into windows the model can read.

use std::ops::Range;

use crate::span::Span;
use crate::text::Document;

/// Most tokens of what stands before a window that it sees again.
const CONTEXT: usize = 32;

/// A range of tokens to read together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Tokens given to the model.
    pub tokens: Range<usize>,
    /// Those of them whose probabilities count; the others are context read before.
    pub fresh: Range<usize>,
}

/// Plans the windows of a note from the bytes of its tokens. A window has at most `max` tokens, special ones not
/// counted; every token is fresh in exactly one.
pub fn plan(tokens: &[Span], document: &Document<'_>, max: usize) -> Vec<Window> {
    let count = tokens.len();
    if count == 0 {
        return Vec::new();
    }
    if count <= max {
        return vec![Window { tokens: 0..count, fresh: 0..count }];
    }
    let starts: Vec<usize> = document.clauses.iter().map(|c| c.span.start).collect();
    let opens = |token: usize| {
        let span = tokens[token];
        let at = starts.partition_point(|s| *s < span.start);
        starts.get(at).is_some_and(|s| *s < span.end.max(span.start + 1))
    };
    let mut windows = Vec::new();
    let mut from = 0;
    while from < count {
        let context = from.saturating_sub(CONTEXT.min(max / 4));
        let limit = (context + max).min(count);
        let end = if limit == count {
            count
        } else {
            // The last clause boundary in the second half of the window, else a cut in mid-clause.
            let middle = from + (limit - from) / 2;
            (middle..limit).rev().find(|t| opens(*t)).unwrap_or(limit)
        };
        windows.push(Window { tokens: context..end, fresh: from..end });
        from = end;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Span> {
        let mut at = 0;
        text.split(' ')
            .map(|w| {
                let start = at;
                at += w.len() + 1;
                Span::new(start, start + w.len())
            })
            .collect()
    }

    #[test]
    fn a_short_note_is_read_whole() {
        let document = Document::new("un mot");
        assert_eq!(plan(&tokens("un mot"), &document, 158), vec![Window { tokens: 0..2, fresh: 0..2 }]);
    }

    #[test]
    fn every_token_is_fresh_once_and_no_window_is_too_long() {
        let text = "client appelé. rien à dire, rappeler lundi. ".repeat(120);
        let text = text.trim();
        let document = Document::new(text);
        let tokens = tokens(text);
        let windows = plan(&tokens, &document, 158);
        let mut next = 0;
        for window in &windows {
            assert_eq!(window.fresh.start, next);
            assert!(window.tokens.len() <= 158 && window.tokens.end == window.fresh.end);
            next = window.fresh.end;
        }
        assert_eq!(next, tokens.len());
    }
}
