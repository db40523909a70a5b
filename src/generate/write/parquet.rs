use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::{COLUMNS, Writer};
use crate::generate::Invented;

/// Notes of a row group.
const GROUP: usize = 100_000;

pub struct Parquet<W: Write + Send> {
    out: SerializedFileWriter<W>,
    truth: bool,
    ids: Vec<i64>,
    days: Vec<i32>,
    /// The columns of strings, in their order.
    texts: [Texts; 6],
}

/// The strings of a column, one behind the other, and where each ends.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len());
    }

    /// The strings, which are here no longer.
    fn take(&mut self) -> Vec<ByteArray> {
        let whole = ByteArray::from(std::mem::take(&mut self.bytes));
        let mut begin = 0;
        let slices =
            self.ends.drain(..).map(|end| whole.slice(std::mem::replace(&mut begin, end), end - begin));
        slices.collect()
    }
}

impl<W: Write + Send> Parquet<W> {
    pub fn new(out: W, truth: bool) -> io::Result<Self> {
        let columns = COLUMNS[..COLUMNS.len() - usize::from(!truth)].iter().map(|name| match *name {
            "id" => "required int64 id;".to_owned(),
            "date" => "required int32 date (DATE);".to_owned(),
            name => format!("required binary {name} (UTF8);"),
        });
        let schema = format!("message notes {{ {} }}", columns.collect::<Vec<_>>().join(" "));
        let properties = WriterProperties::builder()
            .set_created_by("vigie generate".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            // They are all different.
            .set_column_dictionary_enabled(ColumnPath::from("commentaire"), false)
            .set_column_dictionary_enabled(ColumnPath::from("id"), false)
            .build();
        let schema = Arc::new(parse_message_type(&schema).map_err(failed)?);
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(failed)?;
        Ok(Self { out, truth, ids: Vec::new(), days: Vec::new(), texts: Default::default() })
    }

    fn group(&mut self) -> io::Result<()> {
        let [client, text, field, author, team, truth] = &mut self.texts;
        let mut group = self.out.next_row_group().map_err(failed)?;
        column::<Int64Type, W>(&mut group, &self.ids)?;
        for texts in [client, text, field, author, team] {
            column::<ByteArrayType, W>(&mut group, &texts.take())?;
        }
        column::<Int32Type, W>(&mut group, &self.days)?;
        let truth = truth.take();
        if self.truth {
            column::<ByteArrayType, W>(&mut group, &truth)?;
        }
        group.close().map_err(failed)?;
        self.ids.clear();
        self.days.clear();
        Ok(())
    }
}

fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[T::T],
) -> io::Result<()> {
    let column = group.next_column().map_err(failed)?;
    let mut column = column.ok_or_else(|| io::Error::other("the schema has too few columns"))?;
    column.typed::<T>().write_batch(values, None, None).map_err(failed)?;
    column.close().map_err(failed)
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

impl<W: Write + Send> Writer for Parquet<W> {
    fn note(&mut self, note: &Invented) -> io::Result<()> {
        let Invented { id, client, text, field, author, team, day, truth, .. } = note;
        self.ids.push(i64::try_from(*id).map_err(io::Error::other)?);
        self.days.push(i32::try_from(*day).map_err(io::Error::other)?);
        let texts: [&str; 6] = [client, text, field, author, team, truth];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.push(text);
        }
        if self.ids.len() == GROUP { self.group() } else { Ok(()) }
    }

    fn end(mut self: Box<Self>) -> io::Result<()> {
        if !self.ids.is_empty() {
            self.group()?;
        }
        let mut out = self.out.into_inner().map_err(failed)?;
        out.flush()
    }
}
