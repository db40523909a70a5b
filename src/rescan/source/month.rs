//! The month of a date as exports write it, for the label `YYYY-MM`.

use jiff::civil::Date;

/// The month: of ISO 8601 (`2024-02-03`, with or without a time), `03/02/2024`, `20240203`, a day number of a
/// spreadsheet, or seconds, milliseconds, microseconds or nanoseconds since 1970 (in UTC). `None` for what is no date.
pub fn of(text: &str) -> Option<String> {
    let text = text.trim();
    let date = match text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.matches('.').count() < 2 {
        true => from_number(text)?,
        false => from_parts(text)?,
    };
    (1900..2200).contains(&date.year()).then(|| format!("{:04}-{:02}", date.year(), date.month()))
}

/// Year, month and day, or day, month and year, between `-`, `/` or `.`; a time may follow.
fn from_parts(text: &str) -> Option<Date> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || "-/.".contains(c))).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    if !(rest.is_empty() || rest.starts_with(['T', 't', ' ', ','])) {
        return None;
    }
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = date.split(separator).collect();
    let number = |part: &str| part.parse::<i16>().ok();
    match parts[..] {
        [year, month] if year.len() == 4 && separator == '-' && rest.is_empty() => {
            day(number(year)?, number(month)?, 1)
        }
        [year, month, of_month] if year.len() == 4 => day(number(year)?, number(month)?, number(of_month)?),
        [of_month, month, year] if year.len() == 4 => day(number(year)?, number(month)?, number(of_month)?),
        [of_month, month, year] if year.len() == 2 => {
            let year = number(year)?;
            day(if year < 70 { 2000 + year } else { 1900 + year }, number(month)?, number(of_month)?)
        }
        _ => None,
    }
}

fn from_number(text: &str) -> Option<Date> {
    let whole = text.split('.').next().unwrap_or_default();
    let number: i64 = whole.parse().ok()?;
    match (whole.len(), number) {
        (8, _) if whole == text => {
            day((number / 10_000) as i16, (number / 100 % 100) as i16, (number % 100) as i16)
        }
        // Day 25569 of a spreadsheet is 1970-01-01.
        (5, _) => since_1970(number - 25_569),
        (9..=11, _) => since_1970(number.div_euclid(86_400)),
        (12..=14, _) => since_1970(number.div_euclid(86_400_000)),
        (15..=17, _) => since_1970(number.div_euclid(86_400_000_000)),
        (18..=19, _) => since_1970(number.div_euclid(86_400_000_000_000)),
        _ => None,
    }
}

/// A day by its number, 1970-01-01 being 0.
pub fn since_1970(days: i64) -> Option<Date> {
    let days = i32::try_from(days).ok()?;
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn day(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_exports_by_hand() {
        for date in [
            "2024-02-03",
            "2024-02-29T10:11:12Z",
            "2024-02-03 10:11:12.5+01:00",
            "2024-02",
            "2024/02/03",
            "03/02/2024",
            "3/2/2024 09h30",
            "29.02.2024",
            "03-02-24",
            " 03/02/2024, 10:00",
            "20240203",
            "45325",
            "45325.75",
            "1706918400",
            "1706918400.25",
            "1706918400000",
            "1706918400000000",
            "1706918400000000000",
        ] {
            assert_eq!(of(date).as_deref(), Some("2024-02"), "{date}");
        }
        assert_eq!(of("01/12/99").as_deref(), Some("1999-12"));
        assert_eq!(of("1969-12-31").as_deref(), Some("1969-12"));
    }

    #[test]
    fn what_is_no_date_has_no_month() {
        for text in [
            "",
            "hier",
            "0000-00-00",
            "0001-01-01",
            "2024-02-30",
            "31/02/2024",
            "13/13/2024",
            "12",
            "2024",
            "1.2.3.4",
            "2024-02-03x",
            "2024-02x",
            "20241345",
            "/",
            "--",
            "99999999999999999999999",
            "é2024-02-03",
            "1900-",
            "-5",
            "99/99/9999",
            "12:30",
            ".",
            "3/2/24/1",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
