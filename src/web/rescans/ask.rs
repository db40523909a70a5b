//! Pause, resume, cancel, delete: each a form of the rescan's page.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::http::{AppState, Rescans};
use crate::rescan::ask::{self, AskError};
use crate::web::failure::Failure;
use crate::web::reading::with_store;

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
    Path((id, wish)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let wish = match wish.as_str() {
        "pause" => Wish::Pause,
        "reprendre" => Wish::Resume,
        "annuler" => Wish::Cancel,
        "supprimer" => Wish::Delete,
        _ => return Err(Failure::NotFound("Cette page n’existe pas.")),
    };
    with_store(&state, move |state, store| {
        let mut connection = store.connection()?;
        let done = match wish {
            Wish::Pause => ask::pause(&mut connection, &id).map(drop),
            Wish::Resume => ask::resume(&mut connection, &id, "page").map(drop),
            Wish::Cancel => ask::cancel(&mut connection, &id).map(drop),
            Wish::Delete => ask::delete(&mut connection, &id),
        };
        done.map_err(refused)?;
        drop(connection);
        if matches!(wish, Wish::Resume) {
            Rescans::take_up(state)?;
        }
        Ok(match wish {
            Wish::Delete => Redirect::to("/rescans").into_response(),
            _ => Redirect::to(&format!("/rescans/{id}")).into_response(),
        })
    })
    .await
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
