//! Vigie finds sensitive data (GDPR articles 9 and 10, excessive remarks, misplaced identifiers) in French
//! free-text notes.
//!
//! Read the modules in this order and you have walked a note through the program:
//!
//! * [`category`]: the 14 categories, their labels and legal grounds
//! * [`span`]: byte spans and the three offset units clients may ask for
//! * [`note`]: what comes in, in a type that never prints its text
//! * [`text`]: normalisation that keeps the way back, words, sentences and clauses
//! * [`rules`]: `lexicons/*.toml` compiled into one automaton
//! * [`detect`]: lexicon, pattern and classifier detectors, which propose candidates
//! * [`fuse`]: candidates become findings with one calibrated score
//! * [`policy`]: findings get an action, the note a verdict
//! * [`advice`]: what to tell the writer, and what to write instead
//! * [`scanner`]: all of the above behind one call; pure, deterministic, no I/O
//! * [`answer`]: the answer for one note, the same through every door

pub mod advice;
pub mod answer;
pub mod category;
pub mod detect;
pub mod finding;
pub mod fuse;
pub mod note;
pub mod policy;
pub mod rules;
pub mod scanner;
pub mod span;
pub mod text;
