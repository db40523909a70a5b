//! Phrases that reviewers gave as harmless.

use std::collections::BTreeMap;

use super::PhraseProposal;
use crate::rescan::review::ReviewState;
use crate::store::reviews::Decided;

/// One proposal a phrase, whatever its capitals: for the categories it was dismissed in, with the first reason given.
pub fn phrases(decided: &[Decided]) -> Vec<PhraseProposal> {
    let mut by_phrase: BTreeMap<String, PhraseProposal> = BTreeMap::new();
    for one in decided.iter().filter(|one| one.review.decision == ReviewState::Dismissed) {
        let Some(reason) = &one.review.reason else { continue };
        let Some(phrase) = reason.phrase.as_deref() else { continue };
        let phrase = phrase.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let given = reason.text.clone().unwrap_or_else(|| reason.code.label().to_lowercase());
        let proposal = by_phrase.entry(phrase.clone()).or_insert_with(|| PhraseProposal {
            phrase,
            reason: given,
            categories: Vec::new(),
            dismissed: 0,
        });
        proposal.dismissed += 1;
        if !proposal.categories.contains(&one.category) {
            proposal.categories.push(one.category);
            proposal.categories.sort_unstable();
        }
    }
    by_phrase.into_values().collect()
}
