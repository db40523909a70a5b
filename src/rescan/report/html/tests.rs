use jiff::tz::TimeZone;

use super::*;
use crate::rescan::counted::Counted;
use crate::rescan::coverage::UnitCoverage;
use crate::rescan::report::realistic::realistic;
use crate::rescan::report::tests::{report_of, small};
use crate::store::fixture::{Fixture, Found};
use serde_json::json;

/// Where `VIGIE_REPORTS` names a folder, the reports of these tests are left there, to be looked at.
fn kept(name: &str, html: String) -> String {
    if let Some(dir) = std::env::var_os("VIGIE_REPORTS") {
        std::fs::write(std::path::Path::new(&dir).join(name), &html).unwrap();
    }
    html
}

/// The report of the small store with everything that differs from run to run made equal.
fn fixed() -> String {
    let (fixture, row) = small();
    let mut report = report_of(&fixture, &row);
    report.rescan.id = "r-20261126-083015-k3x9".into();
    (report.rescan.created_at, report.rescan.started_at) = (1_795_682_000_000, Some(1_795_682_001_000));
    (report.rescan.ended_at, report.made_at) = (Some(1_795_682_002_500), 1_795_690_000_000);
    report.manifest = Some("5a".repeat(32));
    let changes = report.changes.as_mut().unwrap();
    changes.since = "r-20261001-083015-aaaa".into();
    changes.since_at = 1_790_000_000_000;
    html(&report, &TimeZone::UTC)
}

/// `VIGIE_UPDATE_SNAPSHOTS=1 cargo test --lib report::html` writes it anew.
#[test]
fn the_report_of_a_small_store_is_the_one_in_review() {
    let html = kept("small.html", fixed());
    let body = &html[html.find("<body>").unwrap()..];
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rescan/report/html/snapshot.html");
    if std::env::var_os("VIGIE_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, body).unwrap();
    }
    let locked = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = body.lines().zip(locked.lines()).find(|(a, b)| a != b);
    assert!(body == locked, "differs, first at {differs:?}; see the comment of this test");
}

/// Nothing is fetched, nothing runs, every element that opens closes, every chart has its words.
#[test]
fn a_report_is_one_file_that_is_well_formed() {
    let fixture = Fixture::new();
    for (name, whole) in [("whole.html", true), ("partial.html", false)] {
        let row = realistic(&fixture, whole);
        let html = kept(name, html(&report_of(&fixture, &row), &TimeZone::UTC));
        for outside in ["<script", "src=", "url(", "@import", "<link", "http://", "https://", " on"] {
            let found = html.match_indices(outside).find(|(at, _)| {
                // ` on` as an attribute of an element alone.
                outside != " on"
                    || html[*at..]
                        .split(['=', '>', '<'])
                        .next()
                        .is_some_and(|w| !w[1..].contains(' ') && html[*at + w.len()..].starts_with('='))
            });
            assert!(found.is_none(), "{outside}");
        }
        assert!(html.contains("<html lang=\"fr\">"));
        let mut open: Vec<&str> = Vec::new();
        let body = &html[html.find("<body>").unwrap()..];
        for tag in body.split('<').skip(1).map(|rest| &rest[..rest.find('>').unwrap()]) {
            let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap();
            if tag.starts_with('/') {
                if name != "html" {
                    assert_eq!(open.pop(), Some(name));
                }
            } else if !tag.ends_with('/') && name != "br" {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
        for chart in html.split("<svg").skip(1) {
            let head = &chart[..chart.find('>').unwrap()];
            assert!(head.contains("aria-hidden") || head.contains("aria-label"), "{head}");
        }
    }
}

/// A report must say in its first lines that it is not of everything.
#[test]
fn what_could_not_be_read_is_told_first() {
    let fixture = Fixture::new();
    let row = realistic(&fixture, false);
    let html = html(&report_of(&fixture, &row), &TimeZone::UTC);
    let head = &html[html.find("<header>").unwrap()..html.find("</header>").unwrap()];
    for said in ["Terminée en partie", "class=\"alert\"", "public.llx_actioncomm", "3\u{a0}notes illisibles"]
    {
        assert!(head.contains(said), "{said}: {head}");
    }
    assert!(html.contains("line 20447") && html.contains("ligne entière"));
}

/// One of a kind is not said as many.
#[test]
fn one_is_singular() {
    let (fixture, row) = small();
    let report = report_of(&fixture, &row);
    let unit = |problem: Option<&str>| {
        let problem = problem.map(str::to_owned);
        UnitCoverage { problem, ..report.coverage[0].clone() }
    };
    let made = |report: &Report| html(report, &TimeZone::UTC);

    let mut partial = report.clone();
    partial.notes = Counted { seen: 1, unreadable: 1, ..Counted::default() };
    partial.coverage = vec![unit(Some("the server closed the connection")); 11];
    partial.changes.as_mut().unwrap().units_gone = (0..11).map(|n| format!("t{n}")).collect();
    let html = made(&partial);
    for said in [
        "1\u{a0}note vue et comptée\u{a0}; 1\u{a0}n’a pas pu être lue (100\u{202f}%)",
        "et 1\u{a0}autre table ou fichier, au chapitre Couverture",
        "Sur 1\u{a0}disparu, 1\u{a0}avait été confirmé ou marqué corrigé.",
        "<code>t9</code> et 1\u{a0}autre</li>",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }

    let mut whole = report.clone();
    whole.complete = true;
    whole.notes = Counted { seen: 1, scanned: 1, ..Counted::default() };
    whole.coverage = vec![unit(None); 201];
    let html = made(&whole);
    for said in [
        "1\u{a0}note vue et comptée, 1\u{a0}a été analysée ou était inchangée, 0\u{a0}était vide.",
        "Et 1\u{a0}autre table ou fichier, compté dans le total\u{a0}; le rapport JSON ou CSV le donne.",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[test]
fn names_from_the_source_are_no_markup() {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({"name": "<b>\"x\"</b>"}));
    let unit = fixture.unit(row.no, "<img src=x>", &["<i>c"], 2);
    let evil = Some("<script>alert(1)</script>\u{202e}");
    fixture.finding(
        unit,
        &Found {
            key: "<k>",
            column: "<i>c",
            team: evil,
            field: evil,
            rule: "<u>r",
            month: Some("<m>-01"),
            ..Found::default()
        },
    );
    fixture.unreadable(unit, "<key>", Some("<i>c"), "<reason>");
    let row = fixture.end(&row, "partial", 1);
    let html = html(&report_of(&fixture, &row), &TimeZone::UTC);
    for markup in ["<b>\"x", "<img", "<i>c", "<script", "<u>r", "<m>", "<key>", "<reason>", "\u{202e}"] {
        assert!(!html.contains(markup), "{markup}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn a_rescan_that_found_nothing_or_has_not_begun_has_a_report_too() {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({"name": "Rien"}));
    let begun = html(&report_of(&fixture, &row), &TimeZone::UTC);
    assert!(begun.contains("En cours") && begun.contains("pas terminée"));
    fixture.unit(row.no, "notes", &["comment"], 12);
    let row = fixture.end(&row, "done", 1);
    let html = kept("nothing.html", html(&report_of(&fixture, &row), &TimeZone::UTC));
    assert!(html.contains("Rien n’a été signalé") && html.contains("tout a été lu"));
    assert!(!html.contains("id=\"categories\""));
}
