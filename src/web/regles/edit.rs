//! The user's own rules files, and what dismissals propose for them: written here, tried as one types, saved into the folder
//! of rules where there is one, else downloaded.

use std::path::Path;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::draft::{LONGEST, RulesFile, Wrong, list};
use super::proposed::{self, Proposed};
use crate::http::form::Form;
use crate::http::{AppState, body, work};
use crate::scanner::Scanner;
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::page::{page, streamed};
use crate::web::reading::with_store;
use crate::web::revue::Encoded;
use crate::web::words::{name, text};

const SCRIPT: &str = "<script src=\"/static/editeur.js\" defer></script>\n";

/// `GET /regles/fichiers`: what dismissals propose and, with `?fichier=…`, one file of the folder to be changed.
pub async fn get(
    State(state): State<AppState>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let get = |name: &str| pairs.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    if let Some(path) = get("fichier") {
        let file = RulesFile::parse(path).ok_or_else(not_one)?;
        let saved = get("fait").is_some();
        let rules_dir = state.config().rules_dir.clone();
        let now = match &rules_dir {
            Some(dir) => file.read(dir).map_err(Failure::internal)?,
            None => None,
        };
        let now = now.unwrap_or_default();
        let main = one(&file, &now, rules_dir.as_deref(), None, saved);
        return Ok(page("/regles", "Règles", SCRIPT, &main));
    }
    let profile = get("profil").unwrap_or(&state.config().profile).to_owned();
    // Proposals are tried with the compiler, which takes its time: the page does not wait for them.
    let first = all(&profile, state.config().rules_dir.as_deref(), &state.scanner());
    with_store(&state, |_, _| Ok(())).await?;
    let rest = async move {
        let proposed = with_store(&state, move |state, store| {
            let rules_dir = state.config().rules_dir.as_deref();
            let proposed = Proposed::read(&*store.connection()?, &profile, rules_dir)?;
            Ok(proposed::section(&proposed, rules_dir.is_some()))
        });
        let failed = |failure: Failure| {
            let why = failure.said().map_or("Les propositions ne peuvent pas être établies.", |(_, why)| why);
            format!("<p class=\"alert\">{}</p></section>\n", text(why))
        };
        proposed.await.unwrap_or_else(failed)
    };
    Ok(streamed("/regles", "Règles", SCRIPT, &first, rest))
}

/// `POST /regles/fichiers`: tries a file, downloads it, or saves it once nothing is wrong with it.
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let by_script = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    let bytes = body::read_form(&headers, body, state.config().max_body_bytes.min(4 * LONGEST)).await?;
    let mut form = Form::parse(&bytes)?;
    let path = form.take("fichier").unwrap_or_default();
    let file = RulesFile::parse(&path).ok_or_else(not_one)?;
    let draft = form.take("text").unwrap_or_default().replace("\r\n", "\n");
    if draft.len() > LONGEST {
        return Err(Failure::refused("Ce fichier est trop long : un mégaoctet au plus."));
    }
    if form.get("telecharger").is_some() {
        return Ok(download(&file, draft));
    }
    let save = form.get("enregistrer").is_some();
    let rules_dir = state.config().rules_dir.clone();
    if save && rules_dir.is_none() {
        return Err(Failure::refused("Aucun dossier de règles n’est configuré (rules_dir)."));
    }
    let (dir, tried) = (rules_dir.clone(), (file.clone(), draft.clone()));
    let wrongs = work::run(&state, move || Ok(tried.0.wrongs(dir.as_deref(), &tried.1))).await?;
    let wrongs = wrongs.map_err(Failure::internal)?;
    if by_script {
        let lines: Vec<_> = wrongs.iter().map(|w| json!({"line": w.line, "message": w.message})).collect();
        return Ok(axum::Json(json!({ "wrong": lines })).into_response());
    }
    if let Some(dir) = rules_dir.as_deref().filter(|_| save && wrongs.is_empty()) {
        file.save(dir, &draft).map_err(|error| {
            tracing::error!(%error, "a rules file cannot be saved");
            Failure::refused(
                "Le fichier ne peut pas être écrit dans le dossier de règles. Le journal en donne la raison.",
            )
        })?;
        return Ok(Redirect::to(&format!("/regles/fichiers?fichier={}&fait=1", Encoded(&file.path())))
            .into_response());
    }
    let main = one(&file, &draft, rules_dir.as_deref(), Some(&wrongs), false);
    Ok(page("/regles", "Règles", SCRIPT, &main))
}

fn not_one() -> Failure {
    Failure::refused(
        "Un fichier de règles s’appelle allow.toml, lexicons/nom.toml ou policy/nom.toml, en minuscules, chiffres et tirets.",
    )
}

fn download(file: &RulesFile, text: String) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/toml; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", file.name())) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// The page of one file.
fn one(
    file: &RulesFile,
    draft: &str,
    rules_dir: Option<&Path>,
    wrongs: Option<&[Wrong]>,
    saved: bool,
) -> String {
    let saved = match saved {
        true => format!(
            "<div class=\"said\" role=\"status\"><p>{}</p></div>\n",
            text("Enregistré. Le service reprend les règles de lui-même en quelques secondes.")
        ),
        false => String::new(),
    };
    format!(
        "<p class=\"crumb\"><a href=\"/regles\">Règles</a> · <a href=\"/regles/fichiers\">Vos fichiers</a></p>\n\
         <h1><code>{}</code></h1>\n<p class=\"lead\">{}</p>\n{saved}{}",
        name(&file.path()),
        text("Vérifié pendant que vous écrivez, avec toutes les règles livrées et leurs exemples."),
        editor(file, draft, rules_dir.is_some(), wrongs, "unique"),
    )
}

/// The page of all of them,
/// as far as it needs no compiler: the section of the proposals is begun, and [`proposed::section`] ends it.
fn all(profile: &str, rules_dir: Option<&Path>, scanner: &Scanner) -> String {
    let files = match rules_dir {
        None => format!(
            "<p>{}</p>",
            text(
                "Aucun dossier de règles n’est configuré (rules_dir) : ce qui suit se copie ou se télécharge, et ne s’enregistre \
                 pas ici."
            )
        ),
        Some(dir) => {
            let mut paths: Vec<String> = list(dir).iter().map(RulesFile::path).collect();
            if !paths.iter().any(|path| path == "allow.toml") {
                paths.push("allow.toml".to_owned());
            }
            let items: String = paths
                .iter()
                .map(|path| {
                    format!(
                        "<li><a href=\"/regles/fichiers?fichier={}\"><code>{}</code></a></li>",
                        Encoded(path),
                        name(path)
                    )
                })
                .collect();
            format!(
                "<ul>{items}</ul><form class=\"plain\" method=\"get\" action=\"/regles/fichiers\"><label for=\"neuf\">{}</label>\
                 <div class=\"row tight\"><div class=\"grow\"><input id=\"neuf\" name=\"fichier\" \
                 placeholder=\"lexicons/mes-mots.toml\" required spellcheck=\"false\" autocomplete=\"off\"></div>\
                 <button>Ouvrir</button></div></form>",
                text("Nouveau fichier")
            )
        }
    };
    let profiles: Vec<(String, String)> =
        scanner.policies().iter().map(|p| (p.id.clone(), p.label.clone())).collect();
    format!(
        "<p class=\"crumb\"><a href=\"/regles\">Règles</a></p>\n<h1>Vos règles</h1>\n<p class=\"lead\">{}</p>\n\
         <section class=\"panel\" aria-labelledby=\"fichiers\"><h2 id=\"fichiers\">Vos fichiers</h2>{files}</section>\n{}",
        text(
            "Vos propres entrées, expressions permises et profils, dans un dossier à part. Ce que la revue écarte y devient une \
             proposition ; rien ne change sans vous."
        ),
        proposed::heading(profile, &profiles),
    )
}

/// The form that writes a file; `id` begins the ids of its fields.
pub fn editor(file: &RulesFile, draft: &str, can_save: bool, wrongs: Option<&[Wrong]>, id: &str) -> String {
    let said = match wrongs {
        None => String::new(),
        Some([]) => format!("<p class=\"fine\">{}</p>", text("Rien à redire.")),
        Some(wrongs) => {
            let items: String = wrongs
                .iter()
                .map(|wrong| {
                    let line = wrong.line.map(|line| format!("ligne {line}\u{a0}: ")).unwrap_or_default();
                    format!("<li>{line}<span lang=\"en\">{}</span></li>", name(&wrong.message))
                })
                .collect();
            format!("<ul class=\"wrong\">{items}</ul>")
        }
    };
    let save = match can_save {
        true => "<button class=\"main\" name=\"enregistrer\" value=\"1\">Enregistrer</button>",
        false => "",
    };
    format!(
        "<form class=\"editor\" method=\"post\" action=\"/regles/fichiers\"><button hidden name=\"verifier\" value=\"1\"></button>\
         <input type=\"hidden\" name=\"fichier\" value=\"{path}\"><label for=\"{id}-texte\">Contenu de <code>{path}</code></label>\
         <textarea id=\"{id}-texte\" class=\"code\" name=\"text\" rows=\"16\" spellcheck=\"false\" autocomplete=\"off\" \
         autocapitalize=\"off\" aria-describedby=\"{id}-avis\">\n{draft}</textarea>\
         <div id=\"{id}-avis\" class=\"verdicts\" role=\"status\">{said}</div><div class=\"row tight\">{save}\
         <button name=\"verifier\" value=\"1\">Vérifier</button><button name=\"telecharger\" value=\"1\">Télécharger</button>\
         <button type=\"button\" class=\"copy\" hidden>Copier</button></div></form>\n",
        path = Escaped(file.path()),
        draft = Escaped(draft),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_and_what_is_wrong_with_it_are_no_markup() {
        let file = RulesFile::parse("allow.toml").unwrap();
        let wrong = [Wrong { line: Some(3), message: "unknown <b>".to_owned() }];
        let html = editor(&file, "</textarea><script>", true, Some(&wrong), "x");
        assert!(
            html.contains("&lt;/textarea&gt;&lt;script&gt;</textarea>") && html.contains("unknown &lt;b&gt;"),
            "{html}"
        );
        assert!(html.contains("ligne 3") && html.contains("name=\"enregistrer\""));
        assert!(!editor(&file, "", false, None, "x").contains("name=\"enregistrer\""));
    }
}
