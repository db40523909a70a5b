//! Text, numbers, dates as written in French.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

pub use crate::report::count;
use crate::report::{decimal, grouped, one_line};
use crate::web::html::{Escaped, french};

/// Opens the frame of a table that may be wider than a phone: the keyboard reaches it to move it.
pub const SCROLLED: &str = "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Tableau\">";

/// Text of any origin made safe between tags and inside quoted attributes, with French spacing.
pub fn text(text: &str) -> String {
    Escaped(french(&one_line(text))).to_string()
}

/// A name from the source, as it is.
pub fn name(name: &str) -> String {
    Escaped(one_line(name)).to_string()
}

/// A name from the source, or what stands for none.
pub fn name_or<'n>(given: Option<&'n str>, none: &'n str) -> String {
    match given.filter(|n| !n.trim().is_empty()) {
        Some(given) => name(given),
        None => format!("<i>{}</i>", text(none)),
    }
}

/// Where a source is; files that were sent to the server have no place of their own.
pub fn place(source: &str) -> String {
    match source {
        "upload" => "<span>fichier envoyé</span>".to_owned(),
        source => format!("<code>{}</code>", name(source)),
    }
}

/// A share of a whole: `12,3 %`.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { share(part as f64 / whole as f64) }
}

/// What is not all is not told as all, and what is there not as nothing: `plus de 99,9 %`, `moins de 0,1 %`.
pub fn share(value: f64) -> String {
    let tenths = (value * 1000.0).round();
    let (about, tenths) = match value {
        v if v > 0.0 && tenths < 1.0 => ("moins de ", 1.0),
        v if v < 1.0 && tenths > 999.0 => ("plus de ", 999.0),
        _ => ("", tenths),
    };
    let shown =
        if tenths % 10.0 == 0.0 { format!("{}", tenths / 10.0) } else { format!("{:.1}", tenths / 10.0) };
    format!("{about}{}\u{202f}%", decimal(shown))
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `26 novembre 2026 à 8 h 30`.
pub fn moment(milliseconds: i64, zone: &TimeZone) -> String {
    format!("{} à {}", day(milliseconds, zone), time(milliseconds, zone))
}

/// `26 novembre 2026, de 8 h 30 à 9 h 02`; over several days, `du 26 novembre 2026 à 8 h 30 au …`.
pub fn period(from: i64, to: i64, zone: &TimeZone) -> String {
    match (day(from, zone), day(to, zone)) {
        (first, last) if first == last => format!("{first}, de {} à {}", time(from, zone), time(to, zone)),
        _ => format!("du {} au {}", moment(from, zone), moment(to, zone)),
    }
}

fn day(milliseconds: i64, zone: &TimeZone) -> String {
    let at = zoned(milliseconds, zone);
    let month = MONTHS[usize::from(at.month().unsigned_abs()) - 1];
    let day = if at.day() == 1 { "1er".to_owned() } else { at.day().to_string() };
    format!("{day}\u{a0}{month} {}", at.year())
}

fn time(milliseconds: i64, zone: &TimeZone) -> String {
    let at = zoned(milliseconds, zone);
    format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute())
}

fn zoned(milliseconds: i64, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default().to_zoned(zone.clone())
}

/// The zone as told beside a time: `UTC`, `UTC+1`.
pub fn zone_name(milliseconds: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    let seconds = zone.to_offset(at).seconds();
    let (hours, minutes) = (seconds / 3600, (seconds / 60 % 60).abs());
    match (hours, minutes) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{hours:+}"),
        (hours, minutes) => format!("UTC{hours:+}:{minutes:02}"),
    }
}

/// `mars 2024`; what is no month as it is.
pub fn month(month: &str) -> String {
    match named_month(month) {
        Some((year, name)) => format!("{name} {}", self::name(year)),
        None => name(month),
    }
}

fn named_month(month: &str) -> Option<(&str, &'static str)> {
    let (year, month) = month.split_once('-')?;
    let month: usize = month.parse().ok()?;
    Some((year, MONTHS.get(month.checked_sub(1)?)?))
}

/// `2 h 04 min`, `3 min 12 s`, `0,8 s`.
pub fn duration(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0..10) => format!("{}\u{a0}s", decimal(format_args!("{:.1}", milliseconds as f64 / 1000.0))),
        (0, 0, s) => format!("{s}\u{a0}s"),
        (0, m, s) => format!("{m}\u{a0}min\u{a0}{s:02}\u{a0}s"),
        (h, m, _) => format!("{}\u{a0}h\u{a0}{m:02}\u{a0}min", grouped(h)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_round_to_all_or_nothing() {
        assert_eq!(percent(1, 3), "33,3\u{202f}%");
        assert_eq!(percent(9_999, 10_000), "plus de 99,9\u{202f}%");
        assert_eq!(percent(1, 100_000), "moins de 0,1\u{202f}%");
        assert_eq!((percent(999, 1000), percent(1, 1000)), ("99,9\u{202f}%".into(), "0,1\u{202f}%".into()));
        assert_eq!(
            (percent(0, 5), percent(5, 5), percent(0, 0)),
            ("0\u{202f}%".into(), "100\u{202f}%".into(), "–".into())
        );
    }

    #[test]
    fn times_and_durations_by_hand() {
        let paris = TimeZone::fixed(jiff::tz::offset(1));
        assert_eq!(moment(1_793_523_300_000, &paris), "1er\u{a0}novembre 2026 à 9\u{a0}h\u{a0}55");
        assert_eq!(moment(1_793_523_300_000, &TimeZone::UTC), "1er\u{a0}novembre 2026 à 8\u{a0}h\u{a0}55");
        let hour = 3_600_000;
        assert_eq!(
            period(1_793_523_300_000, 1_793_523_300_000 + hour, &TimeZone::UTC),
            "1er\u{a0}novembre 2026, de 8\u{a0}h\u{a0}55 à 9\u{a0}h\u{a0}55"
        );
        let days = period(1_793_523_300_000, 1_793_523_300_000 + 24 * hour, &TimeZone::UTC);
        assert!(days.starts_with("du 1er") && days.contains(" au 2\u{a0}novembre"), "{days}");
        assert_eq!((zone_name(0, &paris), zone_name(0, &TimeZone::UTC)), ("UTC+1".into(), "UTC".into()));
        assert_eq!(duration(812), "0,8\u{a0}s");
        assert_eq!(duration(192_000), "3\u{a0}min\u{a0}12\u{a0}s");
        assert_eq!(duration(7_440_000), "2\u{a0}h\u{a0}04\u{a0}min");
        assert_eq!((month("2024-03"), month("<x>")), ("mars 2024".into(), "&lt;x&gt;".into()));
    }
}
