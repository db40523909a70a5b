//! `POST /revue`: decisions about findings, taken back, or a masked excerpt revealed, which is recorded. A browser without
//! JavaScript is sent back to the queue; the page's script gets the findings as they are now.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Query as Parameters, State};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use axum::response::{IntoResponse, Redirect, Response};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::item::item;
use super::query::{Done, Query};
use super::{AT_ONCE, Revealed, page};
use crate::http::auth::Client;
use crate::http::form::Form;
use crate::http::{AppState, body};
use crate::note::Note;
use crate::policy::Verdict;
use crate::rescan::excerpt::Excerpts;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{
    Decision, Grounds, MAX_PHRASE_WORDS, MAX_TEXT, Reason, ReasonError, ReviewState,
};
use crate::scanner::{ScanOptions, Scanner};
use crate::store::Store;
use crate::store::findings::{self, FindingsError};
use crate::store::reviews::{self, ReviewError};
use crate::web::failure::Failure;
use crate::web::html::french;
use crate::web::reading::with_store;

/// What the form asks for.
enum Wish {
    Decide(Decision, Targets),
    Undo(Targets),
    /// Takes back what was decided at that time.
    UndoLot(i64),
    Reveal(Fingerprint),
}

/// Which findings.
enum Targets {
    These(Vec<Fingerprint>),
    /// All that the filters let through.
    Filtered,
}

/// Decides, and says what is so now.
pub async fn post(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    Parameters(pairs): Parameters<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let by_script = headers.get(ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json");
    let by = client.map(|Extension(Client(name))| name);
    match answer(&state, by, &pairs, &headers, body, by_script).await {
        Ok(response) => response,
        Err(failure) => match failure.said() {
            Some((status, why)) if by_script => {
                (status, axum::Json(json!({"error": french(why)}))).into_response()
            }
            _ => failure.into_response(),
        },
    }
}

async fn answer(
    state: &AppState,
    by: Option<String>,
    pairs: &[(String, String)],
    headers: &HeaderMap,
    body: Body,
    by_script: bool,
) -> Result<Response, Failure> {
    let query = Query::parse(pairs).map_err(Failure::Refused)?;
    let bytes = body::read_form(headers, body, state.config().max_body_bytes).await?;
    let mut form = Form::parse(&bytes)?;
    let wish = wish(&mut form, &state.scanner())?;
    with_store(state, move |_, store| {
        let connection = store.connection()?;
        let by = by.as_deref();
        if let Wish::Reveal(print) = wish {
            let revealed = reveal(store, &connection, &print, by)?;
            return match by_script {
                true => {
                    Ok(axum::Json(json!({"items": items(&connection, &[print], &[revealed])?}))
                        .into_response())
                }
                false => page(&connection, query, &[revealed]),
            };
        }
        let (decision, prints) = act(&connection, &query, wish, by)?;
        let at = match (decision, prints.first()) {
            (Some(_), Some(print)) => reviews::get(&connection, print)?.map_or(0, |review| review.at),
            _ => 0,
        };
        let done = Done { decision, findings: prints.len() as u64, at };
        if by_script && prints.len() <= 500 {
            let items = items(&connection, &prints, &[])?;
            return Ok(axum::Json(json!({"items": items, "at": at})).into_response());
        }
        let to = Query { after: None, ..query }.having(done).to_string();
        Ok(match by_script {
            true => axum::Json(json!({"to": to})).into_response(),
            false => Redirect::to(&to).into_response(),
        })
    })
    .await
}

fn wish(form: &mut Form, scanner: &Scanner) -> Result<Wish, Failure> {
    let unknown = || Failure::refused("Cette demande n’est pas comprise. Reprenez depuis la file.");
    if let Some(at) = form.take("lot") {
        return at.parse().map(Wish::UndoLot).map_err(|_| unknown());
    }
    if let Some(print) = form.take("reveal") {
        return print.parse().map(Wish::Reveal).map_err(|_| unknown());
    }
    for verb in ["confirmed", "dismissed", "fixed", "undo"] {
        let Some(value) = form.take(verb) else { continue };
        let targets = targets(form, &value)?;
        return Ok(match verb {
            "confirmed" => Wish::Decide(Decision::Confirmed, targets),
            "fixed" => Wish::Decide(Decision::Fixed, targets),
            "dismissed" => Wish::Decide(Decision::Dismissed(reason(form, scanner)?), targets),
            _ => Wish::Undo(targets),
        });
    }
    Err(unknown())
}

fn targets(form: &mut Form, value: &str) -> Result<Targets, Failure> {
    let read = |print: String| {
        let print = print.parse::<Fingerprint>();
        print.map_err(|_| Failure::refused("Un signalement n’est pas reconnu. Reprenez depuis la file."))
    };
    match value {
        "tous" if form.get("sure").is_some() => Ok(Targets::Filtered),
        "tous" => Err(Failure::refused("Cochez la case qui confirme que vous décidez de tous à la fois.")),
        "choisis" => {
            let mut prints = Vec::new();
            while let Some(print) = form.take("f") {
                prints.push(read(print)?);
            }
            match prints.is_empty() {
                true => {
                    Err(Failure::refused("Aucun signalement n’est choisi. Cochez ceux dont vous décidez."))
                }
                false => Ok(Targets::These(prints)),
            }
        }
        print => Ok(Targets::These(vec![read(print.to_owned())?])),
    }
}

/// The reason of a dismissal. One that itself discloses something is refused: it would be kept in clear.
fn reason(form: &mut Form, scanner: &Scanner) -> Result<Reason, Failure> {
    let code = form.take("reason").filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| Failure::refused("Choisissez pourquoi écarter ce signalement."))?;
    let (text, phrase) = (form.take("text"), form.take("phrase"));
    let made = code.parse::<Grounds>().and_then(|code| Reason::new(code, text.as_deref(), phrase.as_deref()));
    let reason = made.map_err(|error| {
        Failure::Refused(match error {
            ReasonError::Code => "Ce motif n’est pas connu.".to_owned(),
            ReasonError::Silent => "Précisez : « Autre motif » demande quelques mots.".to_owned(),
            ReasonError::Text => format!("La précision tient en {MAX_TEXT} caractères, sur une ligne."),
            ReasonError::Phrase => {
                format!("Les mots inoffensifs sont un à {MAX_PHRASE_WORDS} mots, sans chiffre ni arobase.")
            }
        })
    })?;
    if let Some(text) = &reason.text {
        let scanned = scanner.scan(&Note::new(text.clone()), &ScanOptions::default());
        let report = scanned.map_err(|_| Failure::refused("La précision ne peut pas être vérifiée."))?;
        if let Some(found) = report.findings.first().filter(|_| report.verdict != Verdict::Clear) {
            return Err(Failure::Refused(format!(
                "La précision révèle peut-être elle-même quelque chose ({}), et elle est gardée en clair. Dites pourquoi, \
                 sans citer la note.",
                found.finding.category.label()
            )));
        }
    }
    Ok(reason)
}

/// Does it; says what was decided, `None` for decisions taken back, and about which findings.
fn act(
    connection: &Connection,
    query: &Query,
    wish: Wish,
    by: Option<&str>,
) -> Result<(Option<ReviewState>, Vec<Fingerprint>), Failure> {
    let (decision, prints) = match wish {
        Wish::Decide(decision, targets) => {
            let prints = prints(connection, query, targets)?;
            reviews::decide(connection, &prints, &decision, by).map_err(refused)?;
            let state = ReviewState::ALL.into_iter().find(|state| state.id() == decision.id());
            (state, prints)
        }
        Wish::Undo(targets) => {
            let prints = prints(connection, query, targets)?;
            reviews::undo(connection, &prints, by).map_err(refused)?;
            (None, prints)
        }
        Wish::UndoLot(at) => {
            let prints = reviews::decided_at(connection, at, by)?;
            if prints.is_empty() {
                return Err(Failure::refused("Cette décision a déjà été annulée, ou changée depuis."));
            }
            reviews::undo(connection, &prints, by).map_err(refused)?;
            (None, prints)
        }
        Wish::Reveal(_) => return Err(Failure::internal("nothing to decide")),
    };
    Ok((decision, prints))
}

fn prints(connection: &Connection, query: &Query, targets: Targets) -> Result<Vec<Fingerprint>, Failure> {
    match targets {
        Targets::These(prints) => Ok(prints),
        Targets::Filtered => {
            let mut prints = Vec::new();
            let taken = findings::each(connection, &query.filter, |finding| {
                prints.push(finding.fingerprint);
                match prints.len() > AT_ONCE {
                    true => Err(Full::Full),
                    false => Ok(()),
                }
            });
            match taken {
                Ok(()) => {}
                Err(Full::Full) => {
                    return Err(Failure::Refused(format!(
                        "Ces filtres laissent passer plus de {AT_ONCE} signalements. Resserrez-les."
                    )));
                }
                Err(Full::Findings(error)) => return Err(error.into()),
            }
            // The same words of the same note may be in several rescans.
            prints.sort_unstable_by_key(|print| print.0);
            prints.dedup();
            match prints.is_empty() {
                true => Err(Failure::refused("Aucun signalement ne répond à ces filtres.")),
                false => Ok(prints),
            }
        }
    }
}

/// Why counting stopped.
enum Full {
    Full,
    Findings(FindingsError),
}

impl From<FindingsError> for Full {
    fn from(error: FindingsError) -> Self {
        Self::Findings(error)
    }
}

/// Opens an excerpt, once it is recorded that somebody was shown it.
fn reveal(
    store: &Store,
    connection: &Connection,
    print: &Fingerprint,
    by: Option<&str>,
) -> Result<Revealed, Failure> {
    let finding = findings::newest(connection, print)?;
    let finding = finding.ok_or(Failure::NotFound("Ce signalement n’existe plus."))?;
    let sealed =
        finding.excerpt.ok_or_else(|| Failure::refused("Aucun extrait n’a été gardé de ce signalement."))?;
    let opened = Excerpts::new(store.keys()).open(&print.0, &sealed);
    let opened = opened.ok_or_else(|| Failure::refused("L’extrait a été chiffré avec une autre clé."))?;
    reviews::revealed(connection, &[*print], by).map_err(refused)?;
    Ok((print.to_string(), opened))
}

/// Findings as they are now, as markup.
fn items(connection: &Connection, prints: &[Fingerprint], revealed: &[Revealed]) -> Result<Value, Failure> {
    let mut items = Map::new();
    for print in prints {
        if let Some(finding) = findings::newest(connection, print)? {
            let print = print.to_string();
            let shown = revealed.iter().find(|(of, _)| *of == print);
            items.insert(print, item(&finding, shown.map(|(_, text)| text.as_str())).into());
        }
    }
    Ok(items.into())
}

fn refused(error: ReviewError) -> Failure {
    match error {
        ReviewError::Unknown(_) => {
            Failure::NotFound("Un de ces signalements n’existe plus. Rien n’a été changé.")
        }
        ReviewError::Undecided(_) => Failure::refused("Il n’y a pas de décision à annuler."),
        ReviewError::Sqlite(error) => error.into(),
    }
}
