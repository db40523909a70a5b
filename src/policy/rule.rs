//! One rule of a profile: what it is about, from which score, and what it asks for.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::category::Category;
use crate::finding::Finding;

/// One line of a profile. Absent members fit everything.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<Category>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subcategories: Option<Vec<String>>,
    /// Names of the fields it holds for; a trailing `*` fits any ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    /// Names of the rules whose findings it holds for, as `health/diabete`; a trailing `*` fits any ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<String>>,
    /// Least score, 0..=1.
    #[serde(default)]
    pub min_score: f32,
    /// Least scores beside another finding; absent: `min_score`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<Beside>,
    pub action: Action,
}

/// Least scores, 0..=1, where another finding of the note calls for a warning by itself. The note is read again anyway:
/// a doubt more costs its reader little, and what is passed over there stays in the file.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Beside a finding of the same category.
    pub same_category: f32,
    /// Beside findings of other categories only.
    pub other: f32,
}

/// Whether a name is one of a list, whose trailing `*` fits any ending.
fn listed(list: &[String], name: &str) -> bool {
    list.iter().any(|l| l.strip_suffix('*').map_or(l == name, |head| name.starts_with(head)))
}

impl PolicyRule {
    /// The least score beside a finding of the same category, or of another.
    pub(super) fn least_beside(&self, same: bool) -> f32 {
        self.beside.map_or(self.min_score, |beside| if same { beside.same_category } else { beside.other })
    }

    /// Whether the rule is about such a finding, whatever its score.
    pub(super) fn concerns(&self, finding: &Finding, field: Option<&str>) -> bool {
        self.categories.as_ref().is_none_or(|list| list.contains(&finding.category))
            && self
                .subcategories
                .as_ref()
                .is_none_or(|list| finding.subcategory.is_some_and(|s| list.iter().any(|l| l == s)))
            && self.fields.as_ref().is_none_or(|list| field.is_some_and(|f| listed(list, f)))
            && self.rules.as_ref().is_none_or(|list| listed(list, &finding.rule))
    }
}
