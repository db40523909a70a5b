use super::super::open;
use super::support::{file, files, folder, only_unit, pages, refused, resumes_everywhere, rows};
use super::workbook::{Sheet, Xml, write};

fn header() -> Vec<Xml> {
    vec![Xml::Inline("id"), Xml::Shared(0), Xml::Inline("date"), Xml::Inline("équipe")]
}

fn sheet(rows: Vec<(u32, Vec<Xml>)>) -> Sheet {
    Sheet { name: "Notes", dimension: Some("A2:D9"), rows }
}

#[test]
fn cells_of_every_kind_are_text_and_rows_have_the_number_one_sees() {
    let rows_of = vec![
        (1, vec![Xml::Blank, Xml::Blank]),
        (2, header()),
        (3, vec![Xml::Number(7.0), Xml::Shared(1), Xml::Date(45325.0), Xml::Shared(2)]),
        (4, vec![Xml::Inline("b<c"), Xml::Number(12.5), Xml::Number(45325.0)]),
        (5, vec![Xml::None, Xml::Bool(true)]),
        (8, vec![Xml::Number(8.0), Xml::Error("#N/A"), Xml::Inline("2024-02-03")]),
        (9, vec![Xml::Number(9.0), Xml::Blank, Xml::Blank]),
    ];
    let book = write(&["Commentaire", "client <diabétique>\net fatigué", "Nord"], &[sheet(rows_of)]);
    let dir = folder();
    let files = files(&file(&dir, "a.xlsx", book));
    let mut source = open(&files, false).unwrap();
    let unit = only_unit(&mut *source).unwrap();
    assert_eq!((unit.name.as_str(), unit.expected), ("a.xlsx#Notes", Some(7)));
    assert_eq!(unit.columns, ["Commentaire"]);
    let expected = [
        "7: client <diabétique>\net fatigué [Nord, 2024-02]",
        "b<c: 12.5 [2024-02]",
        "row 5: true",
        "row 6: -",
        "row 7: -",
        "8: #N/A [2024-02]",
        "9: -",
    ];
    assert_eq!(rows(&files), expected);
    assert_eq!(resumes_everywhere(&files, 2), expected);
}

#[test]
fn sheets_are_units_and_those_without_the_columns_are_reported() {
    let row = || vec![(1, header()), (2, vec![Xml::Number(1.0), Xml::Inline("a")])];
    let other =
        Sheet { name: "Tarifs", dimension: None, rows: vec![(1, vec![Xml::Inline("x"), Xml::Inline("y")])] };
    let empty = Sheet { name: "Feuil3", dimension: Some("A1"), rows: vec![] };
    let second = Sheet { name: "2023", dimension: None, rows: row() };
    let dir = folder();
    let files = files(&file(&dir, "a.xlsx", write(&["note"], &[sheet(row()), other, empty, second])));
    let mut source = open(&files, false).unwrap();
    let units = source.units().unwrap();
    assert_eq!(units.len(), 3);
    let (name, error) = units[1].as_ref().unwrap_err();
    assert_eq!(name, "a.xlsx#Tarifs");
    assert!(error.to_string().contains("columns: `x`, `y`"), "{error}");
    let last = units[2].as_ref().unwrap();
    assert_eq!((last.name.as_str(), last.expected), ("a.xlsx#2023", None));
    assert_eq!(pages(&mut *source, last, None, 5).0, ["1: a"]);
}

#[test]
fn many_rows_go_on_anywhere() {
    let mut rows_of = vec![(1, header())];
    rows_of.extend(
        (2..1500).filter(|i| i % 7 != 0).map(|i| (i, vec![Xml::Number(i.into()), Xml::Inline("note")])),
    );
    let dir = folder();
    let path = file(&dir, "a.xlsx", write(&["note"], &[sheet(rows_of)]));
    let all = resumes_everywhere(&files(&path), 400);
    assert_eq!((all.len(), all[0].as_str(), all[5].as_str()), (1498, "2: note", "row 7: -"));
}

#[test]
fn a_broken_workbook_is_an_error_and_no_panic() {
    let dir = folder();
    let rows_of = |id| {
        vec![
            (1, header()),
            (2, vec![Xml::Number(1.0), Xml::Shared(0)]),
            (3, vec![Xml::Shared(0)]),
            (4, vec![Xml::Shared(id)]),
        ]
    };
    let book = write(&["note"], &[sheet(rows_of(0))]);
    for bytes in [&b"PK\x03\x04 diab"[..], b"diab", b"", &book[..book.len() / 2]] {
        let error = refused(&files(&file(&dir, "a.xlsx", bytes)));
        assert!(error.contains("no whole .xlsx workbook") && !error.contains("diab"), "{error}");
    }
    // Rows before the damage stand, but for the last: what is damaged might be one of its cells.
    let files = files(&file(&dir, "b.xlsx", write(&["note"], &[sheet(rows_of(99))])));
    let mut source = open(&files, false).unwrap();
    let unit = only_unit(&mut *source).unwrap();
    let (rows, _, error) = pages(&mut *source, &unit, None, 500);
    assert_eq!(rows.len(), 1);
    assert!(error.unwrap().to_string().contains("behind row 2"));
    // So does the program, whatever byte is wrong.
    for at in (0..book.len()).step_by(7) {
        let mut bytes = book.clone();
        bytes[at] ^= 0x55;
        let mut source = open(&super::support::files(&file(&dir, "c.xlsx", bytes)), false).unwrap();
        for unit in source.units().unwrap().into_iter().flatten() {
            if let Ok(mut pages) = source.open(&unit, None) {
                while let Ok(Some(_)) = pages.next(500) {}
            }
        }
    }
}

#[test]
fn a_password_is_said() {
    // Encrypted workbooks are compound files (MS-OFFCRYPTO) with this signature.
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(2048, 0);
    let dir = folder();
    let error = refused(&files(&file(&dir, "a.xlsx", bytes)));
    assert!(error.contains(".xlsx workbook") || error.contains("password"), "{error}");
}
