//! Parquet, column by column in blocks of rows: only the columns that are used are read.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::columns::{Layout, MAX_CELL, Value};
use super::month;
use super::pages::{Place, Rows, io_error};
use super::{Row, SourceError};

/// Rows decoded at once.
const BLOCK: usize = 500;

/// The names of the columns, and how many rows there are.
pub fn columns(path: &Path) -> Result<(Vec<String>, u64), SourceError> {
    guarded(|| {
        let file = file(path)?;
        let metadata = file.metadata().file_metadata();
        let names = metadata.schema().get_fields().iter().map(|field| field.name().to_owned()).collect();
        Ok((names, u64::try_from(metadata.num_rows()).map_err(|_| damaged(0))?))
    })
}

fn file(path: &Path) -> Result<SerializedFileReader<File>, SourceError> {
    let file = File::open(path).map_err(|e| io_error("the file cannot be opened", &e))?;
    SerializedFileReader::new(file).map_err(|e| failure(&e, 0))
}

/// Runs what a broken file may bring to a panic.
fn guarded<T>(work: impl FnOnce() -> Result<T, SourceError>) -> Result<T, SourceError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged(0)))
}

/// The library's messages may quote the file: only what is missing in the program is passed on.
fn failure(error: &ParquetError, rows: u64) -> SourceError {
    match error {
        ParquetError::NYI(_) => SourceError::permanent(
            "the file is encrypted, or uses an encoding that is not read; write it again with plain or dictionary \
             encoding",
        ),
        ParquetError::General(message) if message.starts_with("Disabled feature at compile time") => {
            SourceError::permanent("its compression is not read; write it again with snappy, gzip or zstd")
        }
        ParquetError::External(error) => match error.downcast_ref::<std::io::Error>() {
            Some(error) => io_error(&format!("the file cannot be read behind row {rows}"), error),
            None => damaged(rows),
        },
        _ => damaged(rows),
    }
}

fn damaged(rows: u64) -> SourceError {
    SourceError::permanent(format!(
        "this is no whole Parquet file (behind row {rows}); export or copy it again"
    ))
}

/// How to show a column's values.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    Plain,
    Unsigned,
    /// Days since 1970.
    Date,
    /// So many of these units a second.
    Timestamp(i64),
    /// Digits behind the point.
    Decimal(u32),
    Uuid,
}

/// A value of a column.
enum Datum {
    Bytes(ByteArray),
    Text(String),
}

/// A column that is read.
struct Column {
    /// Position among the fields of the schema, as in the layout.
    at: usize,
    /// Position among its leaves.
    leaf: usize,
    levels: i16,
    meaning: Meaning,
    reader: Option<ColumnReader>,
    block: Vec<Option<Datum>>,
}

/// Rows of a file.
pub struct Parquet {
    file: SerializedFileReader<File>,
    columns: Vec<Column>,
    layout: Layout,
    /// The row group to open next, and the rows of the open one that were not decoded yet.
    group: usize,
    left: usize,
    /// Rows of the block, and how many of them were given.
    block: usize,
    given: usize,
    rows: u64,
}

impl Parquet {
    pub fn open(path: &Path, layout: Layout, place: Place) -> Result<Self, SourceError> {
        guarded(|| {
            let file = file(path)?;
            let mut used: Vec<usize> = layout.used().collect();
            used.sort_unstable();
            used.dedup();
            let columns = used.into_iter().map(|at| column(&file, at)).collect::<Result<_, _>>()?;
            let (group, left, block, given) = (0, 0, 0, 0);
            let mut parquet = Self { file, columns, layout, group, left, block, given, rows: 0 };
            parquet.skip(place.rows)?;
            Ok(parquet)
        })
    }

    /// Goes to a row: whole groups are passed over.
    fn skip(&mut self, rows: u64) -> Result<(), SourceError> {
        while self.rows < rows {
            let size = self.group_rows(self.group).ok_or_else(|| damaged(self.rows))?;
            let wanted = rows - self.rows;
            if wanted >= size as u64 {
                self.group += 1;
                self.rows += size as u64;
                continue;
            }
            self.open_group()?;
            let wanted = wanted as usize;
            for column in &mut self.columns {
                let skipped = column.skip(wanted).map_err(|e| failure(&e, self.rows))?;
                if skipped != wanted {
                    return Err(damaged(self.rows));
                }
            }
            self.left -= wanted;
            self.rows = rows;
        }
        Ok(())
    }

    fn group_rows(&self, group: usize) -> Option<usize> {
        let metadata = self.file.metadata();
        let rows = (group < metadata.num_row_groups()).then(|| metadata.row_group(group).num_rows())?;
        usize::try_from(rows).ok()
    }

    fn open_group(&mut self) -> Result<(), SourceError> {
        let wrong = |e: &ParquetError| failure(e, self.rows);
        self.left = self.group_rows(self.group).ok_or_else(|| damaged(self.rows))?;
        let group = self.file.get_row_group(self.group).map_err(|e| wrong(&e))?;
        for column in &mut self.columns {
            column.reader = Some(group.get_column_reader(column.leaf).map_err(|e| wrong(&e))?);
        }
        self.group += 1;
        Ok(())
    }

    /// Decodes the next block. Says whether there is one.
    fn decode(&mut self) -> Result<bool, SourceError> {
        while self.left == 0 {
            if self.group >= self.file.metadata().num_row_groups() {
                return Ok(false);
            }
            self.open_group()?;
        }
        let size = BLOCK.min(self.left);
        for column in &mut self.columns {
            column.decode(size).map_err(|e| failure(&e, self.rows))?;
            if column.block.len() != size {
                return Err(damaged(self.rows));
            }
        }
        self.left -= size;
        (self.block, self.given) = (size, 0);
        Ok(true)
    }
}

impl Rows for Parquet {
    fn next(&mut self) -> Result<Option<Row>, SourceError> {
        if self.given == self.block {
            let decoded =
                catch_unwind(AssertUnwindSafe(|| self.decode())).unwrap_or_else(|_| Err(damaged(self.rows)));
            if !decoded? {
                return Ok(None);
            }
        }
        let (at_block, columns) = (self.given, &self.columns);
        self.given += 1;
        self.rows += 1;
        let number = self.rows;
        Ok(Some(self.layout.row(number, format_args!("row {number}"), |at| {
            let datum =
                columns.iter().find(|column| column.at == at).and_then(|c| c.block[at_block].as_ref());
            datum.map_or(Value::Empty, Datum::value)
        })))
    }

    fn place(&self) -> Place {
        Place { rows: self.rows, ..Place::default() }
    }
}

/// The column of a field, which must be a plain one.
fn column(file: &SerializedFileReader<File>, at: usize) -> Result<Column, SourceError> {
    let schema = file.metadata().file_metadata().schema_descr();
    let leaf = (0..schema.num_columns()).find(|leaf| schema.get_column_root_idx(*leaf) == at);
    let nested = || {
        let message =
            format!("column {} is a list or a structure; write the notes in a column of strings", at + 1);
        SourceError::permanent(message)
    };
    let leaf = leaf.ok_or_else(nested)?;
    let descriptor = schema.column(leaf);
    if descriptor.max_rep_level() > 0 || descriptor.path().parts().len() != 1 {
        return Err(nested());
    }
    let (levels, meaning) = (descriptor.max_def_level(), meaning(&descriptor));
    Ok(Column { at, leaf, levels, meaning, reader: None, block: Vec::new() })
}

fn meaning(column: &ColumnDescriptor) -> Meaning {
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Meaning::Date,
        (Some(LogicalType::Timestamp(time)), _) => Meaning::Timestamp(match time.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        }),
        (None, ConvertedType::TIMESTAMP_MILLIS) => Meaning::Timestamp(1_000),
        (None, ConvertedType::TIMESTAMP_MICROS) => Meaning::Timestamp(1_000_000),
        (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => {
            Meaning::Decimal(column.type_scale().unsigned_abs())
        }
        (Some(LogicalType::Uuid), _) => Meaning::Uuid,
        (Some(LogicalType::Integer(int)), _) if !int.is_signed => Meaning::Unsigned,
        (None, ConvertedType::UINT_32 | ConvertedType::UINT_64) => Meaning::Unsigned,
        _ => Meaning::Plain,
    }
}

/// Reads a block through a reader of any type, each value made a datum.
macro_rules! block {
    ($reader:expr, $size:expr, $levels:expr, $datum:expr) => {{
        let mut values = Vec::new();
        let mut levels = Vec::new();
        let (records, _, _) = $reader.read_records($size, Some(&mut levels), None, &mut values)?;
        let mut values = values.into_iter().map($datum);
        match $levels {
            0 => values.take(records).map(Some).collect(),
            most => levels.iter().map(|level| if *level == most { values.next() } else { None }).collect(),
        }
    }};
}

/// Does the same with a reader of any type.
macro_rules! each {
    ($column:expr, $reader:ident => $work:expr) => {
        match $column {
            ColumnReader::BoolColumnReader($reader) => $work,
            ColumnReader::Int32ColumnReader($reader) => $work,
            ColumnReader::Int64ColumnReader($reader) => $work,
            ColumnReader::Int96ColumnReader($reader) => $work,
            ColumnReader::FloatColumnReader($reader) => $work,
            ColumnReader::DoubleColumnReader($reader) => $work,
            ColumnReader::ByteArrayColumnReader($reader) => $work,
            ColumnReader::FixedLenByteArrayColumnReader($reader) => $work,
        }
    };
}

impl Column {
    fn skip(&mut self, rows: usize) -> Result<usize, ParquetError> {
        let Some(reader) = &mut self.reader else { return Ok(0) };
        each!(reader, reader => reader.skip_records(rows))
    }

    fn decode(&mut self, size: usize) -> Result<(), ParquetError> {
        let (levels, meaning) = (self.levels, self.meaning);
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let text = |text: String| Datum::Text(text);
        self.block = match reader {
            ColumnReader::BoolColumnReader(r) => block!(r, size, levels, |v| text(v.to_string())),
            ColumnReader::Int32ColumnReader(r) => {
                block!(r, size, levels, |v| text(match meaning {
                    Meaning::Unsigned => (v as u32).to_string(),
                    _ => meaning.integer(v.into()),
                }))
            }
            ColumnReader::Int64ColumnReader(r) => {
                block!(r, size, levels, |v| text(match meaning {
                    Meaning::Unsigned => (v as u64).to_string(),
                    _ => meaning.integer(v),
                }))
            }
            ColumnReader::Int96ColumnReader(r) => {
                block!(r, size, levels, |v| text(Meaning::Timestamp(1_000).integer(v.to_millis())))
            }
            ColumnReader::FloatColumnReader(r) => block!(r, size, levels, |v| text(v.to_string())),
            ColumnReader::DoubleColumnReader(r) => block!(r, size, levels, |v| text(v.to_string())),
            ColumnReader::ByteArrayColumnReader(r) => block!(r, size, levels, |v| meaning.bytes(v)),
            ColumnReader::FixedLenByteArrayColumnReader(r) => {
                block!(r, size, levels, |v| meaning.bytes(v.into()))
            }
        };
        Ok(())
    }
}

impl Meaning {
    fn integer(self, value: i64) -> String {
        match self {
            Meaning::Date => {
                month::since_1970(value).map_or_else(|| value.to_string(), |date| date.to_string())
            }
            Meaning::Timestamp(units) => {
                let nanoseconds = i128::from(value) * i128::from(1_000_000_000 / units);
                jiff::Timestamp::from_nanosecond(nanoseconds)
                    .map_or_else(|_| value.to_string(), |at| at.to_string())
            }
            Meaning::Decimal(scale) => decimal(value.into(), scale),
            Meaning::Plain | Meaning::Unsigned | Meaning::Uuid => value.to_string(),
        }
    }

    fn bytes(self, value: ByteArray) -> Datum {
        match (self, value.data()) {
            (Meaning::Decimal(scale), bytes @ [first, ..]) if bytes.len() <= 16 => {
                // Big-endian, two's complement.
                let sign = if first & 0x80 == 0 { 0 } else { -1 };
                let unscaled = bytes.iter().fold(sign, |n: i128, byte| n << 8 | i128::from(*byte));
                Datum::Text(decimal(unscaled, scale))
            }
            (Meaning::Uuid, bytes) if bytes.len() == 16 => {
                let digits = hex::encode(bytes);
                let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
                Datum::Text(parts.join("-"))
            }
            _ => Datum::Bytes(value),
        }
    }
}

/// A number without its point, with it.
fn decimal(unscaled: i128, scale: u32) -> String {
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale as usize + 1);
    let (whole, rest) = digits.split_at(digits.len() - scale as usize);
    let sign = if unscaled < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

impl Datum {
    fn value(&self) -> Value<'_> {
        match self {
            Datum::Text(text) => Value::Text(Cow::Borrowed(text)),
            Datum::Bytes(bytes) if bytes.len() > MAX_CELL => Value::TooLong(bytes.len() as u64),
            Datum::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
                Ok(text) => Value::Text(Cow::Borrowed(text)),
                Err(_) => Value::Unreadable("the value is binary, not UTF-8 text"),
            },
        }
    }
}
