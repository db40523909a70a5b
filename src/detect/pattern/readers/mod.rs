//! Readers: given where a pattern matched, they say where its value really ends and whether it is proven.
//!
//! * `numbers`: what has check digits, and plates
//! * `phones`: digits, and numbers spelled out
//! * `papers`: identity papers, allowances
//! * `contacts`: e-mail and postal addresses, birth dates
//! * `secrets`: passwords and access codes
//! * `network`: IP addresses

mod addresses;
mod contacts;
mod network;
mod numbers;
mod papers;
mod phones;
mod secrets;
mod spoken;

use std::ops::Range;

use crate::text::Document;

/// What a reader made of a match.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The value, in bytes of the plain view.
    pub range: Range<usize>,
    /// Whether check digits prove it.
    pub proven: bool,
    /// Score of the shape alone, where the reader knows better than the catalogue.
    pub score: Option<f32>,
    /// Why the value is innocent.
    pub veto: Option<&'static str>,
}

impl Reading {
    fn new(range: Range<usize>) -> Self {
        Self { range, proven: false, score: None, veto: None }
    }

    fn proven(mut self, proven: bool) -> Self {
        self.proven = proven;
        self
    }

    fn score(mut self, score: f32) -> Self {
        self.score = Some(score);
        self
    }

    fn veto(mut self, reason: &'static str) -> Self {
        self.veto = Some(reason);
        self
    }
}

/// Reads a value in the plain view of a document; `None` when it is none.
pub type Reader = fn(&Document<'_>, Range<usize>) -> Option<Reading>;

/// Takes the match as it is.
pub fn any(_: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    Some(Reading::new(range))
}

const READERS: &[(&str, Reader)] = &[
    ("any", any),
    ("address", addresses::address),
    ("birth-date", contacts::birth_date),
    ("card", numbers::card),
    ("code", secrets::code),
    ("email", contacts::email),
    ("foreign-phone", phones::foreign),
    ("iban", numbers::iban),
    ("identity-card", papers::identity_card),
    ("ip", network::ip),
    ("nir", numbers::nir),
    ("partial-nir", numbers::partial_nir),
    ("password", secrets::password),
    ("phone", phones::national),
    ("plate", numbers::plate),
    ("old-plate", numbers::old_plate),
    ("residence", addresses::residence),
    ("rib", numbers::rib),
    ("siret", numbers::siret),
    ("spoken-phone", spoken::phone),
    ("street", addresses::street),
    ("tax-number", numbers::tax_number),
    ("vat", numbers::vat),
];

/// The reader a catalogue names.
pub fn by_name(name: &str) -> Option<Reader> {
    READERS.iter().find(|(n, _)| *n == name).map(|(_, r)| *r)
}

/// The names a catalogue may use.
pub fn names() -> Vec<&'static str> {
    READERS.iter().map(|(n, _)| *n).collect()
}

/// The first `length` letters and digits from `start`, signs left out, and where the last one ends; `None` when
/// there are fewer before `end`, or when another follows at once.
fn compact(text: &str, start: usize, end: usize, length: usize) -> Option<(String, usize)> {
    let mut kept = String::with_capacity(length);
    let bytes = text.as_bytes();
    let mut at = start;
    while at < end && kept.len() < length {
        if bytes[at].is_ascii_alphanumeric() {
            kept.push(char::from(bytes[at]));
        }
        at += 1;
    }
    let whole = kept.len() == length && !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    whole.then_some((kept, at))
}

/// All letters and digits of a range.
fn squeeze(text: &str, range: &Range<usize>) -> String {
    text[range.clone()].chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Lengths of the groups of letters and digits in a range: "06 39 98" gives 2, 2, 2.
fn groups(text: &str) -> Vec<usize> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::len).filter(|n| *n > 0).collect()
}

/// Whether one of these signs ties what begins at `at` to a letter or a digit before it: it is the end of something longer.
fn tied(text: &str, at: usize, signs: &[u8]) -> bool {
    signs.contains(&byte_before(text, at, 1)) && byte_before(text, at, 2).is_ascii_alphanumeric()
}

/// The byte so many places back, 1 for the one right before; a blank where the text begins later.
fn byte_before(text: &str, at: usize, back: usize) -> u8 {
    at.checked_sub(back).map_or(b' ', |i| text.as_bytes()[i])
}
