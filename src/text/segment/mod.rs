//! Words, clauses and sentences of a CRM note.
//!
//! * `words`: what the lexicon counts
//! * `clauses`: where one thing ends and the next begins
//! * `abbreviations`: full stops that end nothing

mod abbreviations;
mod clauses;
mod words;

pub use clauses::clauses;
pub use words::{mark_openings, words};

#[cfg(test)]
mod tests;
