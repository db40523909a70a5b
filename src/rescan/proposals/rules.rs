//! Rules that reviewers nearly always dismiss.

use std::collections::BTreeMap;

use super::{FEWEST, RuleProposal, SHARE};
use crate::rescan::review::{Grounds, ReviewState};
use crate::store::reviews::Decided;

/// What the classifier's findings name as their rule; it is no entry that could be left alone.
const CLASSIFIER: &str = "classifier";

#[derive(Clone, Copy, Default)]
struct Decisions {
    dismissed: u64,
    kept: u64,
}

impl Decisions {
    fn is_noise(&self) -> bool {
        self.dismissed >= FEWEST && self.dismissed as f64 >= SHARE * (self.dismissed + self.kept) as f64
    }
}

/// Rules to leave alone: everywhere, where they are noise in every field that was reviewed; else in the fields where they
/// are.
pub fn rules(decided: &[Decided]) -> Vec<RuleProposal> {
    let mut by_rule: BTreeMap<&str, BTreeMap<Option<&str>, Decisions>> = BTreeMap::new();
    for one in decided.iter().filter(|one| one.rule != CLASSIFIER && !is_invented(one)) {
        let counts = by_rule.entry(&one.rule).or_default().entry(one.field.as_deref()).or_default();
        match one.review.decision {
            ReviewState::Dismissed => counts.dismissed += 1,
            _ => counts.kept += 1,
        }
    }
    let mut proposals = Vec::new();
    for (rule, fields) in by_rule {
        let propose = |field: Option<&str>, counts: Decisions| RuleProposal {
            rule: rule.to_owned(),
            field: field.map(str::to_owned),
            dismissed: counts.dismissed,
            kept: counts.kept,
        };
        let all = fields.values().fold(Decisions::default(), |sum, counts| Decisions {
            dismissed: sum.dismissed + counts.dismissed,
            kept: sum.kept + counts.kept,
        });
        let mostly =
            |counts: &Decisions| counts.dismissed as f64 >= SHARE * (counts.dismissed + counts.kept) as f64;
        if all.is_noise() && (fields.len() > 1 || fields.contains_key(&None)) && fields.values().all(mostly) {
            proposals.push(propose(None, all));
            continue;
        }
        let noisy = fields.into_iter().filter(|(field, counts)| field.is_some() && counts.is_noise());
        proposals.extend(noisy.map(|(field, counts)| propose(field, counts)));
    }
    proposals
}

/// Invented notes say nothing of real ones.
fn is_invented(decided: &Decided) -> bool {
    decided.review.reason.as_ref().is_some_and(|reason| reason.code == Grounds::Invented)
}
