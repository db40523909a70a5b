//! Passwords and access codes.

use std::ops::Range;

use super::{Reading, byte_before};
use crate::text::Document;

/// How far behind "mot de passe" its value may stand, in bytes of the plain view.
const REACH: usize = 70;

/// From the announcing words on: the first token that looks like a secret, or any token after ":" or "est".
pub fn password(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let end = text[range.end..].find('\n').map_or(text.len(), |i| range.end + i);
    let mut direct = false;
    let mut colon = false;
    let mut at = range.end;
    let mut tokens = 0;
    while at < end && at - range.end <= REACH {
        let rest = &text[at..end];
        let blank = rest.bytes().take_while(|b| matches!(b, b' ' | b'"' | b'\'' | b'(')).count();
        let start = at + blank;
        let length = text[start..end].bytes().take_while(|b| !matches!(b, b' ' | b'"')).count();
        if length == 0 {
            break;
        }
        at = start + length;
        let token = text[start..at].trim_end_matches([',', ';', '.', ')', '?', ':']);
        if token.is_empty()
            || matches!(token, "=" | "->" | "=>" | "est" | "c'est" | "etait" | "serait" | "actuel" | "donne")
        {
            direct = true;
            colon = token.is_empty() || token == "=";
            continue;
        }
        let value = start..start + token.len();
        tokens += 1;
        if secret(token) {
            return Some(Reading::new(value).score(if direct || tokens == 1 { 0.95 } else { 0.8 }));
        }
        let digits = token.len() >= 4 && token.bytes().all(|b| b.is_ascii_digit());
        let alone = colon && (text.as_bytes().get(at) != Some(&b' ') || token.len() < at - start);
        if direct && (digits || word(token, alone, document, &value)) {
            return Some(Reading::new(value).score(if digits { 0.9 } else { 0.5 }));
        }
        if digits && tokens <= 5 && !year(token) {
            return Some(Reading::new(value).score(0.75));
        }
        colon = text[start + token.len()..at].contains(':');
        direct = colon;
        if text[start + token.len()..at].contains(['.', '?']) {
            break;
        }
    }
    None
}

/// Letters together with digits or signs, as nobody writes a word.
fn secret(token: &str) -> bool {
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let inner = token.trim_end_matches('!');
    let signs = inner
        .bytes()
        .filter(|b| {
            matches!(b, b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'+' | b'=' | b'?' | b'@' | b'_' | b'~')
        })
        .count();
    if token.len() < 5 || letters == 0 || digits + signs == 0 || token.contains("://") {
        return false;
    }
    // "19h30", "2e", "x12": a time, an ordinal, a size.
    let address = token.contains('@') && token.rsplit('@').next().is_some_and(|d| d.contains('.'));
    !address && (letters >= 2 || signs > 0) && !(digits > 0 && letters <= 3 && ordinal(token))
}

fn ordinal(token: &str) -> bool {
    let unit = token.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(unit, "e" | "er" | "eme" | "ans" | "h" | "go" | "mo" | "km" | "mn" | "min")
        || token.split('h').all(|p| p.bytes().all(|b| b.is_ascii_digit()))
}

fn year(token: &str) -> bool {
    matches!(token.parse::<u32>(), Ok(1900..=2039)) && token.len() == 4
}

/// A plain word right after the colon: a password if it is no remark about passwords, and has a capital or stands
/// alone in its clause.
fn word(token: &str, alone: bool, document: &Document<'_>, range: &Range<usize>) -> bool {
    let written = document.plain.to_original(range.clone()).of(document.original);
    let capital = written.contains(char::is_uppercase) && !document.shouting;
    let bare = token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    token.len() >= 5 && (capital || alone) && bare && !REMARKS.contains(&token)
}

const REMARKS: &[&str] = &[
    "changer",
    "changee",
    "client",
    "demander",
    "demande",
    "expire",
    "inconnu",
    "merci",
    "oublie",
    "oubli",
    "perdu",
    "rappel",
    "refuse",
    "reinitialise",
    "reinitialisation",
    "reinitialiser",
    "renouveler",
    "reset",
    "ticket",
    "verifier",
    "voir",
    "avec",
    "aucun",
    "monsieur",
    "madame",
    "bonjour",
];

/// What lets four digits be a code though they read as a year.
const LEADS: [&str; 6] = [":", "=", "code", "pin", "est", "digicode"];

/// A code of an entrance, an alarm, a card: never an amount, a time, a year alone or a quantity.
pub fn code(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let bytes = text.as_bytes();
    let value = &text[range.clone()];
    if value.len() < 3 {
        return None;
    }
    let before = byte_before(text, range.start);
    if matches!(before, b'-' | b'.' | b',' | b'/')
        && byte_before(text, range.start - 1).is_ascii_alphanumeric()
    {
        return None;
    }
    let next = bytes.get(range.end).copied().unwrap_or(b' ');
    if matches!(next, b'-' | b'.' | b',' | b'/' | b':' | b'%')
        && bytes.get(range.end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        return None;
    }
    let unit = text[range.end..].trim_start_matches(' ');
    let unit = &unit[..unit.bytes().take_while(u8::is_ascii_alphabetic).count()];
    let counted = matches!(
        unit,
        "eur"
            | "euro"
            | "euros"
            | "h"
            | "km"
            | "kg"
            | "m"
            | "min"
            | "ans"
            | "jours"
            | "fois"
            | "mois"
            | "pieces"
            | "cartes"
            | "badges"
            | "chiffres"
            | "caracteres"
            | "appels"
    );
    if counted || text[range.end..].trim_start_matches(' ').starts_with(['€', '%']) {
        return None;
    }
    let written_time = value.len() <= 5
        && value.split_once('h').is_some_and(|(h, m)| {
            h.len() <= 2
                && (m.is_empty() || m.len() == 2)
                && h.parse::<u8>().is_ok_and(|h| h < 25)
                && m.bytes().all(|b| b.is_ascii_digit())
        });
    if written_time {
        return None;
    }
    // "24 000" is an amount.
    if value.len() == 3 && before == b' ' && byte_before(text, range.start - 1).is_ascii_digit() {
        return None;
    }
    let lead = text[..range.start].trim_end();
    if year(value) && !LEADS.iter().any(|l| lead.ends_with(l)) {
        return None;
    }
    let end = if matches!(next, b'#' | b'*') { range.end + 1 } else { range.end };
    Some(Reading::new(range.start..end))
}
