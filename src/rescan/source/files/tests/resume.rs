//! Reading goes on from any page as if it had never stopped.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::super::open;
use super::support::{file, files, folder, only_unit, pages, resumes_everywhere};

/// A cell as a CSV writer writes it.
fn quoted(cell: &str, delimiter: char) -> String {
    let special = cell.contains([delimiter, '"', '\n', '\r']);
    if special { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_csv_goes_on_anywhere_and_gives_what_was_written(
        notes in proptest::collection::vec("[a-z\"\n\r;,é ]{0,12}", 1..40),
        comma in any::<bool>(),
        crlf in any::<bool>(),
        size in 1usize..7,
    ) {
        let delimiter = if comma { ',' } else { ';' };
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("id{delimiter}note{end}");
        for (i, note) in notes.iter().enumerate() {
            text.push_str(&format!("{i}{delimiter}{}{end}", quoted(note, delimiter)));
        }
        let expected: Vec<String> = notes
            .iter()
            .enumerate()
            .map(|(i, note)| format!("{i}: {}", if note.trim().is_empty() { "-" } else { note }))
            .collect();
        let dir = folder();
        let utf16: Vec<u8> =
            std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (name, bytes) in [
            ("a.csv", text.as_bytes().to_vec()),
            ("b.csv", format!("\u{feff}{text}").into_bytes()),
            ("c.csv", utf16),
            ("d.csv.gz", gz(text.as_bytes())),
            ("e.csv.zst", zst(text.as_bytes())),
        ] {
            prop_assert_eq!(&resumes_everywhere(&files(&file(&dir, name, bytes)), size), &expected);
        }
    }

    #[test]
    fn any_bytes_go_on_anywhere(lines in proptest::collection::vec("[ab;\"\\x00é]{0,6}", 0..40), size in 1usize..5) {
        let dir = folder();
        let text = format!("id;note\n{}", lines.join("\n"));
        let plain = resumes_everywhere(&files(&file(&dir, "a.csv", &text)), size);
        prop_assert_eq!(plain, resumes_everywhere(&files(&file(&dir, "a.csv.gz", gz(text.as_bytes()))), size));
    }
}

#[test]
fn ndjson_goes_on_anywhere() {
    let text: String = (0..1000)
        .map(|i| if i % 9 == 0 { "nope\n\n".into() } else { format!("{{\"id\":{i},\"text\":\"é{i}\"}}\n") })
        .collect();
    let dir = folder();
    let plain = resumes_everywhere(&files(&file(&dir, "a.ndjson", &text)), 77);
    assert_eq!((plain.len(), plain[1].as_str()), (1000, "1: é1"));
    for (name, bytes) in [("b.ndjson.gz", gz(text.as_bytes())), ("c.jsonl.zst", zst(text.as_bytes()))] {
        assert_eq!(resumes_everywhere(&files(&file(&dir, name, bytes)), 77), plain);
    }
}

#[test]
fn members_and_frames_one_behind_the_other_are_all_read() {
    let (head, tail) = ("id;note\n1;a\n", "2;b\n");
    let dir = folder();
    for (name, bytes) in [
        ("a.csv.gz", [gz(head.as_bytes()), gz(tail.as_bytes())].concat()),
        ("a.csv.zst", [zst(head.as_bytes()), zst(tail.as_bytes())].concat()),
    ] {
        assert_eq!(resumes_everywhere(&files(&file(&dir, name, bytes)), 1), ["1: a", "2: b"]);
    }
}

#[test]
fn a_compressed_file_that_ends_in_the_middle_keeps_its_rows_and_says_where() {
    // Numbers that do not compress well, so that the cut falls among them.
    let text: String = std::iter::once("id;note\n".to_owned())
        .chain((0..40_000u32).map(|i| format!("{i};{:08x}\n", i.wrapping_mul(2_654_435_761))))
        .collect();
    let dir = folder();
    for (name, packed) in [("a.csv.gz", gz(text.as_bytes())), ("a.csv.zst", zst(text.as_bytes()))] {
        let files = files(&file(&dir, name, &packed[..packed.len() / 2]));
        let mut source = open(&files, false).unwrap();
        let unit = only_unit(&mut *source).unwrap();
        let (rows, positions, error) = pages(&mut *source, &unit, None, 500);
        let error = error.unwrap();
        assert!(rows.len() > 1000 && rows.len() < 40_000, "{}", rows.len());
        assert!(error.message.contains("ends in the middle, behind line") && !error.transient, "{error}");
        let said: usize =
            error.message.split("line ").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
        assert_eq!(said, rows.len() + 1);
        let (rest, _, error) = pages(&mut *source, &unit, Some(&positions[0].1), 500);
        assert_eq!((rest.len() + 500, error.is_some()), (rows.len(), true));
    }
    let refused = super::support::refused(&files(&file(&dir, "b.csv.gz", "id;note\n1;a\n")));
    assert!(refused.contains("is damaged"), "{refused}");
}
