//! The page État: what is running, and whether it is well.

use axum::extract::State;
use axum::response::Response;

use super::failure::Failure;
use super::html::{Escaped, french};
use super::page::page;
use crate::category::Category;
use crate::http::AppState;
use crate::report::grouped;
use crate::store::State as Stand;
use crate::store::rescans;

/// `GET /etat`.
pub async fn get(State(state): State<AppState>) -> Response {
    let shared = state.clone();
    // A thread that panics shows as a store that cannot be used.
    let rescans = tokio::task::spawn_blocking(move || queue(&shared)).await.unwrap_or_else(|_| unusable());
    shown(&state, &rescans)
}

/// What rescans do, as rows of a list.
fn queue(state: &AppState) -> String {
    if !state.rescans().has_store() {
        return rows(&[("Analyses", "aucune encore".to_owned())]);
    }
    let counts = || -> Result<Vec<(Stand, u64)>, Failure> {
        let store = state.rescans().store()?;
        Ok(rescans::by_state(&*store.connection()?)?)
    };
    let Ok(counts) = counts() else { return unusable() };
    let of = |states: &[Stand]| -> String {
        grouped(counts.iter().filter(|(state, _)| states.contains(state)).map(|(_, n)| n).sum::<u64>())
    };
    let failed = of(&[Stand::Failed]);
    rows(&[
        ("En cours", running(&of(&[Stand::Running]), state.rescans().count())),
        ("En attente", of(&[Stand::Queued])),
        ("En pause", of(&[Stand::Paused])),
        ("En panne", if failed == "0" { "aucune".to_owned() } else { failed }),
        ("Terminées", of(&[Stand::Done, Stand::Partial])),
    ])
}

/// How many run, and in which process.
fn running(all: &str, here: usize) -> String {
    match (all, here) {
        ("0", _) => "0".to_owned(),
        (all, here) => format!("{all}, dont {here} dans ce service"),
    }
}

fn unusable() -> String {
    rows(&[("Analyses", "le dossier de données ne peut pas être utilisé ; voyez le journal".to_owned())])
}

fn rows(pairs: &[(&str, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", Escaped(french(value)))).collect()
}

fn shown(state: &AppState, rescans: &str) -> Response {
    let scanner = state.scanner();
    let (versions, stats) = (scanner.versions(), scanner.rules().stats());
    let config = state.config();
    let health = match state.is_draining() {
        true => (
            "warn",
            "Le service s’arrête",
            "Les demandes en cours se terminent ; les nouvelles vont ailleurs.",
        ),
        false => ("clear", "Le service répond", "Il prend les demandes."),
    };
    let model = match scanner.backend() {
        Some(backend) => format!("{} ({backend})", versions.model),
        None => "aucun : les règles seules".to_owned(),
    };
    let origins = match config.allow_origin.is_empty() {
        true => "aucun".to_owned(),
        false => config.allow_origin.join(", "),
    };
    let running = rows(&[
        ("Version", versions.engine.to_owned()),
        ("Modèle", model),
        ("Lexique", versions.lexicons.clone()),
        (
            "Entrées",
            format!(
                "{} entrées, {} termes, {} formes",
                grouped(stats.entries),
                grouped(stats.terms),
                grouped(stats.forms)
            ),
        ),
        ("Profil par défaut", config.profile.clone()),
        ("Profils", scanner.policies().iter().count().to_string()),
    ]);
    let load = rows(&[
        ("Demandes en cours", format!("{} sur {}", state.in_progress(), config.concurrency)),
        ("Textes analysés à la fois", config.sessions.to_string()),
        ("Texte le plus long", format!("{} octets", grouped(config.max_note_bytes))),
        (
            "Clé exigée",
            if state.keys().is_empty() { "non : cette machine seulement" } else { "oui" }.to_owned(),
        ),
        ("Sites autorisés", origins),
    ]);
    let categories: String = Category::ALL
        .into_iter()
        .map(|c| {
            format!(
                "<tr><td><a href=\"/regles?categorie={}#lexique\">{}</a></td><td>{}</td><td>{}</td></tr>",
                c.id(),
                Escaped(c.label()),
                Escaped(c.legal_basis()),
                if c.is_special() { "oui" } else { "non" }
            )
        })
        .collect();
    let (class, title, more) = health;
    let main = format!(
        "<h1>État</h1>\n<p class=\"lead\">Ce qui tourne, et si tout va bien. Pour une surveillance continue : \
         <a href=\"/readyz\">/readyz</a> et <a href=\"/metrics\">/metrics</a>.</p>\n\
         <section class=\"result panel low {class}\" aria-labelledby=\"sante\"><div class=\"verdict\">\
         <h2 id=\"sante\">{title}</h2><p class=\"soft\">{more}</p></div>\
         <div class=\"columns\"><div><h3>Versions</h3><dl>{running}</dl></div>\
         <div><h3>Charge et accès</h3><dl>{load}</dl><h3><a href=\"/rescans\">Analyses</a></h3><dl>{rescans}</dl></div></div>\
         </section>\n\
         <section class=\"panel\" aria-labelledby=\"categories\"><h2 id=\"categories\">Catégories</h2>\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Liste des catégories\"><table><thead><tr>\
         <th scope=\"col\">Catégorie</th><th scope=\"col\">Fondement</th><th scope=\"col\">Donnée sensible (art. 9)</th>\
         </tr></thead><tbody>{categories}</tbody></table></div></section>\n"
    );
    page("/etat", "État", "", &main)
}
