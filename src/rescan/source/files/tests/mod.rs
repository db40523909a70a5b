mod csv;
mod ndjson;
mod parquet;
mod plan;
mod resume;
mod support;
mod workbook;
mod xlsx;
