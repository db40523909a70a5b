use super::support::{file, files, folder, refused, rows, text};
use crate::rescan::source::columns::MAX_CELL;
use crate::rescan::spec::{Columns, Files};

fn read(content: impl AsRef<[u8]>) -> Vec<String> {
    let dir = folder();
    rows(&files(&file(&dir, "a.csv", content)))
}

#[test]
fn keys_columns_and_labels() {
    let content = "\u{feff}Réf;Client;Commentaire;Remarque;Auteur;Equipe;Date\r\n\
                   A1;x;client diabétique;;m.petit;Nord;03/02/2024\r\n\
                   ;y;\"dit \"\"oui\"\";\r\nà la fin\";vu;;;\r\n";
    let dir = folder();
    let mut files = files(&file(&dir, "a.csv", content));
    files.columns = Columns { key: Some("réf".into()), ..Columns::default() };
    let expected =
        ["A1: client diabétique | - [m.petit, Nord, 2024-02]", "row 2: dit \"oui\";\r\nà la fin | vu"];
    assert_eq!(rows(&files), expected);
    let mut source = super::super::open(&files, false).unwrap();
    let unit = super::support::only_unit(&mut *source).unwrap();
    assert_eq!((unit.name.as_str(), unit.expected), ("a.csv", None));
    assert_eq!(unit.columns, ["Commentaire", "Remarque"]);
    // Authors are not read unless asked for.
    assert_eq!(
        super::support::pages(&mut *source, &unit, None, 9).0[0],
        "A1: client diabétique | - [Nord, 2024-02]"
    );
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_rows() {
    let text = "id;texte\n7;été, à l'hôtel\n8;\"un\ndeux\"\n";
    let cp1252 = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let little: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let tabs = text.replace(';', "\t");
    let said = format!("sep=;\r\n{text}");
    for bytes in [text.as_bytes(), &cp1252, &little, &big, tabs.as_bytes(), said.as_bytes()] {
        assert_eq!(read(bytes), ["7: été, à l'hôtel", "8: un\ndeux"]);
    }
    let dir = folder();
    let forced = Files {
        delimiter: Some(':'),
        columns: self::text("b"),
        ..files(&file(&dir, "x", "a;c:b\n1;2:oui\n"))
    };
    assert_eq!(rows(&Files { format: Some(crate::rescan::spec::FileFormat::Csv), ..forced }), ["1: oui"]);
}

#[test]
fn bad_lines_are_unreadable_with_their_number_and_the_rest_goes_on() {
    let content = b"id;note\n1;a\n2;b;c\n\n3\n4;\"d\n5;e\0\n6;m\xE9t\xE9o\n7;\"f\"\"\n8;g\n";
    let expected = [
        "1: a",
        "row 2: !line 3: 3 cells, the header has 2; quote cells that hold the delimiter",
        "row 3: !line 5: 1 cells, the header has 2; quote cells that hold the delimiter",
        "row 4: !line 6: a quote opens here and no cell ends with the next one; write a quote inside a cell twice",
        "5: !line 7: the cell holds NUL bytes: this is no text",
        "6: météo",
        "row 7: !line 9: a quote opens here and no cell ends with the next one; write a quote inside a cell twice",
        "8: g",
    ];
    assert_eq!(read(content), expected);
}

#[test]
fn a_stray_quote_that_meets_another_costs_its_line_only() {
    let mut content = "id;note\n1;\"a\n".to_owned();
    (2..500).for_each(|i| content.push_str(&format!("{i};b\n")));
    content.push_str("500;\"c;d\"\n");
    let rows = read(content);
    assert_eq!(rows.len(), 500);
    assert!(rows[0].contains("a quote opens") && rows[1] == "2: b" && rows[499] == "500: c;d");
}

#[test]
fn a_stray_quote_far_from_any_other_costs_its_line_only() {
    let line = format!("7;{}\n", "note ".repeat(200));
    let count = 3 * 1024 * 1024 / line.len();
    for end in ["8;\"f;g\"\n", ""] {
        let content = format!("id;note\n1;\"a\n{}{end}", line.repeat(count));
        let rows = read(content);
        assert_eq!(rows.len(), 1 + count + usize::from(!end.is_empty()));
        assert!(rows[0].starts_with("row 1: !line 2: a quote opens") && rows[count].starts_with("7: note"));
    }
}

#[test]
fn a_huge_cell_is_told_by_its_size_and_the_row_keeps_its_others() {
    let note = |size: usize| "é'\n".repeat(size / 4);
    let huge = note(50_000_000);
    let reason = "no note is that long: read it in the source";
    let dir = folder();
    let content = format!(
        "id;note;commentaire\n1;{};oui\n2;\"{huge}\";non\n3;c;\"{}\"\n",
        "x".repeat(MAX_CELL + 1),
        note(MAX_CELL)
    );
    let rows = super::support::rows(&files(&file(&dir, "a.csv", content)));
    assert_eq!(rows[0], format!("1: !line 2: the cell has 1048577 bytes, more than 1048576; {reason} | oui"));
    assert_eq!(
        rows[1],
        format!("2: !line 3: the cell has 50000000 bytes, more than 1048576; {reason} | non")
    );
    assert!(rows[2].starts_with("3: c | é'\n") && rows[2].len() == MAX_CELL + 7);
}

#[test]
fn a_line_of_delimiters_only_does_not_fill_memory() {
    let content = format!("id;note\n1;{}\n2;b\n", ";".repeat(5_000_000));
    assert_eq!(
        read(content),
        ["row 1: !line 2: 5000002 cells, the header has 2; quote cells that hold the delimiter", "2: b"]
    );
}

#[test]
fn no_header_no_column_no_file() {
    let dir = folder();
    let path = file(&dir, "a.csv", "id;suivi client;date\n1;x;y\n");
    assert_eq!(
        refused(&Files { columns: text("commentaire"), ..files(&path) }),
        "there is no column `commentaire` (columns: `id`, `suivi client`, `date`)"
    );
    assert!(refused(&files(&path)).contains("name it with --text"));
    for (content, said) in
        [(&b"\0\x01\x02binary\n"[..], "no header"), (b"id;\"note\n1;a", "header, line 1: a quote opens")]
    {
        let error = refused(&files(&file(&dir, "b.csv", content)));
        assert!(error.contains(said), "{error}");
    }
    assert!(
        read("").is_empty()
            && read("\u{feff}").is_empty()
            && read("id;note\n").is_empty()
            && read("\n\n").is_empty()
    );
    assert!(super::super::open(&Files { delimiter: Some('é'), ..files(&path) }, false).is_err());
}
