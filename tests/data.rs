//! The linter of the labelled notes: what a training run or a score must be able to rely on.

use std::collections::HashMap;
use std::path::Path;

use vigie::category::Category;
use vigie::detect::checks::nir;
use vigie::eval::markup::{Labelled, read};

const PARTS: [&str; 5] = ["train", "dev", "test", "test-2", "test-3"];

fn part(name: &str) -> Vec<Labelled> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/data").join(name);
    read(&folder).unwrap_or_else(|error| panic!("{error}"))
}

fn place(note: &Labelled) -> String {
    let file = Path::new(&*note.file);
    format!("{}:{}", file.file_name().unwrap_or_default().to_string_lossy(), note.line)
}

/// Letters and digits alone, so that case, punctuation and blanks do not hide a duplicate.
fn key(note: &Labelled) -> String {
    note.note.text.as_str().to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn no_note_stands_twice_in_or_across_parts() {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut twice = Vec::new();
    for name in PARTS {
        for note in part(name) {
            let here = format!("{name}/{}", place(&note));
            if let Some(there) = seen.insert(key(&note), here.clone()) {
                twice.push(format!("{here} repeats {there}"));
            }
        }
    }
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

#[test]
fn no_span_is_cut_inside_a_word() {
    let mut cut = Vec::new();
    for name in PARTS {
        for note in part(name) {
            let text = note.note.text.as_str();
            for (category, span) in &note.note.required {
                let edge = |before: &str, after: &str| {
                    before.chars().next_back().is_some_and(char::is_alphanumeric)
                        && after.chars().next().is_some_and(char::is_alphanumeric)
                };
                if edge(&text[..span.start], &text[span.start..])
                    || edge(&text[..span.end], &text[span.end..])
                {
                    cut.push(format!("{name}/{}: {category}", place(&note)));
                }
            }
        }
    }
    assert!(cut.is_empty(), "{}", cut.join("\n"));
}

#[test]
fn a_whole_nir_has_a_right_key() {
    let mut wrong = Vec::new();
    for name in PARTS {
        for note in part(name) {
            for (_, span) in note.note.required.iter().filter(|(c, _)| *c == Category::Nir) {
                let digits: String =
                    span.of(note.note.text.as_str()).chars().filter(char::is_ascii_alphanumeric).collect();
                if digits.len() == 15 && nir::read(&digits).is_none() {
                    wrong.push(format!("{name}/{}", place(&note)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_part_has_every_category_and_clean_notes() {
    for (name, least) in [("train", 150), ("dev", 15), ("test", 12), ("test-2", 40), ("test-3", 40)] {
        let notes = part(name);
        for category in Category::ALL {
            let found = notes.iter().filter(|n| n.note.requires(category)).count();
            assert!(found >= least, "{name}: {found} notes with {category}, fewer than {least}");
        }
        let clean = notes.iter().filter(|n| n.note.required.is_empty()).count();
        assert!(clean * 5 >= notes.len() * 2, "{name}: {clean} clean notes of {}", notes.len());
    }
}
