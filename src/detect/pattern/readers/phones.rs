//! Telephone numbers in digits.

use std::ops::Range;

use super::{Reading, byte_before, groups, squeeze, tied};
use crate::detect::checks::phone::{self, Line};
use crate::text::Document;

/// A number of the French plan, with 0, +33, 0033 or an overseas code.
pub fn national(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let bytes = text.as_bytes();
    let written = &text[range.clone()];
    if tied(text, range.start, b".,/-_+") {
        return None;
    }
    let digits = squeeze(written, &(0..written.len())).replace('o', "0");
    let international = written.starts_with(['+', '3']) || digits.starts_with("00");
    let line = if international {
        let bare = digits.trim_start_matches('0');
        let rest = phone::COUNTRY_CODES.iter().find_map(|code| bare.strip_prefix(code))?;
        phone::read(rest.strip_prefix('0').unwrap_or(rest))?
    } else {
        phone::read(&digits)?
    };
    if of_dates(written) {
        return None;
    }
    let shape = groups(written);
    let pairs = shape.iter().all(|n| *n == 2) || shape.iter().all(|n| *n == 1);
    if !pairs && !international {
        let dated = written.contains('/');
        // Digits that go on make it a longer number.
        let next = bytes.get(range.end).is_some_and(|b| matches!(b, b' ' | b'.' | b'-' | b'/'))
            && bytes.get(range.end + 1).is_some_and(u8::is_ascii_digit)
            && bytes.get(range.end + 2).is_some_and(u8::is_ascii_digit);
        if dated || next || shape.contains(&1) && shape.len() > 6 {
            return None;
        }
    }
    let reading = Reading::new(range);
    Some(match line {
        Line::ValueAdded => reading.veto("numéro spécial d'entreprise"),
        Line::Mobile if pairs || international => reading.score(0.85),
        Line::Fixed if pairs || international => reading.score(0.75),
        Line::Mobile => reading.score(0.7),
        Line::Fixed => reading.score(0.5),
    })
}

/// "01/02 03/04 05/06": pairs joined by strokes and set apart by blanks are days, not a number.
fn of_dates(written: &str) -> bool {
    let signs = written.split(|c: char| c.is_ascii_alphanumeric()).filter(|sign| !sign.is_empty());
    let (strokes, blanks): (Vec<&str>, Vec<&str>) = signs.partition(|sign| sign.contains('/'));
    strokes.len() >= 2 && !blanks.is_empty()
}

/// A number of another country: a plus, a country code, seven digits or more.
pub fn foreign(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let digits = squeeze(&document.plain.text, &range);
    let before = byte_before(&document.plain.text, range.start, 1);
    ((9..=15).contains(&digits.len()) && !before.is_ascii_alphanumeric()).then(|| Reading::new(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_dates_is_no_number() {
        for (note, ok) in [
            ("01/02 03/04 05", false),
            ("06/12/34/56/78", true),
            ("06 / 12 / 34 / 56 / 78", true),
            ("06/12 34 56 78", true),
            ("06 12 34 56 78", true),
        ] {
            assert_eq!(national(&Document::new(note), 0..note.len()).is_some(), ok, "{note}");
        }
    }
}
