//! What to read: a file that is sent, or a source of the settings; then, for a file, which of its columns.

use axum::extract::{Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};

use super::start::{Offer, options};
use crate::http::AppState;
use crate::http::rescans::uploads;
use crate::input::columns;
use crate::rescan::source::files::column_names;
use crate::store::Store;
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::page::stored;
use crate::web::reading::with_store;
use crate::web::revue::Encoded;
use crate::web::words::{name, text};

/// Columns offered at most.
const COLUMNS: usize = 300;

const SCRIPT: &str = "<script src=\"/static/depot.js\" defer></script>\n";

/// The forms that begin a rescan.
pub fn first(offer: &Offer) -> String {
    let sources = match offer.sources.is_empty() {
        true => String::new(),
        false => source_form(offer),
    };
    format!(
        "{SCRIPT}<section class=\"panel\" aria-labelledby=\"nouvelle\"><h2 id=\"nouvelle\">Nouvelle analyse</h2>\
         <div class=\"columns\"><form class=\"plain\" id=\"depot\" method=\"post\" action=\"/rescans/fichier\" \
         enctype=\"multipart/form-data\"><h3>D’un fichier</h3><label for=\"fichier\">Fichier de notes</label>\
         <input type=\"file\" id=\"fichier\" name=\"fichier\" required aria-describedby=\"fichier-aide\" \
         accept=\".csv,.tsv,.ndjson,.jsonl,.json,.xlsx,.xlsm,.parquet,.pq,.gz,.zst\">\
         <p class=\"soft\" id=\"fichier-aide\">{kinds}</p><p id=\"depot-etat\" role=\"status\" class=\"soft\"></p>\
         <div class=\"row\"><button class=\"main\">Choisir les colonnes</button></div></form>{sources}</div></section>\n",
        kinds = text(&format!(
            "CSV, Excel, NDJSON ou Parquet, compressé ou non (.gz, .zst), {} Mo au plus. Le fichier est gardé dans le dossier de \
             données le temps de l’analyse, puis effacé.",
            offer.max_upload_bytes / (1 << 20)
        )),
    )
}

fn source_form(offer: &Offer) -> String {
    let sources: String = offer
        .sources
        .iter()
        .map(|source| format!("<option value=\"{0}\">{0}</option>", Escaped(source)))
        .collect();
    format!(
        "<form class=\"plain\" method=\"post\" action=\"/rescans\"><h3>D’une source configurée</h3>\
         <label for=\"source\">Source</label><select id=\"source\" name=\"source\">{sources}</select>\
         <p class=\"soft\">{said}</p>{options}<div class=\"row\"><button class=\"main\">Lancer l’analyse</button></div></form>",
        said = text("Ses tables et ses colonnes sont celles des réglages du service."),
        options = options(offer, "s"),
    )
}

/// `POST /rescans/fichier`: receives the file, then goes on to its columns.
pub async fn post(State(state): State<AppState>, request: Request) -> Result<Response, Failure> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind)
        .map_err(|_| Failure::refused("Ce formulaire est arrivé sans fichier. Choisissez-en un."))?;
    let mut parts = multer::Multipart::new(request.into_body().into_data_stream(), boundary);
    let broken = |_| Failure::refused("L’envoi s’est interrompu. Recommencez.");
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        if part.name() != Some("fichier") {
            continue;
        }
        let file = part.file_name().unwrap_or_default().to_owned();
        if file.is_empty() {
            return Err(Failure::refused("Choisissez un fichier."));
        }
        let body = axum::body::Body::from_stream(part);
        let upload = uploads::receive(&state, &file, body).await?;
        return Ok(
            Redirect::to(&format!("/rescans/nouvelle?fichier={}", Encoded(&upload.upload))).into_response()
        );
    }
    Err(Failure::refused("Choisissez un fichier."))
}

/// `GET /rescans/nouvelle?fichier=…`: the columns of a file that was sent.
pub async fn columns(
    State(state): State<AppState>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let id = pairs.into_iter().find(|(n, _)| n == "fichier").map(|(_, id)| id).unwrap_or_default();
    with_store(&state, move |state, store| {
        let (file, names) = names(store, &id)?;
        let main = second(&Offer::of(state, store), &id, &file, &names);
        Ok(stored("/rescans", "Nouvelle analyse", "", &main))
    })
    .await
}

/// Name and columns of a file that was sent.
fn names(store: &Store, id: &str) -> Result<(String, Vec<String>), Failure> {
    let path = uploads::find(store, id)
        .ok_or(Failure::NotFound("Ce fichier n’est plus là. Envoyez-le à nouveau."))?;
    let names = column_names(std::slice::from_ref(&path), None).map_err(|error| {
        Failure::Refused(format!("Ce fichier ne peut pas être lu. Message du programme : {error}."))
    })?;
    if names.is_empty() {
        return Err(Failure::refused("Ce fichier est vide."));
    }
    let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok((file, names))
}

/// The form that asks which columns hold what, the usual ones chosen already.
fn second(offer: &Offer, id: &str, file: &str, names: &[String]) -> String {
    let plain: Vec<String> = names.iter().map(|n| columns::plain(n)).collect();
    let is_text = |i: usize| names.len() == 1 || columns::TEXT.contains(&plain[i].as_str());
    let choices: String = names
        .iter()
        .enumerate()
        .take(COLUMNS)
        .map(|(i, column)| {
            let checked = if is_text(i) { " checked" } else { "" };
            format!(
                "<label class=\"choice\"><input type=\"checkbox\" name=\"text\" value=\"{}\"{checked}> <span>{}</span></label>",
                Escaped(column),
                name(column)
            )
        })
        .collect();
    let usual =
        |list: &[&str]| columns::usual(&plain, list).filter(|i| !is_text(*i)).map(|i| names[i].as_str());
    let selects = [
        one("key", "Clé de la ligne", names, usual(&columns::ID), "Numéro de la ligne"),
        one("team", "Équipe", names, usual(&columns::TEAM), "Aucune"),
        one("date", "Date", names, usual(&columns::DATE), "Aucune"),
        one("field", "Nom du champ, par ligne", names, None, "Celui de la colonne"),
    ]
    .concat();
    format!(
        "<p class=\"crumb\"><a href=\"/rescans\">Analyses</a></p>\n<h1>Nouvelle analyse</h1>\n<p class=\"lead\">{lead}</p>\n\
         <form method=\"post\" action=\"/rescans\"><input type=\"hidden\" name=\"fichier\" value=\"{id}\">\
         <fieldset class=\"first\"><legend>Colonnes de notes</legend><div class=\"choices\">{choices}</div></fieldset>\
         <h2 class=\"sub\">Pour s’y retrouver</h2><p class=\"soft\">{why}</p><div class=\"fields\">{selects}</div>{options}\
         <div class=\"row\"><button class=\"main\">Lancer l’analyse</button><a class=\"button\" href=\"/rescans\">Renoncer</a>\
         </div></form>\n",
        lead = format_args!(
            "<b>{}</b> : {}",
            name(file),
            text("dites quelles colonnes contiennent du texte libre.")
        ),
        id = Escaped(id),
        why = text(
            "La clé retrouve une note dans votre logiciel ; l’équipe et la date servent aux chiffres du rapport."
        ),
        options = options(offer, "f"),
    )
}

fn one(id: &str, label: &str, names: &[String], chosen: Option<&str>, none: &str) -> String {
    let options: String = names
        .iter()
        .take(COLUMNS)
        .map(|column| {
            let selected = if chosen == Some(column) { " selected" } else { "" };
            format!("<option value=\"{}\"{selected}>{}</option>", Escaped(column), name(column))
        })
        .collect();
    format!(
        "<div><label for=\"c-{id}\">{label}</label><select id=\"c-{id}\" name=\"{id}\"><option value=\"\">{}</option>{options}\
         </select></div>",
        text(none)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Offer {
        Offer {
            sources: vec!["crm <i>".to_owned()],
            profiles: vec![("default".to_owned(), "Usage général".to_owned())],
            profile: "default".to_owned(),
            max_upload_bytes: 100 << 20,
            excerpts: false,
        }
    }

    #[test]
    fn a_source_of_the_settings_is_offered_and_excerpts_only_with_a_key() {
        let html = first(&offer());
        assert!(html.contains("value=\"crm &lt;i&gt;\"") && html.contains("100 Mo"));
        assert!(!html.contains("<i>") && !html.contains("name=\"excerpts\""));
        assert!(first(&Offer { excerpts: true, ..offer() }).contains("name=\"excerpts\""));
        assert!(!first(&Offer { sources: vec![], ..offer() }).contains("name=\"source\""));
    }

    #[test]
    fn usual_columns_are_chosen_and_headers_are_no_markup() {
        let names = ["ID", "<b>", "Commentaire", "Équipe", "date"].map(str::to_owned);
        let html = second(&offer(), "u-1", "n<i>.csv", &names);
        assert!(
            html.contains("value=\"Commentaire\" checked>") && !html.contains("value=\"ID\" checked>"),
            "{html}"
        );
        for chosen in ["ID", "Équipe", "date"] {
            assert!(html.contains(&format!("value=\"{chosen}\" selected>")), "{chosen} in {html}");
        }
        assert!(!html.contains("<b>\"") && !html.contains("<i>") && html.contains("&lt;b&gt;"));
        let single = second(&offer(), "u-1", "x.csv", &["Bla".to_owned()]);
        assert!(single.contains("value=\"Bla\" checked>"));
    }
}
