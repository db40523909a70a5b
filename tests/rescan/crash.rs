use crate::support::{Place, csv};

const ROWS: usize = 12_000;

#[test]
fn a_killed_rescan_goes_on_where_it_was_and_finds_the_same() {
    let undisturbed = Place::new();
    csv(&undisturbed.path("notes.csv"), ROWS);
    let (code, id, said) = undisturbed.run(&["run", "notes.csv", "--jobs", "2"]);
    assert_eq!(code, 1, "{said}");
    assert!(id.starts_with("r-") && said.contains("terminé"), "{id}{said}");
    let expected = undisturbed.books();
    assert!(expected.len() > ROWS / 5);

    let place = Place::new();
    csv(&place.path("notes.csv"), ROWS);
    // A rate, so that it is killed in the middle on any machine.
    let mut child = place.until(&["run", "notes.csv", "--rate", "6000", "--name", "crm"], 1500);
    child.kill().unwrap();
    child.wait().unwrap();
    let killed = place.newest().unwrap();
    assert_eq!(killed.state, vigie::store::State::Running);
    let id = killed.id.clone();
    for rows in [4000, 7000] {
        let mut child = place.until(&["resume", &id], rows);
        child.kill().unwrap();
        child.wait().unwrap();
        let now = place.newest().unwrap();
        assert!(now.rows_read > rows && now.rows_read < ROWS as u64, "{}", now.rows_read);
    }
    let (code, _, said) = place.run(&["resume", &id]);
    assert_eq!(code, 1, "{said}");
    let last = place.newest().unwrap();
    assert_eq!((last.state, last.notes.seen), (vigie::store::State::Done, ROWS as u64));
    assert!(place.books() == expected, "the findings differ");
}

#[cfg(unix)]
#[test]
fn an_interrupt_pauses_and_a_resume_ends_it() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 6000);
    let child = place.until(&["run", "notes.csv", "--rate", "4000"], 400);
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("en pause") && said.contains("vigie rescan resume r-"), "{said}");
    let paused = place.newest().unwrap();
    assert_eq!(paused.state, vigie::store::State::Paused);
    let (code, out, _) = place.run(&["resume", &paused.id]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(place.newest().unwrap().notes.seen, 6000);
}

/// The server stores what was sent to it at a place that is no folder; the command line must find it again there.
#[test]
fn a_file_that_was_sent_to_the_server_is_gone_on_with() {
    let place = Place::new();
    let folder = place.data().join("uploads/u-4f1c0b7a9d2e4c55a1b2c3d4e5f60718");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.canonicalize().unwrap().join("notes.csv");
    csv(&file, 6000);
    let mut child = place.until(&["run", file.to_str().unwrap(), "--rate", "4000"], 400);
    child.kill().unwrap();
    child.wait().unwrap();
    place.store().connection().unwrap().execute("UPDATE unit SET source = 'upload'", []).unwrap();
    let (code, _, said) = place.run(&["resume", &place.newest().unwrap().id]);
    assert_eq!(code, 1, "{said}");
    let last = place.newest().unwrap();
    assert_eq!((last.state, last.notes.seen), (vigie::store::State::Done, 6000));
}

#[test]
fn another_process_pauses_it_and_two_do_not_run_it() {
    let place = Place::new();
    csv(&place.path("notes.csv"), 6000);
    let child = place.until(&["run", "notes.csv", "--rate", "3000"], 400);
    let id = place.newest().unwrap().id;
    let (code, _, said) = place.run(&["resume", &id]);
    assert!(code == 2 && said.contains("is running in another process"), "{said}");
    let (code, _, said) = place.run(&["delete", &id]);
    assert!(code == 2 && said.contains("pause or cancel it first"), "{said}");
    let (code, _, said) = place.run(&["pause", &id]);
    assert!(code == 0 && said.contains("paused"), "{said}");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(3));
    let (code, _, _) = place.run(&["cancel", &id]);
    assert_eq!((code, place.newest().unwrap().state), (0, vigie::store::State::Cancelled));
    let (code, _, said) = place.run(&["resume", &id]);
    assert!(code == 2 && said.contains("has ended"), "{said}");
    assert_eq!(place.run(&["delete", &id]).0, 0);
    assert!(place.newest().is_none());
}
