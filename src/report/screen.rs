//! Text on a terminal: what it shows, how wide it is, where lines break. A note may hold anything, escape sequences
//! included; none of it may steer the terminal.

use anstyle::Style;

use crate::span::Span;

/// Shows stretches of a note, marked by colour, or by carets under the words where there is no colour.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    pub colour: bool,
}

impl Screen {
    /// Styled text, plain where there is no colour.
    pub fn paint(self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The note, line by line behind `indent`, its marks underlined. Marks are ascending by start.
    pub fn marked(self, text: &str, marks: &[(Span, Style)], indent: &str) -> String {
        let mut out = String::new();
        let mut from = 0;
        for line in text.split('\n') {
            let here = Span::new(from, from + line.len());
            from = here.end + 1;
            out.push_str(indent);
            let (shown, carets) = self.line(line, here.start, marks);
            out.push_str(shown.trim_end());
            out.push('\n');
            if !self.colour && carets.contains('^') {
                out.push_str(indent);
                out.push_str(carets.trim_end());
                out.push('\n');
            }
        }
        out
    }

    fn line(self, line: &str, offset: usize, marks: &[(Span, Style)]) -> (String, String) {
        let mut shown = String::new();
        let mut carets = String::new();
        let mut open: Option<Style> = None;
        let mut next = 0;
        for (i, c) in line.char_indices() {
            let byte = offset + i;
            while marks.get(next).is_some_and(|(span, _)| span.end <= byte) {
                next += 1;
            }
            let style = marks[next..]
                .iter()
                .take_while(|(span, _)| span.start <= byte)
                .find(|(span, _)| byte < span.end)
                .map(|(_, style)| *style);
            if self.colour && style != open {
                if let Some(old) = open {
                    shown.push_str(&format!("{old:#}"));
                }
                if let Some(new) = style {
                    shown.push_str(&format!("{new}"));
                }
                open = style;
            }
            let Some(glyph) = glyph(c) else { continue };
            shown.push(glyph);
            let mark = if style.is_some() { '^' } else { ' ' };
            carets.extend(std::iter::repeat_n(mark, width(glyph)));
        }
        if let (true, Some(old)) = (self.colour, open) {
            shown.push_str(&format!("{old:#}"));
        }
        (shown, carets)
    }
}

/// What stands for a character on the screen; `None` where nothing does.
fn glyph(c: char) -> Option<char> {
    match c {
        '\t' | '\r' => Some(' '),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(char::REPLACEMENT_CHARACTER)
        }
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        _ => Some(c),
    }
}

/// Text with nothing in it that steers a terminal, on one line.
pub fn one_line(text: &str) -> String {
    text.chars().filter_map(|c| if c == '\n' { Some(' ') } else { glyph(c) }).collect()
}

/// Columns a character takes; the usual terminals' idea of it.
fn width(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Breaks a paragraph at blanks into lines of at most `columns`, each behind `indent`.
pub fn wrap(text: &str, columns: usize, indent: &str) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split([' ', '\n']).filter(|w| !w.is_empty()) {
        let size: usize = word.chars().map(width).sum();
        if used > 0 && used + 1 + size > columns {
            out.push('\n');
            used = 0;
        }
        if used == 0 {
            out.push_str(indent);
            used = indent.chars().count();
        } else {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += size;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carets(text: &str, word: &str) -> String {
        let start = text.find(word).unwrap();
        let marks = [(Span::new(start, start + word.len()), Style::new())];
        Screen { colour: false }.marked(text, &marks, "")
    }

    #[test]
    fn carets_stand_under_the_words() {
        assert_eq!(carets("il est malade\nvoilà", "malade"), "il est malade\n       ^^^^^^\nvoilà\n");
        assert_eq!(carets("日本 malade", "malade"), "日本 malade\n     ^^^^^^\n");
        assert_eq!(carets("e\u{301}te\u{301} malade", "malade"), "e\u{301}te\u{301} malade\n    ^^^^^^\n");
    }

    #[test]
    fn a_note_cannot_steer_the_terminal() {
        let shown = carets("\u{1b}[31m\u{202e}malade\u{7}", "malade");
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{shown:?}");
    }

    #[test]
    fn colour_opens_and_closes_around_the_words() {
        let style = Style::new().underline();
        let text = "il est malade";
        let marks = [(Span::new(7, 13), style)];
        let shown = Screen { colour: true }.marked(text, &marks, "");
        assert_eq!(shown, format!("il est {style}malade{style:#}\n"));
    }

    #[test]
    fn paragraphs_break_at_blanks() {
        assert_eq!(wrap("un deux trois", 9, "  "), "  un deux\n  trois");
    }
}
