//! `POST /v1/findings/{id}/reveal`: a reviewer is shown the masked excerpt, and that is recorded.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::{failed, fingerprint, unknown};
use crate::http::auth::Client;
use crate::http::openapi::{Refusals, RescanRefusals};
use crate::http::problem::{Kind, Problem};
use crate::http::reply;
use crate::http::rescans::blocking;
use crate::http::segment::Segment;
use crate::http::state::AppState;
use crate::rescan::excerpt::Excerpts;
use crate::store::{findings, reviews};

/// The words around a finding, masked.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Excerpt {
    #[schema(example = "Sa femme est d••••••••• depuis ••••")]
    excerpt: String,
}

/// Show the masked excerpt of a finding
///
/// Where its rescan kept excerpts (409 elsewhere). Who was shown it is part of the finding's history.
#[utoipa::path(
    post, path = "/v1/findings/{id}/reveal", tag = "findings", operation_id = "reveal",
    params(("id" = String, Path, description = "Its fingerprint")),
    responses((status = 200, description = "The excerpt", body = Excerpt), RescanRefusals, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    client: Option<Extension<Client>>,
    Segment(id): Segment,
) -> Result<Response, Problem> {
    let fingerprint = fingerprint(&id)?;
    let by = client.map(|Extension(client)| client.0);
    let excerpt = blocking(&state, move |_, store| {
        let connection = store.connection()?;
        let finding = findings::newest(&connection, &fingerprint).map_err(|error| failed(store, error))?;
        let sealed = finding.ok_or_else(unknown)?.excerpt;
        let opened = sealed.and_then(|sealed| Excerpts::new(store.keys()).open(&fingerprint.0, &sealed));
        let excerpt = opened.ok_or_else(|| Problem::new(Kind::Conflict, "its rescan kept no excerpts"))?;
        // First the record, then the words.
        reviews::revealed(&connection, &[fingerprint], by.as_deref()).map_err(|_| Problem::internal())?;
        Ok(Excerpt { excerpt })
    })
    .await?;
    reply::json(&excerpt)
}
