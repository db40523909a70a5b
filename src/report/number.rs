//! Numbers as written in French.

use std::fmt;

/// A whole number as written in French: a narrow no-break space every three digits.
pub fn grouped(whole: impl fmt::Display) -> String {
    let digits = whole.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A number with a comma where the machine writes a point; its precision is the caller's: `format_args!("{x:.1}")`.
pub fn decimal(number: impl fmt::Display) -> String {
    number.to_string().replace('.', ",")
}

/// A count and its noun, kept on one line: `1 234 notes`, `1 note`, `0 note`.
pub fn count(n: u64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", grouped(n), if n < 2 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_the_french_way() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(100), "100");
        assert_eq!(grouped(1234567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn nouns_agree_with_their_count() {
        let said = [0, 1, 2, 1234].map(|n| count(n, "note", "notes"));
        assert_eq!(said, ["0\u{a0}note", "1\u{a0}note", "2\u{a0}notes", "1\u{202f}234\u{a0}notes"]);
    }

    #[test]
    fn decimals_have_a_comma() {
        assert_eq!(decimal(0.65_f32), "0,65");
        assert_eq!(decimal(2), "2");
        assert_eq!(decimal(format_args!("{:.1}", 12.04)), "12,0");
    }
}
