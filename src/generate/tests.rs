use std::collections::{BTreeMap, HashSet};

use super::write::{Format, write};
use super::{Generator, Invented};
use crate::policy::Verdict;
use crate::rescan::source::files;
use crate::rescan::source::{Cell, Row};
use crate::rescan::spec::Files;
use crate::scanner::{ScanOptions, Scanner, ScannerOptions};

fn notes(seed: u64, count: u64) -> Vec<Invented> {
    let generator = Generator::new(seed).unwrap();
    (0..count)
        .map(|place| {
            let mut note = Invented::default();
            generator.write(place, &mut note);
            note
        })
        .collect()
}

fn bytes(seed: u64, count: u64, format: Format, truth: bool) -> Vec<u8> {
    let mut out = Vec::new();
    write(&Generator::new(seed).unwrap(), count, format, truth, &mut out).unwrap();
    out
}

#[test]
fn notes_are_all_different_and_of_the_length_of_notes() {
    let notes = notes(1, 100_000);
    let texts: HashSet<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(texts.len(), notes.len());
    let sum: usize = notes.iter().map(|note| note.text.chars().count()).sum();
    let mean = sum as f64 / notes.len() as f64;
    assert!((110.0..130.0).contains(&mean), "{mean}");
    assert!(notes.iter().all(|note| !note.text.contains(['{', '}', '\\']) && note.text.len() < 400));
}

#[test]
fn eight_of_a_hundred_are_sensitive_over_all_categories() {
    let notes = notes(2, 100_000);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for note in notes.iter().filter(|note| !note.truth.is_empty()) {
        *counts.entry(note.truth.split('/').next().unwrap()).or_default() += 1;
    }
    let sum: usize = counts.values().sum();
    assert!((7_700..8_300).contains(&sum), "{sum}");
    assert_eq!(counts.len(), crate::category::Category::COUNT);
    assert!(counts.values().all(|count| *count > 200), "{counts:?}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    for format in [Format::Csv, Format::Ndjson, Format::Parquet, Format::Sql] {
        let once = bytes(7, 300, format, true);
        assert!(once == bytes(7, 300, format, true), "{format:?}");
        assert!(once != bytes(8, 300, format, true), "{format:?}");
        assert!(once != bytes(7, 300, format, false), "{format:?}");
    }
    // A longer run begins with the same notes.
    assert!(bytes(7, 600, Format::Csv, false).starts_with(&bytes(7, 300, Format::Csv, false)));
}

/// The notes as the files source reads them.
fn read(name: &str, content: &[u8]) -> Vec<Row> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    let mut source = files::open(&Files { paths: vec![path], ..Files::default() }, true).unwrap();
    let unit = source.units().unwrap().remove(0).unwrap();
    assert_eq!(unit.columns, ["commentaire"]);
    let mut pages = source.open(&unit, None).unwrap();
    let mut rows = Vec::new();
    while let Some(page) = pages.next(500).unwrap() {
        rows.extend(page.rows);
    }
    rows
}

#[test]
fn every_format_gives_back_the_same_notes() {
    let count = 1_200;
    let notes = notes(5, count);
    for (name, format) in
        [("a.csv", Format::Csv), ("a.ndjson", Format::Ndjson), ("a.parquet", Format::Parquet)]
    {
        let rows = read(name, &bytes(5, count, format, true));
        assert_eq!(rows.len(), notes.len());
        for (row, note) in rows.iter().zip(&notes) {
            assert!(
                matches!(&row.cells[..], [Cell::Text(text)] if text.as_str() == note.text),
                "{name} {}",
                note.id
            );
            assert_eq!(row.key, note.id.to_string());
            assert_eq!(row.labels.author.as_deref(), Some(note.author.as_str()));
            assert_eq!(row.labels.team.as_deref(), Some(note.team));
            assert_eq!(row.labels.month.as_deref(), Some(&note.date[..7]));
        }
    }
}

#[test]
fn sql_is_one_statement_for_five_hundred_notes() {
    let text = String::from_utf8(bytes(5, 1_001, Format::Sql, false)).unwrap();
    assert_eq!(
        text.matches("INSERT INTO notes (id, client, commentaire, champ, auteur, equipe, date) VALUES")
            .count(),
        3
    );
    assert!(text.starts_with("--") && text.ends_with("');\nCOMMIT;\n"));
    // Every quote is closed or doubled.
    assert!(text.matches('\'').count().is_multiple_of(2) && text.contains("l''"));
    assert!(String::from_utf8(bytes(5, 0, Format::Sql, true)).unwrap().ends_with("\n);\nBEGIN;\nCOMMIT;\n"));
}

/// What was put in is mostly found by the rules, and the rest is mostly left alone: the load is that of real notes.
#[test]
fn the_rules_find_what_was_put_in() {
    let scanner = Scanner::load(&ScannerOptions { classifier: false, ..ScannerOptions::default() }).unwrap();
    let (mut put, mut found, mut innocent, mut wrong) = (0, 0, 0, BTreeMap::<_, Vec<String>>::new());
    for invented in notes(3, 4_000) {
        let note = crate::note::Note::new(invented.text.as_str());
        let report = scanner.scan(&note, &ScanOptions::default()).unwrap();
        let hit = report.verdict != Verdict::Clear;
        if invented.truth.is_empty() {
            innocent += 1;
            if hit {
                let rule = report.findings.first().map(|found| found.finding.rule.clone());
                wrong.entry(rule).or_default().push(invented.text);
            }
        } else {
            put += 1;
            found += usize::from(hit);
        }
    }
    let count: usize = wrong.values().map(Vec::len).sum();
    let examples: Vec<_> = wrong.iter().map(|(rule, notes)| (rule, notes.len(), &notes[0])).collect();
    assert!(
        found * 10 >= put * 7 && count * 100 <= innocent,
        "{found} of {put}, {count} of {innocent}: {examples:#?}"
    );
}
