//! IBAN and French RIB.
//!
//! Sources: ISO 13616 and SWIFT's IBAN registry (lengths by country); ISO/IEC 7064 MOD 97-10; Comité français
//! d'organisation et de normalisation bancaires, RIB key: 97 − ((89 × bank + 15 × branch + 3 × account) mod 97).

/// Length of an IBAN of this country (two lower-case letters), per SWIFT's registry.
pub fn length(country: &str) -> Option<usize> {
    LENGTHS.binary_search_by_key(&country, |(c, _)| c).ok().map(|i| LENGTHS[i].1)
}

/// Whether the check digits fit and the length is the country's. Letters in either case, no blanks.
pub fn valid(iban: &str) -> bool {
    let iban = iban.to_ascii_lowercase();
    iban.is_ascii() && iban.len() > 4 && length(&iban[..2]) == Some(iban.len()) && mod97(&iban) == Some(1)
}

/// The number with its first four characters moved to the end and letters read as 10–35, modulo 97.
fn mod97(iban: &str) -> Option<u32> {
    iban[4..].chars().chain(iban[..4].chars()).try_fold(0u32, |rest, c| {
        let value = c.to_digit(36)?;
        Some((if value < 10 { rest * 10 } else { rest * 100 } + value) % 97)
    })
}

/// Whether the key of a French RIB (bank 5, branch 5, account 11, key 2) fits.
pub fn valid_rib(rib: &str) -> bool {
    if rib.len() != 23 || !rib.is_ascii() {
        return false;
    }
    let part = |range: std::ops::Range<usize>| {
        rib[range].chars().try_fold(0u64, |n, c| Some(n * 10 + u64::from(rib_digit(c)?)))
    };
    let parts = (part(0..5), part(5..10), part(10..21), part(21..23));
    let (Some(bank), Some(branch), Some(account), Some(key)) = parts else { return false };
    key == 97 - (89 * bank + 15 * branch + 3 * account) % 97
}

/// Letters of an account number: A, J = 1; B, K, S = 2; C, L, T = 3; … I, R, Z = 9.
fn rib_digit(c: char) -> Option<u32> {
    match c.to_ascii_lowercase() {
        c @ '0'..='9' => c.to_digit(10),
        c @ 'a'..='i' => Some(c as u32 - 'a' as u32 + 1),
        c @ 'j'..='r' => Some(c as u32 - 'j' as u32 + 1),
        c @ 's'..='z' => Some(c as u32 - 's' as u32 + 2),
        _ => None,
    }
}

/// Sorted by country.
const LENGTHS: &[(&str, usize)] = &[
    ("ad", 24),
    ("ae", 23),
    ("al", 28),
    ("at", 20),
    ("az", 28),
    ("ba", 20),
    ("be", 16),
    ("bg", 22),
    ("bh", 22),
    ("bi", 27),
    ("br", 29),
    ("by", 28),
    ("ch", 21),
    ("cr", 22),
    ("cy", 28),
    ("cz", 24),
    ("de", 22),
    ("dj", 27),
    ("dk", 18),
    ("do", 28),
    ("ee", 20),
    ("eg", 29),
    ("es", 24),
    ("fi", 18),
    ("fk", 18),
    ("fo", 18),
    ("fr", 27),
    ("gb", 22),
    ("ge", 22),
    ("gi", 23),
    ("gl", 18),
    ("gr", 27),
    ("gt", 28),
    ("hn", 28),
    ("hr", 21),
    ("hu", 28),
    ("ie", 22),
    ("il", 23),
    ("iq", 23),
    ("is", 26),
    ("it", 27),
    ("jo", 30),
    ("kw", 30),
    ("kz", 20),
    ("lb", 28),
    ("lc", 32),
    ("li", 21),
    ("lt", 20),
    ("lu", 20),
    ("lv", 21),
    ("ly", 25),
    ("mc", 27),
    ("md", 24),
    ("me", 22),
    ("mk", 19),
    ("mn", 20),
    ("mr", 27),
    ("mt", 31),
    ("mu", 30),
    ("ni", 28),
    ("nl", 18),
    ("no", 15),
    ("om", 23),
    ("pk", 24),
    ("pl", 28),
    ("ps", 29),
    ("pt", 25),
    ("qa", 29),
    ("ro", 24),
    ("rs", 22),
    ("ru", 33),
    ("sa", 24),
    ("sc", 31),
    ("sd", 18),
    ("se", 24),
    ("si", 19),
    ("sk", 24),
    ("sm", 27),
    ("so", 23),
    ("st", 25),
    ("sv", 28),
    ("tl", 23),
    ("tn", 24),
    ("tr", 26),
    ("ua", 29),
    ("va", 22),
    ("vg", 24),
    ("xk", 20),
    ("ye", 30),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registry_examples_pass() {
        for iban in [
            "FR1420041010050500013M02606",
            "DE89370400440532013000",
            "BE68539007547034",
            "LU280019400644750000",
            "GB29NWBK60161331926819",
            "CH9300762011623852957",
            "ES9121000418450200051332",
            "MC5811222000010123456789030",
        ] {
            assert!(valid(iban), "{iban}");
            assert!(
                !valid(&format!("{}{}", &iban[..iban.len() - 1], if iban.ends_with('1') { 2 } else { 1 })),
                "{iban}"
            );
        }
        for other in ["FR142004101005050001", "ZZ89370400440532013000", "", "fré1420041010050500013M0260"] {
            assert!(!valid(other), "{other}");
        }
        assert!(LENGTHS.is_sorted());
    }

    #[test]
    fn rib_keys_are_checked() {
        assert!(valid_rib("20041010050500013M02606"));
        assert!(!valid_rib("20041010050500013M02607"));
        assert!(!valid_rib("2004101005050001302606"));
    }
}
