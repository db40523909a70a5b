//! `GET /v1/profiles`: the policies a request may name.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use crate::http::openapi::Refusals;
use crate::http::problem::Problem;
use crate::http::reply;
use crate::http::state::AppState;
use crate::policy::PolicyRule;

/// One profile.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProfileInfo {
    #[schema(example = "insurance-health")]
    id: String,
    /// French name.
    label: String,
    /// For whom, and what differs; in French.
    description: String,
    /// Whether a writer may save a blocked note after giving a reason (`POST /v1/overrides`).
    save_with_reason: bool,
    /// Read from top to bottom; the first that fits a finding gives its action, from `min_score`, or from the scores of
    /// `beside` where another finding of the note warns by itself. Inherited ones are included.
    #[schema(value_type = Vec<Object>)]
    rules: Vec<PolicyRule>,
}

/// Every profile, by id.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ProfileList {
    /// The profile of requests that name none.
    #[schema(example = "default")]
    default: String,
    profiles: Vec<ProfileInfo>,
}

/// List the policy profiles
#[utoipa::path(
    get, path = "/v1/profiles", tag = "reference", operation_id = "profiles",
    responses((status = 200, description = "The profiles", body = ProfileList), Refusals),
)]
pub async fn get(State(state): State<AppState>) -> Result<Response, Problem> {
    let profiles = state
        .scanner()
        .policies()
        .iter()
        .map(|p| ProfileInfo {
            id: p.id.clone(),
            label: p.label.clone(),
            description: p.description.clone(),
            save_with_reason: p.may_save_with_reason(),
            rules: p.rules.clone(),
        })
        .collect();
    reply::json(&ProfileList { default: state.config().profile.clone(), profiles })
}
