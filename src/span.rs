//! Byte spans into a note, and their expression in the unit a client counts in.

use serde::{Deserialize, Serialize};

/// A half-open range of UTF-8 bytes into the note as it was sent, always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start, end }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both.
    pub fn cover(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The covered part of `text`.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// The unit in which a client counts `start` and `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// UTF-16 code units: what JavaScript and Java count.
    #[default]
    Utf16,
    /// Unicode code points: what Python counts.
    Codepoints,
    /// UTF-8 bytes: what Rust and Go count.
    Utf8,
}

/// Converts ascending or arbitrary byte offsets of one text into another unit.
pub struct OffsetMap<'t> {
    text: &'t str,
    unit: OffsetUnit,
    /// Last conversion, so that ascending look-ups are linear in the text overall.
    last: (usize, usize),
}

impl<'t> OffsetMap<'t> {
    pub fn new(text: &'t str, unit: OffsetUnit) -> Self {
        Self { text, unit, last: (0, 0) }
    }

    /// The offset, in the chosen unit, of a byte offset that lies on a character boundary.
    pub fn convert(&mut self, byte: usize) -> usize {
        let (from, count) = if byte >= self.last.0 { self.last } else { (0, 0) };
        let passed = &self.text[from..byte];
        let count = count
            + match self.unit {
                OffsetUnit::Utf8 => passed.len(),
                OffsetUnit::Codepoints => passed.chars().count(),
                OffsetUnit::Utf16 => passed.chars().map(char::len_utf16).sum(),
            };
        self.last = (byte, count);
        count
    }

    /// Both ends of a span.
    pub fn convert_span(&mut self, span: Span) -> (usize, usize) {
        (self.convert(span.start), self.convert(span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_unit_cuts_the_same_text(text in "\\PC{0,40}", at in 0usize..40) {
            let byte = text.char_indices().map(|(i, _)| i).nth(at).unwrap_or(text.len());
            let utf16 = OffsetMap::new(&text, OffsetUnit::Utf16).convert(byte);
            let points = OffsetMap::new(&text, OffsetUnit::Codepoints).convert(byte);
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(String::from_utf16(&units[..utf16]).unwrap(), &text[..byte]);
            prop_assert_eq!(text.chars().take(points).collect::<String>(), &text[..byte]);
        }

        #[test]
        fn going_back_gives_the_same_answer(text in "\\PC{1,40}") {
            let bytes: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
            let mut map = OffsetMap::new(&text, OffsetUnit::Utf16);
            let up: Vec<usize> = bytes.iter().map(|b| map.convert(*b)).collect();
            let mut down: Vec<usize> = bytes.iter().rev().map(|b| map.convert(*b)).collect();
            down.reverse();
            prop_assert_eq!(up, down);
        }
    }
}
