use super::*;
use crate::category::Category;
use crate::policy::Action;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::store::fixture::{Fixture, Found};
use serde_json::json;

/// Two rescans of two tables; the first has five findings in four notes.
fn filled() -> (Fixture, String, Vec<Fingerprint>) {
    let fixture = Fixture::new();
    let first = fixture.rescan(json!({"authors": true}));
    let notes = fixture.unit(first.no, "notes", &["comment", "other"], 10);
    let calls = fixture.unit(first.no, "calls", &["comment"], 5);
    let identifier = Found {
        category: Category::Identifier,
        subcategory: Some("phone"),
        words: "06",
        action: Action::Warn,
        rule: "identifier/phone",
        score: 0.7,
        ..Found::default()
    };
    let found = [
        (notes, Found { key: "2", month: Some("2024-01"), team: Some("Nord"), ..Found::default() }),
        (notes, Found { key: "2", team: Some("Nord"), ..identifier.clone() }),
        (notes, Found { key: "10", author: Some("jd"), month: Some("2024-02"), ..Found::default() }),
        (notes, Found { key: "2", column: "other", field: None, ..identifier.clone() }),
        (calls, Found { key: "1", ..identifier.clone() }),
    ];
    let prints = found.iter().map(|(unit, found)| fixture.finding(*unit, found)).collect();
    let second = fixture.rescan(json!({}));
    let again = fixture.unit(second.no, "notes", &["comment"], 10);
    fixture.finding(again, &Found { key: "2", ..Found::default() });
    (fixture, first.id, prints)
}

fn notes(page: &Page) -> Vec<String> {
    page.findings.iter().map(|f| format!("{}/{}/{}/{}", f.unit, f.note, f.column, f.category)).collect()
}

const ALL: [&str; 5] = [
    "notes/10/comment/health",
    "notes/2/comment/health",
    "notes/2/comment/identifier",
    "notes/2/other/identifier",
    "calls/1/comment/identifier",
];

#[test]
fn pages_of_any_size_join_to_the_whole_list() {
    let (fixture, id, _) = filled();
    let connection = fixture.connection();
    let filter = Filter::rescan(&id);
    for size in 1..=6 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = list(&connection, &filter, after.as_ref(), size).unwrap();
            assert!(page.findings.len() <= size as usize && !page.findings.is_empty());
            seen.extend(notes(&page));
            let Some(next) = page.next else { break };
            // As a client hands it back.
            after = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(seen, ALL, "pages of {size}");
    }
    let mut all = Vec::new();
    each(&connection, &filter, |f| {
        all.push(f);
        Ok::<(), FindingsError>(())
    })
    .unwrap();
    assert_eq!(all, list(&connection, &filter, None, 100).unwrap().findings);
}

#[test]
fn each_filter_keeps_what_it_says() {
    let (fixture, id, prints) = filled();
    let connection = fixture.connection();
    reviews::decide(&connection, &prints[..1], &Decision::Confirmed, None).unwrap();
    let of = |change: &dyn Fn(&mut Filter)| {
        let mut filter = Filter::rescan(&id);
        change(&mut filter);
        let listed = notes(&list(&connection, &filter, None, 100).unwrap());
        let counted = counts(&connection, &filter, &[]).unwrap();
        assert_eq!(counted[0].findings, listed.len() as u64);
        listed
    };
    assert_eq!(of(&|f| f.unit = Some("calls".into())), &ALL[4..]);
    assert_eq!(of(&|f| f.column = Some("other".into())), &ALL[3..4]);
    assert_eq!(of(&|f| f.field = Some("comment".into())), [ALL[0], ALL[1], ALL[2], ALL[4]]);
    assert_eq!(of(&|f| f.category = Some(Category::Health)), &ALL[..2]);
    assert_eq!(of(&|f| f.severity = Some(crate::policy::Severity::Low)), &ALL[2..]);
    assert_eq!(of(&|f| f.action = Some(Action::Block)), &ALL[..2]);
    assert_eq!(of(&|f| f.team = Some("Nord".into())), &ALL[1..3]);
    assert_eq!(of(&|f| f.month = Some("2024-02".into())), &ALL[..1]);
    assert_eq!(of(&|f| f.rule = Some("identifier/phone".into())), &ALL[2..]);
    assert_eq!(of(&|f| f.min_score = Some(0.9)), &ALL[..2]);
    assert_eq!(of(&|f| f.review = Some(ReviewState::Confirmed)), &ALL[1..2]);
    assert_eq!(of(&|f| f.review = Some(ReviewState::ToReview)), [ALL[0], ALL[2], ALL[3], ALL[4]]);
    assert_eq!(of(&|f| f.rule = Some("' OR 1 --".into())), [""; 0]);
    let everywhere = list(&connection, &Filter::default(), None, 100).unwrap();
    assert_eq!(everywhere.findings.len(), 6);
}

#[test]
fn a_finding_carries_its_review() {
    let (fixture, id, prints) = filled();
    let connection = fixture.connection();
    let reason = Reason::new(Grounds::Nobody, Some("une gamme"), None).unwrap();
    reviews::decide(&connection, &prints[..1], &Decision::Dismissed(reason.clone()), Some("ana")).unwrap();
    let finding = newest(&connection, &prints[0]).unwrap().unwrap();
    // The second rescan found it too: the decision holds there.
    assert_ne!(finding.rescan, id);
    let review = finding.review.unwrap();
    assert_eq!((finding.state, review.by.as_deref()), (ReviewState::Dismissed, Some("ana")));
    assert_eq!(review.reason, Some(reason));
    assert_eq!(finding.sources, ["lexicon", "classifier"]);
    assert_eq!((finding.start, finding.end), (7, 13));
}

#[test]
fn counts_group_by_anything() {
    let (fixture, id, _) = filled();
    let connection = fixture.connection();
    let of = |by: &[Dimension]| {
        let counts = counts(&connection, &Filter::rescan(&id), by).unwrap();
        counts
            .iter()
            .map(|c| {
                let key: Vec<&str> = c.key.iter().map(|k| k.as_deref().unwrap_or("-")).collect();
                format!("{}: {} in {}", key.join(" "), c.findings, c.notes)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&[]), [": 5 in 4"]);
    assert_eq!(of(&[Dimension::Category]), ["identifier: 3 in 3", "health: 2 in 2"]);
    assert_eq!(of(&[Dimension::Team]), ["-: 3 in 3", "Nord: 2 in 1"]);
    assert_eq!(of(&[Dimension::Month]), ["-: 3 in 3", "2024-01: 1 in 1", "2024-02: 1 in 1"]);
    assert_eq!(
        of(&[Dimension::Unit, Dimension::Column]),
        ["notes comment: 3 in 2", "calls comment: 1 in 1", "notes other: 1 in 1"]
    );
    assert_eq!(of(&[Dimension::Author]), ["-: 4 in 3", "jd: 1 in 1"]);
    for (by, groups) in [
        (Dimension::Severity, 2),
        (Dimension::Action, 2),
        (Dimension::Field, 2),
        (Dimension::Rule, 2),
        (Dimension::Review, 1),
        (Dimension::Subcategory, 2),
    ] {
        assert_eq!(of(&[by]).len(), groups, "{by:?}");
    }
}

#[test]
fn authors_are_counted_only_where_a_rescan_kept_them() {
    let (fixture, _, _) = filled();
    let connection = fixture.connection();
    let other = crate::store::rescans::list(&connection).unwrap()[0].id.clone();
    for filter in [Filter::rescan(other), Filter::default()] {
        let error = counts(&connection, &filter, &[Dimension::Author]).unwrap_err();
        assert!(matches!(error, FindingsError::Authors), "{error}");
    }
}

#[test]
fn an_unknown_rescan_is_named() {
    let fixture = Fixture::new();
    let error = list(&fixture.connection(), &Filter::rescan("r-x"), None, 1).unwrap_err().to_string();
    assert!(error.contains("r-x"), "{error}");
}

/// A page deep in a large table must cost what its findings cost.
#[test]
fn a_page_is_read_off_the_index_without_sorting() {
    let (fixture, _, _) = filled();
    let connection = fixture.connection();
    let cursor = Cursor { unit: 1, note: "2".into(), id: 3 };
    for after in [None, Some(&cursor)] {
        let filter = Filter { category: Some(Category::Health), ..Filter::default() };
        let (sql, values) = Query { filter: &filter, unit: 1, after, limit: Some(10) }.sql();
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps: Vec<String> = plan
            .query_map(params_from_iter(values), |row| row.get(3))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        let steps = steps.join("\n");
        assert!(steps.contains("finding_note") && !steps.contains("TEMP B-TREE"), "{steps}");
    }
}
