//! Charts as inline SVG. Each stands beside a table with the same figures, so that none carries anything alone; colours
//! differ in lightness too, for prints without colour.

use std::fmt::Write;

use super::words::{count, month, name, text};
use crate::rescan::report::model::{Group, Month};
use crate::rescan::review::Precision;

/// Classes of parts and their names, in the order they are drawn.
pub const ACTIONS: [(&str, &str); 3] =
    [("block", "À retirer"), ("warn", "À reformuler"), ("report", "À savoir")];
pub const SEVERITIES: [(&str, &str); 3] = [("block", "Élevée"), ("warn", "Moyenne"), ("report", "Faible")];
pub const REVIEW: [(&str, &str); 4] =
    [("todo", "À examiner"), ("block", "Confirmés"), ("gone", "Écartés"), ("clear", "Corrigés")];
pub const CHANGES: [(&str, &str); 3] =
    [("block", "Nouveaux"), ("report", "Toujours là"), ("clear", "Disparus")];

/// The three actions of a group.
pub fn actions(group: &Group) -> [u64; 3] {
    [group.block, group.warn, group.report]
}

/// A bar for a table's row: its parts, out of the longest row's sum. The row's numbers say the same.
pub fn bar<const N: usize>(classes: &[(&str, &str); N], parts: [u64; N], longest: u64) -> String {
    let mut out =
        "<svg class=\"bar\" viewBox=\"0 0 200 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
            .to_owned();
    let mut x = 0.0;
    for ((class, _), part) in classes.iter().zip(parts) {
        // What is there shows, however small.
        let width = if part == 0 { 0.0 } else { (200.0 * part as f64 / longest.max(1) as f64).max(0.8) };
        if width > 0.0 {
            // Writing to a string does not fail.
            let _ = write!(out, "<rect class=\"{class}\" x=\"{x:.1}\" width=\"{width:.1}\" height=\"12\"/>");
        }
        x += width;
    }
    out + "</svg>"
}

/// A whole in parts, with a legend that holds the numbers.
pub fn strip<const N: usize>(title: &str, classes: &[(&str, &str); N], parts: [u64; N]) -> String {
    let whole: u64 = parts.iter().sum();
    let legend: String = classes
        .iter()
        .zip(parts)
        .map(|((class, name), part)| {
            format!(
                "<li><span class=\"dot {class}\"></span>{} <b>{}</b> <span class=\"soft\">{}</span></li>",
                text(name),
                crate::report::grouped(part),
                super::words::percent(part, whole)
            )
        })
        .collect();
    format!(
        "<figure class=\"strip\"><figcaption>{}</figcaption>{}<ul class=\"legend\">{legend}</ul></figure>",
        text(title),
        bar(classes, parts, whole)
    )
}

/// Names of the parts beside their colours.
pub fn legend<const N: usize>(classes: &[(&str, &str); N]) -> String {
    let items: String = classes
        .iter()
        .map(|(class, name)| format!("<li><span class=\"dot {class}\"></span>{}</li>", text(name)))
        .collect();
    format!("<ul class=\"legend\">{items}</ul>")
}

/// A precision and its interval on a scale from 0 to 100 %.
pub fn interval(precision: &Precision) -> String {
    let x = |share: f64| 4.0 + share * 192.0;
    format!(
        "<svg class=\"interval\" viewBox=\"0 0 200 16\" aria-hidden=\"true\"><path class=\"axis\" d=\"M4 8H196M4 4v8M100 \
         5v6M196 4v8\"/><rect class=\"range\" x=\"{:.1}\" y=\"5.5\" width=\"{:.1}\" height=\"5\" rx=\"2.5\"/>\
         <circle class=\"point\" cx=\"{:.1}\" cy=\"8\" r=\"4\"/></svg>",
        x(precision.low),
        x(precision.high) - x(precision.low),
        x(precision.value)
    )
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 46.0;
const TOP: f64 = 10.0;

/// Up to so many months, each has its number under it.
const NUMBERED: usize = 30;

/// Columns over time, one a month, those without a finding included.
pub fn columns(months: &[Month]) -> String {
    let all = every_month(months);
    let highest = months.iter().map(|m| m.findings).max().unwrap_or(0);
    let step = tick(highest);
    let top = highest.div_ceil(step).max(1) * step;
    let plot = HEIGHT - TOP - bottom(all.len());
    let y = |n: u64| TOP + plot * (1.0 - n as f64 / top as f64);
    let pitch = (WIDTH - LEFT) / all.len().max(1) as f64;
    let width = (pitch * 0.72).min(38.0);
    let title = match (months.first(), months.last()) {
        (Some(first), Some(last)) => format!(
            "Signalements par mois, de {} à {} : au plus {} en un mois",
            month(&first.month),
            month(&last.month),
            count(highest, "signalement", "signalements")
        ),
        _ => String::new(),
    };
    let mut out = format!(
        "<svg class=\"columns\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        text(&title)
    );
    for n in (0..=top).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let _ = write!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {0:.1}H{WIDTH}\"/><text class=\"tick\" x=\"{1}\" y=\"{2:.1}\" \
             text-anchor=\"end\">{3}</text>",
            y(n),
            LEFT - 6.0,
            y(n) + 4.0,
            crate::report::grouped(n)
        );
    }
    for (i, (name, counted)) in all.iter().enumerate() {
        let x = LEFT + pitch * i as f64 + (pitch - width) / 2.0;
        let mut base = 0;
        for ((class, _), part) in ACTIONS.iter().zip(counted.map_or([0; 3], |m| [m.block, m.warn, m.report]))
        {
            if part > 0 {
                let (from, to) = (y(base), y(base + part));
                let _ = write!(
                    out,
                    "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{to:.1}\" width=\"{width:.1}\" height=\"{:.1}\"/>",
                    from - to
                );
            }
            base += part;
        }
        out.push_str(&label(name, i, all.len(), x + width / 2.0));
    }
    out + "</svg>"
}

/// Room for what stands under the columns.
fn bottom(months: usize) -> f64 {
    if months <= NUMBERED { 34.0 } else { 22.0 }
}

/// The year under its first month; the month's number above it, where there is room.
fn label(month: &str, at: usize, months: usize, x: f64) -> String {
    let Some((year, number)) = month.split_once('-') else { return String::new() };
    let mut out = String::new();
    if months <= NUMBERED {
        let _ = write!(
            out,
            "<text class=\"tick\" x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - bottom(months) + 14.0,
            name(number.trim_start_matches('0'))
        );
    }
    if at == 0 || number == "01" {
        let y = HEIGHT - 4.0;
        // A first year of a few months would run into the next one.
        let room = at > 0 || months < 24 || number < "10";
        if room {
            let _ = write!(
                out,
                "<text class=\"year\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
                name(year)
            );
        }
    }
    out
}

/// Every month from the first to the last, each with its figures; only those there are where they span more than 40 years,
/// as a wrong date can make them.
fn every_month(months: &[Month]) -> Vec<(String, Option<&Month>)> {
    let number = |month: &str| -> Option<i64> {
        let (year, month) = month.split_once('-')?;
        Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()? - 1)
    };
    let known: Vec<(i64, &Month)> = months.iter().filter_map(|m| Some((number(&m.month)?, m))).collect();
    match (known.first(), known.last()) {
        (Some((first, _)), Some((last, _))) if last - first <= 480 => (*first..=*last)
            .map(|n| {
                let name = format!("{:04}-{:02}", n.div_euclid(12), n.rem_euclid(12) + 1);
                (name, known.iter().find(|(at, _)| *at == n).map(|(_, m)| *m))
            })
            .collect(),
        _ => months.iter().map(|m| (m.month.clone(), Some(m))).collect(),
    }
}

/// A round step that makes three to six lines.
fn tick(highest: u64) -> u64 {
    let mut scale = 1;
    loop {
        for step in [1, 2, 5] {
            if highest <= step * scale * 5 {
                return step * scale;
            }
        }
        scale *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(month: &str, block: u64) -> Month {
        Month { month: month.into(), findings: block, notes: block, block, warn: 0, report: 0 }
    }

    #[test]
    fn months_without_findings_are_drawn_and_a_wrong_date_does_not_stretch_the_chart() {
        let months = [of("2023-11", 3), of("2024-02", 1)];
        let names: Vec<String> = every_month(&months).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["2023-11", "2023-12", "2024-01", "2024-02"]);
        assert_eq!(every_month(&[of("1900-01", 1), of("2024-02", 1)]).len(), 2);
        assert_eq!(columns(&months).matches("<rect").count(), 2);
    }

    #[test]
    fn ticks_are_round_and_few() {
        for highest in [0, 1, 4, 7, 23, 99, 100, 101, 4_321, 1_000_000] {
            let step = tick(highest);
            assert!(highest.div_ceil(step) <= 5, "{highest}: {step}");
            assert!([1, 2, 5].iter().any(|d| step.to_string().trim_end_matches('0') == d.to_string()));
        }
        assert_eq!((tick(23), tick(4_321)), (5, 1000));
    }

    #[test]
    fn a_bar_is_as_long_as_its_share_and_what_is_there_shows() {
        let bar = bar(&ACTIONS, [50, 0, 1], 100_000);
        assert_eq!(bar.matches("<rect").count(), 2);
        assert!(bar.contains("width=\"0.8\""), "{bar}");
        assert!(super::bar(&ACTIONS, [25, 25, 0], 100).contains("x=\"50.0\" width=\"50.0\""));
    }
}
