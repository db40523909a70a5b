//! Postal addresses: from the number and the kind of street on, the name, then flat, postcode and town.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Reading;
use crate::text::{Casing, Document, Word};

/// Small words inside a street's or a town's name.
const PARTICLES: &[&str] = &[
    "a",
    "au",
    "aux",
    "d",
    "de",
    "des",
    "du",
    "en",
    "et",
    "l",
    "la",
    "le",
    "les",
    "lez",
    "sous",
    "sur",
    "s",
    "ste",
    "st",
    "saint",
    "sainte",
    "dr",
    "docteur",
    "gal",
    "general",
    "mal",
    "marechal",
    "cdt",
    "commandant",
    "pdt",
    "president",
    "pr",
    "professeur",
    "abbe",
    "pere",
    "colonel",
    "capitaine",
    "jean",
];

/// Kinds of street that are common words too ("12 cours de yoga", "2 place de parking"): their name needs a capital.
const AMBIGUOUS: [&str; 9] =
    ["cours", "place", "mail", "passage", "cite", "villa", "cote", "clos", "residence"];

/// Building, staircase, floor, door.
static FLAT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let named = r"(?:bat(?:iment)?|esc(?:alier)?|appt?|appart(?:ement)?|apt|porte|interphone|ch(?:ambre)?|lot|boite|hall|tour)\.? ?(?:n° ?)?[a-z0-9]{1,5}\b";
    let floor = r"(?:[0-9]{1,2}(?:er|eme|ieme|e)\b(?: etage)?|rdc\b|rez[- ]de[- ]chaussee)(?: (?:gauche|droite|face|ga?|dr?)\b)?";
    Regex::new(&format!(r"^(?:,? ?(?:{named}|{floor}))+")).ok()
});

/// Postcode.
static POSTCODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[ ,(\n-]{0,3}(?:f-)?[0-9]{2} ?[0-9]{3}\b").ok());

/// A street without number: with a particle ("rue des Lilas") or a capital ("avenue Foch"), not "la rue depuis mai".
pub fn street(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let kind = text[range.clone()].find(' ').map_or(range.end, |i| range.start + i);
    let first = words_from(document, kind).first()?;
    let particle = PARTICLES.contains(&&text[first.range.clone()]);
    if !particle && !matches!(first.casing, Casing::Capitalised | Casing::Upper) {
        return None;
    }
    address(document, range.start..kind)
        .map(|reading| Reading { range: range.start..reading.range.end, ..reading })
}

/// From a residence's kind to the end of the address: only with a flat, a postcode or a town.
pub fn residence(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let named = name(document, range.end)?;
    address(document, range).filter(|reading| reading.range.end > named)
}

/// From the match (number and kind of street) to the end of the address.
pub fn address(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let mut end = name(document, range.end)?;
    end = flat(text, end);
    let mut placed = false;
    if let Some(postcode) = matched(&POSTCODE, text, end) {
        placed = true;
        end = town(document, postcode, " ").unwrap_or(postcode);
    } else if let Some(town) = town(document, end, ", a").or_else(|| town(document, end, " a ")) {
        placed = true;
        end = town;
    }
    end = flat(text, end);
    Some(Reading::new(range.start..end).score(if placed { 0.75 } else { 0.5 }))
}

fn matched(regex: &LazyLock<Option<Regex>>, text: &str, at: usize) -> Option<usize> {
    let window = &text[at..floor(text, at + 80)];
    regex.as_ref()?.find(window).map(|m| at + m.end())
}

fn flat(text: &str, end: usize) -> usize {
    matched(&FLAT, text, end).unwrap_or(end)
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The words that begin at or after `at`.
fn words_from<'d>(document: &'d Document<'_>, at: usize) -> &'d [Word] {
    let from = document.words.partition_point(|w| w.range.start < at);
    &document.words[from..]
}

/// Whether only a blank, an apostrophe, a hyphen or a full stop stands between.
fn close(text: &str, from: usize, to: usize) -> bool {
    to - from <= 2 && text[from..to].bytes().all(|b| matches!(b, b' ' | b'\'' | b'-' | b'.'))
}

/// The end of a street's name: its first word whatever its case, then those that are capital or hyphenated.
fn name(document: &Document<'_>, at: usize) -> Option<usize> {
    let text = document.plain.text.as_str();
    let mut end = at;
    let mut named = None;
    // "la cliente du 4 avenue a envoyé", "en 493 av. J.-C.": no name.
    if [" a ", " j.-c", " jc"].iter().any(|other| text[at..].trim_start_matches('.').starts_with(other)) {
        return None;
    }
    let ambiguous = AMBIGUOUS.iter().any(|kind| text[..at].trim_end_matches('.').ends_with(kind));
    for word in words_from(document, at).iter().take(9) {
        if !close(text, end, word.range.start) {
            break;
        }
        let particle = PARTICLES.contains(&&text[word.range.clone()]);
        let hyphen = text[end..word.range.start].contains(['-', '\'']);
        let capital = matches!(word.casing, Casing::Capitalised | Casing::Mixed)
            || (word.casing == Casing::Upper && !document.shouting);
        let number = word.casing == Casing::None;
        match named {
            None if particle => {}
            None if ambiguous && !capital && !document.shouting => return None,
            None => named = Some(word.range.end),
            Some(_) if particle && !capital => {}
            Some(_) if (capital || hyphen) && !number => named = Some(word.range.end),
            Some(_) => break,
        }
        end = word.range.end;
    }
    named
}

/// The end of the town that follows `lead` (", " or " à " or a blank), in capital letters or after a postcode.
fn town(document: &Document<'_>, at: usize, lead: &str) -> Option<usize> {
    let text = document.plain.text.as_str();
    let rest = &text[at..];
    let start = match lead {
        " " => at + rest.strip_prefix([' ', '\n', ','])?.len().abs_diff(rest.len()),
        " a " => at + rest.strip_prefix(" a ").map(|_| 3)?,
        _ => {
            at + rest.strip_prefix(", ").or_else(|| rest.strip_prefix(" - ")).map(|r| rest.len() - r.len())?
        }
    };
    let mut end = start;
    let mut named = None;
    for word in words_from(document, start).iter().take(6) {
        if !close(text, end, word.range.start) || (named.is_none() && word.range.start != start) {
            break;
        }
        let hyphen = named.is_some() && text[end..word.range.start].contains('-');
        let capital = matches!(word.casing, Casing::Capitalised | Casing::Upper) && !document.shouting;
        let particle = PARTICLES.contains(&&text[word.range.clone()]);
        // After a postcode the first word is the town, whatever its case.
        let first = named.is_none() && lead == " " && word.casing != Casing::None;
        if capital || hyphen || first {
            named = Some(word.range.end);
        } else if !particle || named.is_none() {
            break;
        }
        end = word.range.end;
    }
    let district = |end: usize| {
        let rest = &text.as_bytes()[end..];
        let number = rest.iter().skip(1).take(2).take_while(|b| b.is_ascii_digit()).count();
        let ordinal = number > 0 && rest.first() == Some(&b' ') && rest.get(1 + number) == Some(&b'e');
        let closed = !rest.get(2 + number).is_some_and(u8::is_ascii_alphanumeric);
        if ordinal && closed { end + 2 + number } else { end }
    };
    named.map(district)
}
