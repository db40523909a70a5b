//! The report of a rescan: one [`Report`], made from the store, printed as HTML for people, JSON for programs, CSV for
//! spreadsheets. It holds figures, names of tables, columns, fields and teams, keys of notes, and, where the rescan kept
//! them, masked excerpts; never a note's text.

mod build;
mod changes;
pub mod csv;
pub mod html;
mod model;
mod tally;

pub use build::{Options, build};
pub use changes::previous;
pub use model::{
    Authors, Backlog, CategoryChange, CategoryGroup, Changes, Example, Group, Identity, Month, Ranking,
    Report, VersionChange,
};

#[cfg(test)]
mod realistic;
#[cfg(test)]
mod tests;
