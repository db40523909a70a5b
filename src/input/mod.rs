//! What every reader of exported files shares: lines with their places, cells of CSV, encodings, usual column names.

pub mod cells;
pub mod columns;
pub mod encoding;
pub mod json;
pub mod lines;
