//! Passwords and access codes.

use std::ops::Range;

use super::{Reading, byte_before, tied};
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
        if direct && digits {
            return Some(Reading::new(value).score(0.9));
        }
        if let Some(end) = if colon { phrase(&text[start..end]).map(|n| start + n) } else { None } {
            return Some(Reading::new(start..end).score(0.5));
        }
        if direct && word(token, document, &value) {
            return Some(Reading::new(value).score(0.5));
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

/// A word with a capital right after "est" or the colon: a password if it is no remark about passwords.
fn word(token: &str, document: &Document<'_>, range: &Range<usize>) -> bool {
    let written = document.plain.to_original(range.clone()).of(document.original);
    let capital = written.contains(char::is_uppercase) && !document.shouting;
    token.len() >= 5 && capital && plain(token)
}

fn plain(token: &str) -> bool {
    token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && !REMARKS.split(' ').any(|w| w == token)
}

/// The length of one to three words that fill the clause after a colon: a password in plain words.
fn phrase(rest: &str) -> Option<usize> {
    let clause = &rest[..rest.find([',', '.', ';', '(', ')', '/', '?', '!']).unwrap_or(rest.len())];
    let clause = clause.trim_end_matches([' ', '"']);
    let words = clause.split(' ').count();
    (words <= 3 && clause.len() >= 5 && clause.split(' ').all(plain)).then_some(clause.len())
}

const REMARKS: &str = "\
    a aucun avec bloque bonjour changee changer chose client dans deja demande demander des elle encore \
    envoye errone est expire faire idem il inconnu incorrect la le les lien madame meme merci modifie \
    monsieur ne neant non obligatoire ok on oubli oublie par pas perdu pour probleme provisoire rappel \
    rappeler refuse reinitialisation reinitialise reinitialiser renouveler reset resolu sinon sur \
    technique temporaire ticket toujours un une valide verifier voir";

/// "200m", "3x500", "4kw": a size, not a code.
fn measure(value: &str) -> bool {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit());
    let sides =
        value.split_once('x').is_some_and(|(a, b)| (a.to_owned() + b).bytes().all(|b| b.is_ascii_digit()));
    sides
        || (unit.len() < value.len()
            && matches!(
                unit,
                "m" | "g"
                    | "l"
                    | "w"
                    | "v"
                    | "k"
                    | "h"
                    | "x"
                    | "km"
                    | "kg"
                    | "cm"
                    | "mm"
                    | "kw"
                    | "ml"
                    | "go"
                    | "mo"
                    | "ht"
                    | "er"
            ))
}

/// Whether the value is a side of "4000 x 1600".
fn side(text: &str, range: &Range<usize>) -> bool {
    let times = ['x', '×'];
    let digit = |c: char| c.is_ascii_digit();
    let next = text[range.end..].trim_start_matches(' ').strip_prefix(times);
    let last = text[..range.start].trim_end_matches(' ').strip_suffix(times);
    next.is_some_and(|rest| rest.trim_start_matches(' ').starts_with(digit))
        || last.is_some_and(|rest| rest.trim_end_matches(' ').ends_with(digit))
}

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
    if tied(text, range.start, b"-.,/") {
        return None;
    }
    let next = bytes.get(range.end).copied().unwrap_or(b' ');
    if matches!(next, b'-' | b'.' | b',' | b'/' | b':' | b'%')
        && bytes.get(range.end + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        return None;
    }
    if side(text, &range) {
        return None;
    }
    let rest = text[range.end..].trim_start_matches(' ');
    let unit = &rest[..rest.bytes().take_while(u8::is_ascii_alphabetic).count()];
    // "4512 l'après-midi": no litres.
    let elided = rest[unit.len()..].starts_with('\'');
    let untaxed = rest.starts_with("hors tax") || rest.starts_with("hors pose");
    let counted = matches!(
        unit,
        "eur"
            | "euro"
            | "euros"
            | "h"
            | "km"
            | "kg"
            | "m"
            | "mm"
            | "cm"
            | "l"
            | "litres"
            | "w"
            | "watts"
            | "btu"
            | "lux"
            | "mhz"
            | "min"
            | "ans"
            | "jours"
            | "fois"
            | "mois"
            | "pieces"
            | "pcs"
            | "points"
            | "touches"
            | "cartes"
            | "badges"
            | "chiffres"
            | "caracteres"
            | "appels"
            | "ht"
            | "ttc"
    );
    if counted && !elided || untaxed || rest.starts_with(['€', '%']) {
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
    if measure(value) {
        return None;
    }
    // "24 000" is an amount.
    let before = byte_before(text, range.start, 1);
    if value.len() == 3 && before == b' ' && byte_before(text, range.start, 2).is_ascii_digit() {
        return None;
    }
    let lead = text[..range.start].trim_end();
    if year(value) && !LEADS.iter().any(|l| lead.ends_with(l)) {
        return None;
    }
    let end = if matches!(next, b'#' | b'*') { range.end + 1 } else { range.end };
    Some(Reading::new(range.start..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `code` makes of the first four digits of a note.
    fn read(note: &str) -> Option<Reading> {
        let document = Document::new(note);
        let start = document.plain.text.find(|c: char| c.is_ascii_digit()).unwrap();
        code(&document, start..start + 4)
    }

    #[test]
    fn a_size_or_an_amount_is_no_code() {
        for note in [
            "portail 4000 x 1600 mm",
            "portail 4000x 1600",
            "portail 4000 × 1600",
            "portillon 1000 mm",
            "coffre 1200 l",
            "alarme 1200 HT",
            "alarme 1200 hors taxes",
            "climatiseur 9000 btu",
        ] {
            assert_eq!(read(note), None, "{note}");
        }
        for note in
            ["code 4512 l'après-midi", "code 4512 hors service", "code 4512 xavier", "alarme 4512, 2 badges"]
        {
            assert!(read(note).is_some(), "{note}");
        }
        let document = Document::new("portail 4000 x 1600");
        assert_eq!(code(&document, 15..19), None);
    }

    #[test]
    fn three_digits_may_begin_a_note() {
        let document = Document::new("583 digicode");
        assert_eq!(code(&document, 0..3), Some(Reading::new(0..3)));
        let document = Document::new("24 000 alarmes");
        assert_eq!(code(&document, 3..6), None);
    }
}
