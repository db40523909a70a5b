//! The page Revue: the queue of findings, to be confirmed, dismissed or marked fixed. Without JavaScript it is one form;
//! with it, the keyboard is enough (`static/revue.js`).

pub mod decide;
mod filters;
mod item;
mod query;
mod reasons;

use axum::extract::{Query as Parameters, State};
use axum::response::Response;
use rusqlite::Connection;

use self::filters::{Known, filters};
use self::query::{Done, Query};
use super::failure::Failure;
use super::html::Escaped;
use super::page::stored;
use super::reading::with_store;
use super::words::{count, text};
use crate::http::AppState;
use crate::rescan::review::ReviewState;
use crate::store::findings::{self, Dimension, Filter};
use crate::store::rescans::{self, RescanRow};
use crate::store::units;

pub use query::Encoded;

/// Rescans offered to choose from.
const RESCANS: usize = 50;

/// From so many findings of a rescan on, none are counted for the page: it must not wait.
const COUNTED: u64 = 50_000;

/// From so many on, none of their values are offered for the filters.
const OFFERED: u64 = 10_000;

/// Most findings decided about at once.
pub(super) const AT_ONCE: usize = 20_000;

const SCRIPTS: &str = "<script src=\"/static/revue.js\" defer></script>\n";

/// `GET /revue`, with filters.
pub async fn get(
    State(state): State<AppState>,
    Parameters(pairs): Parameters<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let query = Query::parse(&pairs).map_err(Failure::Refused)?;
    with_store(&state, move |_, store| {
        let connection = store.connection()?;
        page(&connection, query, &[])
    })
    .await
}

/// Excerpts that somebody asked to see, by fingerprint.
pub type Revealed = (String, String);

/// The queue as a page.
fn page(connection: &Connection, mut query: Query, revealed: &[Revealed]) -> Result<Response, Failure> {
    let rows = rescans::list(connection)?;
    if rows.is_empty() {
        let main = format!(
            "<h1>Revue</h1>\n<p class=\"lead\">{}</p>\n<p><a class=\"button main\" href=\"/rescans\">Lancer une analyse</a></p>\n",
            text("Rien à examiner : aucune analyse n’a encore été lancée.")
        );
        return Ok(stored("/revue", "Revue", "", &main));
    }
    if !query.names_rescan {
        query.filter.rescan = rows.first().map(|row| row.id.clone());
    }
    Ok(stored("/revue", "Revue", SCRIPTS, &main(connection, &query, &rows, revealed)?))
}

fn main(
    connection: &Connection,
    query: &Query,
    rows: &[RescanRow],
    revealed: &[Revealed],
) -> Result<String, Failure> {
    let page = findings::list(connection, &query.filter, query.after.as_ref(), query.size)?;
    let size = size(connection, &query.filter, rows)?;
    let total = match size <= COUNTED {
        true => findings::counts(connection, &query.filter, &[])?.first().map(|all| all.findings),
        false => None,
    };
    let known = if size <= OFFERED { known(connection, &query.filter)? } else { Known::default() };
    let items: String = page
        .findings
        .iter()
        .map(|finding| {
            let print = finding.fingerprint.to_string();
            let shown = revealed.iter().find(|(of, _)| *of == print);
            item::item(finding, shown.map(|(_, text)| text.as_str()))
        })
        .collect();
    let shown = &rows[..rows.len().min(RESCANS)];
    let next = page.next.map(|cursor| {
        let to = query.after(cursor).to_string();
        format!(
            "<p class=\"next\"><a class=\"button\" rel=\"next\" href=\"{}\">Page suivante</a></p>",
            Escaped(to)
        )
    });
    let title = heading(query, total, page.findings.len() as u64, next.is_some());
    let back = match query.after {
        Some(_) => format!("<p><a href=\"{}\">Retour au début de la file</a></p>", Escaped(query.first())),
        None => String::new(),
    };
    let list = match items.is_empty() {
        true => format!("<p class=\"empty\">{}</p>", empty(query)),
        false => format!(
            "<form id=\"file\" class=\"plain\" method=\"post\" action=\"{action}\">\
             <button disabled hidden></button>{bar}<ol class=\"findings\">{items}</ol>{all}</form>",
            action = Escaped(query.here()),
            bar = reasons::bar(),
            all = reasons::whole_filter(total, AT_ONCE as u64),
        ),
    };
    Ok(format!(
        "<div class=\"titled\"><h1>Revue</h1><button id=\"aide-bouton\" class=\"small\" type=\"button\" hidden>Raccourcis \
         clavier <kbd>?</kbd></button></div>\n<p class=\"lead\">{lead}</p>\n{filters}{done}\
         <section aria-labelledby=\"titre\"><h2 id=\"titre\" tabindex=\"-1\">{title}</h2>{back}{list}{next}</section>\n\
         <p id=\"annonce\" class=\"toast\" role=\"status\"></p>\n{dialogs}",
        lead = text(
            "Chaque signalement dit où et pourquoi, sans montrer la note. Une décision vaut pour les analyses suivantes, tant \
             que les mots restent dans la même note."
        ),
        filters = filters(query, shown, &known),
        done = query.done.as_ref().map(|done| said(query, done)).unwrap_or_default(),
        title = text(&title),
        next = next.unwrap_or_default(),
        dialogs = reasons::dialogs(),
    ))
}

/// How many findings the rescan has, or all of them together; the counters tell, nothing is counted.
fn size(connection: &Connection, filter: &Filter, rows: &[RescanRow]) -> Result<u64, Failure> {
    let wanted = rows.iter().filter(|row| filter.rescan.as_ref().is_none_or(|id| *id == row.id));
    let mut size = 0;
    for row in wanted {
        size += units::tally(connection, row.no)?.iter().map(|t| t.findings).sum::<u64>();
        if size > COUNTED {
            break;
        }
    }
    Ok(size)
}

/// What findings of the rescan have for values.
fn known(connection: &Connection, filter: &Filter) -> Result<Known, Failure> {
    let all = Filter { rescan: filter.rescan.clone(), ..Filter::default() };
    let wanted = [
        ("unit", Dimension::Unit),
        ("column", Dimension::Column),
        ("field", Dimension::Field),
        ("team", Dimension::Team),
        ("rule", Dimension::Rule),
        ("month", Dimension::Month),
    ];
    let values = wanted.map(|(name, dimension)| {
        let counts = findings::counts(connection, &all, &[dimension])?;
        let values = counts.into_iter().filter_map(|count| count.key.into_iter().next().flatten()).take(200);
        Ok((name, values.collect()))
    });
    Ok(Known(values.into_iter().collect::<Result<_, Failure>>()?))
}

/// How many there are, as far as it is known.
fn heading(query: &Query, total: Option<u64>, shown: u64, more: bool) -> String {
    let (one, many) = match query.filter.review {
        Some(ReviewState::ToReview) => ("signalement à examiner", "signalements à examiner"),
        Some(ReviewState::Confirmed) => ("signalement confirmé", "signalements confirmés"),
        Some(ReviewState::Dismissed) => ("signalement écarté", "signalements écartés"),
        Some(ReviewState::Fixed) => ("signalement corrigé", "signalements corrigés"),
        None => ("signalement", "signalements"),
    };
    match (total, more || query.after.is_some()) {
        (Some(total), _) => count(total, one, many),
        (None, false) => count(shown, one, many),
        (None, true) => {
            let mut title = many.to_owned();
            title.replace_range(..1, "S");
            title
        }
    }
}

fn empty(query: &Query) -> String {
    let told = match (query.after.is_some(), query.is_narrowed()) {
        (true, _) => {
            format!("La file est finie. <a href=\"{}\">Revenir au début</a>", Escaped(query.first()))
        }
        (false, true) => text("Aucun signalement ne répond à ces filtres."),
        (false, false) if query.filter.to_change => format!(
            "{} <a href=\"/rapport\">Voir les rapports</a>",
            text("Rien qui soit à retirer ou à reformuler. C’est fini !")
        ),
        (false, false) => format!(
            "{} <a href=\"/rapport\">Voir les rapports</a>",
            text("Aucun signalement dans cet état. C’est fini !")
        ),
    };
    match query.filter.to_change {
        true => format!(
            "{told} · <a href=\"{}\">Voir aussi ce qui est seulement à savoir</a>",
            Escaped(query.whole())
        ),
        false => told,
    }
}

/// What was just done, and how to take it back.
fn said(query: &Query, done: &Done) -> String {
    let n = done.findings;
    let (one, many) = match done.decision {
        None => ("décision annulée", "décisions annulées"),
        Some(ReviewState::Confirmed) => ("signalement confirmé", "signalements confirmés"),
        Some(ReviewState::Dismissed) => ("signalement écarté", "signalements écartés"),
        Some(_) => ("signalement marqué corrigé", "signalements marqués corrigés"),
    };
    let undo = match done.decision {
        None => String::new(),
        Some(_) => format!(
            "<form class=\"plain\" method=\"post\" action=\"{}\"><button class=\"small\" name=\"lot\" value=\"{}\">Annuler</button>\
             </form>",
            Escaped(query.here()),
            done.at
        ),
    };
    format!("<div class=\"said\" role=\"status\"><p>{}.</p>{undo}</div>", text(&count(n, one, many)))
}

#[cfg(test)]
mod tests;
