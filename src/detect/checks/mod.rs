//! Check digits and number plans: pure functions, each with its source. They read digits and letters only; the
//! caller strips spaces and signs.

pub mod card;
pub mod company;
pub mod iban;
pub mod nir;
pub mod phone;
pub mod plate;
pub mod tax;

/// The digits of a string of ASCII digits; `None` if anything else is in it.
fn digits(number: &str) -> Option<Vec<u32>> {
    number.chars().map(|c| c.to_digit(10)).collect()
}

/// Luhn's check (ISO/IEC 7812-1, annex B): from the right, every second digit doubled, its digits added; the sum is
/// a multiple of ten.
pub fn luhn(number: &str) -> bool {
    digits(number).is_some_and(|d| !d.is_empty() && luhn_sum(&d).is_multiple_of(10))
}

fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |d: u32| if d > 4 { 2 * d - 9 } else { 2 * d };
    digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 1 { doubled(*d) } else { *d }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_catches_one_wrong_digit() {
        assert!(luhn("79927398713"));
        for wrong in ["79927398710", "79927398714", "7992739871a", ""] {
            assert!(!luhn(wrong), "{wrong}");
        }
    }
}
