//! Reads the parameters of a check. Those that mean nothing here (`motherTongue`, `preferredVariants`, …) are taken and
//! left alone, as LanguageTool's clients send many.

use super::annotated::Annotated;
use super::selection::Selection;
use crate::http::form::Form;
use crate::http::how::How;
use crate::http::problem::{Problem, Violation};
use crate::http::state::AppState;
use crate::span::OffsetUnit;

/// A check as documented.
#[derive(utoipa::ToSchema, utoipa::IntoParams)]
#[schema(as = LanguageToolCheck)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the parameters that `Parameters::read` reads")]
#[serde(rename_all = "camelCase")]
pub struct CheckForm {
    /// The text; this or `data`.
    #[schema(example = "Client diabétique type 2")]
    text: Option<String>,
    /// JSON: `{"annotation": [{"text": "A "}, {"markup": "<b>"}, {"text": "test"}]}`. Markup is not scanned; offsets
    /// count it. A markup's `interpretAs` is scanned in its place.
    data: Option<String>,
    /// `fr` or one of its variants, or `auto`. `en` is taken, as many clients send it unasked; all is read as French.
    #[schema(example = "fr")]
    language: String,
    /// `picky` also shows what the profile only reports.
    level: Option<String>,
    /// Rule ids, separated by commas: shown whatever their category.
    enabled_rules: Option<String>,
    /// Rule ids, separated by commas: not shown.
    disabled_rules: Option<String>,
    /// Category ids, separated by commas.
    enabled_categories: Option<String>,
    /// Category ids, separated by commas.
    disabled_categories: Option<String>,
    /// `true`: only `enabledRules` and `enabledCategories` are shown.
    enabled_only: Option<String>,
    /// `textLevelOnly` gives no match: no rule here needs the whole text.
    mode: Option<String>,
    /// Taken and not looked at.
    username: Option<String>,
    /// A key, if the server has keys and no `Authorization` header is sent.
    api_key: Option<String>,
    /// Policy profile. LanguageTool has no such parameter.
    profile: Option<String>,
    /// Name of the field being edited. LanguageTool has no such parameter.
    field: Option<String>,
}

/// What to check, and what to show of it.
pub struct Parameters {
    pub text: Annotated,
    pub selection: Selection,
    pub how: How,
    pub field: Option<String>,
    /// `mode=textLevelOnly`, which add-ons ask for beside the check of each paragraph.
    pub text_level_only: bool,
}

impl Parameters {
    pub fn read(mut form: Form, state: &AppState) -> Result<Self, Problem> {
        let mut wrong = Vec::new();
        match form.get("language") {
            Some(language) if known(language) => (),
            Some(_) => {
                wrong.push(Violation::new("?language", "expected fr, one of its variants, en or auto"))
            }
            None => wrong.push(Violation::new("?language", "missing: expected fr or auto")),
        }
        let selection = Selection::read(&form, &mut wrong);
        let text = match (form.take("text"), form.take("data")) {
            (Some(_), Some(_)) => Err(("?text", "expected text or data, not both")),
            (None, None) => Err(("?text", "missing: expected text or data")),
            (Some(text), None) => Ok(Annotated::text(text)),
            (None, Some(data)) => Annotated::data(&data).map_err(|fault| ("?data", fault)),
        };
        match text {
            Ok(text) if wrong.is_empty() => Ok(Self {
                text,
                selection,
                how: How {
                    profile: form.take("profile").unwrap_or_else(|| state.config().profile.clone()),
                    offsets: OffsetUnit::Utf8,
                    min_score: 0.0,
                },
                field: form.take("field"),
                text_level_only: form.get("mode") == Some("textLevelOnly"),
            }),
            Ok(_) => Err(Problem::bad_parameters(wrong)),
            Err((name, fault)) => {
                wrong.push(Violation::new(name, fault));
                Err(Problem::bad_parameters(wrong))
            }
        }
    }
}

/// `auto`, or `fr` or `en` with or without a country.
fn known(language: &str) -> bool {
    let base = language.split(['-', '_']).next().unwrap_or_default();
    ["auto", "fr", "en"].iter().any(|known| base.eq_ignore_ascii_case(known))
}
