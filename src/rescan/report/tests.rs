use super::realistic::realistic;
use super::*;
use crate::category::Category;
use crate::policy::Action;
use crate::rescan::excerpt::Excerpts;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::store::findings::{Dimension, Filter, counts};
use crate::store::fixture::{Fixture, Found};
use crate::store::rescans::RescanRow;
use crate::store::reviews;
use serde_json::json;

/// A partial rescan with figures by hand, and one before it.
pub(super) fn small() -> (Fixture, RescanRow) {
    let fixture = Fixture::new();
    let phone = Found {
        category: Category::Identifier,
        subcategory: Some("phone"),
        words: "06",
        action: Action::Warn,
        rule: "identifier/phone-fr",
        score: 0.7,
        ..Found::default()
    };
    let before = fixture.rescan(json!({"name": "Clients", "excerpts": true}));
    let unit = fixture.unit(before.no, "notes", &["comment", "other"], 4);
    let gone = fixture.finding(unit, &Found { key: "9", ..Found::default() });
    let still = fixture.finding(unit, &Found { key: "1", ..Found::default() });
    fixture.end(&before, "done", 800);
    let connection = fixture.connection();
    reviews::decide(&connection, &[gone, still], &Decision::Fixed, None).unwrap();
    connection.execute("UPDATE review SET at = 1", []).unwrap();

    let row = fixture.rescan(json!({"name": "Clients", "excerpts": true}));
    let unit = fixture.unit(row.no, "notes", &["comment", "other"], 5);
    let text = Some("Client malade, rappeler le 12");
    fixture.finding(
        unit,
        &Found { key: "1", text, month: Some("2023-12"), team: Some("Nord"), ..Found::default() },
    );
    fixture.finding(unit, &Found { key: "1", team: Some("Nord"), month: Some("2023-12"), ..phone.clone() });
    let wrong = fixture.finding(
        unit,
        &Found { key: "2", text, month: Some("2024-02"), team: Some("Sud"), ..Found::default() },
    );
    let lawful =
        fixture.finding(unit, &Found { key: "3", column: "other", field: Some("other"), ..phone.clone() });
    let dismissed = |code| Decision::Dismissed(Reason::new(code, None, None).unwrap());
    reviews::decide(&connection, &[wrong], &dismissed(Grounds::OtherMeaning), None).unwrap();
    reviews::decide(&connection, &[lawful], &dismissed(Grounds::Lawful), None).unwrap();
    fixture.unreadable(unit, "4", Some("other"), "not <UTF-8>");
    drop(connection);
    let row = fixture.end(&row, "partial", 1500);
    (fixture, row)
}

pub(super) fn report_of(fixture: &Fixture, row: &RescanRow) -> Report {
    let opener = Excerpts::new(fixture.store.keys());
    let open = |print: &Fingerprint, sealed: &[u8]| opener.open(&print.0, sealed);
    build(&fixture.connection(), row, &Options { open: Some(&open), ..Options::default() }).unwrap()
}

#[test]
fn figures_by_hand() {
    let (fixture, row) = small();
    let report = report_of(&fixture, &row);
    assert!(!report.complete);
    assert_eq!((report.notes.seen, report.notes.scanned, report.notes.unreadable), (10, 9, 1));
    assert_eq!((report.total.findings, report.total.notes, report.notes.with_findings), (4, 3, 3));
    assert_eq!((report.total.high, report.total.medium, report.total.low), (2, 0, 2));
    assert_eq!((report.total.block, report.total.warn, report.total.report), (2, 2, 0));
    let categories: Vec<_> =
        report.by_category.iter().map(|c| (c.category.id(), c.group.findings, c.group.notes)).collect();
    assert_eq!(categories, [("health", 2, 2), ("identifier", 2, 2)]);
    let names = |ranking: &Ranking| -> Vec<(String, u64, u64)> {
        ranking.groups.iter().map(|g| (g.name.clone().unwrap_or_default(), g.findings, g.notes)).collect()
    };
    assert_eq!(names(&report.by_team), [("Nord".into(), 2, 1), (String::new(), 1, 1), ("Sud".into(), 1, 1)]);
    assert_eq!(names(&report.by_field), [("comment".into(), 3, 2), ("other".into(), 1, 1)]);
    assert_eq!(
        names(&report.by_rule),
        [("health/malade".into(), 2, 2), ("identifier/phone-fr".into(), 2, 2)]
    );
    let months: Vec<_> = report.by_month.iter().map(|m| (m.month.as_str(), m.findings, m.notes)).collect();
    assert_eq!((months.as_slice(), report.undated), (&[("2023-12", 2, 1), ("2024-02", 1, 1)][..], 1));
    assert_eq!(
        report.backlog,
        Backlog { to_review: 1, confirmed: 0, dismissed: 2, fixed: 1, found_again: 1 }
    );
    // The lawful one counts neither way.
    let precision = report.precision.unwrap();
    assert_eq!((precision.right, precision.wrong), (1, 1));
    assert_eq!((report.unreadable.len(), report.unreadable_lines), (1, 1));
    assert_eq!(report.by_author, Authors::NotKept);
    assert_eq!(
        report.manifest.as_deref(),
        row.manifest.as_deref().and_then(crate::rescan::manifest::digest_of)
    );
}

#[test]
fn changes_are_told_by_fingerprint() {
    let (fixture, row) = small();
    let changes = report_of(&fixture, &row).changes.unwrap();
    assert_eq!((changes.new, changes.gone, changes.still, changes.gone_reviewed), (3, 1, 1, 1));
    let health = changes.by_category.iter().find(|c| c.category == Category::Health).unwrap();
    assert_eq!((health.new, health.gone, health.still), (1, 1, 1));
    assert!(changes.since_complete && changes.versions.is_empty() && changes.units_added.is_empty());
    // The first of its kind has nothing to be compared with, nor has one of other sources.
    let connection = fixture.connection();
    let first = crate::store::rescans::get(&connection, &changes.since).unwrap().unwrap();
    assert!(previous(&connection, &first).unwrap().is_none());
    connection.execute("UPDATE unit SET source = 'elsewhere' WHERE rescan = ?1", [first.no]).unwrap();
    assert!(previous(&connection, &row).unwrap().is_none());
}

/// A higher score hides findings that are still there.
#[test]
fn another_least_score_may_explain_what_changed() {
    let fixture = Fixture::new();
    let ended = |spec| {
        let row = fixture.rescan(spec);
        fixture.unit(row.no, "notes", &["comment"], 1);
        fixture.end(&row, "done", 800)
    };
    ended(json!({}));
    let report = report_of(&fixture, &ended(json!({"min_score": 0.5})));
    let versions = &report.changes.as_ref().unwrap().versions;
    let said: Vec<_> = versions.iter().map(|v| (v.part, v.then.as_str(), v.now.as_str())).collect();
    assert_eq!(said, [("min_score", "0", "0.5")]);
    let html = html::html(&report, &jiff::tz::TimeZone::UTC);
    assert!(html.contains("Le score minimal a changé (<code>0</code> → <code>0,5</code>)"), "{html}");
    let same = report_of(&fixture, &ended(json!({"min_score": 0.5})));
    assert!(same.changes.unwrap().versions.is_empty());
}

#[test]
fn examples_are_masked_and_leave_out_what_was_dismissed() {
    let (fixture, row) = small();
    let examples = report_of(&fixture, &row).examples.unwrap();
    let shown: Vec<(&str, &str)> = examples.iter().map(|e| (e.note.as_str(), e.excerpt.as_str())).collect();
    assert_eq!(shown, [("1", "Client m•••••, rappeler le ••")]);
    let without = build(&fixture.connection(), &row, &Options::default()).unwrap();
    assert!(without.examples.is_none());
}

#[test]
fn authors_show_only_where_kept_and_asked_for() {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({"authors": true}));
    let unit = fixture.unit(row.no, "notes", &["comment"], 1);
    fixture.finding(unit, &Found { author: Some("jdupont"), ..Found::default() });
    let of =
        |authors| build(&fixture.connection(), &row, &Options { authors, ..Options::default() }).unwrap();
    assert_eq!(of(false).by_author, Authors::NotShown);
    assert!(!serde_json::to_string(&of(false)).unwrap().contains("jdupont"));
    assert!(!html::html(&of(false), &jiff::tz::TimeZone::UTC).contains("jdupont"));
    let Authors::Shown(ranking) = of(true).by_author else { panic!("not shown") };
    assert_eq!(ranking.groups[0].name.as_deref(), Some("jdupont"));
}

#[test]
fn a_ranking_says_what_it_does_not_list() {
    let (fixture, row) = small();
    let options = Options { groups: 1, ..Options::default() };
    let report = build(&fixture.connection(), &row, &options).unwrap();
    assert_eq!(
        (report.by_team.groups.len(), report.by_team.other_groups, report.by_team.other_findings),
        (1, 2, 2)
    );
}

#[test]
fn csv_has_the_same_figures_and_no_formula() {
    let (fixture, row) = small();
    fixture.connection().execute("UPDATE finding SET team = '=1+1' WHERE team = 'Nord'", []).unwrap();
    let mut bytes = Vec::new();
    csv::csv(&report_of(&fixture, &row), &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    for line in [
        "table,item,detail,measure,value\n",
        "\ncategory,health,,findings,2\n",
        "\nteam,'=1+1,,findings,2\n",
        "\nmonth,2024-02,,findings,1\n",
        "\nchanges,,,gone_reviewed,1\n",
        "\ncoverage,notes,other,unreadable,1\n",
        "\nunreadable,notes,4,other,not <UTF-8>\n",
        "\ntotal,,,precision,0.5000\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.lines().any(|line| line.split(',').any(|cell| cell.starts_with(['=', '+', '@']))));
}

/// The single pass of the report and the store's own counting must agree on a large store, group by group.
#[test]
fn a_report_agrees_with_the_store_on_a_realistic_rescan() {
    let fixture = Fixture::new();
    let row = realistic(&fixture, true);
    let report = report_of(&fixture, &row);
    let connection = fixture.connection();
    let of = |by: &[Dimension]| counts(&connection, &Filter::rescan(&row.id), by).unwrap();
    let all = &of(&[])[0];
    assert_eq!((report.total.findings, report.total.notes), (all.findings, all.notes));
    for (by, ranking) in [
        (Dimension::Team, &report.by_team),
        (Dimension::Field, &report.by_field),
        (Dimension::Rule, &report.by_rule),
        (Dimension::Unit, &report.by_unit),
    ] {
        let counted: Vec<_> =
            of(&[by]).into_iter().map(|c| (c.key[0].clone(), c.findings, c.notes)).collect();
        let listed: Vec<_> = ranking.groups.iter().map(|g| (g.name.clone(), g.findings, g.notes)).collect();
        assert_eq!(listed, counted, "{by:?}");
    }
    for c in &report.by_category {
        let counted = of(&[Dimension::Category]);
        let counted = counted.iter().find(|g| g.key[0].as_deref() == Some(c.category.id())).unwrap();
        assert_eq!((c.group.findings, c.group.notes), (counted.findings, counted.notes));
        assert_eq!(c.group.review.total(), c.group.findings);
    }
    assert_eq!(
        report.by_month.iter().map(|m| m.findings).sum::<u64>() + report.undated,
        report.total.findings
    );
    let changes = report.changes.unwrap();
    assert_eq!(changes.new + changes.still, report.total.findings);
    assert!(changes.new > 0 && changes.gone > 0 && report.complete && report.backlog.found_again > 0);
}
