//! What the server gave, as cells and labels.

use super::super::Cell;
use super::session::Kind;

/// Longest cell fetched, in bytes. The scanner's own limit is lower and says so itself; this one keeps what nobody could
/// read out of the memory and off the network.
pub const MAX_CELL_BYTES: u64 = 1 << 20;

/// Longest label, in characters.
const MAX_LABEL: usize = 120;

/// A note. `size` is given where the cell is longer than [`MAX_CELL_BYTES`] and was not fetched.
pub fn cell(value: Option<Vec<u8>>, size: Option<Vec<u8>>, kind: Kind) -> Cell {
    if let Some(size) = size.and_then(text) {
        return Cell::Unreadable(format!(
            "{size} bytes, more than the limit of {MAX_CELL_BYTES}; not fetched: split it, or look at it by hand"
        ));
    }
    let Some(value) = value else { return Cell::Empty };
    match String::from_utf8(value) {
        Ok(text) if text.trim().is_empty() => Cell::Empty,
        Ok(text) => Cell::Text(text.into()),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let why = match kind {
                Kind::Bytes => "the column holds bytes, and these are not UTF-8",
                _ => "the database does not know its own encoding, and these bytes are not UTF-8",
            };
            Cell::Unreadable(format!(
                "{why} (first at byte {at}); convert the column, or give a query that does (convert_from in PostgreSQL, \
                 CONVERT … USING in MySQL)"
            ))
        }
    }
}

/// A label, if it is one: what is long may be a note, and notes do not reach the store.
pub fn label(value: Vec<u8>) -> Option<String> {
    let text = text(value)?;
    (text.chars().count() <= MAX_LABEL).then_some(text)
}

fn text(value: Vec<u8>) -> Option<String> {
    String::from_utf8(value).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_every_kind() {
        let bytes = |text: &str| Some(text.as_bytes().to_vec());
        assert!(matches!(cell(None, None, Kind::Text), Cell::Empty));
        assert!(matches!(cell(bytes(" \n\u{a0}"), None, Kind::Text), Cell::Empty));
        assert!(matches!(cell(bytes("été"), None, Kind::Bytes), Cell::Text(text) if text.as_str() == "été"));
        assert!(matches!(cell(bytes("a\0b"), None, Kind::Text), Cell::Text(_)));
        let Cell::Unreadable(why) = cell(Some(b"diab\xe9tique".to_vec()), None, Kind::Text) else { panic!() };
        assert!(why.contains("byte 4") && !why.contains("diab"), "{why}");
        assert_eq!(label(b" nord ".to_vec()).as_deref(), Some("nord"));
        assert_eq!(label("x".repeat(121).into_bytes()), None);
        let Cell::Unreadable(why) = cell(None, bytes("52428800"), Kind::Text) else { panic!() };
        assert!(why.contains("52428800"), "{why}");
    }
}
