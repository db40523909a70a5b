//! One rescan: how far it is, what it found, what was read, and what can be asked of it.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use rusqlite::Connection;

use super::AGAIN;
use super::progress::{categories, figures, meter};
use crate::http::AppState;
use crate::http::segment::Segment;
use crate::report::grouped;
use crate::rescan::claim::is_alive;
use crate::rescan::coverage::{self, UnitCoverage};
use crate::rescan::progress::Snapshot;
use crate::store::rescans::RescanRow;
use crate::store::{State as Stand, now};
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::page::stored;
use crate::web::reading::{rescan, with_store};
use crate::web::words::{self, moment, name, text, zone};

const SCRIPT: &str = "<script src=\"/static/analyse.js\" defer></script>\n";

/// Tables and files, and unreadable notes, listed.
const UNITS: usize = 100;
const UNREADABLE: u32 = 50;

/// `GET /rescans/{id}`.
pub async fn get(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, Failure> {
    with_store(&state, move |state, store| {
        let connection = store.connection()?;
        let row = rescan(&connection, &id)?;
        let shown = Shown::read(state, &connection, row)?;
        let head = if shown.is_live() { format!("{AGAIN}{SCRIPT}") } else { String::new() };
        Ok(stored("/rescans", &shown.row.name, &head, &shown.main()))
    })
    .await
}

/// `GET /rescans/{id}/suivi`: what changes of that page, for its script.
pub async fn follow(State(state): State<AppState>, Segment(id): Segment) -> Result<Response, Failure> {
    with_store(&state, move |state, store| {
        let connection = store.connection()?;
        let row = rescan(&connection, &id)?;
        Ok(Html(Shown::read(state, &connection, row)?.moving()).into_response())
    })
    .await
}

/// What the page shows.
struct Shown {
    row: RescanRow,
    snapshot: Snapshot,
    units: Vec<UnitCoverage>,
    unreadable: Vec<coverage::Unreadable>,
    /// Name of the profile, or its id where it is no more.
    profile: String,
}

impl Shown {
    fn read(state: &AppState, connection: &Connection, row: RescanRow) -> Result<Self, Failure> {
        let units = coverage::of(connection, row.no)?;
        let unreadable = coverage::unreadable(connection, row.no, UNREADABLE)?;
        let mut snapshot = Snapshot::read(connection, &row)?;
        // The process that runs it knows its pace of late, and what it waits for.
        if let Some(runner) = state.rescans().running(&row.id) {
            let own = runner.subscribe().borrow().clone();
            if own.state == Stand::Running && row.state == Stand::Running {
                snapshot = own;
            }
        }
        let scanner = state.scanner();
        let profile = scanner.policies().get(&row.spec.profile);
        let profile = profile.map_or_else(|_| row.spec.profile.clone(), |profile| profile.label.clone());
        Ok(Self { row, snapshot, units, unreadable, profile })
    }

    fn is_live(&self) -> bool {
        matches!(self.row.state, Stand::Running | Stand::Queued)
    }

    fn main(&self) -> String {
        format!(
            "<p class=\"crumb\"><a href=\"/rescans\">Analyses</a></p>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n\
             <p id=\"annonce\" class=\"unseen\" role=\"status\"></p>\n<div id=\"suivi\">{}</div>\n",
            name(&self.row.name),
            self.origin(),
            self.moving()
        )
    }

    fn origin(&self) -> String {
        let mut sources: Vec<&str> = self.units.iter().map(|unit| unit.source.as_str()).collect();
        sources.dedup();
        let sources: String = sources.iter().take(3).map(|s| words::place(s) + " · ").collect();
        format!(
            "{sources}profil {} · {} le {}",
            name(&self.profile),
            text("lancée"),
            moment(self.row.created_at, &zone())
        )
    }

    /// Everything that changes while it runs. The script changes `data-avance` parts alone as long as the state is the same.
    fn moving(&self) -> String {
        let (state, class) = words::state(&self.row);
        let id = Escaped(&self.row.id);
        let events = match self.is_live() {
            true => format!(" data-events=\"/v1/rescans/{id}/events\""),
            false => String::new(),
        };
        format!(
            "<div data-state=\"{state}\"{events}><section class=\"result panel low {class}\" aria-labelledby=\"etat\">\
             <div class=\"verdict\"><h2 id=\"etat\" tabindex=\"-1\">{state}</h2><p class=\"soft\">{said}</p></div>\
             <div data-part=\"avance\">{meter}{figures}</div>{acts}</section>\n\
             <section class=\"panel\" aria-labelledby=\"trouve\"><h2 id=\"trouve\">Ce qui est signalé</h2>\
             <div data-part=\"trouve\">{categories}</div></section>\n\
             <section class=\"panel\" aria-labelledby=\"lu\"><h2 id=\"lu\">{read}</h2><div data-part=\"lu\">{coverage}</div>\
             </section></div>",
            state = text(state),
            said = self.said(),
            meter = match self.row.state {
                Stand::Done => String::new(),
                _ => format!("<p class=\"meter\">{}</p>", meter(&self.snapshot, "Avancement")),
            },
            figures = figures(&self.snapshot),
            acts = self.acts(),
            categories = categories(&self.snapshot),
            read = text("Ce qui est lu"),
            coverage = self.coverage(),
        )
    }

    /// The state in a sentence, and the program's own message where it has one.
    fn said(&self) -> String {
        let row = &self.row;
        let alive = is_alive(row, now());
        let said = match row.state {
            Stand::Queued => "Elle commence dès qu’une place est libre.",
            Stand::Running if !alive => {
                "Le programme qui la menait s’est arrêté. Rien n’est perdu : reprenez-la."
            }
            Stand::Running => "Vous pouvez fermer cette page : l’analyse continue.",
            Stand::Paused => "Elle reprendra exactement où elle s’est arrêtée.",
            Stand::Cancelled => "Arrêtée pour de bon ; ce qui avait été trouvé reste.",
            Stand::Failed => {
                "Arrêtée par une panne. Ce qui a été lu reste ; reprenez-la une fois la cause levée."
            }
            Stand::Done => "Toutes les notes ont été lues.",
            Stand::Partial => "Une partie des notes n’a pas pu être lue : voyez plus bas.",
        };
        let message = self.snapshot.message.as_deref().or(row.message.as_deref());
        let message = match (message, row.state) {
            (Some(message), Stand::Failed | Stand::Running | Stand::Queued) => {
                format!("<br><span lang=\"en\">{}</span>", name(message))
            }
            _ => String::new(),
        };
        format!("{}{message}", text(said))
    }

    /// Buttons and links.
    fn acts(&self) -> String {
        let id = Escaped(&self.row.id).to_string();
        let alive = is_alive(&self.row, now());
        let button = |verb: &str, label: &str, main: bool| {
            let class = if main { " class=\"main\"" } else { "" };
            format!(
                "<form class=\"plain\" method=\"post\" action=\"/rescans/{id}/{verb}\"><button{class}>{label}</button></form>"
            )
        };
        let sure = |verb: &str, label: &str, warning: &str| {
            format!(
                "<details class=\"sure\"><summary>{label}…</summary><p>{}</p>{}</details>",
                text(warning),
                button(verb, label, false)
            )
        };
        let cancel = sure(
            "annuler",
            "Annuler l’analyse",
            "Elle ne pourra pas être reprise. Ce qui est déjà trouvé reste.",
        );
        let delete = sure(
            "supprimer",
            "Supprimer l’analyse",
            "Ses signalements et son rapport seront effacés. Les décisions de la revue restent.",
        );
        let mut out = String::new();
        if self.snapshot.findings > 0 {
            out.push_str(&format!("<a class=\"button main\" href=\"/revue?rescan={id}\">Examiner</a>"));
        }
        if self.row.started_at.is_some() {
            out.push_str(&format!("<a class=\"button\" href=\"/rapport/{id}\">Rapport</a>"));
        }
        let partly = self.units.iter().any(|unit| !unit.done);
        match self.row.state {
            Stand::Running if alive => {
                out.push_str(&button("pause", "Mettre en pause", false));
                out.push_str(&cancel);
            }
            Stand::Queued => out.push_str(&format!("{}{cancel}", button("pause", "Mettre en pause", false))),
            Stand::Running | Stand::Paused | Stand::Failed => {
                out.push_str(&format!("{}{cancel}", button("reprendre", "Reprendre", true)));
            }
            Stand::Partial if partly => {
                out.push_str(&format!("{}{delete}", button("reprendre", "Reprendre", true)));
            }
            Stand::Cancelled | Stand::Done | Stand::Partial => out.push_str(&delete),
        }
        format!("<div class=\"row acts\">{out}</div>")
    }

    fn coverage(&self) -> String {
        if self.units.is_empty() {
            return format!("<p class=\"soft\">{}</p>", text("Rien n’a encore été lu."));
        }
        let rows: String = self.units.iter().take(UNITS).map(unit).collect();
        let more = match self.units.len().saturating_sub(UNITS) {
            0 => None,
            1 => Some("Et un autre ; le rapport le compte.".to_owned()),
            more => Some(format!("Et {} autres ; le rapport les compte.", grouped(more))),
        };
        let more = more.map(|said| format!("<p class=\"soft\">{}</p>", text(&said))).unwrap_or_default();
        format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Tables et fichiers\"><table><thead><tr>\
             <th scope=\"col\">Table ou fichier</th><th scope=\"col\">Colonnes</th><th scope=\"col\" class=\"n\">Lignes</th>\
             <th scope=\"col\" class=\"n\">Analysées</th><th scope=\"col\" class=\"n\">Vides</th>\
             <th scope=\"col\" class=\"n\">Illisibles</th><th scope=\"col\">État</th></tr></thead><tbody>{rows}</tbody></table>\
             </div>{more}{}",
            self.unreadable()
        )
    }

    fn unreadable(&self) -> String {
        if self.unreadable.is_empty() {
            return String::new();
        }
        let rows: String = self
            .unreadable
            .iter()
            .map(|u| {
                format!(
                    "<li>{} · note <code>{}</code>{} : <span lang=\"en\">{}</span></li>",
                    name(&u.unit),
                    name(&u.note),
                    u.column.as_deref().map(|c| format!(" · <code>{}</code>", name(c))).unwrap_or_default(),
                    name(&u.reason)
                )
            })
            .collect();
        format!(
            "<details class=\"entry\"><summary>{}</summary><ul>{rows}</ul></details>",
            text("Notes illisibles (les premières), et pourquoi")
        )
    }
}

fn unit(unit: &UnitCoverage) -> String {
    let total = unit.total();
    let columns: Vec<String> = unit.columns.iter().map(|c| name(&c.column)).collect();
    let rows = match unit.expected_rows {
        Some(expected) if expected != unit.rows_read => {
            format!("{} sur {}", grouped(unit.rows_read), grouped(expected))
        }
        _ => grouped(unit.rows_read),
    };
    let state = match (&unit.problem, unit.done) {
        (Some(problem), _) => {
            format!(
                "<span class=\"tag warn\">en partie</span> <span class=\"soft\" lang=\"en\">{}</span>",
                name(problem)
            )
        }
        (None, true) => "<span class=\"tag clear\">tout lu</span>".to_owned(),
        (None, false) if unit.rows_read > 0 => "<span class=\"tag report\">en cours</span>".to_owned(),
        (None, false) => format!("<span class=\"tag idle\">{}</span>", text("à lire")),
    };
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"n\">{rows}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
         <td class=\"n\">{}</td><td>{state}</td></tr>",
        name(&unit.name),
        columns.join(", "),
        grouped(total.judged()),
        grouped(total.empty),
        grouped(total.unreadable),
    )
}

#[cfg(test)]
pub(super) fn rendered(state: &AppState, connection: &Connection, row: RescanRow) -> String {
    Shown::read(state, connection, row).map(|shown| shown.main()).unwrap_or_default()
}
