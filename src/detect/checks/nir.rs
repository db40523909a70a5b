//! The NIR, "numéro de sécurité sociale".
//!
//! Source: décret n° 82-103 du 22 janvier 1982 (composition: sex, year, month, département, commune, rank) and the
//! INSEE's note on the key: 97 − (number mod 97), the Corsican 2A and 2B read as 19 and 18.

/// What a number says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nir {
    /// 15 characters and the key fits.
    Proven,
    /// 15 characters of the right shape, but another key.
    WrongKey,
    /// 13 characters of the right shape, without key.
    WithoutKey,
}

/// Reads 13 or 15 characters, digits but for the Corsican `a` or `b`; `None` when they are no NIR.
pub fn read(number: &str) -> Option<Nir> {
    let number = number.to_ascii_lowercase();
    let (body, key) = match number.len() {
        13 => (number.as_str(), None),
        15 if number.is_ascii() => (&number[..13], Some(&number[13..])),
        _ => return None,
    };
    if !body.is_ascii() || !plausible(body) {
        return None;
    }
    let value: u64 = corsica(body)?.parse().ok()?;
    let Some(key) = key else { return Some(Nir::WithoutKey) };
    let key: u64 = key.parse().ok()?;
    match key {
        _ if key == 97 - value % 97 => Some(Nir::Proven),
        1..=97 => Some(Nir::WrongKey),
        _ => None,
    }
}

/// Whether the first five characters or more can begin a NIR: sex, year, month, and the département if given.
pub fn begins(start: &str) -> bool {
    let b = start.as_bytes();
    b.len() >= 5
        && matches!(b[0], b'1'..=b'4' | b'7' | b'8')
        && month(&start[3..5])
        && (b.len() < 7 || department(&start[5..7]))
}

fn plausible(body: &str) -> bool {
    begins(body)
        && body[10..].bytes().any(|b| b != b'0')
        && body.bytes().enumerate().all(|(i, b)| i == 6 || b.is_ascii_digit())
}

/// 01–12, or 20, 30–42, 50–99 where the month is not known (INSEE).
fn month(month: &str) -> bool {
    matches!(month.parse::<u8>(), Ok(1..=12 | 20 | 30..=42 | 50..=99))
}

/// 01–95, 2A, 2B, 96–98 (overseas, former territories), 99 (born abroad).
fn department(code: &str) -> bool {
    matches!(code, "2a" | "2b") || matches!(code.parse::<u8>(), Ok(1..=99))
}

/// 2A counts as 19, 2B as 18.
fn corsica(body: &str) -> Option<String> {
    match &body[5..7] {
        "2a" => Some(format!("{}19{}", &body[..5], &body[7..])),
        "2b" => Some(format!("{}18{}", &body[..5], &body[7..])),
        _ => body.bytes().all(|b| b.is_ascii_digit()).then(|| body.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_checked() {
        for (number, expected) in [
            ("184127645108946", Some(Nir::Proven)),
            ("269054958815780", Some(Nir::Proven)),
            ("270102A21836576", Some(Nir::Proven)),
            ("147072B13636011", Some(Nir::Proven)),
            ("184127645108947", Some(Nir::WrongKey)),
            ("1841276451089", Some(Nir::WithoutKey)),
            ("1681076451089", Some(Nir::WithoutKey)),
            ("184137645108946", None),
            ("384007645108946", None),
            ("184127645108999", None),
            ("1841276451000", None),
            ("5841276451089", None),
            ("18412é6451089", None),
            ("18412", None),
        ] {
            assert_eq!(read(number), expected, "{number}");
        }
    }

    #[test]
    fn a_beginning_has_a_month() {
        assert!(begins("18412") && begins("2420567"));
        assert!(!begins("18413") && !begins("1841") && !begins("18412xx"));
    }
}
