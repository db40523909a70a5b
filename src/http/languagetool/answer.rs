//! The answer of a check, member by member as LanguageTool's clients read it.

use serde::Serialize;

/// The answer of a check.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolAnswer)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    pub software: Software,
    pub warnings: Warnings,
    pub language: Language,
    pub matches: Vec<Match>,
    /// Beginning and end of each sentence, UTF-16 units.
    pub sentence_ranges: Vec<[usize; 2]>,
}

/// What answers.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolSoftware)]
#[serde(rename_all = "camelCase")]
pub struct Software {
    pub name: &'static str,
    pub version: String,
    pub build_date: Option<String>,
    /// Of the protocol.
    pub api_version: u8,
    pub premium: bool,
    pub premium_hint: &'static str,
    pub status: &'static str,
}

/// Whether anything is missing: never.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolWarnings)]
#[serde(rename_all = "camelCase")]
pub struct Warnings {
    pub incomplete_results: bool,
}

/// The language the text was read as.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolLanguage)]
#[serde(rename_all = "camelCase")]
pub struct Language {
    pub name: &'static str,
    pub code: &'static str,
    pub detected_language: Detected,
}

/// Always French: nothing is detected.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolDetected)]
pub struct Detected {
    pub name: &'static str,
    pub code: &'static str,
    pub confidence: f32,
    pub source: &'static str,
}

/// A stretch of the text, and what is wrong with it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolMatch)]
#[serde(rename_all = "camelCase")]
pub struct Match {
    /// What is wrong and what to do, in French.
    pub message: String,
    /// French name of the category.
    pub short_message: String,
    /// First the redaction, fit to be applied without a look; then a neutral wording for the writer to choose.
    pub replacements: Vec<Replacement>,
    /// UTF-16 units into the text as it was sent, markup counted.
    pub offset: usize,
    pub length: usize,
    pub context: Context,
    pub sentence: String,
    pub r#type: Type,
    pub rule: Rule,
    pub ignore_for_incomplete_sentence: bool,
    pub context_for_sure_match: i8,
}

/// What may stand in its place.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolReplacement)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    pub value: String,
    pub short_description: &'static str,
}

/// The words around it, on one line.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolContext)]
pub struct Context {
    pub text: String,
    pub offset: usize,
    pub length: usize,
}

/// Its colour.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolType)]
#[serde(rename_all = "camelCase")]
pub struct Type {
    /// `Other` for what should not be saved, `Hint` for the rest: it decides the colour.
    pub type_name: &'static str,
}

/// What found it.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolRule)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    #[schema(example = "VIGIE_HEALTH_ILLNESS")]
    pub id: String,
    /// The entry or pattern that weighed most.
    #[schema(example = "health/diabete")]
    pub sub_id: String,
    pub description: String,
    pub issue_type: &'static str,
    pub category: CategoryId,
}

/// What it is about.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = LanguageToolCategory)]
pub struct CategoryId {
    #[schema(example = "HEALTH")]
    pub id: String,
    pub name: &'static str,
}
