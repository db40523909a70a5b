mod faults;
mod increments;
mod memory;
mod orders;
mod support;

use serde_json::json;

use crate::category::Category;
use crate::rescan::manifest;
use crate::store::State;
use support::{Place, notes, unit};

#[test]
fn every_note_is_accounted_for() {
    let (place, memory) = (Place::new(), notes());
    let last = place.rescan(&memory);
    assert_eq!((last.state, last.units, last.units_done), (State::Partial, 2, 2));
    assert_eq!((last.rows_read, last.rows_expected), (145, Some(145)));
    let n = last.notes;
    assert_eq!((n.seen, n.seen), (290, n.scanned + n.unchanged + n.empty + n.unreadable));
    // Rows 12, 25… are unreadable as a whole: two notes each.
    let bad_rows = (0..100).chain(0..45).filter(|i| i % 13 == 12).count() as u64;
    let bad_cells = (0..100).chain(0..45).filter(|i| i % 13 != 12 && i % 11 == 8).count() as u64;
    assert_eq!(n.unreadable, 2 * bad_rows + bad_cells);
    assert_eq!(last.message.unwrap(), format!("{} notes could not be read", n.unreadable));
    let of = |category| last.by_category.iter().find(|c| c.category == category).map_or(0, |c| c.findings);
    let ill = (0..100).chain(0..45).filter(|i| i % 13 != 12 && [0, 3, 6].contains(&(i % 11))).count() as u64;
    assert_eq!(of(Category::Health), ill);
    assert_eq!(of(Category::Identifier), ill);
    assert_eq!(last.findings, place.count("SELECT COUNT(*) FROM finding") as u64);
    assert_eq!(last.findings, place.count("SELECT SUM(findings) FROM tally") as u64);
    assert_eq!(place.count("SELECT COUNT(*) FROM unreadable") as u64, bad_rows + bad_cells);
    let row = place.row(&last.id);
    assert!(row.owner.is_none() && row.ended_at.is_some() && row.worked_ms > 0);
    let key = place.store.keys().derive("manifest");
    let manifest = manifest::verify(&row.manifest.unwrap(), &key).unwrap();
    assert_eq!(manifest.rescan(), Some(row.id.as_str()));
    let differences = manifest::recount(&place.store.connection().unwrap(), &manifest).unwrap().unwrap();
    assert!(differences.is_empty(), "{} differences", differences.len());
}

#[test]
fn findings_do_not_depend_on_threads() {
    let (place, memory) = (Place::new(), notes());
    let books: Vec<_> = [1, 4]
        .map(|threads| {
            let row = place.create(json!({}));
            place.run(&row.id, &memory, threads);
            place.books(&row.id)
        })
        .into();
    assert!(books[0].len() > 100);
    assert!(books[0] == books[1], "the findings differ");
}

#[test]
fn what_is_found_is_what_the_scanner_finds() {
    use crate::note::Note;
    use crate::scanner::ScanOptions;
    let (place, mut memory) = (Place::new(), notes());
    memory.units.truncate(1);
    let id = place.rescan(&memory).id;
    let text = "note 0, cliente diabétique, tél. 06 12 34 56 00";
    let note = Note::new(text).in_field("suivi");
    let report = support::SCANNER.scan(&note, &ScanOptions::default()).unwrap();
    let connection = place.store.connection().unwrap();
    let mut query = connection
        .prepare(
            "SELECT category, start, \"end\", rule, score, action, field FROM finding WHERE note_key = 'clients-0' \
             ORDER BY id",
        )
        .unwrap();
    let stored: Vec<(String, usize, usize, String, f64, String, String)> = query
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(stored.len(), report.findings.len());
    for (stored, reported) in stored.iter().zip(&report.findings) {
        let words: Vec<u16> = text.encode_utf16().collect();
        let words = String::from_utf16(&words[stored.1..stored.2]).unwrap();
        assert_eq!(words, reported.finding.span.of(text));
        assert_eq!(stored.0, reported.finding.category.id());
        assert_eq!(stored.3, *reported.finding.rule);
        assert!((stored.4 - f64::from(reported.finding.score)).abs() < 0.001);
        assert_eq!((stored.5.as_str(), stored.6.as_str()), (reported.action.id(), "suivi"));
    }
    assert_eq!(place.row(&id).versions.engine, env!("CARGO_PKG_VERSION"));
}

#[test]
fn no_text_of_a_note_reaches_the_store() {
    let place = Place::new();
    let id = place.rescan(&notes()).id;
    let masked = place.create(json!({"excerpts": true}));
    assert_eq!(place.run(&masked.id, &notes(), 2).state, State::Partial);
    place.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    let bytes = std::fs::read(place.store.path()).unwrap();
    for word in ["diabé", "syndiqué", "livrer", "34 56"] {
        assert!(!bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word}");
    }
    let sealed = |id: &str| {
        let no = place.row(id).no;
        place.count(&format!(
            "SELECT COUNT(excerpt) FROM finding JOIN unit ON unit.id = unit WHERE rescan = {no}"
        ))
    };
    assert_eq!(sealed(&id), 0);
    assert!(sealed(&masked.id) > 0);
}

#[test]
fn columns_and_labels_of_a_row_come_with_its_findings() {
    let mut memory = notes();
    memory.units = vec![unit("clients", 20)];
    memory.units[0].team = Some("Lyon".to_owned());
    let place = Place::new();
    place.rescan(&memory);
    assert_eq!(place.count("SELECT COUNT(*) FROM finding WHERE team IS NOT 'Lyon'"), 0);
    assert_eq!(
        place.count(
            "SELECT COUNT(DISTINCT note_key) FROM finding WHERE column_name = 'remarque' AND category = 'trade_union'"
        ),
        2
    );
}
