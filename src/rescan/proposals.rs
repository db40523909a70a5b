//! What reviewers' dismissals ask to be changed: rules that are nearly always dismissed, and phrases they gave as harmless.
//!
//! A proposal is text in the format of a user's own folder of rules (`--rules-dir`): `policy/*.toml` for rules, `allow.toml`
//! for phrases. Each is tried with the real compiler, beside the shipped rules and the user's own, and kept only if every
//! example of every rule comes out as before. Nothing is changed by itself: a person saves what they agree with.

mod phrases;
mod rules;
mod toml;

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use serde::Serialize;

use crate::category::Category;
use crate::policy::{Policies, PolicyError};
use crate::rules::{Problem, RuleError, RuleSet, check};
use crate::store::reviews::decided;

/// Fewest dismissals for a rule to be proposed.
pub const FEWEST: u64 = 5;

/// Least share of dismissals among the decisions about it.
pub const SHARE: f64 = 0.8;

/// A rule to leave alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RuleProposal {
    pub rule: String,
    /// In this field; `null`: in all.
    pub field: Option<String>,
    pub dismissed: u64,
    /// Confirmed or fixed.
    pub kept: u64,
}

/// A phrase to allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PhraseProposal {
    pub phrase: String,
    /// Why it is harmless, in a reviewer's words.
    pub reason: String,
    #[schema(value_type = Vec<String>)]
    pub categories: Vec<Category>,
    /// Findings that were dismissed with it.
    pub dismissed: u64,
}

/// A proposal that the compiler does not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Refused {
    /// The phrase or the rule.
    pub what: String,
    pub why: String,
}

/// Everything proposed for a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Proposals {
    /// The profile the decisions were taken under.
    pub profile: String,
    pub rules: Vec<RuleProposal>,
    pub phrases: Vec<PhraseProposal>,
    pub refused: Vec<Refused>,
    /// Name of the policy file to save, and its content.
    pub policy: Option<(String, String)>,
    /// Content of `allow.toml`.
    pub allow: Option<String>,
}

/// Proposals cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    #[error(transparent)]
    Rules(#[from] RuleError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// What the decisions taken under a profile propose, beside the rules of `rules_dir`.
pub fn propose(
    connection: &Connection,
    profile: &str,
    rules_dir: Option<&Path>,
) -> Result<Proposals, ProposalError> {
    let policies = Policies::load(rules_dir)?;
    let base = policies.get(profile)?;
    let decided = decided(connection, profile)?;
    let rules = rules::rules(&decided);
    let (phrases, refused) = try_phrases(phrases::phrases(&decided), rules_dir)?;
    let policy = match rules.is_empty() {
        true => None,
        false => {
            let id = free_id(&policies, profile);
            let text = toml::policy(&id, base, &rules);
            let file = format!("{id}.toml");
            Policies::load_with(rules_dir, &[(&file, &text)])?;
            Some((file, text))
        }
    };
    let allow = (!phrases.is_empty()).then(|| toml::allow(&phrases));
    Ok(Proposals { profile: profile.to_owned(), rules, phrases, refused, policy, allow })
}

/// A name no profile has yet.
fn free_id(policies: &Policies, profile: &str) -> String {
    let names = (1..).map(|n| match n {
        1 => format!("{profile}-revue"),
        n => format!("{profile}-revue-{n}"),
    });
    let mut free = names.filter(|name| policies.get(name).is_err());
    free.next().unwrap_or_default()
}

/// Sorts the phrases into those the rules take and those they do not: all at once, and where that fails one by one.
fn try_phrases(
    phrases: Vec<PhraseProposal>,
    rules_dir: Option<&Path>,
) -> Result<(Vec<PhraseProposal>, Vec<Refused>), ProposalError> {
    if phrases.is_empty() {
        return Ok((phrases, Vec::new()));
    }
    let before = check::check(&Arc::new(RuleSet::load(rules_dir)?));
    if objection(&phrases, rules_dir, &before)?.is_none() {
        return Ok((phrases, Vec::new()));
    }
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for phrase in phrases {
        match objection(std::slice::from_ref(&phrase), rules_dir, &before)? {
            None => taken.push(phrase),
            Some(why) => refused.push(Refused { what: phrase.phrase, why }),
        }
    }
    Ok((taken, refused))
}

/// What the compiler, or an example of a rule that would not be found any more, has against phrases.
fn objection(
    phrases: &[PhraseProposal],
    rules_dir: Option<&Path>,
    before: &[Problem],
) -> Result<Option<String>, ProposalError> {
    let text = toml::allow(phrases);
    match RuleSet::load_with(rules_dir, &[("allow.toml", &text)]) {
        Ok(rules) => {
            let after = check::check(&Arc::new(rules));
            Ok(after
                .iter()
                .find(|problem| !before.contains(problem))
                .map(|p| format!("{}: {}", p.rule, p.message)))
        }
        Err(RuleError::Invalid(problems)) => Ok(problems.first().map(|p| p.message.clone())),
        Err(RuleError::Syntax { message, .. }) => Ok(Some(message)),
        Err(other) => Err(other.into()),
    }
}

#[cfg(test)]
mod tests;
