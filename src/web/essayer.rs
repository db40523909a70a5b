//! The page Essayer: a text box that is checked as one types, or by a plain form where there is no JavaScript.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

use super::examples::EXAMPLES;
use super::html::Escaped;
use super::page::page;
use super::result::{result, template};
use crate::answer::Answer;
use crate::http::form::Form;
use crate::http::how::How;
use crate::http::problem::Problem;
use crate::http::{AppState, body, work};
use crate::note::Note;
use crate::span::OffsetUnit;

const SCRIPTS: &str = "<script src=\"/widget.js\" data-selector=\"#texte\" data-guard=\"off\" defer></script>\n\
                       <script src=\"/static/essayer.js\" defer></script>\n";

/// `GET /`.
pub async fn get(State(state): State<AppState>) -> Response {
    let profile = state.config().profile.clone();
    shown(&state, &profile, None)
}

/// `POST /`: the form, for browsers without JavaScript. The note goes back to who sent it, and nowhere else.
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body::read_form(&headers, body, state.config().max_body_bytes).await?;
    let mut form = Form::parse(&bytes)?;
    let example = form.get("exemple").and_then(|n| EXAMPLES.get(n.parse::<usize>().ok()?));
    let text = match example {
        Some((_, text)) => (*text).to_owned(),
        // Browsers send line ends as CR LF.
        None => form.take("text").unwrap_or_default().replace("\r\n", "\n"),
    };
    let profile = form.take("profile").unwrap_or_else(|| state.config().profile.clone());
    let how = How { profile, offsets: OffsetUnit::Utf8, min_score: 0.0 };
    let scanner = state.scanner();
    how.check(&scanner, "?profile")?;
    let shared = state.clone();
    work::run(&state, move || {
        let note = Note::new(text);
        let answer = work::answer(&shared, &scanner, &note, &how)?;
        Ok(shown(&shared, &how.profile, Some((note.text.as_str(), &answer))))
    })
    .await
}

fn shown(state: &AppState, profile: &str, note: Option<(&str, &Answer)>) -> Response {
    let scanner = state.scanner();
    let options: String = scanner
        .policies()
        .iter()
        .map(|p| {
            let chosen = if p.id == profile { " selected" } else { "" };
            format!("<option value=\"{}\"{chosen}>{}</option>", Escaped(&p.id), Escaped(&p.label))
        })
        .collect();
    let examples: String = EXAMPLES
        .iter()
        .enumerate()
        .map(|(i, (name, text))| {
            let (name, text) = (Escaped(name), Escaped(text));
            format!("<li><button name=\"exemple\" value=\"{i}\" data-text=\"{text}\">{name}</button></li>")
        })
        .collect();
    let main = format!(
        "<h1>Essayer</h1>\n\
         <p class=\"lead\">Écrivez comme dans le champ commentaire de votre logiciel : Vigie souligne ce qui ne devrait \
         pas y figurer, dit pourquoi, et propose quoi écrire à la place.</p>\n\
         <div class=\"columns\">\n<form method=\"post\" action=\"/\" id=\"essai\">\n\
         <label for=\"texte\">Commentaire</label>\n\
         <textarea id=\"texte\" name=\"text\" rows=\"7\" data-vigie-field=\"\" spellcheck=\"false\" \
         autocomplete=\"off\">\n{text}</textarea>\n\
         <div class=\"row\"><div class=\"grow\"><label for=\"profil\">Profil</label>\n\
         <select id=\"profil\" name=\"profile\">{options}</select></div>\
         <button class=\"main\">Vérifier</button></div>\n\
         <fieldset><legend>Exemples</legend><ul class=\"chips\">{examples}</ul></fieldset>\n</form>\n\
         {result}</div>\n{template}\n{developers}",
        text = Escaped(note.map_or("", |(text, _)| text)),
        result = result(note),
        template = template(),
        developers = include_str!("static/developers.html"),
    );
    page("/", "Essayer", SCRIPTS, &main)
}
