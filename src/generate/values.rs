//! Values in notes: dates, amounts, and numbers with valid keys that belong to nobody.
//!
//! Telephone numbers are those the Arcep keeps for fiction (décision n° 2018-0881, amended), addresses of mail are of
//! RFC 2606's domains, social security numbers name a commune that does not exist, banks have a code that none has.

use std::fmt::Write;

use super::random::Random;

/// Numbers kept for fiction, without their last four digits.
const FICTION: [&str; 6] = ["019900", "026191", "035301", "046571", "053649", "063998"];

/// What `{#name}` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Reference,
    Digit,
    TwoDigits,
    Amount,
    Day,
    Date,
    Year,
    Time,
    Birth,
    Nir,
    Iban,
    Card,
    Expiry,
    ThreeDigits,
    Phone,
    Email,
    Plate,
    Tax,
    Secret,
    Code,
}

impl Value {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ref" => Value::Reference,
            "n" => Value::Digit,
            "nn" => Value::TwoDigits,
            "montant" => Value::Amount,
            "jour" => Value::Day,
            "date" => Value::Date,
            "annee" => Value::Year,
            "heure" => Value::Time,
            "naissance" => Value::Birth,
            "nir" => Value::Nir,
            "iban" => Value::Iban,
            "carte" => Value::Card,
            "expire" => Value::Expiry,
            "crypto" => Value::ThreeDigits,
            "tel" => Value::Phone,
            "email" => Value::Email,
            "plaque" => Value::Plate,
            "fiscal" => Value::Tax,
            "secret" => Value::Secret,
            "code" => Value::Code,
            _ => return None,
        })
    }

    /// Writes one. `place` is that of the note, from which the reference is made.
    pub fn write(self, random: &mut Random, place: u64, out: &mut String) {
        let r = random;
        // Writing to a string cannot fail.
        let _ = match self {
            Value::Reference => reference(place, out),
            Value::Digit => write!(out, "{}", r.between(2, 9)),
            Value::TwoDigits => write!(out, "{}", r.between(10, 99)),
            Value::Amount => amount(r, out),
            Value::Day => write!(out, "{:02}/{:02}", r.between(1, 28), r.between(1, 12)),
            Value::Date => {
                write!(out, "{:02}/{:02}/{}", r.between(1, 28), r.between(1, 12), r.between(2019, 2025))
            }
            Value::Year => write!(out, "{}", r.between(2009, 2024)),
            Value::Time => write!(out, "{}h{:02}", r.between(8, 19), 5 * r.below(12)),
            Value::Birth => {
                write!(out, "{:02}/{:02}/{}", r.between(1, 28), r.between(1, 12), r.between(1938, 2004))
            }
            Value::Nir => nir(r, out),
            Value::Iban => iban(r, out),
            Value::Card => card(r, out),
            Value::Expiry => write!(out, "{:02}/{}", r.between(1, 12), r.between(26, 31)),
            Value::ThreeDigits => write!(out, "{}", r.between(100, 999)),
            Value::Phone => phone(r, out),
            Value::Email => write!(
                out,
                "{}{}@example.{}",
                LETTERS[r.below(8) as usize],
                r.between(10, 9999),
                ["com", "net", "org"][r.below(3) as usize]
            ),
            Value::Plate => plate(r, out),
            Value::Tax => tax(r, out),
            Value::Secret => write!(
                out,
                "{}{}!{}",
                SYLLABLES[r.below(8) as usize],
                SYLLABLES[r.below(8) as usize],
                r.between(10, 99)
            ),
            Value::Code => write!(out, "{:04}", r.between(1000, 9999)),
        };
    }
}

const LETTERS: [&str; 8] =
    ["a.martel", "b.rolland", "c.tisserand", "d.oriol", "e.vannier", "f.quilichini", "g.ropars", "h.sorel"];
const SYLLABLES: [&str; 8] = ["Soleil", "Marius", "Tango", "Bilbo", "Citron", "Panda", "Ruban", "Vega"];

/// Eight digits, different for every note: a permutation of the first hundred million places.
fn reference(place: u64, out: &mut String) -> std::fmt::Result {
    const COUNT: u64 = 100_000_000;
    let (round, place) = (place / COUNT, place % COUNT);
    // 61 803 399 and 10 have no common factor.
    write!(out, "{:08}", (place * 61_803_399 + 27_182_818) % COUNT)?;
    if round > 0 { write!(out, "-{round}") } else { Ok(()) }
}

fn amount(r: &mut Random, out: &mut String) -> std::fmt::Result {
    let euros = r.between(15, 4_800);
    match (euros / 1000, r.below(3)) {
        (0, 0) => write!(out, "{euros},{:02}", 5 * r.below(20)),
        (0, _) => write!(out, "{euros}"),
        (thousands, _) => write!(out, "{thousands} {:03}", euros % 1000),
    }
}

fn nir(r: &mut Random, out: &mut String) -> std::fmt::Result {
    let (sex, year, month) = (r.between(1, 2), r.between(40, 99), r.between(1, 12));
    let department = [r.between(1, 19), r.between(21, 95)][r.below(2) as usize];
    let (commune, rank) = (r.between(991, 999), r.between(1, 999));
    let number = format!("{sex}{year:02}{month:02}{department:02}{commune:03}{rank:03}");
    let key = 97 - digits(&number) % 97;
    if r.one_in(2) {
        write!(out, "{number}{key:02}")
    } else {
        write!(out, "{sex} {year:02} {month:02} {department:02} {commune:03} {rank:03} {key:02}")
    }
}

fn iban(r: &mut Random, out: &mut String) -> std::fmt::Result {
    let (bank, branch, account) = (99_000 + r.below(999), r.below(100_000), r.below(100_000_000_000));
    let key = 97 - (89 * bank + 15 * branch + 3 * account) % 97;
    let rib = format!("{bank:05}{branch:05}{account:011}{key:02}");
    // F is 15, R is 27; the key is in the place of 00.
    let rest =
        rib.bytes().chain(*b"152700").fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
    let iban = format!("FR{:02}{rib}", 98 - rest);
    grouped(&iban, r.one_in(3), out);
    Ok(())
}

fn card(r: &mut Random, out: &mut String) -> std::fmt::Result {
    let first = [4_999, 5_599][r.below(2) as usize];
    let mut number = format!("{first}{:011}", r.below(100_000_000_000));
    let key = (0..10).find(|key| crate::detect::checks::luhn(&format!("{number}{key}"))).unwrap_or(0);
    let _ = write!(number, "{key}");
    grouped(&number, r.one_in(3), out);
    Ok(())
}

/// Four by four, or in one.
fn grouped(number: &str, whole: bool, out: &mut String) {
    for (i, c) in number.chars().enumerate() {
        if i > 0 && i % 4 == 0 && !whole {
            out.push(' ');
        }
        out.push(c);
    }
}

fn phone(r: &mut Random, out: &mut String) -> std::fmt::Result {
    let number = format!("{}{:04}", FICTION[r.below(6) as usize], r.below(10_000));
    let between = [" ", ".", "", "-"][r.below(4) as usize];
    for (i, pair) in number.as_bytes().chunks(2).enumerate() {
        out.push_str(if i > 0 { between } else { "" });
        out.extend(pair.iter().map(|b| char::from(*b)));
    }
    Ok(())
}

fn plate(r: &mut Random, out: &mut String) -> std::fmt::Result {
    const USED: &[u8] = b"ABCDEFGHJKLMNPQRTVXYZ";
    let mut letter = || char::from(USED[r.below(USED.len() as u64) as usize]);
    let (a, b, c, d) = (letter(), letter(), letter(), letter());
    write!(out, "{a}{b}-{:03}-{c}{d}", r.between(1, 999))
}

fn tax(r: &mut Random, out: &mut String) -> std::fmt::Result {
    let body = r.below(4_000_000_000);
    write!(out, "{body:010}{:03}", body % 511)
}

fn digits(number: &str) -> u64 {
    number.bytes().fold(0, |n, digit| n * 10 + u64::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::checks;

    fn many(value: Value) -> Vec<String> {
        (0..500)
            .map(|place| {
                let mut out = String::new();
                value.write(&mut Random::new(3, place), place, &mut out);
                out
            })
            .collect()
    }

    fn bare(number: &str) -> String {
        number.chars().filter(|c| c.is_ascii_alphanumeric()).collect()
    }

    #[test]
    fn numbers_have_valid_keys() {
        for value in [Value::Nir, Value::Iban, Value::Card, Value::Phone, Value::Plate, Value::Tax] {
            for number in many(value) {
                let bare = bare(&number);
                let valid = match value {
                    Value::Nir => checks::nir::read(&bare) == Some(checks::nir::Nir::Proven),
                    Value::Iban => checks::iban::valid(&bare) && checks::iban::valid_rib(&bare[4..]),
                    Value::Card => bare.len() == 16 && checks::luhn(&bare),
                    Value::Phone => checks::phone::read(&bare).is_some(),
                    Value::Plate => checks::plate::siv(&bare),
                    _ => checks::tax::read(&bare) == Some(checks::tax::Spi::Proven),
                };
                assert!(valid, "{value:?}: {number}");
            }
        }
    }

    #[test]
    fn references_never_repeat() {
        let reference = |place| {
            let mut out = String::new();
            reference(place, &mut out).unwrap();
            out
        };
        let places = (0..100_000).chain(99_900_000..100_100_000);
        let seen: std::collections::HashSet<String> = places.map(reference).collect();
        assert_eq!(seen.len(), 300_000);
    }
}
