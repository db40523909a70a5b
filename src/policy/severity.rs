//! How grave a disclosure is by law, whatever a profile does about it.

use serde::{Deserialize, Serialize};

use crate::category::Category;

/// How grave the disclosure is, whatever the profile does about it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
    utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Low,
    Medium,
    High,
}

impl Severity {
    /// The id used in the API and in the store.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }
}

/// Gravity by law: special categories, offences and the NIR have a regime of their own, and means of payment or
/// access harm at once when they leak.
pub fn severity(category: Category, subcategory: Option<&str>) -> Severity {
    match (category, subcategory) {
        (c, _) if c.is_special() => Severity::High,
        (Category::Offence | Category::Nir, _) => Severity::High,
        (Category::Identifier, Some("payment_card" | "iban" | "credential" | "access_code")) => {
            Severity::High
        }
        (Category::Judgement, Some("insult" | "contempt")) => Severity::High,
        (Category::Identifier, Some("phone" | "email" | "vehicle_plate")) => Severity::Low,
        _ => Severity::Medium,
    }
}
