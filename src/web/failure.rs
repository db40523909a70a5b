//! What goes wrong on a page, said in French on a page. The reason of a fault goes to the log.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::html::{Escaped, french};
use super::page::stored;
use crate::http::NoStore;
use crate::http::problem::Problem;
use crate::store::StoreError;
use crate::store::findings::FindingsError;

/// A page that cannot be shown, or a form that cannot be acted on.
#[derive(Debug)]
pub enum Failure {
    /// What was asked for does not exist: what, in French.
    NotFound(&'static str),
    /// What was sent makes no sense, or cannot be done now: why, in French.
    Refused(String),
    /// The store cannot be used for now.
    Store(&'static str),
    /// As other routes say it.
    Problem(Problem),
}

impl Failure {
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    /// A fault of the program or of the machine, told to the log.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a page cannot be shown");
        Self::Problem(Problem::internal())
    }

    /// Status, and what went wrong in French.
    pub fn said(&self) -> Option<(StatusCode, &str)> {
        match self {
            Self::NotFound(what) => Some((StatusCode::NOT_FOUND, what)),
            Self::Refused(why) => Some((StatusCode::UNPROCESSABLE_ENTITY, why)),
            Self::Store(why) => Some((StatusCode::SERVICE_UNAVAILABLE, why)),
            Self::Problem(_) => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, why, english) = match &self {
            Self::Problem(problem) => (problem.status(), "", problem.detail()),
            other => {
                let (status, why) = other.said().unwrap_or((StatusCode::INTERNAL_SERVER_ERROR, ""));
                (status, why, "")
            }
        };
        let english = match english {
            "" => String::new(),
            english => {
                format!("<p>Message du programme\u{a0}: <span lang=\"en\">{}.</span></p>\n", Escaped(english))
            }
        };
        let title = match status {
            StatusCode::INTERNAL_SERVER_ERROR => "Une erreur s’est produite",
            StatusCode::NOT_FOUND => "Introuvable",
            StatusCode::SERVICE_UNAVAILABLE => "Indisponible pour l’instant",
            _ => "Demande refusée",
        };
        let main = format!(
            "<h1>{title}</h1>\n<p class=\"lead\">{}</p>\n{english}<p><a href=\"/rescans\">Analyses</a> · <a href=\"/revue\">Revue</a> · \
             <a href=\"/rapport\">Rapports</a></p>\n",
            Escaped(french(why))
        );
        let mut response = stored("", title, "", &main);
        *response.status_mut() = status;
        response
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store of rescans cannot be used");
        Self::Store(match error {
            StoreError::Busy { .. } => "Le magasin des analyses est occupé. Réessayez dans un instant.",
            StoreError::Full { .. } => {
                "Le disque du dossier de données est plein. Libérez de la place, puis réessayez."
            }
            _ => "Le dossier de données ne peut pas être utilisé. Le journal du service en donne la raison.",
        })
    }
}

impl From<NoStore> for Failure {
    fn from(error: NoStore) -> Self {
        match error {
            NoStore::Store(error) => error.into(),
            NoStore::Config(error) => {
                tracing::error!(%error, "there is no store of rescans");
                Self::Store(
                    "Aucun dossier de données n’est configuré (data_dir). Indiquez-en un au service, puis relancez-le.",
                )
            }
        }
    }
}

impl From<FindingsError> for Failure {
    fn from(error: FindingsError) -> Self {
        match error {
            FindingsError::UnknownRescan(_) => {
                Self::NotFound("Cette analyse n’existe pas, ou a été supprimée.")
            }
            error => Self::internal(error),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(error)
    }
}
