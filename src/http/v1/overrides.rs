//! `POST /v1/overrides`: somebody saves a note that should not be saved as it is, and says why. The note stays where
//! it is: reason and categories come from closed lists, and that is all there is to record.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::category::Category;
use crate::http::body;
use crate::http::members::{Members, string};
use crate::http::openapi::{Problems, Refusals};
use crate::http::problem::{Problem, Violation, unknown_profile};
use crate::http::state::AppState;
use crate::policy::PolicyError;

/// Why a blocked note is saved.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The finding is wrong.
    FalsePositive,
    /// A law asks for it or allows it.
    LegalBasis,
    /// The person agreed explicitly (GDPR art. 9(2)(a)).
    Consent,
    /// Somebody's life depends on it (GDPR art. 9(2)(c)).
    VitalInterest,
}

impl Reason {
    /// The name it has in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::FalsePositive => "false_positive",
            Self::LegalBasis => "legal_basis",
            Self::Consent => "consent",
            Self::VitalInterest => "vital_interest",
        }
    }
}

/// What is recorded. Members that are not listed are refused, a text among them.
#[derive(utoipa::ToSchema)]
#[schema(as = Override)]
#[expect(dead_code, reason = "describes the members that `read` reads")]
pub struct OverrideSchema {
    /// Policy profile that blocked the note; it must have `save_with_reason`.
    #[schema(default = "default")]
    profile: Option<String>,
    reason: Reason,
    /// Categories of the findings that blocked.
    #[schema(value_type = Vec<String>, example = json!(["health"]))]
    categories: Vec<Category>,
}

fn read(value: Value, state: &AppState) -> Result<(String, Reason, Vec<Category>), Problem> {
    let mut members = Members::of(value, "")?;
    let profile = members.optional("profile", "a string", string);
    let reason = "false_positive, legal_basis, consent or vital_interest";
    let reason = members.required("reason", reason, |v| serde_json::from_value::<Reason>(v).ok().map(Some));
    let categories = members.required("categories", "a list of category ids", |v| {
        serde_json::from_value::<Vec<Category>>(v).ok().filter(|list| !list.is_empty())
    });
    members.finish()?;
    let profile = profile.unwrap_or_else(|| state.config().profile.clone());
    let reason = reason.ok_or_else(Problem::internal)?;
    Ok((profile, reason, categories))
}

/// Record that a blocked note is saved, and why
///
/// For editors that hold a save at `block`. The log and `vigie_overrides_total` tell reason and categories; the text
/// of the note is not asked for, and refused.
#[utoipa::path(
    post, path = "/v1/overrides", tag = "notes", operation_id = "override",
    request_body(content = OverrideSchema, content_type = "application/json"),
    responses((status = 204, description = "Recorded"), Problems, Refusals),
)]
pub async fn post(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let bytes = body::read(&headers, body, state.config().max_body_bytes).await?;
    let (name, reason, mut categories) = read(body::parse(&bytes)?, &state)?;
    let scanner = state.scanner();
    let profile = scanner.policies().get(&name).map_err(|error| match error {
        PolicyError::UnknownProfile { known, .. } => unknown_profile("/profile", &known),
        _ => Problem::internal(),
    })?;
    if !profile.may_save_with_reason() {
        let detail = "this profile lets nobody save a blocked note (save_with_reason)";
        return Err(Problem::invalid(vec![Violation::new("/profile", detail)]));
    }
    categories.sort_unstable();
    categories.dedup();
    let ids = categories.iter().map(|c| c.id()).collect::<Vec<_>>().join(",");
    tracing::info!(profile = profile.id, reason = reason.id(), categories = ids, "a blocked note is saved");
    for category in categories {
        state.metrics().overridden(reason.id(), category.id());
    }
    Ok(StatusCode::NO_CONTENT)
}
