//! Telephone numbers spelled out, wholly or in part: "zéro six trente-neuf…", "06trente9 quatrevingtdix8 05 50".

use std::ops::Range;

use super::Reading;
use crate::detect::checks::phone;
use crate::text::Document;

/// Number words by decreasing length, so that "dix" does not hide "dix-sept"'s "sept" nor "six" in "soixante".
const WORDS: [(&str, u32); 23] = [
    ("cinquante", 50),
    ("soixante", 60),
    ("quarante", 40),
    ("quatorze", 14),
    ("trente", 30),
    ("quatre", 4),
    ("treize", 13),
    ("quinze", 15),
    ("vingts", 20),
    ("seize", 16),
    ("douze", 12),
    ("trois", 3),
    ("vingt", 20),
    ("zero", 0),
    ("deux", 2),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("onze", 11),
    ("dix", 10),
    ("six", 6),
    ("un", 1),
];

/// Reads ten digits, two of which at least are words.
pub fn phone(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let international = text[range.clone()].starts_with("plus");
    let start = if international { range.start + "plus".len() } else { range.start };
    let mut digits = String::new();
    let mut spelled = 0;
    let mut pending: Option<u32> = None;
    let mut at = start;
    let mut end = start;
    let wanted = if international { 11 } else { 10 };
    while at < range.end && digits.len() + pending.map_or(0, length) <= wanted {
        let rest = &text[at..range.end];
        if let Some((word, value)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            spelled += 1;
            pending = join(pending, *value, &mut digits);
            at += word.len();
            end = at;
        } else if rest.starts_with("et ") || rest.starts_with("et-") {
            at += 3;
        } else if rest.as_bytes()[0].is_ascii_digit() {
            let run = rest.bytes().take_while(u8::is_ascii_digit).count();
            // "trente9": the digit completes the ten.
            match (run, pending) {
                (1, Some(ten)) if ten >= 20 && ten % 10 == 0 => {
                    pending = join(pending, u32::from(rest.as_bytes()[0] - b'0'), &mut digits);
                }
                _ => {
                    flush(&mut pending, &mut digits);
                    digits.push_str(&rest[..run]);
                }
            }
            at += run;
            end = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if digits.len() + pending.map_or(0, length) == wanted && !completes(&text[at..range.end], pending) {
            break;
        }
    }
    flush(&mut pending, &mut digits);
    let national = if international { digits.strip_prefix("33")? } else { digits.as_str() };
    (spelled >= 2 && phone::read(national).is_some()).then(|| Reading::new(range.start..end))
}

fn length(number: u32) -> usize {
    if number < 10 { 1 } else { 2 }
}

/// Whether the next word still belongs to the pending ten: "soixante" + "onze", "quatre" + "vingt".
fn completes(rest: &str, pending: Option<u32>) -> bool {
    let rest = rest.trim_start_matches([' ', '-']);
    let rest = rest.strip_prefix("et ").unwrap_or(rest);
    let value = WORDS.iter().find(|(word, _)| rest.starts_with(word)).map(|(_, value)| *value);
    match (pending, value) {
        (Some(p), Some(v)) => combined(p, v).is_some(),
        _ => false,
    }
}

/// Two number words that make one number.
fn combined(ten: u32, value: u32) -> Option<u32> {
    match (ten, value) {
        (4, 20) => Some(80),
        (20 | 30 | 40 | 50, 1..=9) | (60 | 80, 1..=19) => Some(ten + value),
        (10 | 70 | 90, 7..=9) => Some(ten + value),
        _ => None,
    }
}

fn join(pending: Option<u32>, value: u32, digits: &mut String) -> Option<u32> {
    if let Some(sum) = pending.and_then(|p| combined(p, value)) {
        return Some(sum);
    }
    let mut pending = pending;
    flush(&mut pending, digits);
    Some(value)
}

fn flush(pending: &mut Option<u32>, digits: &mut String) {
    if let Some(number) = pending.take() {
        digits.push_str(&number.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelled_numbers_are_read() {
        for (text, ok) in [
            ("zéro six trente-neuf quatre-vingt-dix-huit douze zéro sept", true),
            ("plus trente trois six trente neuf quatre-vingt-dix-huit soixante six onze", true),
            ("06trente9 quatrevingtdix8 05 50", true),
            ("zero six soixante et onze quatre vingt douze zero deux trente", true),
            ("zéro six trente-neuf", false),
            ("06 12 34 56 78", false),
        ] {
            let document = Document::new(text);
            let reading = phone(&document, 0..document.plain.text.len());
            assert_eq!(
                reading.map(|r| r.range.end == document.plain.text.len()),
                ok.then_some(true),
                "{text}"
            );
        }
    }
}
