//! What was read, table by table and column by column, and what could not be.

use super::words::{SCROLLED, count, name, percent, text};
use crate::report::grouped;
use crate::rescan::counted::Counted;
use crate::rescan::coverage::UnitCoverage;
use crate::rescan::report::Report;

/// Tables and files, and unreadable notes, listed at most; the JSON and CSV reports list more.
const UNITS: usize = 200;
const UNREADABLE: usize = 100;

pub fn coverage(report: &Report) -> String {
    let units = &report.coverage;
    if units.is_empty() {
        return format!("<p>{}</p>\n", text("Rien n’a encore été lu."));
    }
    let rows: String = units.iter().take(UNITS).map(unit).collect();
    let total = figures(&report.notes);
    let read: u64 = units.iter().map(|u| u.rows_read).sum();
    let expected: Option<u64> = units.iter().map(|u| u.expected_rows).sum();
    let more = match units.len().saturating_sub(UNITS) {
        0 => String::new(),
        n => format!(
            "<p class=\"soft\">{}</p>\n",
            text(&format!(
                "Et {}.",
                count(
                    n as u64,
                    "autre table ou fichier, compté dans le total ; le rapport JSON ou CSV le donne",
                    "autres tables ou fichiers, comptés dans le total ; le rapport JSON ou CSV les donne"
                )
            ))
        ),
    };
    let heads: String =
        ["Lignes", "Annoncées", "Notes vues", "Analysées", "Inchangées", "Vides", "Illisibles"]
            .iter()
            .map(|head| format!("<th scope=\"col\" class=\"n\">{head}</th>"))
            .collect();
    format!(
        "{}{SCROLLED}<table class=\"coverage\"><thead><tr><th scope=\"col\">Table ou fichier, colonne</th>{heads}\
         </tr></thead>{rows}<tbody class=\"total\"><tr><th scope=\"row\">Total</th><td class=\"n\">{}</td>\
         <td class=\"n\">{}</td>{total}</tr></tbody></table></div>\n{more}<p class=\"soft\">{}</p>\n{}",
        proof(report),
        grouped(read),
        expected.map_or_else(|| "–".to_owned(), grouped),
        text(
            "« Annoncées » : les lignes que la source disait avoir avant la lecture ; un tiret, quand elle ne peut le dire sans \
             être lue. Chaque note vue est comptée une fois, comme analysée, inchangée (déjà analysée par les mêmes versions), \
             vide ou illisible."
        ),
        unreadable(report)
    )
}

/// The sentence an auditor looks for.
fn proof(report: &Report) -> String {
    let notes = &report.notes;
    let (said, class) = match (notes.adds_up(), report.complete) {
        (true, true) => (
            format!(
                "{}, {}, {}.",
                count(notes.seen, "note vue et comptée", "notes vues : toutes sont comptées"),
                count(
                    notes.judged(),
                    "a été analysée ou était inchangée",
                    "ont été analysées ou étaient inchangées"
                ),
                count(notes.empty, "était vide", "étaient vides")
            ),
            "ok",
        ),
        (true, false) => (
            format!(
                "{} ; {} ({}), et des tables ou fichiers peuvent manquer.",
                count(notes.seen, "note vue et comptée", "notes vues et comptées"),
                count(notes.unreadable, "n’a pas pu être lue", "n’ont pas pu être lues"),
                percent(notes.unreadable, notes.seen)
            ),
            "alert",
        ),
        (false, _) => (
            "Les comptes ne tombent pas juste : ne vous fiez pas à ce rapport et signalez-le aux auteurs du programme."
                .to_owned(),
            "alert",
        ),
    };
    format!("<p class=\"{class}\">{}</p>\n", text(&said))
}

/// A table's rows: one where it has one column of notes, else one more for each.
fn unit(unit: &UnitCoverage) -> String {
    let expected = match (unit.expected_rows, unit.row_difference()) {
        (Some(expected), Some(0)) | (Some(expected), None) => grouped(expected),
        (Some(expected), Some(difference)) => format!(
            "{}<span class=\"differs\">({}{})</span>",
            grouped(expected),
            if difference > 0 { "+" } else { "−" },
            grouped(difference.unsigned_abs())
        ),
        (None, _) => "–".to_owned(),
    };
    let problem = match &unit.problem {
        Some(problem) => format!("<span class=\"differs\">{}</span>", name(problem)),
        None if !unit.done => {
            format!("<span class=\"differs\">{}</span>", text("pas encore lue jusqu’au bout"))
        }
        None => String::new(),
    };
    let one = match unit.columns.as_slice() {
        [column] => name(&column.column),
        _ => String::new(),
    };
    let mut out = format!(
        "<tbody><tr><th scope=\"row\">{}<span class=\"soft\">{one}</span>{problem}</th><td class=\"n\">{}</td>\
         <td class=\"n\">{expected}</td>{}</tr>",
        name(&unit.name),
        grouped(unit.rows_read),
        figures(&unit.total())
    );
    if unit.columns.len() > 1 {
        for column in &unit.columns {
            out.push_str(&format!(
                "<tr class=\"column\"><th scope=\"row\">{}</th><td></td><td></td>{}</tr>",
                name(&column.column),
                figures(&column.counted)
            ));
        }
    }
    out + "</tbody>"
}

fn figures(counted: &Counted) -> String {
    let unreadable = if counted.unreadable > 0 { " bad" } else { "" };
    format!(
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
         <td class=\"n{unreadable}\">{}</td>",
        grouped(counted.seen),
        grouped(counted.scanned),
        grouped(counted.unchanged),
        grouped(counted.empty),
        grouped(counted.unreadable)
    )
}

fn unreadable(report: &Report) -> String {
    if report.unreadable_lines == 0 {
        return String::new();
    }
    let rows: String = report
        .unreadable
        .iter()
        .take(UNREADABLE)
        .map(|note| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                name(&note.unit),
                name(&note.note),
                note.column.as_deref().map_or_else(|| "<i>ligne entière</i>".to_owned(), name),
                name(&note.reason)
            )
        })
        .collect();
    let shown = report.unreadable.len().min(UNREADABLE) as u64;
    let more = match report.unreadable_lines.saturating_sub(shown) {
        0 => String::new(),
        n => format!(
            "<p class=\"soft\">{}</p>\n",
            text(&format!(
                "Et {} ; le rapport JSON ou CSV les donne.",
                count(n, "autre ligne", "autres lignes")
            ))
        ),
    };
    format!(
        "<h3>Ce qui n’a pas pu être lu</h3>\n{SCROLLED}<table><thead><tr><th scope=\"col\">Table ou fichier</th>\
         <th scope=\"col\">Clé</th><th scope=\"col\">Colonne</th><th scope=\"col\">Motif</th></tr></thead><tbody>{rows}</tbody>\
         </table></div>\n{more}"
    )
}
