//! Incremental rescans.

use serde_json::json;

use super::memory::{Mem, Memory};
use super::support::{Place, notes, unit};
use crate::rescan::ask::{self, AskError};
use crate::rescan::progress::Snapshot;

fn incremental(place: &Place, memory: &Memory) -> Snapshot {
    let row = place.create(json!({"incremental": true}));
    place.run(&row.id, memory, 2)
}

/// Findings alone: what was scanned anew and what was taken over must look alike.
fn findings(place: &Place, id: &str) -> Vec<Vec<rusqlite::types::Value>> {
    let mut findings = place.books(id);
    findings.retain(|row| row.len() == 19);
    findings
}

#[test]
fn only_what_changed_is_scanned_and_the_findings_are_those_of_a_full_rescan() {
    let (place, mut memory) = (Place::new(), notes());
    let first = place.rescan(&memory);
    let same = incremental(&place, &memory);
    assert_eq!((same.notes.scanned, same.notes.unchanged), (0, first.notes.scanned));
    assert_eq!(same.notes.with_findings, first.notes.with_findings);
    assert_eq!(same.by_category, first.by_category);
    assert!(findings(&place, &same.id) == findings(&place, &first.id), "the findings differ");

    let rows = &mut memory.units[0].rows;
    rows[0].1[0] = Mem::Text("note corrigée".to_owned());
    rows[1].1[0] = Mem::Text("le client est séropositif".to_owned());
    rows.remove(3);
    rows.push(("clients-new".to_owned(), vec![Mem::Text("cliente diabétique".to_owned()), Mem::Empty]));
    memory.units.push(unit("contacts", 10));
    memory.units[1].team = Some("Lyon".to_owned());
    let changed = incremental(&place, &memory);
    let whole = place.rescan(&memory);
    let contacts = unit("contacts", 10)
        .rows
        .iter()
        .flat_map(|(_, cells)| cells)
        .filter(|c| matches!(c, Mem::Text(_)))
        .count();
    assert_eq!(changed.notes.scanned, 3 + contacts as u64);
    assert!(findings(&place, &changed.id) == findings(&place, &whole.id), "the findings differ");
    assert_eq!(changed.by_category, whole.by_category);
}

#[test]
fn equal_rows_of_one_key_are_counted_as_often_as_they_stand_there() {
    let (place, mut memory) = (Place::new(), notes());
    let twin = ("k".to_owned(), vec![Mem::Text("cliente diabétique".to_owned()), Mem::Empty]);
    memory.units = vec![unit("clients", 8)];
    memory.units[0].rows.extend([twin.clone(), twin.clone()]);
    place.rescan(&memory);
    let (again, whole) = (incremental(&place, &memory), place.rescan(&memory));
    assert!(findings(&place, &again.id) == findings(&place, &whole.id), "the findings differ");
    memory.units[0].rows.pop();
    let (again, whole) = (incremental(&place, &memory), place.rescan(&memory));
    assert!(findings(&place, &again.id) == findings(&place, &whole.id), "the findings differ");
    memory.units[0].rows.extend([twin.clone(), twin]);
    let again = incremental(&place, &memory);
    let whole = place.rescan(&memory);
    assert!(findings(&place, &again.id) == findings(&place, &whole.id), "the findings differ");
}

#[test]
fn other_versions_options_or_sources_are_no_baseline() {
    let (place, memory) = (Place::new(), notes());
    let first = place.rescan(&memory);
    for other in [json!({"min_score": 0.5}), json!({"excerpts": true}), json!({"profile": "bank"})] {
        let mut spec = json!({"incremental": true});
        spec.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
        let row = place.create(spec);
        assert_eq!(place.run(&row.id, &memory, 2).notes.unchanged, 0, "{other}");
        place.execute(&format!("DELETE FROM rescan WHERE id = '{}'", row.id));
    }
    place.execute(&format!("UPDATE rescan SET model = 'old' WHERE id = '{}'", first.id));
    assert_eq!(incremental(&place, &memory).notes.unchanged, 0);
}

#[test]
fn a_crash_in_an_incremental_rescan_changes_nothing_in_the_end() {
    let (place, memory) = (Place::new(), notes());
    let first = place.rescan(&memory);
    let splits = place.count("SELECT COUNT(*) FROM split");
    for at in [0, 5, 20] {
        let row = place.create(json!({"incremental": true}));
        let total = place.count("SELECT COUNT(*) FROM split");
        place.execute(&format!(
            "CREATE TRIGGER crash BEFORE INSERT ON split WHEN (SELECT COUNT(*) FROM split) = {} \
             BEGIN SELECT RAISE(ABORT, 'crash'); END",
            total + at
        ));
        place.run(&row.id, &memory, 2);
        place.kill(&row.id);
        place.execute("DROP TRIGGER crash");
        assert!(matches!(
            ask::delete(&mut place.store.connect().unwrap(), &place.row(&first.id).id),
            Err(AskError::Needed { .. })
        ));
        let last = place.run(&row.id, &memory, 2);
        assert_eq!(last.notes.unchanged, first.notes.scanned);
        assert!(findings(&place, &row.id) == findings(&place, &first.id), "the findings differ");
        ask::delete(&mut place.store.connect().unwrap(), &row.id).unwrap();
    }
    assert_eq!(place.count("SELECT COUNT(*) FROM split"), splits);
}
