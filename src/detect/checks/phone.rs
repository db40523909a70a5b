//! French telephone numbers.
//!
//! Source: Arcep, plan national de numérotation (décision n° 2018-0881, amended): ten digits beginning with 0; 01–05
//! geographic, 06 and 07 mobile, 08 value-added, 09 interpersonal; +33, and +262, +508, +590, +594, +596 overseas,
//! replace the leading 0.

/// What kind of line a national number reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Fixed,
    Mobile,
    /// 08: a company's line by nature.
    ValueAdded,
}

/// Reads ten digits, or nine digits after an international prefix of France; `None` when they are no number.
pub fn read(digits: &str) -> Option<Line> {
    let national = match digits.len() {
        10 => digits.strip_prefix('0')?,
        9 => digits,
        _ => return None,
    };
    if !national.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // A run of one digit is a stand-in ("00 00 00 00").
    let filler = national.bytes().skip(1).all(|b| b == national.as_bytes()[1]) && &national[1..2] == "0";
    match national.as_bytes()[0] {
        _ if filler => None,
        b'1'..=b'5' | b'9' => Some(Line::Fixed),
        b'6' | b'7' => Some(Line::Mobile),
        b'8' => Some(Line::ValueAdded),
        _ => None,
    }
}

/// Country codes of the French numbering plan.
pub const COUNTRY_CODES: [&str; 6] = ["33", "262", "508", "590", "594", "596"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart() {
        assert_eq!(read("0612345678"), Some(Line::Mobile));
        assert_eq!(read("142927000"), Some(Line::Fixed));
        assert_eq!(read("0899701234"), Some(Line::ValueAdded));
        for other in ["0012345678", "1612345678", "061234567", "06123456a8", "0600000000"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
