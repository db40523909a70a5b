//! What operators ask: pause, resume, cancel, delete, a rate limit.

use std::time::{Duration, Instant};

use serde_json::json;

use super::memory::Memory;
use super::support::{Place, notes};
use crate::rescan::ask::{self, AskError, Asked};
use crate::rescan::claim;
use crate::rescan::manifest;
use crate::rescan::progress::Snapshot;
use crate::rescan::stop::Reason;
use crate::store::State;

/// Notes that take some seconds to read.
fn slow() -> Memory {
    let memory = notes();
    memory.script.lock().unwrap().slow = Duration::from_millis(100);
    memory
}

fn wait_for(what: impl Fn() -> bool) {
    let begin = Instant::now();
    while !what() {
        assert!(begin.elapsed() < Duration::from_secs(20), "it did not come");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_rescan_pauses_for_another_process_and_goes_on_where_it_was() {
    let (place, memory) = (Place::new(), slow());
    let row = place.create(json!({}));
    let runner = place.start(&row.id, &memory, 2).unwrap();
    let progress = runner.subscribe();
    wait_for(|| progress.borrow().rows_read > 0);
    let mut connection = place.store.connect().unwrap();
    assert_eq!(ask::pause(&mut connection, &row.id).unwrap(), Asked::Told);
    assert!(matches!(ask::delete(&mut connection, &row.id), Err(AskError::Running { .. })));
    let paused = runner.join();
    assert_eq!(paused.state, State::Paused);
    assert!(paused.rows_read < 145 && paused.worked_ms > 0);
    let read = Snapshot::read(&connection, &place.row(&row.id)).unwrap();
    assert_eq!((read.rows_read, read.notes), (paused.rows_read, paused.notes));
    memory.script.lock().unwrap().slow = Duration::ZERO;
    let last = place.run(&row.id, &memory, 2);
    assert_eq!((last.state, last.notes.seen), (State::Partial, 290));
    assert!(last.worked_ms >= paused.worked_ms);
    let undisturbed = Place::new();
    let id = undisturbed.rescan(&notes()).id;
    assert!(place.books(&row.id) == undisturbed.books(&id), "the findings differ");
}

#[test]
fn a_rescan_is_cancelled_for_good() {
    let (place, memory) = (Place::new(), slow());
    let row = place.create(json!({}));
    let runner = place.start(&row.id, &memory, 2).unwrap();
    let mut connection = place.store.connect().unwrap();
    ask::cancel(&mut connection, place.store.keys(), &row.id).unwrap();
    assert_eq!(runner.join().state, State::Cancelled);
    assert!(place.row(&row.id).ended_at.is_some());
    assert!(place.start(&row.id, &memory, 2).is_err());
    assert!(matches!(ask::pause(&mut connection, &row.id), Err(AskError::Ended { .. })));
    ask::delete(&mut connection, &row.id).unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM unit"), 0);
}

#[test]
fn a_rescan_nobody_runs_is_in_the_state_asked_for_at_once() {
    let place = Place::new();
    let row = place.create(json!({}));
    let mut connection = place.store.connect().unwrap();
    assert_eq!(ask::pause(&mut connection, &row.id).unwrap(), Asked::Now(State::Paused));
    place.kill(&row.id);
    assert_eq!(ask::pause(&mut connection, &row.id).unwrap(), Asked::Now(State::Paused));
    let keys = place.store.keys();
    assert_eq!(ask::cancel(&mut connection, keys, &row.id).unwrap(), Asked::Now(State::Cancelled));
    assert!(matches!(ask::cancel(&mut connection, keys, "r-none"), Err(AskError::Unknown(_))));
}

#[test]
fn an_order_holds_though_another_came_first() {
    let (place, memory) = (Place::new(), slow());
    let mut connection = place.store.connect().unwrap();
    for (first, wanted) in [
        (Reason::Pause, State::Cancelled),
        (Reason::Release, State::Cancelled),
        (Reason::Release, State::Paused),
    ] {
        let row = place.create(json!({}));
        let runner = place.start(&row.id, &memory, 2).unwrap();
        // Nobody has looked for the order yet when the other stops the threads.
        let asked = match wanted {
            State::Paused => ask::pause(&mut connection, &row.id),
            _ => ask::cancel(&mut connection, place.store.keys(), &row.id),
        };
        runner.stop(first);
        assert_eq!((asked.unwrap(), runner.join().state), (Asked::Told, wanted), "{first:?}");
        let row = place.row(&row.id);
        assert_eq!((row.state, row.manifest.is_some()), (wanted, wanted == State::Cancelled));
    }
    let row = place.create(json!({}));
    let runner = place.start(&row.id, &memory, 2).unwrap();
    assert_eq!(ask::cancel(&mut connection, place.store.keys(), &row.id).unwrap(), Asked::Told);
    assert_eq!(ask::pause(&mut connection, &row.id).unwrap(), Asked::Told);
    assert_eq!(runner.join().state, State::Cancelled);
}

#[test]
fn a_rescan_cancelled_while_nobody_runs_it_is_signed() {
    let place = Place::new();
    let mut connection = place.store.connect().unwrap();
    let keys = place.store.keys();
    let [queued, paused] = [(); 2].map(|()| place.create(json!({})).id);
    ask::pause(&mut connection, &paused).unwrap();
    // One with findings, signed when it ended; it was taken up again by a process that was killed.
    let killed = place.rescan(&notes()).id;
    place.kill(&killed);
    for id in [&queued, &paused, &killed] {
        assert_eq!(ask::cancel(&mut connection, keys, id).unwrap(), Asked::Now(State::Cancelled));
        let signed = place.row(id).manifest.unwrap();
        let manifest = manifest::verify(&signed, &keys.derive("manifest")).unwrap();
        assert_eq!(manifest.content["rescan"]["state"], "cancelled");
        let differences = manifest::recount(&connection, &manifest).unwrap().unwrap();
        assert!(differences.is_empty(), "{} differences", differences.len());
        // Asked again, it signs nothing that was changed since.
        place.execute("UPDATE rescan SET worked_ms = worked_ms + 1");
        ask::cancel(&mut connection, keys, id).unwrap();
        assert_eq!(place.row(id).manifest, Some(signed));
    }
}

#[test]
fn a_server_that_ends_leaves_the_rescan_queued() {
    let (place, memory) = (Place::new(), slow());
    let row = place.create(json!({}));
    let runner = place.start(&row.id, &memory, 2).unwrap();
    runner.stop(Reason::Release);
    assert_eq!(runner.join().state, State::Queued);
    let (killed, paused) = (place.create(json!({})), place.create(json!({})));
    place.kill(&killed.id);
    ask::pause(&mut place.store.connect().unwrap(), &paused.id).unwrap();
    let waiting = claim::waiting(&place.store.connection().unwrap()).unwrap();
    assert_eq!(waiting, [row.id.as_str(), killed.id.as_str()]);
    assert!(runner.has_ended());
    memory.script.lock().unwrap().slow = Duration::ZERO;
    assert_eq!(place.run(&row.id, &memory, 2).notes.seen, 290);
}

#[test]
fn the_rate_is_kept() {
    let (place, memory) = (Place::new(), notes());
    let row = place.create(json!({"rate": 100}));
    let begin = Instant::now();
    let last = place.run(&row.id, &memory, 2);
    let notes = last.notes.scanned;
    assert!(begin.elapsed() >= Duration::from_millis(notes * 10), "{notes} in {:?}", begin.elapsed());
}

#[test]
fn progress_is_told_as_it_goes() {
    let (place, memory) = (Place::new(), slow());
    let row = place.create(json!({}));
    let runner = place.start(&row.id, &memory, 2).unwrap();
    let progress = runner.subscribe();
    let mut seen: Vec<(u64, u64, Option<u64>)> = Vec::new();
    while !runner.has_ended() {
        let now = progress.borrow().clone();
        if now.state == State::Running && seen.last().is_none_or(|(rows, ..)| *rows != now.rows_read) {
            seen.push((now.rows_read, now.findings, now.left_ms));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(seen.len() > 4 && seen.is_sorted_by_key(|(rows, findings, _)| (*rows, *findings)), "{seen:?}");
    assert!(seen.iter().any(|(.., left)| left.is_some_and(|left| left > 0)));
    assert_eq!(runner.join().rows_read, 145);
}

#[test]
fn another_version_does_not_go_on_with_it() {
    let (place, memory) = (Place::new(), notes());
    let row = place.create(json!({}));
    place.execute("UPDATE rescan SET lexicons = 'old'");
    let error = place.start(&row.id, &memory, 2).err().unwrap().to_string();
    assert!(error.contains("lexicons old, now"), "{error}");
}

#[test]
fn nothing_to_read_is_a_failure() {
    let place = Place::new();
    let last = place.rescan(&Memory::default());
    assert_eq!(last.state, State::Failed);
    assert!(last.message.unwrap().contains("nothing to read"));
    let memory = notes();
    memory.script.lock().unwrap().closed = vec!["clients".to_owned(), "actions".to_owned()];
    let last = place.rescan(&memory);
    assert_eq!((last.state, last.units), (State::Failed, 0));
    assert_eq!(last.message.unwrap(), "clients: it has no column of notes (and 1 more that cannot be read)");
}
