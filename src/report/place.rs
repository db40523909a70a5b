//! Where a note stands in its file, and where a finding stands in the file then.

use std::sync::Arc;

use crate::span::Span;

/// The file and line a note was read from.
#[derive(Clone, Debug)]
pub struct Place {
    /// As the user named it; `stdin` for standard input.
    pub file: Arc<str>,
    /// First line of the note's record, from 1.
    pub line: u64,
    pub layout: Layout,
}

/// How the note's text lies in its record, so that a byte of the text has a line and a column of the file.
#[derive(Clone)]
pub enum Layout {
    /// The note is its line.
    Line,
    /// A CSV field whose text begins at this line and column (from 1); inside quotes, a quote is written twice.
    Field { line: u64, column: u64, quoted: bool },
    /// A string of the JSON object that is the whole line, kept here as it was read.
    Json { raw: Box<str> },
    /// The record could not be read.
    Unknown,
}

impl std::fmt::Debug for Layout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Layout::Line => "Line",
            Layout::Field { .. } => "Field",
            Layout::Json { .. } => "Json",
            Layout::Unknown => "Unknown",
        })
    }
}

/// A stretch of a file: lines and columns from 1, columns in code points, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    pub start: (u64, u64),
    pub end: (u64, u64),
}

impl Place {
    pub fn new(file: &Arc<str>, line: u64, layout: Layout) -> Self {
        Self { file: Arc::clone(file), line, layout }
    }

    /// Where a span of the note's text stands in the file; `None` where only the line is known.
    pub fn region(&self, text: &str, span: Span) -> Option<Region> {
        let at = |byte: usize| -> Option<(u64, u64)> {
            let before = &text[..byte];
            match &self.layout {
                Layout::Line => Some((self.line, 1 + before.chars().count() as u64)),
                Layout::Field { line, column, quoted } => {
                    let breaks = before.matches('\n').count() as u64;
                    let last = before.rsplit('\n').next().unwrap_or_default();
                    let doubled = if *quoted { last.matches('"').count() } else { 0 };
                    let from = if breaks == 0 { *column } else { 1 };
                    Some((line + breaks, from + (last.chars().count() + doubled) as u64))
                }
                Layout::Json { raw } => Some((self.line, json_column(raw, before)?)),
                Layout::Unknown => None,
            }
        };
        Some(Region { start: at(span.start)?, end: at(span.end)? })
    }
}

/// The column of the line `raw`, a JSON object, at which the text of its member `text` goes on after `before`.
fn json_column(raw: &str, before: &str) -> Option<u64> {
    let mut string = text_member(raw)?;
    let mut left = before.chars().map(char::len_utf16).sum::<usize>();
    while left > 0 {
        let first = string.chars().next()?;
        let (raw_bytes, units) = match (first, string.as_bytes().get(1)) {
            ('\\', Some(b'u')) => (6, 1),
            ('\\', _) => (2, 1),
            (c, _) => (c.len_utf8(), c.len_utf16()),
        };
        string = string.get(raw_bytes..)?;
        left = left.saturating_sub(units);
    }
    Some(1 + raw[..raw.len() - string.len()].chars().count() as u64)
}

/// What follows the opening quote of the value of the top-level member `text`, the last one if there are several.
fn text_member(raw: &str) -> Option<&str> {
    let mut depth = 0usize;
    let mut at = 0;
    let mut found = None;
    while let Some(byte) = raw.as_bytes().get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(raw, at + 1)?;
                let rest = raw[end + 1..].trim_start();
                let value = rest.strip_prefix(':').and_then(|r| r.trim_start().strip_prefix('"'));
                if depth == 1 && &raw[at..=end] == "\"text\"" && value.is_some() {
                    found = value;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The byte of the quote that closes a JSON string whose inside begins at `from`.
fn string_end(raw: &str, from: usize) -> Option<usize> {
    let mut escaped = false;
    raw.as_bytes()[from..].iter().enumerate().find_map(|(i, byte)| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes.then_some(from + i)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(layout: Layout, text: &str, word: &str) -> Region {
        let start = text.find(word).unwrap();
        Place::new(&"notes".into(), 7, layout).region(text, Span::new(start, start + word.len())).unwrap()
    }

    #[test]
    fn a_plain_line_counts_code_points() {
        let found = region(Layout::Line, "été diabétique", "diabétique");
        assert_eq!(found, Region { start: (7, 5), end: (7, 15) });
    }

    #[test]
    fn a_quoted_field_counts_its_lines_and_doubled_quotes() {
        let field = Layout::Field { line: 7, column: 12, quoted: true };
        assert_eq!(region(field.clone(), "dit \"oui\" malade", "malade").start, (7, 12 + 10 + 2));
        assert_eq!(region(field, "un\ndeux malade", "malade"), Region { start: (8, 6), end: (8, 12) });
    }

    #[test]
    fn a_json_string_counts_its_escapes() {
        let raw = r#"{"id": "text", "text" : "\u00e9t\u00e9\n\"😀\" malade"}"#;
        let text = "été\n\"😀\" malade";
        let found = region(Layout::Json { raw: raw.into() }, text, "malade");
        let column = 1 + raw[..raw.find("malade").unwrap()].chars().count() as u64;
        assert_eq!(found.start, (7, column));
        assert_eq!(found.end, (7, column + 6));
    }

    #[test]
    fn the_last_of_two_members_counts_as_the_parser_has_it() {
        let raw = r#"{"text": "x malade", "a": {"text": "b"}, "text": "malade"}"#;
        let found = region(Layout::Json { raw: raw.into() }, "malade", "malade");
        assert_eq!(found.start.1 as usize, 1 + raw.rfind("malade").unwrap());
    }
}
