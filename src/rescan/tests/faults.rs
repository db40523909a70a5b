//! What goes wrong: crashes at every commit, a source that drops the connection, a full disk, bugs.

use std::time::Duration;

use serde_json::json;

use super::memory::Mem;
use super::support::{Place, notes, unit};
use crate::rescan::Runner;
use crate::rescan::claim::claim;
use crate::rescan::commit::{self, CommitError, Item};
use crate::rescan::stop::Reason;
use crate::store::State;

/// Makes the insertion of split `at` of the store fail, and with it the commit it belongs to.
fn crash_at(place: &Place, at: usize) {
    place.execute(&format!(
        "CREATE TRIGGER crash BEFORE INSERT ON split WHEN (SELECT COUNT(*) FROM split) = {at} \
         BEGIN SELECT RAISE(ABORT, 'crash'); END"
    ));
}

#[test]
fn a_crash_at_any_page_changes_nothing_in_the_end() {
    let undisturbed = Place::new();
    let id = undisturbed.rescan(&notes()).id;
    let expected = undisturbed.books(&id);
    let pages = undisturbed.count("SELECT COUNT(*) FROM split") as usize;
    assert!(pages >= 22);
    for at in 0..pages {
        let (place, memory) = (Place::new(), notes());
        let row = place.create(json!({}));
        crash_at(&place, at);
        let last = place.run(&row.id, &memory, 2);
        assert_eq!(last.state, State::Failed);
        assert!(last.message.unwrap().contains("crash"));
        place.kill(&row.id);
        place.execute("DROP TRIGGER crash");
        let committed = place.count("SELECT COUNT(*) FROM split") as usize;
        assert!(committed <= at && at - committed <= 2, "{committed} pages at {at}");
        assert_eq!(place.run(&row.id, &memory, 2).state, State::Partial);
        assert!(place.books(&row.id) == expected, "crash at page {at}");
    }
}

#[test]
fn a_dropped_connection_costs_nothing_but_time() {
    let (place, memory) = (Place::new(), notes());
    let expected = {
        let undisturbed = Place::new();
        let id = undisturbed.rescan(&notes()).id;
        undisturbed.books(&id)
    };
    for row in [0, 30, 31, 99] {
        memory.script.lock().unwrap().errors.insert(("clients".to_owned(), row), (true, 1));
    }
    let last = place.rescan(&memory);
    assert_eq!(last.state, State::Partial);
    assert!(place.books(&last.id) == expected, "the findings differ");
    assert_eq!(memory.script.lock().unwrap().rows_read, 145);
}

#[test]
fn a_source_that_stays_away_stops_the_rescan_which_can_be_resumed() {
    let (place, memory) = (Place::new(), notes());
    memory.script.lock().unwrap().errors.insert(("clients".to_owned(), 50), (true, usize::MAX));
    let last = place.rescan(&memory);
    assert_eq!(last.state, State::Failed);
    assert!(last.message.unwrap().contains("clients: the connection was lost at row 50"));
    assert_eq!(place.count("SELECT rows_read FROM unit WHERE name = 'clients'"), 49);
    memory.script.lock().unwrap().errors.clear();
    assert_eq!(place.run(&last.id, &memory, 2).notes.seen, 290);
}

#[test]
fn a_unit_that_breaks_off_leaves_the_others_and_is_read_on_by_a_resume() {
    let (place, memory) = (Place::new(), notes());
    memory.script.lock().unwrap().errors.insert(("clients".to_owned(), 50), (false, 1));
    let last = place.rescan(&memory);
    assert_eq!((last.state, last.units_done, last.rows_read), (State::Partial, 1, 49 + 45));
    assert!(last.message.unwrap().starts_with("1 unit could not be read to the end"));
    let undisturbed = Place::new();
    let id = undisturbed.rescan(&notes()).id;
    let again = place.run(&last.id, &memory, 2);
    assert_eq!((again.units_done, again.notes), (2, undisturbed_notes(&undisturbed, &id)));
    assert_eq!(place.count("SELECT COUNT(*) FROM unit WHERE problem IS NOT NULL"), 0);
    assert!(place.start(&last.id, &memory, 2).is_err());
}

fn undisturbed_notes(place: &Place, id: &str) -> crate::rescan::counted::Counted {
    let connection = place.store.connection().unwrap();
    crate::rescan::progress::Snapshot::read(&connection, &place.row(id)).unwrap().notes
}

#[test]
fn a_unit_that_cannot_be_read_at_all_is_named_with_the_reason() {
    let (place, memory) = (Place::new(), notes());
    memory.script.lock().unwrap().closed = vec!["actions".to_owned()];
    let last = place.rescan(&memory);
    assert_eq!((last.state, last.rows_read), (State::Partial, 100));
    let reason = "SELECT COUNT(*) FROM unit WHERE name = 'actions' AND problem = 'it has no column of notes' AND done = 0";
    assert_eq!(place.count(reason), 1);
    memory.script.lock().unwrap().closed.clear();
    assert_eq!(place.run(&last.id, &memory, 2).rows_read, 145);
}

#[test]
fn a_unit_that_changed_its_columns_midway_is_not_mixed() {
    let (place, mut memory) = (Place::new(), notes());
    memory.script.lock().unwrap().errors.insert(("clients".to_owned(), 50), (false, 1));
    let last = place.rescan(&memory);
    memory.units[0].columns.swap(0, 1);
    assert_eq!(place.run(&last.id, &memory, 2).state, State::Partial);
    assert_eq!(place.count("SELECT COUNT(*) FROM unit WHERE problem LIKE 'its columns changed%'"), 1);
    memory.units.remove(0);
    place.run(&last.id, &memory, 2);
    assert_eq!(place.count("SELECT COUNT(*) FROM unit WHERE problem LIKE 'it is not in the source%'"), 1);
}

#[test]
fn a_poison_note_costs_itself_alone() {
    let (place, mut memory) = (Place::new(), notes());
    memory.units = vec![unit("clients", 30)];
    let clean = place.rescan(&memory).notes;
    let limit = crate::scanner::MAX_NOTE_BYTES;
    memory.units[0].rows[1].1[0] = Mem::Text("x".repeat(limit + 1));
    let notes = place.rescan(&memory).notes;
    assert_eq!((notes.unreadable, notes.scanned), (clean.unreadable + 1, clean.scanned - 1));
    assert_eq!(
        place.count(
            "SELECT COUNT(*) FROM unreadable WHERE note_key = 'clients-1' AND reason LIKE 'the note has%'"
        ),
        1
    );
}

#[test]
fn a_bug_in_a_source_fails_the_rescan_and_leaves_it_to_be_resumed() {
    let (place, memory) = (Place::new(), notes());
    memory.script.lock().unwrap().panics = Some(60);
    let last = place.rescan(&memory);
    assert_eq!(last.state, State::Failed);
    assert!(last.message.unwrap().contains("reading the source"));
    memory.script.clear_poison();
    assert_eq!(place.run(&last.id, &memory, 2).notes.seen, 290);
}

#[test]
fn a_full_disk_is_said_and_survived() {
    let (place, mut memory) = (Place::new(), notes());
    memory.units = vec![unit("clients", 400)];
    let expected = {
        let undisturbed = Place::new();
        let id = undisturbed.rescan(&memory).id;
        undisturbed.books(&id)
    };
    let row = place.create(json!({}));
    let mut task = place.task(&row.id, &memory, 2);
    task.max_pages = Some(place.count("PRAGMA page_count") + 12);
    let last = Runner::start(task).unwrap().join();
    assert_eq!(last.state, State::Failed);
    let message = last.message.unwrap();
    assert!(message.contains("is full") && message.contains("free some space"), "{message}");
    assert!(last.rows_read > 0 && last.rows_read < 400, "{}", last.rows_read);
    assert_eq!(place.row(&row.id).state, State::Failed);
    assert_eq!(place.run(&row.id, &memory, 2).state, State::Partial);
    assert!(place.books(&row.id) == expected, "the findings differ");
}

#[test]
fn a_process_taken_for_dead_cannot_commit_after_another_took_over() {
    let (place, memory) = (Place::new(), notes());
    let row = place.create(json!({}));
    let mut connection = place.store.connect().unwrap();
    let old = claim(&mut connection, &row.id, &row.versions).unwrap();
    assert!(claim(&mut connection, &row.id, &row.versions).unwrap_err().to_string().contains("is running"));
    place.kill(&row.id);
    let new = claim(&mut connection, &row.id, &row.versions).unwrap();
    assert_eq!((new.rescan, new.fence), (old.rescan, old.fence + 1));
    place.execute(
        "INSERT INTO unit (id, rescan, ordinal, source, name, columns) VALUES (9, 1, 0, 'memory', 'x', '[]')",
    );
    let unit = std::sync::Arc::new(crate::rescan::scan::PageUnit {
        id: 9,
        name: "x".to_owned(),
        columns: vec![],
        unchanged: None,
    });
    let end = || vec![Item::End(std::sync::Arc::clone(&unit), None)];
    assert!(matches!(commit::commit(&mut connection, &old, 0, &end()), Err(CommitError::Lost)));
    assert_eq!(place.count("SELECT done FROM unit"), 0);
    assert!(!old.release(&connection, State::Done, None, 0).unwrap());
    commit::commit(&mut connection, &new, 0, &end()).unwrap();
    assert_eq!(place.count("SELECT done FROM unit"), 1);
    drop(memory);
}

#[test]
fn a_run_that_was_taken_over_stops() {
    let (place, memory) = (Place::new(), notes());
    memory.script.lock().unwrap().slow = Duration::from_millis(60);
    let row = place.create(json!({}));
    let runner = place.start(&row.id, &memory, 1).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    place.kill(&row.id);
    let other = place.start(&row.id, &memory, 1).unwrap();
    let first = runner.join();
    assert!(first.message.unwrap().contains("took this rescan over"));
    assert_eq!(other.join().notes.seen, 290);
    assert_eq!(place.count("SELECT SUM(seen) FROM coverage"), 290);
    runner.stop(Reason::Pause);
}
