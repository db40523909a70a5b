//! What the server gave, as cells and labels.

use super::super::Cell;
use super::session::Kind;

/// Longest cell fetched, in bytes. The scanner's own limit is lower and says so itself; this one keeps what nobody could
/// read out of the memory and off the network.
pub const MAX_CELL_BYTES: u64 = 1 << 20;

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

/// A label, if it is one.
pub fn text(value: Vec<u8>) -> Option<String> {
    String::from_utf8(value).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `YYYY-MM` of a date the server wrote (ISO), or of a Unix time in seconds or milliseconds; `None` where it is none.
pub fn month(value: &str) -> Option<String> {
    if value.bytes().all(|b| b.is_ascii_digit()) {
        return month_of_unix_time(value);
    }
    let (year, rest) = value.split_once('-')?;
    let month = rest.split('-').next()?;
    let day = rest.split_once('-').map_or(Some(1), |(_, day)| day.get(..2)?.parse::<u8>().ok())?;
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_year = year.len() == 4 && is_digits(year) && year != "0000";
    let is_month = month.len() == 2 && is_digits(month) && (1..=12).contains(&month.parse::<u8>().ok()?);
    let before_christ = value.ends_with("BC");
    (is_year && is_month && (1..=31).contains(&day) && !before_christ).then(|| format!("{year}-{month}"))
}

fn month_of_unix_time(digits: &str) -> Option<String> {
    let number: i64 = digits.parse().ok()?;
    let seconds = match digits.len() {
        9 | 10 => number,
        12 | 13 => number / 1000,
        _ => return None,
    };
    let time = jiff::Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%Y-%m").to_string())
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
        let Cell::Unreadable(why) = cell(None, bytes("52428800"), Kind::Text) else { panic!() };
        assert!(why.contains("52428800"), "{why}");
    }

    #[test]
    fn months_of_dates_that_are_dates() {
        for (value, expected) in [
            ("2024-03-09", Some("2024-03")),
            ("2024-03-09 10:11:12.5+02", Some("2024-03")),
            ("2024-03", Some("2024-03")),
            ("0000-00-00 00:00:00", None),
            ("2024-00-10", None),
            ("2024-13-01", None),
            ("2024-03-00", None),
            ("0044-03-15 BC", None),
            ("infinity", None),
            ("hier", None),
            ("1709978400", Some("2024-03")),
            ("1709978400000", Some("2024-03")),
            ("20240309", None),
            ("", None),
        ] {
            assert_eq!(month(value).as_deref(), expected, "{value}");
        }
    }
}
