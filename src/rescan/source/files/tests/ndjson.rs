use super::support::{file, files, folder, refused, rows, text};
use crate::rescan::source::columns::MAX_CELL;
use crate::rescan::spec::{Columns, Files};

fn read(content: impl AsRef<[u8]>) -> Vec<String> {
    let dir = folder();
    rows(&files(&file(&dir, "a.ndjson", content)))
}

#[test]
fn members_of_any_kind() {
    let content = r#"{"id": 7, "Text": "dit \"oui\"\n", "field": "memo", "plus": {"a": [1, {"text": "non"}]}}
{"id": "x", "text": null, "date": "2024-02-03"}

{"id": -1.5, "text": true, "team": 3}
{"id": null, "text": ["a"], "field": "  "}
{"text": 12345678901234567890}
"#;
    let expected = [
        "7: dit \"oui\"\n [memo]",
        "x: - [2024-02]",
        "-1.5: true [3]",
        "row 4: !line 5: the member is an array or an object, not a text",
        "row 5: 12345678901234567890",
    ];
    assert_eq!(read(content), expected);
}

#[test]
fn bad_lines_are_unreadable_and_repeat_nothing() {
    let long = format!("{{\"id\": 8, \"text\": \"{}\"}}", "x".repeat(17_000_000));
    let high = format!("{{\"id\": 9, \"text\": \"{}\"}}", "x".repeat(MAX_CELL + 1));
    let content = [
        b"{\"id\":1,\"text\":\"a\"}".as_slice(),
        b"{\"id\":2,\"text\":\"diab\xE9tique\"}",
        b"\"diabetique\"",
        b"{\"id\":4,\"text\":\"diabetique",
        b"{\"id\":5,\"text\":\"diabetique\"} x",
        b"{\"id\":6,\"text\":\"diab\\u0000etique\"}",
        b"[7]",
        long.as_bytes(),
        high.as_bytes(),
        b"{\"id\":10,\"text\":\"z\"}",
    ];
    let rows = read(content.join(b"\n".as_slice()));
    let said = [
        "1: a",
        "row 2: !line 2: byte 21 is not valid UTF-8",
        "row 3: !line 3: not a JSON object",
        "row 4: !line 4: not JSON: EOF",
        "row 5: !line 5: not JSON: trailing",
        "6: !line 6: the cell holds NUL bytes",
        "row 7: !line 7: not a JSON object",
        "row 8: !line 8: the line has 17000022 bytes, more than 16777216",
        "9: !line 9: the cell has 1048577 bytes",
        "10: z",
    ];
    assert_eq!(rows.len(), said.len());
    for (row, said) in rows.iter().zip(said) {
        assert!(row.starts_with(said) && !row.contains("diab"), "{row}");
    }
}

#[test]
fn a_member_may_come_late_and_a_missing_one_is_an_error() {
    let dir = folder();
    let mut content = "{\"id\": 1}\n".repeat(3000);
    content.push_str("{\"id\": 2, \"suivi\": \"oui\"}\n");
    let path = file(&dir, "a.jsonl", content);
    let rows = rows(&Files { columns: text("suivi"), ..files(&path) });
    assert_eq!((rows.len(), rows[3000].as_str(), rows[0].as_str()), (3001, "2: oui", "1: -"));
    let columns = Columns { key: Some("cle".into()), ..text("suivi") };
    assert_eq!(
        refused(&Files { columns, ..files(&path) }),
        "there is no column `cle` (columns: `id`, `suivi`)"
    );
}

#[test]
fn names_are_those_of_the_header_whatever_their_case_and_blanks() {
    let dir = folder();
    let content =
        "{\"id\": 1, \"résumé\": \"a\"}\n{\"ID\": 2, \"RÉSUMÉ\": \"b\"}\n{\"id\": 3, \"résumé \": \"c\"}\n";
    let path = file(&dir, "a.ndjson", content);
    assert_eq!(rows(&Files { columns: text("résumé"), ..files(&path) }), ["1: a", "2: b", "3: c"]);
}

#[test]
fn of_two_members_of_one_name_none_is_chosen() {
    let content = r#"{"id": 1, "note": "oui", "Note": ""}
{"id": 2, "note": "oui"}
{"id": 3, "ID": 4, "note": "non"}
{"id": 5, "note": "oui", "note": null}
"#;
    let twice = |line: u32| format!("!line {line}: two members have this name; rename one");
    let expected = [
        format!("1: {}", twice(1)),
        "2: oui".to_owned(),
        "row 3: non".to_owned(),
        format!("5: {}", twice(4)),
    ];
    assert_eq!(read(content), expected);
}

#[test]
fn a_usual_name_that_comes_late_makes_its_row_unreadable() {
    let dir = folder();
    let mut content = "{\"id\": 1, \"note\": \"oui\"}\n".repeat(1000);
    content.push_str("{\"id\": 2, \"note\": \"a\", \"Commentaire\": \"b\"}\n");
    content.push_str("{\"id\": 3, \"note\": \"c\", \"commentaire\": null, \"autre\": \"d\"}\n");
    let path = file(&dir, "a.jsonl", content);
    let all = rows(&files(&path));
    let late = &all[1000];
    assert!(
        late.starts_with("2: !line 1001: the member `commentaire` is not") && late.contains("--text"),
        "{late}"
    );
    assert_eq!((all.len(), all[1001].as_str()), (1002, "3: c"));
    let columns = Columns { text: vec!["note".into(), "commentaire".into()], ..Columns::default() };
    assert_eq!(rows(&Files { columns, ..files(&path) })[1000], "2: a | b");
    assert_eq!(rows(&Files { columns: text("note"), ..files(&path) })[1000], "2: a");
}

#[test]
fn what_is_no_ndjson_is_said() {
    let dir = folder();
    for (content, said) in
        [("[{\"text\": \"a\"}]", "jq -c"), ("[\n{}\n]", "jq -c"), ("text\nnon", "no line is")]
    {
        let error = refused(&files(&file(&dir, "a.json", content)));
        assert!(error.contains(said), "{error}");
    }
    assert!(read("").is_empty() && read("\n \n").is_empty());
}
