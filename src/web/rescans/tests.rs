use serde_json::json;

use super::*;
use crate::http::AppState;
use crate::scanner::{Scanner, ScannerOptions};
use crate::secret::Keys;
use crate::store::fixture::{Fixture, Found};

fn state() -> AppState {
    let scanner = Scanner::load(&ScannerOptions { classifier: false, ..Default::default() }).unwrap();
    AppState::new(crate::config::Config::default(), std::sync::Arc::new(scanner), Keys::default())
}

/// A rescan whose names are markup.
fn named(fixture: &Fixture) -> RescanRow {
    let row = fixture.rescan(json!({"name": "n<b>"}));
    let unit = fixture.unit(row.no, "u<i>", &["c<u>"], 10);
    fixture.unreadable(unit, "k<s>", Some("c<u>"), "bad <em>");
    fixture.finding(unit, &Found { column: "c<u>", ..Found::default() });
    fixture
        .connection()
        .execute(
            "INSERT INTO tally SELECT unit, category, action, COUNT(*) FROM finding GROUP BY 1, 2, 3",
            [],
        )
        .unwrap();
    row
}

#[test]
fn the_page_of_a_rescan_says_where_it_stands_and_nothing_in_it_is_markup() {
    let (state, fixture) = (state(), Fixture::new());
    let row = named(&fixture);
    let connection = fixture.connection();
    let dead = show::rendered(&state, &connection, row.clone());
    // No process has it: it can be resumed.
    assert!(dead.contains(">Interrompue</h2>") && dead.contains("/reprendre\""), "{dead}");
    for tag in ["<b>\"", "<b></h1>", "<i>", "<u>", "<s>", "<em>"] {
        assert!(!dead.contains(tag), "{tag} in {dead}");
    }
    assert!(dead.contains("u&lt;i&gt;") && dead.contains("bad &lt;em&gt;"));
    let alive = "UPDATE rescan SET owner = 'elsewhere', heartbeat = ?1";
    connection.execute(alive, [crate::store::now()]).unwrap();
    let row = rescans::by_no(&connection, row.no).unwrap();
    let running = show::rendered(&state, &connection, row);
    assert!(
        running.contains(">En cours</h2>")
            && running.contains("/pause\"")
            && !running.contains("/reprendre\"")
    );
    assert!(running.contains("data-events=\"/v1/rescans/"));
}

#[test]
fn what_is_done_can_be_reviewed_and_deleted_but_not_stopped() {
    let (state, fixture) = (state(), Fixture::new());
    let row = fixture.end(&named(&fixture), "done", 1500);
    let html = show::rendered(&state, &fixture.connection(), row);
    for part in [">Terminée</h2>", "href=\"/revue?rescan=", "href=\"/rapport/", "/supprimer\"", "1,5\u{a0}s"]
    {
        assert!(html.contains(part), "{part} in {html}");
    }
    for part in ["/pause\"", "/annuler\"", "/reprendre\"", "data-events"] {
        assert!(!html.contains(part), "{part}");
    }
}

#[test]
fn the_list_escapes_and_leads_on() {
    let fixture = Fixture::new();
    let row = named(&fixture);
    let snapshot = Snapshot::read(&fixture.connection(), &row).unwrap();
    let html = table(&[(snapshot, row.clone())]);
    assert!(html.contains("n&lt;b&gt;</a>") && !html.contains("n<b>"), "{html}");
    assert!(
        html.contains(&format!("href=\"/rescans/{}\"", row.id)) && html.contains("max=\"10\" value=\"10\"")
    );
}
