//! Numbers of identity cards.

use std::ops::Range;

use super::Reading;
use crate::text::Document;

/// Twelve characters (card of before 2021) or nine of letters and digits mixed (since 2021).
///
/// Source: arrêté du 17 février 2021 on the electronic identity card; ICAO 9303 (numbers never hold the letter O, and
/// a word has no digit).
pub fn identity_card(document: &Document<'_>, range: Range<usize>) -> Option<Reading> {
    let text = &document.plain.text[range.clone()];
    let figures = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.len() - figures;
    let fits = match text.len() {
        9 => figures >= 2 && letters >= 2,
        12 => figures >= 9,
        _ => false,
    };
    fits.then(|| Reading::new(range))
}
