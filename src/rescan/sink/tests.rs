use super::*;
use crate::category::Category;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::store::fixture::{Fixture, Found};
use crate::store::reviews;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::RowAccessor;
use serde_json::json;
use std::io::Write;

/// Two findings, the first dismissed, with a team that a spreadsheet would take for a formula.
fn filled() -> (Fixture, Filter) {
    let fixture = Fixture::new();
    let row = fixture.rescan(json!({}));
    let unit = fixture.unit(row.no, "notes", &["comment"], 3);
    let first = fixture.finding(unit, &Found { key: "a", team: Some("=cmd()"), ..Found::default() });
    fixture.finding(
        unit,
        &Found { key: "b", category: Category::Nir, month: Some("2024-05"), ..Found::default() },
    );
    let reason = Reason::new(Grounds::Nobody, None, None).unwrap();
    reviews::decide(&fixture.connection(), &[first], &Decision::Dismissed(reason), Some("ana")).unwrap();
    (fixture, Filter::rescan(row.id))
}

fn exported(name: &str) -> (Vec<u8>, Filter) {
    let (fixture, filter) = filled();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    assert_eq!(export(&fixture.connection(), &filter, &path, None).unwrap(), 2);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    (std::fs::read(path).unwrap(), filter)
}

#[test]
fn ndjson_has_a_line_a_finding() {
    let (bytes, filter) = exported("out.ndjson");
    let lines: Vec<serde_json::Value> = bytes
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["note"], &lines[0]["team"]), (&json!("a"), &json!("=cmd()")));
    assert_eq!(lines[0]["rescan"], filter.rescan.unwrap());
    assert_eq!(lines[0]["review"]["reason"], json!({"code": "nobody"}));
    assert_eq!((&lines[1]["state"], &lines[1]["review"]), (&json!("to_review"), &json!(null)));
    assert!(lines[0].get("excerpt").is_none() && lines[0].get("author").is_none());
}

#[test]
fn csv_disarms_formulas_and_has_a_cell_a_column() {
    let (bytes, _) = exported("out.csv");
    let mut rows = ::csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(rows.headers().unwrap(), &super::csv::HEADER[..]);
    let rows: Vec<::csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| {
        let column = super::csv::HEADER.iter().position(|h| *h == name).unwrap();
        rows[row].get(column).unwrap().to_owned()
    };
    assert_eq!(cell(0, "team"), "'=cmd()");
    assert_eq!(
        (cell(0, "state"), cell(0, "reason"), cell(0, "reviewed_by")),
        ("dismissed".into(), "nobody".into(), "ana".into())
    );
    assert!(cell(0, "reviewed_at").ends_with('Z'));
    assert_eq!(
        (cell(1, "category"), cell(1, "month"), cell(1, "reviewed_at")),
        ("nir".into(), "2024-05".into(), String::new())
    );
}

#[test]
fn parquet_reads_back() {
    let (bytes, _) = exported("out.parquet");
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    assert_eq!(reader.metadata().file_metadata().num_rows(), 2);
    let names: Vec<String> = reader
        .metadata()
        .file_metadata()
        .schema_descr()
        .columns()
        .iter()
        .map(|c| c.name().to_owned())
        .collect();
    assert_eq!(names, super::csv::HEADER);
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows[0].get_string(4).unwrap(), "a");
    assert_eq!(rows[0].get_string(16).unwrap(), "=cmd()");
    assert!(rows[1].get_string(16).is_err() && rows[0].get_timestamp_millis(22).is_ok());
    assert_eq!((rows[1].get_double(11).unwrap(), rows[1].get_long(12).unwrap()), (0.9, 7));
}

#[test]
fn a_name_without_a_format_is_refused_and_a_failed_export_leaves_the_old_file() {
    let (fixture, filter) = filled();
    let dir = tempfile::tempdir().unwrap();
    let error =
        export(&fixture.connection(), &filter, &dir.path().join("out"), None).unwrap_err().to_string();
    assert!(error.contains(".parquet"), "{error}");
    let path = dir.path().join("out.csv");
    std::fs::write(&path, "old").unwrap();
    let unknown = Filter::rescan("r-none");
    assert!(export(&fixture.connection(), &unknown, &path, None).is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_target_is_a_file_or_a_table_and_shows_no_password() {
    let table = Target::parse("postgres://vigie:s3cret@db/crm", None).unwrap();
    assert!(matches!(table, Target::Table(_)) && !table.to_string().contains("s3cret"));
    let file = Target::parse("out.txt", Some(Format::Csv)).unwrap();
    assert_eq!(file, Target::File { path: "out.txt".into(), format: Format::Csv });
    assert!(Target::parse("out.txt", None).is_err());
    let (fixture, _) = filled();
    let error = table.write(&fixture.connection(), &Filter::default()).unwrap_err();
    assert!(matches!(error, ExportError::Several), "{error}");
}
