//! Which rules a client wants: `enabledOnly`, `enabledRules`, `disabledRules`, `enabledCategories`,
//! `disabledCategories`, `level`.

use std::collections::HashSet;

use crate::answer::AnswerFinding;
use crate::http::form::Form;
use crate::http::problem::Violation;
use crate::policy::Action;

/// Ids as a client lists them, in lower case, as nobody should have to remember ours to the letter.
type Ids = HashSet<String>;

/// What to show.
pub struct Selection {
    only: bool,
    enabled_rules: Ids,
    disabled_rules: Ids,
    enabled_categories: Ids,
    disabled_categories: Ids,
    /// `level=picky`: also what the profile only reports.
    picky: bool,
}

impl Selection {
    /// Takes the parameters and adds what is wrong with them.
    pub fn read(form: &Form, wrong: &mut Vec<Violation>) -> Self {
        let ids = |name: &str| -> Ids {
            let list = form.get(name).unwrap_or_default().split(',').map(str::trim);
            list.filter(|id| !id.is_empty()).map(str::to_lowercase).collect()
        };
        let selection = Self {
            only: matches!(form.get("enabledOnly"), Some("true" | "yes")),
            enabled_rules: ids("enabledRules"),
            disabled_rules: ids("disabledRules"),
            enabled_categories: ids("enabledCategories"),
            disabled_categories: ids("disabledCategories"),
            picky: form.get("level") == Some("picky"),
        };
        if !matches!(form.get("level"), None | Some("default" | "picky" | "")) {
            wrong.push(Violation::new("?level", "expected default or picky"));
        }
        if selection.only {
            let (enabled, disabled) = (
                selection.enabled_rules.len() + selection.enabled_categories.len(),
                selection.disabled_rules.len() + selection.disabled_categories.len(),
            );
            if disabled > 0 {
                wrong.push(Violation::new(
                    "?enabledOnly",
                    "goes without disabledRules and disabledCategories",
                ));
            } else if enabled == 0 {
                wrong.push(Violation::new("?enabledOnly", "needs enabledRules or enabledCategories"));
            }
        }
        selection
    }

    /// Whether a finding is to be shown. What names a rule weighs more than what names its category, and what
    /// enables more than what disables.
    pub fn wants(&self, finding: &AnswerFinding) -> bool {
        let names = [rule_id(finding).to_lowercase(), finding.rule.to_lowercase()];
        let listed = |ids: &Ids| names.iter().any(|name| ids.contains(name));
        let category = finding.category.id();
        let rule_on = listed(&self.enabled_rules);
        let category_on = self.enabled_categories.contains(category);
        if rule_on || (category_on && !listed(&self.disabled_rules)) {
            return true;
        }
        !self.only
            && !listed(&self.disabled_rules)
            && !self.disabled_categories.contains(category)
            && (self.picky || finding.action > Action::Report)
    }
}

/// The id of the kind of finding: what a client lists to switch it off.
pub fn rule_id(finding: &AnswerFinding) -> String {
    let mut id = format!("VIGIE_{}", finding.category.id());
    if let Some(subcategory) = finding.subcategory {
        id.push('_');
        id.push_str(subcategory);
    }
    id.make_ascii_uppercase();
    id
}

/// The id of a finding's category.
pub fn category_id(finding: &AnswerFinding) -> String {
    finding.category.id().to_ascii_uppercase()
}
