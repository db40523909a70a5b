//! What a finding is known by from one rescan to the next, so that a reviewer's decision stays with it.
//!
//! A fingerprint is HMAC-SHA256, truncated to 16 bytes, with the key `fingerprint` of the data folder, over the name of the
//! unit, the note's key, the column, the category, the words found (folded: lower case, no accent, blanks joined), each
//! behind its length, and the ordinal among equal ones of the note. Offsets are left out: an edit elsewhere in the note keeps
//! the decision. A plain hash would not do: whoever holds the store could guess short words back from it.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use hmac::Mac;
use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::keys;
use crate::category::Category;

/// Bytes of a fingerprint.
pub const LENGTH: usize = 16;

/// The fingerprint of the finding that is the `ordinal`-th, from 0, of its category and words in its note.
pub fn of(
    key: &[u8; 32],
    unit: &str,
    note_key: &str,
    column: &str,
    category: Category,
    words: &str,
    ordinal: u32,
) -> [u8; LENGTH] {
    of_folded(key, &[unit, note_key, column], category, &fold(words), ordinal)
}

fn of_folded(
    key: &[u8; 32],
    note: &[&str; 3],
    category: Category,
    words: &str,
    ordinal: u32,
) -> [u8; LENGTH] {
    let mut mac = keys::mac(key);
    for part in note.iter().copied().chain([category.id(), words]) {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part.as_bytes());
    }
    mac.update(&ordinal.to_le_bytes());
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    let mut fingerprint = [0; LENGTH];
    fingerprint.copy_from_slice(&full[..LENGTH]);
    fingerprint
}

/// Makes the fingerprints of a data folder.
#[derive(Clone)]
pub struct Fingerprinter {
    key: [u8; 32],
}

/// Makes those of one note, which tells equal findings apart by counting them.
pub struct NoteFingerprints<'n> {
    key: &'n [u8; 32],
    note: [&'n str; 3],
    seen: HashMap<(Category, String), u32>,
}

impl Fingerprinter {
    /// With the key `fingerprint` of the data folder.
    pub fn with_key(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// For the findings of a note, asked in the order they stand there.
    pub fn note<'n>(&'n self, unit: &'n str, note_key: &'n str, column: &'n str) -> NoteFingerprints<'n> {
        NoteFingerprints { key: &self.key, note: [unit, note_key, column], seen: HashMap::new() }
    }
}

impl NoteFingerprints<'_> {
    /// The fingerprint of the note's next finding.
    pub fn next(&mut self, category: Category, words: &str) -> [u8; LENGTH] {
        let words = fold(words);
        let seen = self.seen.entry((category, words.clone())).or_default();
        let fingerprint = of_folded(self.key, &self.note, category, &words, *seen);
        *seen += 1;
        fingerprint
    }
}

/// Folding of its own, kept as it is: were it that of the rules, a better one would part decisions from their findings.
fn fold(words: &str) -> String {
    let plain: String = words.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A fingerprint as people and programs see it: 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; LENGTH]);

/// The text is no fingerprint.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a fingerprint is 32 hexadecimal digits, as `vigie rescan findings` prints them")]
pub struct NoFingerprint;

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; LENGTH];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| NoFingerprint)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl ToSql for Fingerprint {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_slice().into())
    }
}

impl FromSql for Fingerprint {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; LENGTH]>::column_result(value).map(Self)
    }
}

impl fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprinter(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn one(words: &str) -> [u8; LENGTH] {
        of(&KEY, "notes", "12", "comment", Category::Health, words, 0)
    }

    #[test]
    fn the_way_words_are_written_does_not_matter() {
        assert_eq!(one("Diabétique  de\ntype 2"), one("DIABETIQUE de type 2"));
        assert_eq!(one("diabe\u{301}tique"), one("diabétique"));
        assert_ne!(one("diabétique"), one("diabète"));
    }

    #[test]
    fn everything_that_names_a_finding_counts_and_nothing_runs_into_its_neighbour() {
        let first = one("malade");
        let others = [
            of(&[8; 32], "notes", "12", "comment", Category::Health, "malade", 0),
            of(&KEY, "note", "s12", "comment", Category::Health, "malade", 0),
            of(&KEY, "notes", "1", "2comment", Category::Health, "malade", 0),
            of(&KEY, "notes", "12", "autre", Category::Health, "malade", 0),
            of(&KEY, "notes", "12", "comment", Category::Genetic, "malade", 0),
            of(&KEY, "notes", "12", "comment", Category::Health, "malade", 1),
        ];
        for other in others {
            assert_ne!(other, first);
        }
    }

    #[test]
    fn equal_findings_of_a_note_are_counted() {
        let maker = Fingerprinter::with_key(KEY);
        let mut note = maker.note("notes", "12", "comment");
        assert_eq!(note.next(Category::Health, "malade"), one("malade"));
        assert_eq!(note.next(Category::Health, "asthme"), one("asthme"));
        let second = of(&KEY, "notes", "12", "comment", Category::Health, "malade", 1);
        assert_eq!(note.next(Category::Health, "Malade"), second);
    }

    /// Decisions in stores out there hang on these bytes.
    #[test]
    fn the_bytes_never_change() {
        let key: [u8; 32] = std::array::from_fn(|i| i as u8);
        let made = of(&key, "public.notes", "42", "comment", Category::Health, "Diabétique", 0);
        assert_eq!(hex::encode(made).parse(), Ok(Fingerprint(made)));
        assert_eq!(hex::encode(made), "bbc97399b5bda2391a97ed84ab601b75");
    }
}
