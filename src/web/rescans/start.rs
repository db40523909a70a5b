//! Starts a rescan: `POST /rescans`.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use crate::http::auth::Client;
use crate::http::form::Form;
use crate::http::rescans::uploads;
use crate::http::v1::rescans::create::begin;
use crate::http::{AppState, body};
use crate::store::Store;
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::reading::with_store;
use crate::web::words::text;

/// Longest name, in characters.
const NAME: usize = 200;

/// What a form may offer.
pub struct Offer {
    pub sources: Vec<String>,
    /// Ids and names.
    pub profiles: Vec<(String, String)>,
    pub profile: String,
    pub max_upload_bytes: u64,
    /// Whether excerpts may be kept: the key is kept apart from the store.
    pub excerpts: bool,
}

impl Offer {
    pub fn of(state: &AppState, store: &Store) -> Self {
        let (config, scanner) = (state.config(), state.scanner());
        Self {
            sources: config.source.iter().map(|source| source.name.clone()).collect(),
            profiles: scanner.policies().iter().map(|p| (p.id.clone(), p.label.clone())).collect(),
            profile: config.profile.clone(),
            max_upload_bytes: config.max_upload_bytes,
            excerpts: store.keys().is_from_environment(),
        }
    }
}

/// Fields that every rescan has, whatever it reads; `id` begins their ids.
pub fn options(offer: &Offer, id: &str) -> String {
    let mut once = [0u8; 16];
    // Without random bytes a form sent twice starts two rescans, and no more.
    let once = getrandom::fill(&mut once).map(|()| hex::encode(once)).unwrap_or_default();
    let profiles: String = offer
        .profiles
        .iter()
        .map(|(profile, label)| {
            let selected = if *profile == offer.profile { " selected" } else { "" };
            format!("<option value=\"{}\"{selected}>{}</option>", Escaped(profile), Escaped(label))
        })
        .collect();
    let check = |name: &str, label: &str| {
        format!(
            "<label class=\"choice\"><input type=\"checkbox\" name=\"{name}\" value=\"1\"> <span>{}</span></label>",
            text(label)
        )
    };
    let incremental = check(
        "incremental",
        "N’analyser que les notes nouvelles ou modifiées depuis la dernière analyse des mêmes sources",
    );
    let excerpts = match offer.excerpts {
        true => check("excerpts", "Garder, chiffré, un extrait masqué de chaque signalement, pour la revue"),
        false => String::new(),
    };
    format!(
        "<input type=\"hidden\" name=\"once\" value=\"{once}\"><div class=\"fields two\"><div><label for=\"{id}-nom\">Nom \
         <span class=\"soft\">facultatif</span></label><input id=\"{id}-nom\" name=\"name\" maxlength=\"{NAME}\" \
         autocomplete=\"off\"></div><div><label for=\"{id}-profil\">Profil</label><select id=\"{id}-profil\" name=\"profile\">\
         {profiles}</select></div></div><details><summary>Réglages</summary><div class=\"fields two\"><div>\
         <label for=\"{id}-debit\">Notes par seconde, au plus</label><input id=\"{id}-debit\" name=\"rate\" \
         inputmode=\"numeric\" placeholder=\"sans limite\" autocomplete=\"off\"></div></div>{incremental}{excerpts}</details>"
    )
}

/// Stores the rescan, starts it if there is room, and goes to its page.
pub async fn post(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let bytes = body::read_form(&headers, body, state.config().max_body_bytes).await?;
    let mut form = Form::parse(&bytes)?;
    let client = client.map(|Extension(client)| client);
    let id = with_store(&state, move |state, store| {
        let once = form.take("once").filter(|once| !once.is_empty());
        let body = asked(store, &mut form)?;
        // The same form sent twice is one rescan; changed meanwhile, it is another.
        let key = once.map(|once| format!("{once} {body}"));
        Ok(begin(state, store, client.as_ref(), key.as_deref(), body)?.id)
    })
    .await?;
    Ok(Redirect::to(&format!("/rescans/{id}")).into_response())
}

/// What the form asks for, as the API would be asked.
fn asked(store: &Store, form: &mut Form) -> Result<Value, Failure> {
    let mut given = |name: &str| form.take(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    let (source, called) = match (given("fichier"), given("source")) {
        (Some(id), _) => {
            let path = uploads::find(store, &id)
                .ok_or(Failure::NotFound("Ce fichier n’est plus là. Envoyez-le à nouveau."))?;
            let mut text = Vec::new();
            while let Some(column) = given("text") {
                text.insert(0, column);
            }
            if text.is_empty() {
                return Err(Failure::refused("Choisissez au moins une colonne de notes."));
            }
            let mut columns = json!({ "text": text });
            for name in ["key", "team", "field", "date"] {
                if let Some(column) = given(name) {
                    columns[name] = column.into();
                }
            }
            let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            (json!({"kind": "upload", "upload": id, "columns": columns}), file)
        }
        (None, Some(named)) => (json!({"kind": "source", "name": named}), named),
        (None, None) => return Err(Failure::refused("Choisissez un fichier ou une source.")),
    };
    let mut body = json!({
        "name": given("name").unwrap_or(called),
        "sources": [source],
        "incremental": given("incremental").is_some(),
        "excerpts": given("excerpts").is_some(),
    });
    if let Some(profile) = given("profile") {
        body["profile"] = profile.into();
    }
    if let Some(rate) = given("rate") {
        let number =
            rate.replace(|c: char| c.is_whitespace(), "").parse::<u32>().ok().filter(|rate| *rate > 0);
        let number =
            number.ok_or_else(|| Failure::refused("Le débit est un nombre entier de notes par seconde."))?;
        body["rate"] = number.into();
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fixture::Fixture;

    fn read(form: &str) -> Result<Value, Failure> {
        let mut form = Form::parse(form.as_bytes()).ok().unwrap();
        asked(&Fixture::new().store, &mut form)
    }

    #[test]
    fn a_form_becomes_what_the_api_takes() {
        let body = read("source=crm&name=+Essai+&rate=1+000&incremental=1&profile=bank").unwrap();
        let wanted = json!({
            "name": "Essai", "sources": [{"kind": "source", "name": "crm"}], "incremental": true, "excerpts": false,
            "profile": "bank", "rate": 1000
        });
        assert_eq!(body, wanted);
        assert_eq!(read("source=crm&name=").unwrap()["name"], "crm");
    }

    #[test]
    fn what_is_missing_is_said() {
        for (form, said) in [
            ("", "Choisissez un fichier"),
            ("fichier=../../etc/passwd&text=a", "Ce fichier"),
            ("source=crm&rate=vite", "débit"),
        ] {
            let failure = read(form).unwrap_err();
            assert!(failure.said().unwrap().1.contains(said), "{form}");
        }
    }
}
