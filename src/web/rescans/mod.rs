//! The pages of rescans: start one, follow it, pause, resume, cancel, see what it found. The list is [`get`]; everything is a
//! form or a link, and `static/analyse.js` keeps the page of a running one up to date.

pub mod ask;
pub mod choose;
mod progress;
pub mod show;
pub mod start;

use axum::extract::State;
use axum::response::Response;

use self::progress::meter;
use self::start::Offer;
use super::failure::Failure;
use super::html::Escaped;
use super::page::stored;
use super::reading::with_store;
use super::words::{self, moment, name, text, zone};
use crate::http::AppState;
use crate::report::grouped;
use crate::rescan::progress::Snapshot;
use crate::store::State as Stand;
use crate::store::rescans::{self, RescanRow};

/// Rescans listed.
const LISTED: usize = 100;

/// While something runs, a browser without JavaScript asks again by itself.
pub(super) const AGAIN: &str = "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>\n";

/// `GET /rescans`.
pub async fn get(State(state): State<AppState>) -> Result<Response, Failure> {
    with_store(&state, |state, store| {
        let connection = store.connection()?;
        let rows = rescans::list(&connection)?;
        let all = rows.len();
        let read = |row: RescanRow| Ok((Snapshot::read(&connection, &row)?, row));
        let rows: Vec<(Snapshot, RescanRow)> =
            rows.into_iter().take(LISTED).map(read).collect::<Result<_, Failure>>()?;
        let runs = rows.iter().any(|(_, row)| matches!(row.state, Stand::Running | Stand::Queued));
        let main = main(&Offer::of(state, store), &rows, all);
        Ok(stored("/rescans", "Analyses", if runs { AGAIN } else { "" }, &main))
    })
    .await
}

fn main(offer: &Offer, rows: &[(Snapshot, RescanRow)], all: usize) -> String {
    let list = match rows.is_empty() {
        true => String::new(),
        false => format!(
            "<section class=\"panel\" aria-labelledby=\"liste\"><h2 id=\"liste\">Analyses lancées</h2>{}{}</section>\n",
            table(rows),
            match all.saturating_sub(rows.len()) {
                0 => String::new(),
                more => format!(
                    "<p class=\"soft\">{}</p>",
                    text(&format!(
                        "Et {} plus anciennes : « vigie rescan list » les montre toutes.",
                        grouped(more)
                    ))
                ),
            }
        ),
    };
    let new = choose::first(offer);
    let lead = text(
        "Une analyse lit toutes les notes d’un fichier ou d’une base, dit ce qui ne devrait pas y figurer et prouve que tout a \
         été lu. Elle peut être mise en pause et reprise à tout moment.",
    );
    format!("<h1>Analyses</h1>\n<p class=\"lead\">{lead}</p>\n{list}{new}")
}

fn table(rows: &[(Snapshot, RescanRow)]) -> String {
    let rows: String = rows.iter().map(|(snapshot, row)| line(snapshot, row)).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Liste des analyses\"><table class=\"list\"><thead><tr>\
         <th scope=\"col\">Analyse</th><th scope=\"col\">État</th><th scope=\"col\">Avancement</th>\
         <th scope=\"col\" class=\"n\">Notes</th><th scope=\"col\" class=\"n\">Signalements</th><th scope=\"col\">Suite</th></tr>\
         </thead><tbody>{rows}</tbody></table></div>"
    )
}

fn line(snapshot: &Snapshot, row: &RescanRow) -> String {
    let (state, class) = words::state(row);
    let id = Escaped(&row.id);
    let next = match snapshot.findings {
        0 => String::new(),
        _ => format!(
            "<a href=\"/revue?rescan={id}\">Revue<span class=\"unseen\"> de {name}</span></a> · \
             <a href=\"/rapport/{id}\">Rapport<span class=\"unseen\"> de {name}</span></a>",
            name = name(&row.name)
        ),
    };
    format!(
        "<tr><th scope=\"row\"><a href=\"/rescans/{id}\">{name}</a> <span class=\"soft\">{at}</span></th>\
         <td><span class=\"tag {class}\">{state}</span></td><td>{meter}</td><td class=\"n\">{notes}</td>\
         <td class=\"n\">{findings}</td><td>{next}</td></tr>",
        name = name(&row.name),
        at = moment(row.created_at, &zone()),
        state = text(state),
        meter = meter(snapshot, &format!("Avancement de {}", row.name)),
        notes = grouped(snapshot.notes.seen),
        findings = grouped(snapshot.findings),
    )
}

#[cfg(test)]
mod tests;
