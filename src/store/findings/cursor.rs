//! Where a page of findings ends: opaque to clients, and good however many findings come or go meanwhile.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::StoredFinding;

/// The last finding seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) unit: i64,
    pub(super) note: String,
    pub(super) id: i64,
}

/// The text is no cursor.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a cursor; take the `next` of a page as it is")]
pub struct BadCursor;

impl Cursor {
    /// After that finding.
    pub fn after(finding: &StoredFinding) -> Self {
        Self { unit: finding.unit_id, note: finding.note.clone(), id: finding.id }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(format!("{}.{}.{}", self.unit, self.id, self.note)))
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| BadCursor)?;
        let text = String::from_utf8(bytes).map_err(|_| BadCursor)?;
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadCursor);
        let mut number = || part()?.parse().map_err(|_| BadCursor);
        let (unit, id) = (number()?, number()?);
        Ok(Self { unit, id, note: part()?.to_owned() })
    }
}

impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_whatever_the_key() {
        for note in ["", "12", "a.b.c", "été\u{0}"] {
            let cursor = Cursor { unit: 3, note: note.to_owned(), id: -7 };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
        for bad in ["", "3.7", "@", "MS4y"] {
            assert_eq!(bad.parse::<Cursor>(), Err(BadCursor));
        }
    }
}
