//! The measures as a table, or as JSON.

use std::io::Write;
use std::time::Duration;

use anyhow::Context;
use serde::Serialize;

use crate::category::Category;
use crate::cli::table::{Side, Table};
use crate::eval::metrics::Scores;
use crate::eval::mistakes::{Kind, Mistake};
use crate::report::one_line;
use crate::scanner::Scanner;

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    scores: &'a Scores,
    profile: &'a str,
    model: &'a str,
    lexicons: &'a str,
    seconds: f64,
    notes_per_second: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a [Mistake]>,
}

/// Prints on standard output; the mistakes first, so that the measures stay in sight.
pub fn print(
    scores: &Scores,
    errors: Option<&[Mistake]>,
    scanner: &Scanner,
    profile: &str,
    json: bool,
    elapsed: Duration,
) -> anyhow::Result<()> {
    let seconds = elapsed.as_secs_f64();
    let notes_per_second = scores.notes as f64 / seconds.max(1e-9);
    let versions = scanner.versions();
    let text = if json {
        let printed = Printed {
            scores,
            profile,
            model: &versions.model,
            lexicons: &versions.lexicons,
            seconds,
            notes_per_second,
            errors,
        };
        serde_json::to_string_pretty(&printed)? + "\n"
    } else {
        let list: String = errors.unwrap_or_default().iter().map(described).collect();
        format!(
            "{list}{}\n{}model {}, lexicons {}, profile {}: {notes_per_second:.0} notes/s\n",
            table(scores),
            totals(scores),
            versions.model,
            versions.lexicons,
            profile,
        )
    };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")
}

fn table(scores: &Scores) -> Table {
    use Side::{Left, Right};
    let mut table = Table::new([
        ("category", Left),
        ("TP", Right),
        ("FP", Right),
        ("FN", Right),
        ("precision", Right),
        ("recall", Right),
        ("F1", Right),
    ]);
    for category in Category::ALL {
        let Some(row) = scores.categories.get(category.id()) else { continue };
        table.row([
            category.id().to_owned(),
            row.counts.tp.to_string(),
            row.counts.fp.to_string(),
            row.counts.missed.to_string(),
            rate(row.precision),
            rate(row.recall),
            rate(row.f1),
        ]);
    }
    table
}

fn totals(scores: &Scores) -> String {
    format!(
        "macro-F1 {}   micro-F1 {}   {} notes\n\
         clean notes that raise something {} of {}\n\
         required words touched {} of {}\n\
         calibration error {} over {} findings\n",
        rate(scores.macro_f1),
        rate(scores.micro_f1),
        scores.notes,
        percent(scores.clean_alarm_rate),
        scores.clean_notes,
        percent(scores.span_overlap),
        scores.required_spans,
        rate(scores.calibration_error),
        scores.judged_findings,
    )
}

fn described(mistake: &Mistake) -> String {
    let kind = match mistake.kind {
        Kind::Missed => "missed",
        Kind::MissedWords => "missed words",
        Kind::FalseAlarm => "false alarm",
    };
    let judged = match (&mistake.rule, mistake.score) {
        (Some(rule), Some(score)) => format!("{} {score:.2}", one_line(rule)),
        _ => "nothing proposed".to_owned(),
    };
    format!(
        "{}:{}  {kind}  {}  « {} »  ({judged})\n    {}\n\n",
        mistake.file,
        mistake.line,
        mistake.category,
        one_line(&mistake.words),
        one_line(&mistake.text),
    )
}

fn rate(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{v:.3}"))
}

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| format!("{:.1} %", 100.0 * v))
}
