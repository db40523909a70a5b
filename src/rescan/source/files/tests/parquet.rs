use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
    Int96, Int96Type,
};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::super::open;
use super::support::{file, files, folder, only_unit, pages, refused, resumes_everywhere, text};
use crate::rescan::source::columns::MAX_CELL;
use crate::rescan::spec::{Columns, Files};

/// A column of one group: its values, and which rows have one.
type Write<'a> = Box<dyn Fn(&mut parquet::file::writer::SerializedColumnWriter<'_>) + 'a>;

fn column<'a, T: DataType>(values: &'a [T::T], levels: Option<&'a [i16]>) -> Write<'a> {
    Box::new(move |writer| {
        writer.typed::<T>().write_batch(values, levels, None).unwrap();
    })
}

fn write(schema: &str, properties: WriterProperties, groups: &[Vec<Write<'_>>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for columns in groups {
        let mut group = writer.next_row_group().unwrap();
        for write in columns {
            let mut column = group.next_column().unwrap().unwrap();
            write(&mut column);
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

fn strings(values: &[&str]) -> Vec<ByteArray> {
    values.iter().map(|text| ByteArray::from(*text)).collect()
}

const NOTES: &str =
    "message m { required int64 id; optional binary note (UTF8); optional int32 date (DATE); }";

#[test]
fn rows_of_all_groups_whatever_the_encoding() {
    let ids: Vec<i64> = (0..1300).collect();
    let notes: Vec<ByteArray> = (0..1300)
        .filter(|i| i % 5 != 0)
        .map(|i| ByteArray::from(format!("note {}", i % 40).as_str()))
        .collect();
    let present: Vec<i16> = (0..1300).map(|i| i16::from(i % 5 != 0)).collect();
    let dates = vec![19_756; 1300];
    let all = vec![1; 1300];
    let dir = folder();
    let mut results = Vec::new();
    for (dictionary, version, compression) in [
        (true, WriterVersion::PARQUET_1_0, Compression::SNAPPY),
        (false, WriterVersion::PARQUET_2_0, Compression::ZSTD(Default::default())),
        (true, WriterVersion::PARQUET_2_0, Compression::GZIP(Default::default())),
        (false, WriterVersion::PARQUET_1_0, Compression::UNCOMPRESSED),
    ] {
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(dictionary)
            .set_writer_version(version)
            .set_compression(compression)
            .set_data_page_row_count_limit(100)
            .set_write_batch_size(50)
            .build();
        let (first, rest) = (700, 1300);
        let group = |from: usize, to: usize| {
            let values = |at: usize| present[..at].iter().filter(|p| **p == 1).count();
            vec![
                column::<Int64Type>(&ids[from..to], None),
                column::<ByteArrayType>(&notes[values(from)..values(to)], Some(&present[from..to])),
                column::<Int32Type>(&dates[from..to], Some(&all[from..to])),
            ]
        };
        let bytes = write(NOTES, properties, &[group(0, first), group(0, 0), group(first, rest)]);
        let files = files(&file(&dir, "a.parquet", bytes));
        let unit = only_unit(&mut *open(&files, false).unwrap()).unwrap();
        assert_eq!((unit.columns[0].as_str(), unit.expected), ("note", Some(1300)));
        results.push(resumes_everywhere(&files, 64));
    }
    let expected: Vec<String> =
        (0..1300)
            .map(|i| {
                if i % 5 == 0 {
                    format!("{i}: - [2024-02]")
                } else {
                    format!("{i}: note {} [2024-02]", i % 40)
                }
            })
            .collect();
    assert!(results.iter().all(|rows| *rows == expected));
}

#[test]
fn keys_and_dates_of_every_type() {
    let schema = "message m {
        required binary note;
        required int32 a (UINT_32); required int64 b (DECIMAL(10, 2)); required fixed_len_byte_array(16) c (UUID);
        required fixed_len_byte_array(3) d (DECIMAL(5, 1)); required int64 e (TIMESTAMP_MICROS); required int96 f;
        required int64 g (TIMESTAMP(NANOS, true));
    }";
    let uuid = FixedLenByteArray::from((0..16).collect::<Vec<u8>>());
    let mut int96 = Int96::new();
    // 2024-02-03 is Julian day 2460344.
    int96.set_data(0, 0, 2_460_344);
    let values = (
        strings(&["a"]),
        [-1i32],
        [-1_234i64],
        [uuid],
        [FixedLenByteArray::from(vec![0xFF, 0xFF, 0xFE])],
        [1_706_918_400_000_000i64],
        [int96],
        [1_706_918_400_000_000_000i64],
    );
    let group = vec![
        column::<ByteArrayType>(&values.0, None),
        column::<Int32Type>(&values.1, None),
        column::<Int64Type>(&values.2, None),
        column::<FixedLenByteArrayType>(&values.3, None),
        column::<FixedLenByteArrayType>(&values.4, None),
        column::<Int64Type>(&values.5, None),
        column::<Int96Type>(&values.6, None),
        column::<Int64Type>(&values.7, None),
    ];
    let dir = folder();
    let path = file(&dir, "a.parquet", write(schema, WriterProperties::default(), &[group]));
    for (name, expected) in [
        ("a", "4294967295: a [2024-02]"),
        ("b", "-12.34: a [2024-02]"),
        ("c", "00010203-0405-0607-0809-0a0b0c0d0e0f: a [2024-02]"),
        ("d", "-0.2: a [2024-02]"),
        ("e", "2024-02-03T00:00:00Z: a [2024-02]"),
        ("f", "2024-02-03T00:00:00Z: a [2024-02]"),
    ] {
        let columns = Columns { key: Some(name.into()), date: Some("e".into()), ..text("note") };
        assert_eq!(super::support::rows(&Files { columns, ..files(&path) }), [expected], "{name}");
    }
    for date in ["f", "g"] {
        let columns = Columns { date: Some(date.into()), ..text("note") };
        assert_eq!(super::support::rows(&Files { columns, ..files(&path) }), ["1: a [2024-02]"], "{date}");
    }
}

#[test]
fn binary_and_huge_values_are_unreadable_and_nested_columns_refused() {
    let dir = folder();
    let huge = "x".repeat(MAX_CELL + 1);
    let mut notes = strings(&["a", &huge, "b"]);
    notes.push(ByteArray::from(vec![0xE9, 0x74]));
    let ids = [1, 2, 3, 4];
    let schema = "message m { required int64 id; required binary note; }";
    let group = vec![column::<Int64Type>(&ids, None), column::<ByteArrayType>(&notes, None)];
    let path = file(&dir, "a.parquet", write(schema, WriterProperties::default(), &[group]));
    let rows = super::support::rows(&files(&path));
    let said = ["1: a", "2: !row 2: the cell has 1048577 bytes", "3: b", "4: !row 4: the value is binary"];
    assert!(rows.iter().zip(said).all(|(row, said)| row.starts_with(said)), "{rows:?}");

    let schema = "message m { required int64 id; required group note { required binary texte (UTF8); } }";
    let texts = strings(&["a"]);
    let group = vec![column::<Int64Type>(&ids[..1], None), column::<ByteArrayType>(&texts, None)];
    let nested = files(&file(&dir, "b.parquet", write(schema, WriterProperties::default(), &[group])));
    let mut source = open(&nested, false).unwrap();
    let unit = only_unit(&mut *source);
    let error = match unit {
        Ok(unit) => source.open(&unit, None).err().unwrap(),
        Err(error) => error,
    };
    assert!(error.message.contains("column 2 is a list or a structure"), "{error}");
}

#[test]
fn a_broken_file_is_an_error_and_no_panic() {
    let dir = folder();
    let notes = strings(&["diabétique"; 400]);
    let (ids, all, dates) = ((0..400).collect::<Vec<i64>>(), vec![1; 400], vec![19_000; 400]);
    let group = vec![
        column::<Int64Type>(&ids, None),
        column::<ByteArrayType>(&notes, Some(&all)),
        column::<Int32Type>(&dates, Some(&all)),
    ];
    let bytes = write(NOTES, WriterProperties::default(), &[group]);
    for bytes in [&b""[..], b"PAR1", b"diabetique diabetique", &bytes[..bytes.len() / 2]] {
        let error = refused(&files(&file(&dir, "a.parquet", bytes)));
        assert!(error.contains("no whole Parquet file") && !error.contains("diab"), "{error}");
    }
    for at in (0..bytes.len()).step_by(5) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        let mut source = open(&files(&file(&dir, "b.parquet", bytes)), false).unwrap();
        for unit in source.units().unwrap() {
            let Ok(unit) = unit else { continue };
            if let Ok(mut pages) = source.open(&unit, None) {
                while let Ok(Some(_)) = pages.next(500) {}
            }
        }
    }
    let columns = Columns { key: Some("cle".into()), ..Columns::default() };
    let whole = Files { columns, ..files(&file(&dir, "c.parquet", &bytes)) };
    assert_eq!(refused(&whole), "there is no column `cle` (columns: `id`, `note`, `date`)");
    assert_eq!(pages_of(&files(&dir.path().join("c.parquet"))), 400);
}

fn pages_of(files: &Files) -> usize {
    let mut source = open(files, false).unwrap();
    let unit = only_unit(&mut *source).unwrap();
    pages(&mut *source, &unit, None, 500).0.len()
}
