//! Numbers of companies: what they prove is that the number is nobody's private one.
//!
//! Sources: code de commerce art. R. 123-220 ff. and INSEE (SIREN 9, SIRET 14 digits, Luhn; the SIRET of La Poste,
//! SIREN 356 000 000, have a digit sum that is a multiple of five instead); BOFiP BOI-TVA-DECLA-20-10-10 (VAT key:
//! (12 + 3 × (SIREN mod 97)) mod 97).

use super::{digits, luhn};

/// Whether this is a SIREN: 9 digits, Luhn.
pub fn siren(number: &str) -> bool {
    number.len() == 9 && luhn(number) && number != "000000000"
}

/// Whether this is a SIRET: 14 digits, Luhn, its SIREN valid too.
pub fn siret(number: &str) -> bool {
    if number.len() != 14 || !number.is_ascii() {
        return false;
    }
    let post = number.starts_with("356000000")
        && digits(number).is_some_and(|d| d.iter().sum::<u32>().is_multiple_of(5));
    post || (siren(&number[..9]) && luhn(number))
}

/// Whether this is a French VAT number: `fr`, a key of two digits, a SIREN.
pub fn vat(number: &str) -> bool {
    let Some(rest) = number.strip_prefix("fr").or_else(|| number.strip_prefix("FR")) else { return false };
    let (Some(key), Some(siren_part)) = (rest.get(..2), rest.get(2..)) else { return false };
    let (Ok(key), Ok(value)) = (key.parse::<u32>(), siren_part.parse::<u32>()) else { return false };
    siren(siren_part) && key == (12 + 3 * (value % 97)) % 97
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_are_known_by_their_numbers() {
        assert!(siren("732829320") && siret("73282932000074") && vat("FR44732829320"));
        assert!(!siren("732829321") && !siret("73282932000075") && !vat("FR45732829320") && !vat("fr4é"));
    }

    #[test]
    fn the_post_office_has_its_own_rule() {
        // 3 + 5 + 6 + 1 = 15, a multiple of five.
        assert!(siret("35600000000001"));
        assert!(!siret("35600000000002"));
    }
}
