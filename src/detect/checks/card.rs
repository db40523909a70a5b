//! Payment cards: issuer range, length and Luhn together, as IMEI, SIREN and SIRET pass Luhn too.
//!
//! Sources: ISO/IEC 7812-1 (structure, Luhn) and the ranges the schemes publish: Visa 4; Mastercard 51–55 and
//! 2221–2720; American Express 34, 37; Diners 300–305, 36, 38, 39; Discover 6011, 644–649, 65; JCB 3528–3589;
//! Maestro 50, 56–58, 6. CB cards carry the range of Visa, Mastercard or Maestro.

use super::{digits, luhn};

/// A card scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Visa,
    Mastercard,
    AmericanExpress,
    Diners,
    Discover,
    Jcb,
    Maestro,
}

/// The scheme whose range and length the number has; says nothing of its check digit.
pub fn scheme(number: &str) -> Option<Scheme> {
    let all = digits(number)?;
    if all.len() < 12 {
        return None;
    }
    let prefix = |n: usize| all[..n].iter().fold(0, |p, d| p * 10 + d);
    let (scheme, lengths): (Scheme, &[usize]) = match (prefix(1), prefix(2), prefix(3), prefix(4)) {
        (4, ..) => (Scheme::Visa, &[16, 19, 13]),
        (_, 51..=55, ..) | (.., 2221..=2720) => (Scheme::Mastercard, &[16]),
        (_, 34 | 37, ..) => (Scheme::AmericanExpress, &[15]),
        (.., 300..=305, _) | (_, 36 | 38 | 39, ..) => (Scheme::Diners, &[14, 16]),
        (.., 3528..=3589) => (Scheme::Jcb, &[16]),
        (.., 644..=649, _) | (_, 65, ..) | (.., 6011) => (Scheme::Discover, &[16, 19]),
        (_, 50 | 56..=58, ..) | (6, ..) => (Scheme::Maestro, &[16, 18, 19]),
        _ => return None,
    };
    lengths.contains(&all.len()).then_some(scheme)
}

/// Whether range, length and check digit fit.
pub fn valid(number: &str) -> bool {
    scheme(number).is_some() && luhn(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lengths_decide() {
        for (number, expected) in [
            ("4970101234567893", Some(Scheme::Visa)),
            ("5555555555554444", Some(Scheme::Mastercard)),
            ("2223003122003222", Some(Scheme::Mastercard)),
            ("378282246310005", Some(Scheme::AmericanExpress)),
            ("30569309025904", Some(Scheme::Diners)),
            ("6011111111111117", Some(Scheme::Discover)),
            ("3530111333300000", Some(Scheme::Jcb)),
            ("6759649826438453", Some(Scheme::Maestro)),
        ] {
            assert_eq!(scheme(number), expected, "{number}");
            assert!(valid(number), "{number}");
        }
    }

    #[test]
    fn what_only_passes_luhn_is_no_card() {
        // An IMEI, a SIRET, a SIREN; then a card with a wrong digit.
        for other in ["356938035643809", "73282932000074", "732829320", "4970101234567894"] {
            assert!(!valid(other), "{other}");
        }
    }
}
