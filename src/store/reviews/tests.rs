use super::*;
use crate::rescan::review::Grounds;
use crate::store::fixture::{Fixture, Found};
use serde_json::json;

fn dismissed() -> Decision {
    Decision::Dismissed(
        Reason::new(Grounds::OtherMeaning, Some("météo"), Some("dépression du marché")).unwrap(),
    )
}

/// A store with findings in notes 1 and 2.
fn filled() -> (Fixture, [Fingerprint; 2]) {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({}));
    let unit = fixture.unit(row.no, "notes", &["comment"], 2);
    let prints = ["1", "2"].map(|key| fixture.finding(unit, &Found { key, ..Found::default() }));
    (fixture, prints)
}

fn state(connection: &Connection, fingerprint: &Fingerprint) -> Option<ReviewState> {
    get(connection, fingerprint).unwrap().map(|review| review.decision)
}

#[test]
fn a_decision_survives_the_next_rescan_and_the_deletion_of_its_own() {
    let (fixture, [print, _]) = filled();
    let mut connection = fixture.connection();
    decide(&connection, &[print], &dismissed(), Some("ana")).unwrap();
    let next = fixture.rescan(json!({}));
    let unit = fixture.unit(next.no, "notes", &["comment"], 2);
    // The same words at another place of the note: the same finding.
    assert_eq!(fixture.finding(unit, &Found { words: "MALADE", ..Found::default() }), print);
    crate::store::rescans::delete(&mut connection, next.no - 1).unwrap();
    let found = crate::store::findings::newest(&connection, &print).unwrap().unwrap();
    assert_eq!(found.state, ReviewState::Dismissed);
    assert_eq!(found.review.unwrap().reason.unwrap().phrase.as_deref(), Some("dépression du marché"));
}

#[test]
fn many_are_decided_together_or_not_at_all() {
    let (fixture, prints) = filled();
    let connection = fixture.connection();
    let stranger = Fingerprint([9; 16]);
    let error = decide(&connection, &[prints[0], stranger], &Decision::Confirmed, None).unwrap_err();
    assert!(matches!(error, ReviewError::Unknown(f) if f == stranger));
    assert_eq!(state(&connection, &prints[0]), None);
    assert!(history(&connection, &prints[0]).unwrap().is_empty());
    decide(&connection, &prints, &Decision::Confirmed, None).unwrap();
    assert!(prints.iter().all(|p| state(&connection, p) == Some(ReviewState::Confirmed)));
}

#[test]
fn undoing_goes_back_one_decision_at_a_time() {
    let (fixture, [print, other]) = filled();
    let connection = fixture.connection();
    decide(&connection, &[print], &dismissed(), Some("ana")).unwrap();
    decide(&connection, &[print], &Decision::Confirmed, Some("bo")).unwrap();
    undo(&connection, &[print], Some("bo")).unwrap();
    let back = get(&connection, &print).unwrap().unwrap();
    assert_eq!((back.decision, back.by.as_deref()), (ReviewState::Dismissed, Some("ana")));
    assert_eq!(back.reason.unwrap().code, Grounds::OtherMeaning);
    undo(&connection, &[print], None).unwrap();
    assert_eq!(state(&connection, &print), None);
    let error = undo(&connection, &[print], None).unwrap_err();
    assert!(matches!(error, ReviewError::Undecided(f) if f == print));
    assert!(undo(&connection, &[other], None).is_err());
}

#[test]
fn history_tells_everything_in_order() {
    let (fixture, [print, _]) = filled();
    let connection = fixture.connection();
    revealed(&connection, &[print], Some("ana")).unwrap();
    decide(&connection, &[print], &Decision::Confirmed, Some("ana")).unwrap();
    decide(&connection, &[print], &Decision::Fixed, None).unwrap();
    undo(&connection, &[print], None).unwrap();
    let kinds: Vec<EventKind> = history(&connection, &print).unwrap().iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [EventKind::Revealed, EventKind::Confirmed, EventKind::Fixed, EventKind::Undone]);
    assert_eq!(state(&connection, &print), Some(ReviewState::Confirmed));
    // Being looked at is no decision.
    undo(&connection, &[print], None).unwrap();
    assert_eq!(state(&connection, &print), None);
}
