//! What changed since the rescan before.

use jiff::tz::TimeZone;

use super::charts::{self, CHANGES};
use super::words::{SCROLLED, count, moment, name, text};
use crate::report::{decimal, grouped};
use crate::rescan::report::Report;
use crate::rescan::report::model::Changes;

pub fn changes(report: &Report, zone: &TimeZone) -> String {
    let Some(changes) = &report.changes else {
        return format!(
            "<p>{}</p>\n",
            text("C’est la première analyse terminée de ces sources : rien à comparer.")
        );
    };
    let longest = changes.by_category.iter().map(|c| c.new + c.gone + c.still).max().unwrap_or(0);
    let rows: String = changes
        .by_category
        .iter()
        .map(|c| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"graph\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n\">{}</td></tr>",
                text(c.category.label()),
                charts::bar(&CHANGES, [c.new, c.still, c.gone], longest),
                grouped(c.new),
                grouped(c.still),
                grouped(c.gone)
            )
        })
        .collect();
    format!(
        "<p>{} <code>{}</code>{} {}</p>\n{}{}{SCROLLED}<table class=\"groups\"><thead><tr>\
         <th scope=\"col\">Catégorie</th><td class=\"graph\"></td><th scope=\"col\" class=\"n\">Nouveaux</th>\
         <th scope=\"col\" class=\"n\">Toujours là</th><th scope=\"col\" class=\"n\">Disparus</th></tr></thead><tbody>{rows}\
         </tbody></table></div>\n",
        text("Par rapport à l’analyse"),
        name(&changes.since),
        text(&format!(", terminée le {}.", moment(changes.since_at, zone))),
        text(&reviewed(changes)),
        charts::strip(
            "Signalements, d’une analyse à l’autre",
            &CHANGES,
            [changes.new, changes.still, changes.gone]
        ),
        cautions(report, changes),
    )
}

fn reviewed(changes: &Changes) -> String {
    match (changes.gone, changes.gone_reviewed) {
        (0, _) => String::new(),
        (gone, reviewed) => format!(
            "Sur {}, {}.",
            count(gone, "disparu", "disparus"),
            count(
                reviewed,
                "avait été confirmé ou marqué corrigé",
                "avaient été confirmés ou marqués corrigés"
            )
        ),
    }
}

/// What else than the notes may explain a change.
fn cautions(report: &Report, changes: &Changes) -> String {
    let mut items = Vec::new();
    if !report.complete {
        items.push(text(
            "Cette analyse n’a pas tout lu : ce qui a « disparu » peut se trouver dans ce qui reste à lire.",
        ));
    }
    if !changes.since_complete {
        items.push(text("La précédente n’avait pas tout lu : ce qui est « nouveau » pouvait déjà exister."));
    }
    for change in &changes.versions {
        let part = match change.part {
            "engine" => "Le moteur",
            "model" => "Le modèle",
            "lexicons" => "Les lexiques",
            "min_score" => "Le score minimal",
            _ => "Le profil",
        };
        let shown = |value: &str| match change.part {
            "min_score" => name(&decimal(value)),
            _ => name(value),
        };
        let verb = if change.part == "lexicons" { "ont changé" } else { "a changé" };
        items.push(format!(
            "{} (<code>{}</code> → <code>{}</code>)\u{a0}: {}",
            text(&format!("{part} {verb}")),
            shown(&change.then),
            shown(&change.now),
            text("une partie des différences peut en venir.")
        ));
    }
    for (units, what) in
        [(&changes.units_added, "Lus pour la première fois"), (&changes.units_gone, "Absents cette fois")]
    {
        if !units.is_empty() {
            let names: Vec<String> =
                units.iter().take(10).map(|u| format!("<code>{}</code>", name(u))).collect();
            let more = match units.len().saturating_sub(10) {
                0 => String::new(),
                n => format!(" et {}", count(n as u64, "autre", "autres")),
            };
            items.push(format!("{what}\u{a0}: {}{more}", names.join(", ")));
        }
    }
    if items.is_empty() {
        return String::new();
    }
    let list: String = items.iter().map(|item| format!("<li>{item}</li>")).collect();
    format!("<ul class=\"cautions\">{list}</ul>\n")
}
