use super::*;
use crate::rescan::spec::Spec;
use crate::rescan::versions::Versions;

fn keys(byte: &str) -> Keys {
    Keys::from_environment(&byte.repeat(32)).unwrap()
}

fn spec(name: &str) -> Spec {
    serde_json::from_value(serde_json::json!({"name": name, "sources": []})).unwrap()
}

fn versions() -> Versions {
    Versions { engine: "1".into(), model: "none".into(), lexicons: "1".into(), policy: "default@1".into() }
}

fn create(store: &Store, name: &str) -> rescans::RescanRow {
    let new = rescans::NewRescan { spec: &spec(name), versions: &versions(), idempotency: None };
    rescans::create(&store.connection().unwrap(), &new).unwrap()
}

#[test]
fn a_store_is_durable_and_open_to_several_processes() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_with(dir.path(), keys("01")).unwrap();
    let again = Store::open_with(dir.path(), keys("01")).unwrap();
    let row = create(&store, "clients");
    let connection = again.connection().unwrap();
    assert_eq!(rescans::get(&connection, &row.id).unwrap().unwrap().name, "clients");
    let pragma = |name: &str| -> String {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |r| r.get::<_, rusqlite::types::Value>(0))
            .map(|v| format!("{v:?}"))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)");
    assert_eq!(pragma("foreign_keys"), "Integer(1)");
}

#[test]
fn processes_that_open_a_new_store_at_once_share_it() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        let start = std::sync::Barrier::new(6);
        let ids: Vec<String> = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                let keys = Keys::of_folder(dir.path(), false).unwrap();
                let store = Store::open_with(dir.path(), keys).unwrap();
                create(&store, "").id
            };
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let store = Store::open_with(dir.path(), Keys::of_folder(dir.path(), true).unwrap()).unwrap();
        let stored = rescans::list(&store.connection().unwrap()).unwrap();
        assert_eq!(stored.len(), 6);
        assert!(stored.iter().all(|row| ids.contains(&row.id)));
    }
}

#[test]
fn another_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    Store::open_with(dir.path(), keys("01")).unwrap();
    let error = Store::open_with(dir.path(), keys("02")).unwrap_err().to_string();
    assert!(error.contains("another key") && error.contains("VIGIE_DATA_KEY"), "{error}");
    Store::open_with(dir.path(), keys("01")).unwrap();
}

#[test]
fn a_store_of_a_newer_program_and_a_file_that_is_none_are_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_with(dir.path(), keys("01")).unwrap();
    store.connection().unwrap().execute("UPDATE meta SET value = '99' WHERE key = 'schema'", []).unwrap();
    drop(store);
    let error = Store::open_with(dir.path(), keys("01")).unwrap_err().to_string();
    assert!(error.contains("newer Vigie") && error.contains("99"), "{error}");

    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(FILE), "no database at all, but long enough to look like one".repeat(30))
        .unwrap();
    let error = Store::open_with(dir.path(), keys("01")).unwrap_err().to_string();
    assert!(error.contains("is not a store of Vigie"), "{error}");
}

#[test]
fn rescans_are_listed_newest_first_and_deleted_with_what_they_found() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_with(dir.path(), keys("01")).unwrap();
    let (first, second) = (create(&store, "a"), create(&store, ""));
    assert!(second.name == second.id && second.id.starts_with("r-2"), "{}", second.id);
    let mut connection = store.connection().unwrap();
    connection
        .execute_batch(&format!(
            "INSERT INTO unit (id, rescan, ordinal, source, name, columns) VALUES (1, {0}, 0, 's', 'u', '[\"t\"]');
             INSERT INTO coverage (unit, column_name, seen, scanned) VALUES (1, 't', 2, 2);
             INSERT INTO tally VALUES (1, 'health', 'block', 2);
             UPDATE rescan SET baseline = {0} WHERE no = {1};",
            first.no, second.no
        ))
        .unwrap();
    let names: Vec<String> = rescans::list(&connection).unwrap().into_iter().map(|r| r.name).collect();
    assert_eq!(names, [second.id.as_str(), "a"]);
    assert_eq!(units::list(&connection, first.no).unwrap()[0].columns, ["t"]);
    assert_eq!(units::coverage(&connection, first.no).unwrap()[0].counted.scanned, 2);
    assert_eq!(units::tally(&connection, first.no).unwrap()[0].findings, 2);
    assert_eq!(rescans::leaning_on(&connection, first.no).unwrap(), Some(second.id.clone()));
    rescans::delete(&mut connection, first.no).unwrap();
    assert!(rescans::get(&connection, &first.id).unwrap().is_none());
    assert_eq!(rescans::get(&connection, &second.id).unwrap().unwrap().baseline, None);
    let left: i64 = connection
        .query_row("SELECT (SELECT COUNT(*) FROM unit) + (SELECT COUNT(*) FROM coverage) + (SELECT COUNT(*) FROM tally)", [], |r| r.get(0))
        .unwrap();
    assert_eq!(left, 0);
}

#[test]
fn an_idempotency_key_makes_one_rescan() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_with(dir.path(), keys("01")).unwrap();
    let connection = store.connection().unwrap();
    let (spec, versions) = (spec("a"), versions());
    let new = rescans::NewRescan { spec: &spec, versions: &versions, idempotency: Some(("k", "d")) };
    let row = rescans::create(&connection, &new).unwrap();
    assert!(rescans::create(&connection, &new).is_err());
    let found = rescans::by_idempotency_key(&connection, "k").unwrap().unwrap();
    assert_eq!((found.no, found.request_digest.as_deref()), (row.no, Some("d")));
}

#[test]
fn a_finding_is_found_by_its_fingerprint_before_and_after_it_was_located() {
    let fixture = fixture::Fixture::new();
    let connection = fixture.connection();
    let known = |print| findings::newest(&connection, &print).unwrap().map(|finding| finding.rescan);
    let located =
        || connection.query_row("SELECT COUNT(*) FROM located", [], |r| r.get::<_, u64>(0)).unwrap();
    let found = |key| fixture::Found { key, ..fixture::Found::default() };

    let first = fixture.rescan(serde_json::json!({"name": "first"}));
    let unit = fixture.unit(first.no, "notes", &["comment"], 2);
    let print = fixture.finding(unit, &found("1"));
    located::keep_up(&connection).unwrap();
    assert_eq!((located(), known(print)), (0, Some(first.id.clone())), "a few are looked through");
    located::catch_up(&connection).unwrap();
    assert_eq!((located(), known(print)), (1, Some(first.id.clone())));

    let second = fixture.rescan(serde_json::json!({"name": "second"}));
    let unit = fixture.unit(second.no, "notes", &["comment"], 2);
    assert_eq!(fixture.finding(unit, &found("1")), print);
    assert_eq!(known(print), Some(second.id.clone()), "the newest of them");
    located::catch_up(&connection).unwrap();
    drop(connection);

    // Row numbers of what was deleted are given again.
    rescans::delete(&mut fixture.store.connect().unwrap(), second.no).unwrap();
    let connection = fixture.connection();
    let third = fixture.rescan(serde_json::json!({"name": "third"}));
    let unit = fixture.unit(third.no, "notes", &["comment"], 2);
    let other = fixture.finding(unit, &found("2"));
    for _ in 0..2 {
        let rescan = |print| findings::newest(&connection, &print).unwrap().map(|finding| finding.rescan);
        assert_eq!((rescan(print), rescan(other)), (Some(first.id.clone()), Some(third.id.clone())));
        located::catch_up(&connection).unwrap();
    }
}
