//! French number plates.
//!
//! Sources: arrêté du 9 février 2009 (SIV: AB-123-CD; I, O and U unused, SS unused, WW first for provisional plates,
//! no 000); arrêté du 5 novembre 1984 (FNI: 1234 AB 69, the département last).

/// Whether seven characters, two letters, three digits, two letters, are a SIV number.
pub fn siv(plate: &str) -> bool {
    let plate = plate.to_ascii_lowercase();
    let [a, b, x, y, z, c, d] = plate.as_bytes() else { return false };
    let letter = |l: &u8| l.is_ascii_lowercase() && !matches!(l, b'i' | b'o' | b'u');
    let pair = |l: &u8, m: &u8| letter(l) && letter(m) && (*l, *m) != (b's', b's');
    pair(a, b)
        && pair(c, d)
        && (*c, *d) != (b'w', b'w')
        && [x, y, z].iter().all(|d| d.is_ascii_digit())
        && (*x, *y, *z) != (b'0', b'0', b'0')
}

/// Whether number, letters and département are those of a FNI plate.
pub fn fni(number: &str, letters: &str, department: &str) -> bool {
    let numbered = (1..=4).contains(&number.len())
        && !number.starts_with('0')
        && number.bytes().all(|b| b.is_ascii_digit());
    let lettered = (1..=3).contains(&letters.len())
        && letters
            .bytes()
            .all(|l| l.is_ascii_alphabetic() && !matches!(l.to_ascii_lowercase(), b'i' | b'o' | b'u'));
    let placed = matches!(department.to_ascii_lowercase().as_str(), "2a" | "2b")
        || matches!(department.parse::<u16>(), Ok(1..=19 | 21..=95 | 971..=976)) && department.len() >= 2;
    numbered && lettered && placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_letters_make_no_plate() {
        for plate in ["ab123cd", "EK203DV", "ww001ab"] {
            assert!(siv(plate), "{plate}");
        }
        for other in ["ai123cd", "ss123cd", "ab123ww", "ab000cd", "ab12cd", "a1123cd"] {
            assert!(!siv(other), "{other}");
        }
        assert!(fni("4471", "xb", "31") && fni("12", "abc", "2A"));
        assert!(!fni("0471", "xb", "31") && !fni("4471", "xo", "31") && !fni("4471", "xb", "20"));
    }
}
