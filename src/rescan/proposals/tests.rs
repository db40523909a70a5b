use super::*;
use crate::finding::Finding;
use crate::policy::Action;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::span::Span;
use crate::store::fixture::{Fixture, Found};
use crate::store::reviews;
use serde_json::json;

/// A store with reviewed findings: rule, field, how many dismissed, how many confirmed.
fn reviewed(sets: &[(&str, Option<&str>, usize, usize)]) -> Fixture {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({}));
    let unit = fixture.unit(row.no, "notes", &["comment"], 100);
    let dismissed = Decision::Dismissed(Reason::new(Grounds::OtherMeaning, None, None).unwrap());
    for (set, (rule, field, out, kept)) in sets.iter().enumerate() {
        for i in 0..out + kept {
            let key = format!("{set}-{i}");
            let print = fixture.finding(unit, &Found { key: &key, rule, field: *field, ..Found::default() });
            let decision = if i < *out { &dismissed } else { &Decision::Confirmed };
            reviews::decide(&fixture.connection(), &[print], decision, None).unwrap();
        }
    }
    fixture
}

fn rules_of(sets: &[(&str, Option<&str>, usize, usize)]) -> Vec<(String, Option<String>, u64, u64)> {
    let fixture = reviewed(sets);
    let decided = decided(&fixture.connection(), "default").unwrap();
    rules::rules(&decided).into_iter().map(|p| (p.rule, p.field, p.dismissed, p.kept)).collect()
}

#[test]
fn a_rule_is_proposed_from_five_dismissals_and_four_in_five() {
    let (a, b) = (Some("suivi"), Some("adresse"));
    let one = |field: Option<&str>, dismissed, kept| {
        vec![("health/x".to_owned(), field.map(str::to_owned), dismissed, kept)]
    };
    assert_eq!(rules_of(&[("health/x", a, 4, 0)]), []);
    assert_eq!(rules_of(&[("health/x", a, 5, 0)]), one(a, 5, 0));
    assert_eq!(rules_of(&[("health/x", a, 8, 2)]), one(a, 8, 2));
    assert_eq!(rules_of(&[("health/x", a, 8, 3)]), []);
    assert_eq!(rules_of(&[("classifier", a, 9, 0)]), []);
    // Noise everywhere: in the whole profile. Noise in one field: there only.
    assert_eq!(rules_of(&[("health/x", a, 4, 1), ("health/x", b, 4, 0)]), one(None, 8, 1));
    assert_eq!(rules_of(&[("health/x", a, 6, 0), ("health/x", b, 0, 9)]), one(a, 6, 0));
    assert_eq!(rules_of(&[("health/x", None, 6, 0)]), one(None, 6, 0));
}

#[test]
fn the_proposed_profile_compiles_and_leaves_the_rule_alone_in_that_field() {
    let fixture = reviewed(&[("health/diabete", Some("suivi"), 6, 1)]);
    let proposals = propose(&fixture.connection(), "default", None).unwrap();
    let (file, text) = proposals.policy.unwrap();
    assert_eq!(file, "default-revue.toml");
    assert!(text.contains("# écartée 6 fois sur 7\n"), "{text}");
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("policy")).unwrap();
    std::fs::write(dir.path().join("policy").join(&file), &text).unwrap();
    let policies = Policies::load(Some(dir.path())).unwrap();
    let profile = policies.get("default-revue").unwrap();
    let finding = Finding {
        category: Category::Health,
        subcategory: None,
        span: Span::new(0, 1),
        score: 0.95,
        sources: vec![],
        rule: "health/diabete".into(),
    };
    assert_eq!(profile.action(&finding, Some("suivi")), Action::Allow);
    assert_eq!(profile.action(&finding, Some("autre")), Action::Block);
    // Saved, it is not overwritten by the next one.
    let next = propose(&fixture.connection(), "default", Some(dir.path())).unwrap();
    assert_eq!(next.policy.unwrap().0, "default-revue-2.toml");
}

fn with_phrases(phrases: &[(&str, Category)]) -> Proposals {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({}));
    let unit = fixture.unit(row.no, "notes", &["comment"], 9);
    for (i, (phrase, category)) in phrases.iter().enumerate() {
        let key = i.to_string();
        let print = fixture.finding(unit, &Found { key: &key, category: *category, ..Found::default() });
        let reason =
            Reason::new(Grounds::OtherMeaning, Some("une gamme de \"produits\""), Some(phrase)).unwrap();
        reviews::decide(&fixture.connection(), &[print], &Decision::Dismissed(reason), None).unwrap();
    }
    propose(&fixture.connection(), "default", None).unwrap()
}

#[test]
fn a_phrase_becomes_an_entry_that_compiles_and_allows_it() {
    let proposals = with_phrases(&[
        ("Le diabète des plantes", Category::Health),
        ("le  diabète des plantes", Category::Genetic),
    ]);
    assert_eq!(proposals.refused, []);
    assert_eq!(proposals.phrases[0].dismissed, 2);
    let text = proposals.allow.unwrap();
    assert!(
        text.contains("# écartée 2 fois\n[[allow]]\n") && text.contains("\"health\", \"genetic\""),
        "{text}"
    );
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("allow.toml"), &text).unwrap();
    let rules = RuleSet::load(Some(dir.path())).unwrap();
    let last = rules.allows().last().unwrap();
    assert_eq!((&*last.reason, last.categories.len()), ("une gamme de \"produits\"", 2));
    let proposed = rules.scan(&crate::text::Document::new("Traité contre le diabète des plantes"));
    assert!(proposed.allows.iter().any(|(i, _)| *i as usize == rules.allows().len() - 1));
}

/// A phrase of a rule's own `flag` example would hide what the rule is for.
#[test]
fn a_phrase_that_would_silence_an_example_is_refused_and_the_others_are_kept() {
    let proposals = with_phrases(&[
        ("cancer du pancréas", Category::Health),
        ("le diabète des plantes", Category::Health),
    ]);
    let kept: Vec<&str> = proposals.phrases.iter().map(|p| p.phrase.as_str()).collect();
    assert_eq!(kept, ["le diabète des plantes"]);
    assert_eq!(proposals.refused[0].what, "cancer du pancréas");
    assert!(proposals.refused[0].why.starts_with("health/"), "{}", proposals.refused[0].why);
}

#[test]
fn decisions_under_another_profile_and_invented_notes_propose_nothing() {
    let fixture = reviewed(&[("health/x", Some("suivi"), 6, 0)]);
    let connection = fixture.connection();
    assert_eq!(propose(&connection, "bank", None).unwrap().rules, []);
    connection.execute("UPDATE review SET reason = '{\"code\":\"invented\"}'", []).unwrap();
    assert_eq!(propose(&connection, "default", None).unwrap().rules, []);
}
