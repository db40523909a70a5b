//! Checks a set of rules against its own examples, as `vigie rules check` and the tests do.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Problem, Rule, RuleSet};
use crate::category::Category;
use crate::detect::lexicon::LexiconDetector;
use crate::finding::{Candidate, Strength};
use crate::text::Document;

/// From this score a candidate of the lexicon counts as found.
const FOUND: f32 = 0.5;

/// Everything wrong with a set that compiled: examples that fail, terms written twice.
pub fn check(rules: &Arc<RuleSet>) -> Vec<Problem> {
    let detector = LexiconDetector::new(rules.clone());
    let mut problems = Vec::new();
    for rule in rules.rules() {
        problems.extend(shape(rule).map(|message| problem(rule, message.into())));
        for example in &rule.flag {
            let candidates = detector.candidates(&Document::new(example));
            if !candidates.iter().any(|c| c.category == rule.category && is_found(c)) {
                problems.push(problem(rule, format!("not flagged: « {example} »{}", why(rule, &candidates))));
            }
        }
        for example in &rule.pass {
            let raised = detector.candidates(&Document::new(example));
            if let Some(c) = raised.iter().find(|c| c.rule == rule.name && is_found(c)) {
                let words = c.span.of(example);
                problems.push(problem(rule, format!("flags « {words} » in « {example} »")));
            }
        }
    }
    problems.extend(duplicates(rules.rules()));
    problems
}

/// What an entry lacks, or has in vain.
fn shape(rule: &Rule) -> impl Iterator<Item = &'static str> {
    let context = rule.strength == Strength::Context;
    let checks = [
        (rule.strength != Strength::Weak && rule.flag.is_empty(), "no `flag` example"),
        (context && rule.needs.is_empty(), "a context entry without `needs`"),
        (!context && !rule.needs.is_empty(), "`needs` is for context entries; it has no effect here"),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, message)| message)
}

/// Terms that two entries of a category share.
fn duplicates(rules: &[Rule]) -> Vec<Problem> {
    let mut first: FxHashMap<(Category, &str), &Rule> = FxHashMap::default();
    let mut problems = Vec::new();
    for rule in rules {
        for term in &rule.terms {
            match first.insert((rule.category, term), rule) {
                Some(other) if std::ptr::eq(other, rule) => {
                    problems.push(problem(rule, format!("the term `{term}` is written twice")));
                }
                Some(other) => {
                    problems.push(problem(rule, format!("the term `{term}` is also one of {}", other.name)));
                }
                None => {}
            }
        }
    }
    problems
}

fn problem(rule: &Rule, message: String) -> Problem {
    Problem { file: rule.file.clone(), line: rule.line, rule: rule.name.to_string(), message }
}

fn is_found(candidate: &Candidate) -> bool {
    candidate.veto.is_none() && candidate.score >= FOUND
}

/// What became of a rule's own match, to help whoever wrote it.
fn why(rule: &Rule, candidates: &[Candidate]) -> String {
    match candidates.iter().find(|c| c.rule == rule.name) {
        None => " (no term matches)".into(),
        Some(Candidate { veto: Some(reason), .. }) => format!(" (vetoed: {reason})"),
        Some(_) if rule.strength == Strength::Context => " (no cue of `needs` is near)".into(),
        Some(c) => format!(" (scored {:.2})", c.score),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_lexicons_are_right() {
        let problems = check(&RuleSet::for_tests());
        let list: Vec<String> = problems.iter().map(Problem::to_string).collect();
        assert!(list.is_empty(), "{} problem(s):\n{}", list.len(), list.join("\n"));
    }

    #[test]
    fn wrong_examples_and_duplicates_are_named() {
        let text = r#"
            category = "health"
            [[entry]]
            id = "a"
            strength = "strong"
            terms = ["malade/a"]
            flag = ["Cliente en forme"]
            pass = ["Cliente malade"]
            [[entry]]
            id = "b"
            strength = "context"
            terms = ["malade/a"]
            needs = ["depuis"]
        "#;
        let rules = Arc::new(RuleSet::from_texts(&[("health.toml", text)]).unwrap());
        let messages: Vec<String> = check(&rules).into_iter().map(|p| p.message).collect();
        assert_eq!(messages.len(), 4, "{messages:?}");
        assert!(messages[0].contains("no term matches"));
        assert!(messages[1].contains("flags « malade »"));
        assert!(messages[2].contains("no `flag`"));
        assert!(messages[3].contains("also one of health/a"));
    }
}
