//! Pause, resume, cancel, delete: each a form of the rescan's page.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::http::rescans::uploads;
use crate::http::{AppState, Rescans};
use crate::rescan::ask::{self, AskError};
use crate::rescan::stop::Reason;
use crate::rescan::versions::Versions;
use crate::store::rescans::RescanRow;
use crate::web::failure::Failure;
use crate::web::reading::{rescan, with_store};

/// What the page asks for, as its address says it.
#[derive(Clone, Copy, Debug)]
enum Wish {
    Pause,
    Resume,
    Cancel,
    Delete,
}

/// `POST /rescans/{id}/{wish}`: back to the rescan's page, or, once it is deleted, to the list.
pub async fn post(
    State(state): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Failure> {
    let nowhere = || Failure::NotFound("Cette page n’existe pas.");
    // What is not UTF-8 is no page of ours.
    let Path((id, wish)) = path.map_err(|_| nowhere())?;
    let wish = match wish.as_str() {
        "pause" => Wish::Pause,
        "reprendre" => Wish::Resume,
        "annuler" => Wish::Cancel,
        "supprimer" => Wish::Delete,
        _ => return Err(nowhere()),
    };
    with_store(&state, move |state, store| {
        let mut connection = store.connection()?;
        if matches!(wish, Wish::Resume) {
            may_resume(state, &rescan(&connection, &id)?)?;
        }
        let done = match wish {
            Wish::Pause => ask::pause(&mut connection, &id).map(drop),
            Wish::Resume => ask::resume(&mut connection, &id, "page").map(drop),
            Wish::Cancel => ask::cancel(&mut connection, store.keys(), &id).map(drop),
            Wish::Delete => ask::delete(&mut connection, &id),
        };
        done.map_err(refused)?;
        drop(connection);
        match (wish, state.rescans().running(&id)) {
            (Wish::Pause, Some(runner)) => runner.stop(Reason::Pause),
            (Wish::Cancel, Some(runner)) => runner.stop(Reason::Cancel),
            (Wish::Resume, _) => Rescans::take_up(state)?,
            _ => {}
        }
        uploads::sweep(store)?;
        Ok(match wish {
            Wish::Delete => Redirect::to("/rescans").into_response(),
            _ => Redirect::to(&format!("/rescans/{id}")).into_response(),
        })
    })
    .await
}

/// Whether it can go on with what scans and may be read now.
fn may_resume(state: &AppState, row: &RescanRow) -> Result<(), Failure> {
    let now = Versions::of(&state.scanner(), &row.spec.profile);
    if now.ok().is_none_or(|now| row.versions.difference(&now).is_some()) {
        return Err(Failure::refused(
            "Le programme, ses règles ou son profil ont changé depuis : ses signalements seraient de deux sortes. Lancez-en \
             une nouvelle.",
        ));
    }
    state.rescans().permit().open(&row.spec).map(drop).map_err(|error| {
        Failure::Refused(format!("Sa source ne peut plus être lue. Message du programme : {error}."))
    })
}

fn refused(error: AskError) -> Failure {
    Failure::refused(match error {
        AskError::Unknown(_) => return Failure::NotFound("Cette analyse n’existe pas, ou a été supprimée."),
        AskError::Ended { .. } => "Cette analyse est finie : elle ne peut plus être arrêtée ni reprise.",
        AskError::Running { .. } => "Cette analyse est en cours. Annulez-la ou mettez-la en pause d’abord.",
        AskError::Stopping { .. } => "Cette analyse est en train de s’arrêter. Réessayez dans un instant.",
        AskError::Needed { .. } => {
            "Une autre analyse, qui n’est pas finie, reprend les signalements de celle-ci. Terminez-la ou annulez-la d’abord."
        }
        AskError::Sqlite(error) => return error.into(),
    })
}
