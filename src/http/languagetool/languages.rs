//! `GET /v2/languages`: French and its variants. LibreOffice and libraries ask for this list before they check, and send
//! no key with it.

use axum::response::Response;
use serde::Serialize;

use crate::http::problem::Problem;
use crate::http::reply;

/// A language, as LanguageTool's server lists it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolListed)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    #[schema(example = "French")]
    name: &'static str,
    #[schema(example = "fr")]
    code: &'static str,
    #[schema(example = "fr-FR")]
    long_code: &'static str,
}

const LANGUAGES: &[Listed] = &[
    Listed { name: "French", code: "fr", long_code: "fr" },
    Listed { name: "French (France)", code: "fr", long_code: "fr-FR" },
    Listed { name: "French (Belgium)", code: "fr", long_code: "fr-BE" },
    Listed { name: "French (Canada)", code: "fr", long_code: "fr-CA" },
    Listed { name: "French (Luxembourg)", code: "fr", long_code: "fr-LU" },
    Listed { name: "French (Switzerland)", code: "fr", long_code: "fr-CH" },
];

/// List the languages
#[utoipa::path(
    get, path = "/v2/languages", tag = "languagetool", operation_id = "languagetool_languages", security(()),
    responses((status = 200, description = "French and its variants", body = Vec<Listed>)),
)]
pub async fn get() -> Result<Response, Problem> {
    reply::json(&LANGUAGES)
}
