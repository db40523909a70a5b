use super::super::open;
use super::support::{file, files, folder, pages};
use crate::rescan::spec::Files;

#[test]
fn a_folder_gives_its_files_in_order_and_what_cannot_be_read_in_its_place() {
    let dir = folder();
    file(&dir, "2024/b.csv", "id;note\n1;b\n");
    file(&dir, "2024/a.ndjson", "{\"id\":1,\"note\":\"a\"}\n");
    file(&dir, "2023/tarifs.csv", "x;y\n1;2\n");
    file(&dir, "notice.pdf", "%PDF");
    let mut source = open(&files(dir.path()), false).unwrap();
    let units = source.units().unwrap();
    let names: Vec<(&str, bool)> = units
        .iter()
        .map(|unit| match unit {
            Ok(unit) => (unit.name.as_str(), true),
            Err((name, _)) => (name.as_str(), false),
        })
        .collect();
    assert_eq!(
        names,
        [("2023/tarifs.csv", false), ("2024/a.ndjson", true), ("2024/b.csv", true), ("notice.pdf", false)]
    );
    for (unit, expected) in [(1, "1: a"), (2, "1: b")] {
        assert_eq!(pages(&mut *source, units[unit].as_ref().unwrap(), None, 5).0, [expected]);
    }
    assert_eq!(open(&files(dir.path()), false).unwrap().units().unwrap().len(), 4);
}

#[test]
fn what_is_named_alone_must_be_readable() {
    let dir = folder();
    let pdf = file(&dir, "notice.pdf", "%PDF");
    let missing = dir.path().join("absent.csv");
    for (path, said) in [(&pdf, "notice.pdf"), (&missing, "absent.csv")] {
        let error = open(&files(path), false).err().unwrap().to_string();
        assert!(error.contains(said), "{error}");
    }
    assert!(open(&Files::default(), false).is_err());
}

#[test]
fn a_file_that_changed_or_went_is_not_gone_on_with() {
    let dir = folder();
    let path = file(&dir, "a.csv", "id;note\n1;a\n2;b\n");
    let mut source = open(&files(&path), false).unwrap();
    let unit = source.units().unwrap().remove(0).unwrap();
    let (_, positions, _) = pages(&mut *source, &unit, None, 1);
    let position = &positions[0].1;
    file(&dir, "a.csv", "id;note\n1;a\n2;b\n3;c\n");
    let error = source.open(&unit, Some(position)).err().unwrap();
    assert!(error.message.contains("changed since") && !error.transient, "{error}");
    file(&dir, "a.csv", "id;memo;note\n1;a;b\n");
    let mut changed = open(&Files { columns: super::support::text("2"), ..files(&path) }, false).unwrap();
    assert!(changed.open(&unit, None).err().unwrap().message.contains("no longer those of the plan"));
    std::fs::remove_file(&path).unwrap();
    assert!(source.open(&unit, Some(position)).is_err());
}

#[test]
fn a_file_that_grows_while_it_is_read_is_said_to_have_changed() {
    let dir = folder();
    let path = file(&dir, "a.csv", "id;note\n1;a\n2;b\n");
    let mut source = open(&files(&path), false).unwrap();
    let unit = source.units().unwrap().remove(0).unwrap();
    let mut pages = source.open(&unit, None).unwrap();
    assert_eq!(pages.next(1).unwrap().unwrap().rows.len(), 1);
    file(&dir, "a.csv", "id;note\n1;a\n2;b\n3;c\n");
    while let Ok(Some(_)) = pages.next(1) {}
    assert!(pages.next(1).unwrap_err().message.contains("changed while it was read"));
}
