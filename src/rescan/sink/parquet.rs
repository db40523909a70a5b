//! Apache Parquet, for data platforms: one row a finding, column by column, a group of rows at a time.

use std::io;
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::{AtomicFile, Sink};
use crate::store::findings::StoredFinding;

/// Rows held in memory at most.
const GROUP: usize = 32_768;

const SCHEMA: &str = "message finding {
    required binary fingerprint (UTF8);
    required binary rescan (UTF8);
    required binary source (UTF8);
    required binary unit (UTF8);
    required binary note (UTF8);
    required binary column (UTF8);
    optional binary field (UTF8);
    required binary category (UTF8);
    optional binary subcategory (UTF8);
    required binary severity (UTF8);
    required binary action (UTF8);
    required double score;
    required int64 start;
    required int64 end;
    required binary rule (UTF8);
    required binary sources (UTF8);
    optional binary team (UTF8);
    optional binary author (UTF8);
    optional binary month (UTF8);
    required binary state (UTF8);
    optional binary reason (UTF8);
    optional binary reviewed_by (UTF8);
    optional int64 reviewed_at (TIMESTAMP_MILLIS);
}";

pub struct Parquet {
    writer: SerializedFileWriter<AtomicFile>,
    rows: Vec<StoredFinding>,
}

impl Parquet {
    pub fn new(out: AtomicFile) -> io::Result<Self> {
        let schema = Arc::new(parse_message_type(SCHEMA).map_err(io_error)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(format!("vigie {}", env!("CARGO_PKG_VERSION")))
            .build();
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(io_error)?;
        Ok(Self { writer, rows: Vec::with_capacity(GROUP) })
    }

    /// Writes the rows held as one group, in the order of the schema.
    fn group(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let mut group = self.writer.next_row_group().map_err(io_error)?;
        let mut columns = Columns { group: &mut group, rows: &rows };
        columns.text(|f| f.fingerprint.to_string())?;
        columns.text(|f| f.rescan.clone())?;
        columns.text(|f| f.source.clone())?;
        columns.text(|f| f.unit.clone())?;
        columns.text(|f| f.note.clone())?;
        columns.text(|f| f.column.clone())?;
        columns.text_if(|f| f.field.clone())?;
        columns.text(|f| f.category.clone())?;
        columns.text_if(|f| f.subcategory.clone())?;
        columns.text(|f| f.severity.clone())?;
        columns.text(|f| f.action.clone())?;
        columns.double(|f| f.score)?;
        columns.whole(|f| i64::try_from(f.start).ok())?;
        columns.whole(|f| i64::try_from(f.end).ok())?;
        columns.text(|f| f.rule.clone())?;
        columns.text(|f| f.sources.join("|"))?;
        columns.text_if(|f| f.team.clone())?;
        columns.text_if(|f| f.author.clone())?;
        columns.text_if(|f| f.month.clone())?;
        columns.text(|f| f.state.id().to_owned())?;
        columns.text_if(|f| Some(f.review.as_ref()?.reason.as_ref()?.code.id().to_owned()))?;
        columns.text_if(|f| f.review.as_ref()?.by.clone())?;
        columns.whole_if(|f| Some(f.review.as_ref()?.at))?;
        group.close().map_err(io_error)?;
        Ok(())
    }
}

/// Writes a group's columns, the next one each time.
struct Columns<'g, 'w> {
    group: &'g mut SerializedRowGroupWriter<'w, AtomicFile>,
    rows: &'g [StoredFinding],
}

impl Columns<'_, '_> {
    fn write<T: parquet::data_type::DataType>(
        &mut self,
        values: &[T::T],
        levels: Option<&[i16]>,
    ) -> io::Result<()> {
        let next = self.group.next_column().map_err(io_error)?;
        let mut column =
            next.ok_or_else(|| io::Error::other("internal error: more columns than the schema"))?;
        column.typed::<T>().write_batch(values, levels, None).map_err(io_error)?;
        column.close().map_err(io_error)
    }

    fn text(&mut self, of: impl Fn(&StoredFinding) -> String) -> io::Result<()> {
        let values: Vec<ByteArray> = self.rows.iter().map(|f| ByteArray::from(of(f).into_bytes())).collect();
        self.write::<ByteArrayType>(&values, None)
    }

    fn text_if(&mut self, of: impl Fn(&StoredFinding) -> Option<String>) -> io::Result<()> {
        let given: Vec<Option<String>> = self.rows.iter().map(of).collect();
        let levels = levels(&given);
        let values: Vec<ByteArray> =
            given.into_iter().flatten().map(|text| ByteArray::from(text.into_bytes())).collect();
        self.write::<ByteArrayType>(&values, Some(&levels))
    }

    fn double(&mut self, of: impl Fn(&StoredFinding) -> f64) -> io::Result<()> {
        let values: Vec<f64> = self.rows.iter().map(of).collect();
        self.write::<DoubleType>(&values, None)
    }

    fn whole(&mut self, of: impl Fn(&StoredFinding) -> Option<i64>) -> io::Result<()> {
        let values: Option<Vec<i64>> = self.rows.iter().map(of).collect();
        let values = values.ok_or_else(|| io::Error::other("an offset beyond 63 bits"))?;
        self.write::<Int64Type>(&values, None)
    }

    fn whole_if(&mut self, of: impl Fn(&StoredFinding) -> Option<i64>) -> io::Result<()> {
        let given: Vec<Option<i64>> = self.rows.iter().map(of).collect();
        let values: Vec<i64> = given.iter().copied().flatten().collect();
        self.write::<Int64Type>(&values, Some(&levels(&given)))
    }
}

/// 1 where there is a value.
fn levels<T>(given: &[Option<T>]) -> Vec<i16> {
    given.iter().map(|value| i16::from(value.is_some())).collect()
}

fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        other => io::Error::other(other),
    }
}

impl Sink for Parquet {
    fn take(&mut self, finding: &StoredFinding) -> io::Result<()> {
        self.rows.push(finding.clone());
        if self.rows.len() >= GROUP { self.group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        if !self.rows.is_empty() {
            self.group()?;
        }
        self.writer.into_inner().map_err(io_error)?.commit()
    }
}
