//! How far a rescan is, as markup.

use crate::report::grouped;
use crate::rescan::progress::Snapshot;
use crate::rescan::report::html::charts;
use crate::store::State;
use crate::web::html::Escaped;
use crate::web::words::{count, duration, percent, text};

/// A bar with its share, `label` being what it measures; without a bar where the whole is not known.
pub fn meter(snapshot: &Snapshot, label: &str) -> String {
    let (read, label) = (snapshot.rows_read, Escaped(label));
    match (snapshot.rows_expected, snapshot.state) {
        (_, State::Done) => "<span class=\"soft\">tout lu</span>".to_owned(),
        (Some(whole), _) if whole > 0 => format!(
            "<progress aria-label=\"{label}\" max=\"{whole}\" value=\"{}\"></progress> <span class=\"soft far\">{}</span>",
            read.min(whole),
            percent(read.min(whole), whole)
        ),
        (_, State::Running) => format!(
            "<progress aria-label=\"{label}\"></progress> <span class=\"soft far\">{}</span>",
            count(read, "ligne lue", "lignes lues")
        ),
        _ => format!("<span class=\"soft\">{}</span>", count(read, "ligne lue", "lignes lues")),
    }
}

/// The figures people look for first.
pub fn figures(snapshot: &Snapshot) -> String {
    let notes = &snapshot.notes;
    let rows = match snapshot.rows_expected {
        Some(whole) if whole >= snapshot.rows_read => format!("sur {}", grouped(whole)),
        _ => "jusqu’ici".to_owned(),
    };
    let (time, more) = match (snapshot.state, snapshot.left_ms) {
        (State::Running, Some(left)) => {
            (duration(i64::try_from(left).unwrap_or(i64::MAX)), "de temps restant, à ce rythme")
        }
        _ => (duration(i64::try_from(snapshot.worked_ms).unwrap_or(i64::MAX)), "de travail"),
    };
    let cards = [
        ("Lignes lues", grouped(snapshot.rows_read), rows),
        (
            "Notes analysées",
            grouped(notes.scanned + notes.unchanged),
            format!(
                "{}, {}",
                count(notes.empty, "vide", "vides"),
                count(notes.unreadable, "illisible", "illisibles")
            ),
        ),
        (
            "Signalements",
            grouped(snapshot.findings),
            format!("dont {} à retirer ou à reformuler", grouped(snapshot.to_change())),
        ),
        ("Rythme", grouped(snapshot.rate.round() as u64), "notes par seconde".to_owned()),
        ("Durée", time, more.to_owned()),
    ];
    let cards: String = cards
        .iter()
        .map(|(title, figure, more)| {
            format!(
                "<div class=\"card\"><dt>{}</dt><dd class=\"figure\">{}</dd><dd class=\"soft\">{}</dd></div>",
                text(title),
                text(figure),
                text(more)
            )
        })
        .collect();
    format!("<dl class=\"cards\">{cards}</dl>")
}

/// What was found so far, by category, each leading to its part of the queue.
pub fn categories(snapshot: &Snapshot) -> String {
    if snapshot.by_category.is_empty() {
        let said = match snapshot.state {
            State::Done => "Rien n’a été signalé.",
            _ => "Rien n’a été signalé jusqu’ici.",
        };
        return format!("<p class=\"soft\">{}</p>", text(said));
    }
    const PARTS: [(&str, &str); 2] = [("block", "À retirer ou à reformuler"), ("report", "À savoir")];
    let longest = snapshot.by_category.iter().map(|c| c.findings).max().unwrap_or(0);
    let rows: String = snapshot
        .by_category
        .iter()
        .map(|c| {
            format!(
                "<tr><th scope=\"row\"><a href=\"/revue?rescan={}&amp;category={}&amp;action=all\">{}</a></th><td class=\"graph\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                Escaped(&snapshot.id),
                c.category.id(),
                text(c.category.label()),
                charts::bar(&PARTS, [c.to_change, c.findings - c.to_change], longest),
                grouped(c.findings),
                grouped(c.to_change),
            )
        })
        .collect();
    format!(
        "{}<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Signalements par catégorie\"><table><thead><tr>\
         <th scope=\"col\">Catégorie</th><td class=\"graph\"></td><th scope=\"col\" class=\"n\">Signalements</th>\
         <th scope=\"col\" class=\"n\">À changer</th></tr></thead><tbody>{rows}</tbody></table></div>",
        charts::legend(&PARTS)
    )
}
