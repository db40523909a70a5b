//! Findings and a profile in, actions and a verdict out.
//!
//! A profile is a list of rules read from top to bottom: the first that fits a finding (category, subcategory,
//! field, score) gives its action; a finding that none fits is allowed. `extends` appends another profile's rules.
//! Findings are judged together: beside one that calls for a warning, a lesser score is enough ([`Beside`]).

mod rule;
mod severity;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use rule::{Beside, PolicyRule};
pub use severity::{Severity, severity};

use crate::category::Category;
use crate::finding::Finding;

/// What to do about one finding, from the mildest to the gravest.
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
pub enum Action {
    /// Lawful here: not shown.
    Allow,
    /// Listed, but the verdict stays `clear`.
    Report,
    /// The writer is asked to reword.
    Warn,
    /// The note should not be saved as it is.
    Block,
}

impl Action {
    /// The id used in data files, in the API and in the store.
    pub fn id(self) -> &'static str {
        match self {
            Action::Allow => "allow",
            Action::Report => "report",
            Action::Warn => "warn",
            Action::Block => "block",
        }
    }
}

/// What to do about the note: the worst of its findings' actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Clear,
    Warn,
    Block,
}

impl Verdict {
    /// The verdict of a note whose findings call for these actions.
    pub fn of(actions: impl IntoIterator<Item = Action>) -> Self {
        match actions.into_iter().max() {
            Some(Action::Block) => Verdict::Block,
            Some(Action::Warn) => Verdict::Warn,
            _ => Verdict::Clear,
        }
    }
}

/// A named policy.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub id: String,
    /// French name shown to people.
    pub label: String,
    /// French sentence: for whom, and what differs.
    pub description: String,
    /// The profile whose rules follow this one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// Whether a writer may save a blocked note after giving a reason. Inherited; they may if nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save_with_reason: Option<bool>,
    #[serde(default, rename = "rule")]
    pub rules: Vec<PolicyRule>,
}

impl Profile {
    /// Whether a writer may save a blocked note after giving a reason.
    pub fn may_save_with_reason(&self) -> bool {
        self.save_with_reason.unwrap_or(true)
    }

    /// The action for a finding made in a field, by itself.
    pub fn action(&self, finding: &Finding, field: Option<&str>) -> Action {
        self.first(finding, field, |rule| rule.min_score)
    }

    /// The actions for all findings of a note, in their order. One that calls for a warning by itself makes the
    /// others stand from the scores that [`Beside`] gives; those do not make further ones stand.
    pub fn actions(&self, findings: &[&Finding], field: Option<&str>) -> Vec<Action> {
        let mut actions: Vec<Action> = findings.iter().map(|f| self.action(f, field)).collect();
        let standing: Vec<Category> = std::iter::zip(findings, &actions)
            .filter(|(_, action)| **action >= Action::Warn)
            .map(|(finding, _)| finding.category)
            .collect();
        if !standing.is_empty() {
            for (finding, action) in
                std::iter::zip(findings, &mut actions).filter(|(_, a)| **a < Action::Warn)
            {
                let same = standing.contains(&finding.category);
                *action = self.first(finding, field, |rule| rule.least_beside(same));
            }
        }
        actions
    }

    /// The action of the first rule that fits, each from its least score.
    fn first(&self, finding: &Finding, field: Option<&str>, least: impl Fn(&PolicyRule) -> f32) -> Action {
        let fits = |rule: &&PolicyRule| finding.score >= least(rule) && rule.concerns(finding, field);
        self.rules.iter().find(fits).map_or(Action::Allow, |rule| rule.action)
    }
}

/// A policy file is wrong, or a profile is asked for that does not exist.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("unknown profile `{name}`; known: {known}")]
    UnknownProfile { name: String, known: String },
    #[error("{file}:{line}: {message}")]
    Syntax { file: String, line: usize, message: String },
    #[error("{file}: {message}")]
    Invalid { file: String, message: String },
    #[error("cannot read {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
}

/// The shipped profiles, by file.
const EMBEDDED: [(&str, &str); 7] = [
    ("default.toml", include_str!("../lexicons/policy/default.toml")),
    ("insurance-health.toml", include_str!("../lexicons/policy/insurance-health.toml")),
    ("bank.toml", include_str!("../lexicons/policy/bank.toml")),
    ("social-housing.toml", include_str!("../lexicons/policy/social-housing.toml")),
    ("recruitment.toml", include_str!("../lexicons/policy/recruitment.toml")),
    ("retail.toml", include_str!("../lexicons/policy/retail.toml")),
    ("strict.toml", include_str!("../lexicons/policy/strict.toml")),
];

/// Name of the profile used when none is asked for.
pub const DEFAULT_PROFILE: &str = "default";

/// Every profile, by id, with `extends` resolved.
#[derive(Clone, Debug)]
pub struct Policies {
    profiles: BTreeMap<String, Profile>,
}

impl Policies {
    /// The shipped profiles, then those of `DIR/policy/*.toml`, which may replace a shipped one of the same id.
    pub fn load(user_dir: Option<&Path>) -> Result<Self, PolicyError> {
        Self::load_with(user_dir, &[])
    }

    /// The same with further profiles, as (file name, content), to try them before they are saved.
    pub fn load_with(user_dir: Option<&Path>, texts: &[(&str, &str)]) -> Result<Self, PolicyError> {
        let mut raw = BTreeMap::new();
        for (file, text) in EMBEDDED {
            let profile = parse(file, text)?;
            raw.insert(profile.id.clone(), (file.to_owned(), profile));
        }
        for path in user_files(user_dir)? {
            let text = std::fs::read_to_string(&path)
                .map_err(|source| PolicyError::Read { path: path.clone(), source })?;
            let file = path.display().to_string();
            let profile = parse(&file, &text)?;
            raw.insert(profile.id.clone(), (file, profile));
        }
        for (file, text) in texts {
            let profile = parse(file, text)?;
            raw.insert(profile.id.clone(), ((*file).to_owned(), profile));
        }
        let profiles = raw.keys().map(|id| Ok((id.clone(), resolve(id, &raw)?))).collect::<Result<_, _>>()?;
        Ok(Self { profiles })
    }

    /// The profile of that name.
    pub fn get(&self, name: &str) -> Result<&Profile, PolicyError> {
        self.profiles.get(name).ok_or_else(|| PolicyError::UnknownProfile {
            name: name.to_owned(),
            known: self.profiles.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// Every profile, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values()
    }
}

fn user_files(user_dir: Option<&Path>) -> Result<Vec<PathBuf>, PolicyError> {
    let Some(dir) = user_dir.map(|d| d.join("policy")).filter(|d| d.is_dir()) else { return Ok(Vec::new()) };
    let entries =
        std::fs::read_dir(&dir).map_err(|source| PolicyError::Read { path: dir.clone(), source })?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "toml"))
        .collect();
    files.sort();
    Ok(files)
}

fn parse(file: &str, text: &str) -> Result<Profile, PolicyError> {
    let profile: Profile = toml::from_str(text).map_err(|e| PolicyError::Syntax {
        file: file.to_owned(),
        line: e.span().map_or(1, |s| text[..s.start].matches('\n').count() + 1),
        message: e.message().to_owned(),
    })?;
    let invalid = |message: String| Err(PolicyError::Invalid { file: file.to_owned(), message });
    for rule in &profile.rules {
        if !(0.0..=1.0).contains(&rule.min_score) {
            return invalid(format!("min_score {} is not between 0 and 1", rule.min_score));
        }
        if let Some(Beside { same_category, other }) = rule.beside
            && [same_category, other].iter().any(|least| !(0.0..=rule.min_score).contains(least))
        {
            return invalid(format!(
                "beside {{ same_category = {same_category}, other = {other} }} is not between 0 and min_score {}",
                rule.min_score
            ));
        }
        for name in rule.subcategories.iter().flatten() {
            let of = rule.categories.as_deref().unwrap_or(&Category::ALL);
            if !of.iter().any(|c| c.subcategory(name).is_some()) {
                return invalid(format!("unknown subcategory `{name}`"));
            }
        }
    }
    Ok(profile)
}

/// Follows `extends` to the end.
fn resolve(id: &str, raw: &BTreeMap<String, (String, Profile)>) -> Result<Profile, PolicyError> {
    let (file, own) = &raw[id];
    let mut profile = own.clone();
    let mut seen = vec![id.to_owned()];
    let mut next = own.extends.clone();
    while let Some(parent) = next {
        if seen.contains(&parent) {
            return Err(PolicyError::Invalid {
                file: file.clone(),
                message: format!("`extends` goes round in a circle: {} → {parent}", seen.join(" → ")),
            });
        }
        let Some((_, base)) = raw.get(&parent) else {
            return Err(PolicyError::Invalid {
                file: file.clone(),
                message: format!("extends `{parent}`, which does not exist"),
            });
        };
        profile.rules.extend(base.rules.iter().cloned());
        profile.save_with_reason = profile.save_with_reason.or(base.save_with_reason);
        next = base.extends.clone();
        seen.push(parent);
    }
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn finding(category: Category, subcategory: Option<&'static str>, score: f32) -> Finding {
        Finding { category, subcategory, span: Span::new(0, 1), score, sources: vec![], rule: "test".into() }
    }

    #[test]
    fn the_shipped_profiles_load_and_say_what_they_are() {
        let policies = Policies::load(None).unwrap();
        assert_eq!(policies.iter().count(), EMBEDDED.len());
        for profile in policies.iter() {
            assert!(!profile.label.is_empty() && profile.description.len() > 20, "{}", profile.id);
        }
    }

    #[test]
    fn health_insurers_may_note_an_illness_but_not_a_faith() {
        let policies = Policies::load(None).unwrap();
        let profile = policies.get("insurance-health").unwrap();
        assert!(profile.action(&finding(Category::Health, Some("illness"), 0.95), None) <= Action::Report);
        assert_eq!(profile.action(&finding(Category::ReligionBelief, None, 0.95), None), Action::Block);
    }

    #[test]
    fn a_rule_for_a_field_holds_there_only() {
        let rule = PolicyRule {
            categories: None,
            subcategories: None,
            fields: Some(vec!["adresse*".into()]),
            rules: None,
            min_score: 0.0,
            beside: None,
            action: Action::Allow,
        };
        let any = finding(Category::Identifier, Some("address"), 0.9);
        assert!(rule.concerns(&any, Some("adresse_livraison")));
        assert!(!rule.concerns(&any, Some("commentaire")) && !rule.concerns(&any, None));
    }

    #[test]
    fn a_doubt_is_a_warning_only_beside_something_sure() {
        let text = "id = 'x'\nlabel = 'x'\ndescription = 'x'\n[[rule]]\ncategories = ['nir']\naction = 'report'\n\
                    [[rule]]\nmin_score = 0.7\nbeside = { same_category = 0.3, other = 0.5 }\naction = 'warn'\n";
        let policies = Policies::load_with(None, &[("x.toml", text)]).unwrap();
        let actions = |scores: &[(Category, f32)]| {
            let found: Vec<Finding> = scores.iter().map(|(c, s)| finding(*c, None, *s)).collect();
            policies.get("x").unwrap().actions(&found.iter().collect::<Vec<_>>(), None)
        };
        use Action::{Allow, Report, Warn};
        use Category::{Health, Nir, Offence};
        assert_eq!(actions(&[(Health, 0.6), (Health, 0.6), (Offence, 0.6)]), [Allow, Allow, Allow]);
        assert_eq!(actions(&[(Health, 0.3), (Health, 0.7), (Offence, 0.5)]), [Warn, Warn, Warn]);
        assert_eq!(actions(&[(Health, 0.29), (Health, 0.9), (Offence, 0.49)]), [Allow, Warn, Allow]);
        // What stands thanks to another does not help a third, and a rule that lists goes on listing.
        assert_eq!(actions(&[(Offence, 0.4), (Health, 0.9), (Offence, 0.5)]), [Allow, Warn, Warn]);
        assert_eq!(actions(&[(Nir, 0.9), (Health, 0.9)]), [Report, Warn]);
        assert_eq!(actions(&[(Nir, 0.9), (Health, 0.6)]), [Report, Allow]);
    }

    #[test]
    fn scores_beside_a_finding_may_not_be_higher() {
        let text = "id = 'x'\nlabel = 'x'\ndescription = 'x'\n[[rule]]\nmin_score = 0.7\n\
                    beside = { same_category = 0.3, other = 0.8 }\naction = 'warn'\n";
        let error = Policies::load_with(None, &[("x.toml", text)]).unwrap_err().to_string();
        assert!(error.contains("other = 0.8") && error.contains("min_score 0.7"), "{error}");
    }

    #[test]
    fn a_rule_may_hold_for_what_some_lexicon_entries_find() {
        let text = "id = 'x'\nlabel = 'x'\ndescription = 'x'\n[[rule]]\nrules = ['test', 'health/*']\naction = 'block'\n";
        let policies = Policies::load_with(None, &[("x.toml", text)]).unwrap();
        let profile = policies.get("x").unwrap();
        let mut found = finding(Category::Health, None, 0.9);
        assert_eq!(profile.action(&found, None), Action::Block);
        found.rule = "health/x".into();
        assert_eq!(profile.action(&found, None), Action::Block);
        found.rule = "nir/x".into();
        assert_eq!(profile.action(&found, None), Action::Allow);
    }

    #[test]
    fn a_mistake_names_file_and_line() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("policy")).unwrap();
        let file = dir.path().join("policy/mine.toml");
        std::fs::write(
            &file,
            "id = \"mine\"\nlabel = \"x\"\ndescription = \"y\"\n[[rule]]\nacton = \"warn\"\n",
        )
        .unwrap();
        let error = Policies::load(Some(dir.path())).unwrap_err().to_string();
        assert!(error.contains("mine.toml:5:") || error.contains("mine.toml:4:"), "{error}");
        assert!(error.contains("acton"), "{error}");
    }

    #[test]
    fn a_circle_of_profiles_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("policy")).unwrap();
        for (a, b) in [("a", "b"), ("b", "a")] {
            let text = format!("id=\"{a}\"\nlabel=\"{a}\"\ndescription=\"{a}\"\nextends=\"{b}\"\n");
            std::fs::write(dir.path().join(format!("policy/{a}.toml")), text).unwrap();
        }
        assert!(Policies::load(Some(dir.path())).unwrap_err().to_string().contains("circle"));
    }
}
