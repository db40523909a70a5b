//! The French tax number (numéro fiscal de référence, SPI).
//!
//! Source: DGFiP, "Structure du numéro fiscal" (also in the OECD's list of taxpayer identification numbers): 13
//! digits, the first 0 to 3, the last three a key, equal to the first ten modulo 511.

/// What 13 digits say of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spi {
    /// The key fits.
    Proven,
    /// The right shape with another key.
    WrongKey,
}

/// Reads 13 digits; `None` when they are no tax number.
pub fn read(number: &str) -> Option<Spi> {
    if number.len() != 13
        || !number.bytes().all(|b| b.is_ascii_digit())
        || !matches!(number.as_bytes()[0], b'0'..=b'3')
    {
        return None;
    }
    let (body, key) = (number[..10].parse::<u64>().ok()?, number[10..].parse::<u64>().ok()?);
    Some(if body % 511 == key { Spi::Proven } else { Spi::WrongKey })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_modulo_511() {
        assert_eq!(read("3023217600053"), Some(Spi::Proven));
        assert_eq!(read("3023217600054"), Some(Spi::WrongKey));
        assert_eq!(read("4023217600053"), None);
        assert_eq!(read("302321760005"), None);
    }
}
