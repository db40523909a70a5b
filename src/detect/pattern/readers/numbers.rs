//! Numbers with check digits, and number plates.

use std::ops::Range;

use super::{Reading, byte_before, compact, groups, squeeze};
use crate::detect::checks::{card, company, iban as iban_check, nir as nir_check, plate as plate_check, tax};
use crate::text::{Casing, Document};

/// 15 characters, or the 13 without key.
pub fn nir(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    if part_of_longer(text, range.start) {
        return None;
    }
    let full = read_nir(text, &range, 15);
    if let Some((nir_check::Nir::Proven, end)) = full {
        return Some(Reading::new(range.start..end).proven(true));
    }
    // Without a proof, a man's or a woman's number grouped as on the card counts; other shapes must be announced.
    let usual =
        |end: usize| text[range.start..].starts_with(['1', '2']) && usual_groups(&text[range.start..end]);
    if let Some((_, end)) = full {
        return Some(Reading::new(range.start..end).score(if usual(end) { 0.75 } else { 0.0 }));
    }
    let (_, end) = read_nir(text, &range, 13)?;
    Some(Reading::new(range.start..end).score(if usual(end) { 0.8 } else { 0.0 }))
}

/// The number of this length that begins the range, the word "clé" before its last two digits left out.
fn read_nir(text: &str, range: &Range<usize>, length: usize) -> Option<(nir_check::Nir, usize)> {
    let mut kept = String::with_capacity(length);
    let mut at = range.start;
    while at < range.end && kept.len() < length {
        if text[at..].starts_with("cle") {
            at += 3;
            continue;
        }
        let byte = text.as_bytes()[at];
        if byte.is_ascii_alphanumeric() {
            kept.push(char::from(byte));
        }
        at += 1;
    }
    if text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    Some((nir_check::read(&kept)?, at))
}

/// Sex, year, month, département, commune, rank apart, as on the card.
fn usual_groups(number: &str) -> bool {
    let groups = groups(number);
    groups.starts_with(&[1, 2, 2, 2, 3, 3]) || groups.starts_with(&[1, 2, 2, 3, 2, 3])
}

fn part_of_longer(text: &str, start: usize) -> bool {
    let before = byte_before(text, start, 1);
    matches!(before, b'.' | b',' | b'-' | b'/') && byte_before(text, start, 2).is_ascii_digit()
}

/// The beginning of a NIR: sex, year, month, perhaps more.
pub fn partial_nir(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let number = squeeze(&document.plain.text, &range);
    nir_check::begins(&number).then(|| Reading::new(range))
}

/// As many characters as the country's IBANs have.
pub fn iban(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let length = iban_check::length(&text[range.start..range.start + 2])?;
    let (number, end) = compact(text, range.start, range.end, length)?;
    let proven = iban_check::valid(&number);
    let numeric = number.bytes().filter(u8::is_ascii_digit).count() * 2 > length;
    (proven || numeric).then(|| Reading::new(range.start..end).proven(proven))
}

/// Bank, branch, account and key of a French account.
pub fn rib(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let (number, end) = compact(&document.plain.text, range.start, range.end, 23)?;
    Some(Reading::new(range.start..end).proven(iban_check::valid_rib(&number)))
}

/// A card number of one of the lengths its scheme has.
pub fn card(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    if part_of_longer(text, range.start) {
        return None;
    }
    let lengths = [16, 15, 14, 19, 18, 13];
    let all = || lengths.iter().filter_map(|n| compact(text, range.start, range.end, *n));
    if let Some((_, end)) = all().find(|(number, _)| card::valid(number)) {
        return Some(Reading::new(range.start..end).proven(true));
    }
    let (_, end) = all().find(|(number, _)| card::scheme(number).is_some())?;
    let by_four = groups(&text[range.start..end]) == [4, 4, 4, 4];
    Some(Reading::new(range.start..end).score(if by_four { 0.4 } else { 0.0 }))
}

/// The 13 digits of a tax number.
pub fn tax_number(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let (number, end) = compact(&document.plain.text, range.start, range.end, 13)?;
    // A key of three digits among 511 is a thin proof: it counts where the number is announced.
    tax::read(&number).map(|_| Reading::new(range.start..end))
}

/// A SIRET: shown to `rules explain`, never reported.
pub fn siret(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let number = squeeze(&document.plain.text, &range);
    let valid = company::siret(&number) || company::siren(&number);
    valid.then(|| Reading::new(range).veto("numéro SIREN ou SIRET"))
}

/// A VAT number: shown to `rules explain`, never reported.
pub fn vat(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    company::vat(&squeeze(&document.plain.text, &range)).then(|| Reading::new(range).veto("numéro de TVA"))
}

/// AB-123-CD; with blanks or nothing between, in capitals ("la 208 de…", "gt 150 ch" are none). Letters the plan
/// leaves out (I, O, U) are mostly misread digits: such a plate must be dashed and in capitals.
pub fn plate(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    if matches!(byte_before(text, range.start, 1), b'-' | b'/' | b'_') {
        return None;
    }
    let valid = plate_check::siv(&squeeze(text, &range));
    let span = document.plain.to_original(range.clone());
    let written = span.of(document.original);
    let dashed = written.matches(|c: char| !c.is_alphanumeric() && c != ' ').count() == 2;
    let capital = !written.contains(char::is_lowercase) && !document.shouting;
    if !dashed && !capital && model(&text[range.clone()]) {
        return None;
    }
    let score = match (valid, dashed, capital) {
        (true, true, true) => 0.85,
        (true, true, false) => 0.7,
        (true, false, true) => 0.6,
        (true, false, false) => 0.0,
        (false, true, true) => 0.5,
        (false, ..) => return None,
    };
    Some(Reading::new(range).score(score))
}

/// "la 208 de", "gt 150 ch": a model's number or an engine's power between two words.
fn model(written: &str) -> bool {
    let article = written.split_once(' ').is_some_and(|(head, _)| {
        matches!(head, "la" | "le" | "de" | "en" | "et" | "sa" | "ma" | "ta" | "ce")
    });
    article || written.ends_with(" ch") || written.ends_with(" cv")
}

/// 1234 AB 69.
pub fn old_plate(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = document.plain.text.as_str();
    let squeezed = squeeze(text, &range);
    let letters = squeezed.find(|c: char| c.is_ascii_alphabetic())?;
    let rest = squeezed[letters..].find(|c: char| c.is_ascii_digit())? + letters;
    let known = plate_check::fni(&squeezed[..letters], &squeezed[letters..rest], &squeezed[rest..]);
    let span = document.plain.to_original(range.clone());
    let lower = document.words_in(span).iter().any(|w| w.casing == Casing::Lower);
    (known && !lower).then(|| Reading::new(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_no_plate() {
        for (note, ok) in [
            ("la 208 de", false),
            ("gt 150 ch", false),
            ("LA 208 CD", true),
            ("gh 418 ln", true),
            ("la-208-cd", true),
        ] {
            // Behind it, words in small letters: a note in capitals only would shout.
            let text = format!("{note} devant la maison");
            let document = Document::new(&text);
            assert_eq!(plate(&document, 0..note.len()).is_some(), ok, "{note}");
        }
    }
}
