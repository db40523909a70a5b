//! Starts a rescan: `POST /rescans`.

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use crate::http::form::Form;
use crate::http::rescans::uploads;
use crate::http::{AppState, Rescans, body};
use crate::rescan::source::without_passwords;
use crate::rescan::spec::{Columns, Files, SourceSpec, Spec};
use crate::rescan::versions::Versions;
use crate::store::Store;
use crate::store::rescans::{self, NewRescan};
use crate::web::failure::Failure;
use crate::web::html::Escaped;
use crate::web::reading::with_store;
use crate::web::words::text;

/// Longest name, in characters.
const NAME: usize = 100;

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
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let bytes = body::read_form(&headers, body, state.config().max_body_bytes).await?;
    let mut form = Form::parse(&bytes)?;
    let id = with_store(&state, move |state, store| {
        let once = form.take("once").filter(|once| !once.is_empty());
        if let Some(key) = &once
            && let Some(row) = rescans::by_idempotency_key(&*store.connection()?, &page_key(key))?
        {
            return Ok(row.id);
        }
        let spec = spec(state, store, &mut form)?;
        create(state, store, &spec, once.as_deref())
    })
    .await?;
    Ok(Redirect::to(&format!("/rescans/{id}")).into_response())
}

fn page_key(once: &str) -> String {
    format!("page:{once}")
}

/// What the form asks for.
fn spec(state: &AppState, store: &Store, form: &mut Form) -> Result<Spec, Failure> {
    let mut given = |name: &str| form.take(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
    let (source, mut called) = match (given("fichier"), given("source")) {
        (Some(id), _) => {
            let path = uploads::find(store, &id)
                .ok_or(Failure::NotFound("Ce fichier n’est plus là. Envoyez-le à nouveau."))?;
            let mut columns = Columns {
                key: given("key"),
                team: given("team"),
                field: given("field"),
                date: given("date"),
                ..Columns::default()
            };
            while let Some(column) = given("text") {
                columns.text.insert(0, column);
            }
            if columns.text.is_empty() {
                return Err(Failure::refused("Choisissez au moins une colonne de notes."));
            }
            let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            (SourceSpec::Files(Files { paths: vec![path], columns, ..Files::default() }), file)
        }
        (None, Some(named)) => {
            let source = state.rescans().permit().source(&named);
            let source = source.ok_or(Failure::NotFound("Cette source n’est plus dans les réglages du service."))?;
            (source.spec(), named)
        }
        (None, None) => return Err(Failure::refused("Choisissez un fichier ou une source.")),
    };
    if let Some(name) = given("name") {
        called = name;
    }
    if called.chars().count() > NAME || called.chars().any(char::is_control) {
        return Err(Failure::Refused(format!("Le nom tient en {NAME} caractères, sur une ligne.")));
    }
    let rate = given("rate").map(|rate| {
        let number = rate.parse::<u32>().ok().filter(|rate| *rate > 0);
        number.ok_or_else(|| Failure::refused("Le débit est un nombre entier de notes par seconde."))
    });
    Ok(Spec {
        name: called,
        sources: vec![source],
        profile: given("profile").unwrap_or_else(|| state.config().profile.clone()),
        min_score: 0.0,
        rate: rate.transpose()?,
        incremental: given("incremental").is_some(),
        excerpts: given("excerpts").is_some(),
        authors: false,
        sinks: Vec::new(),
    })
}

/// Stores a rescan once it is sure that it can begin.
fn create(state: &AppState, store: &Store, spec: &Spec, once: Option<&str>) -> Result<String, Failure> {
    let versions = Versions::of(&state.scanner(), &spec.profile)
        .map_err(|_| Failure::refused("Ce profil n’existe pas. La page Règles montre ceux qu’il y a."))?;
    if spec.excerpts && !store.keys().is_from_environment() {
        return Err(Failure::refused(
            "Des extraits ne sont gardés que si la clé l’est à part : donnez VIGIE_DATA_KEY au service avant sa première \
             analyse.",
        ));
    }
    let stored = without_passwords(spec);
    state.rescans().permit().open(&stored).map_err(|error| {
        Failure::Refused(format!("Cette source ne peut pas être lue. Message du programme : {error}."))
    })?;
    let key = page_key(once.unwrap_or_default());
    let idempotency = Some((key.as_str(), "page")).filter(|_| once.is_some());
    let connection = store.connection()?;
    let row = rescans::create(&connection, &NewRescan { spec: &stored, versions: &versions, idempotency })?;
    if idempotency.is_none() {
        connection.execute("UPDATE rescan SET request_digest = 'page' WHERE no = ?1", [row.no])?;
    }
    drop(connection);
    Rescans::take_up(state)?;
    Ok(row.id)
}
