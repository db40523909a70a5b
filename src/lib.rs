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
//! * [`stages`]: how long each step took
//! * [`answer`]: the answer for one note, the same through every door
//! * [`config`], [`secret`], [`telemetry`]: settings in layers, API keys, logs that never hold a note's text
//! * [`http`]: the HTTP door: every route in one file, every layer in another
//! * [`web`]: the pages for people, and the widget for other pages
//! * [`cli`]: the command line, one file a subcommand
//! * [`input`]: what readers of exported files share: lines, cells, encodings, usual column names
//! * [`report`]: printers of one stream: pretty, NDJSON, CSV, SARIF
//! * [`rescan`]: millions of historical notes: sources, engine, reports
//! * [`store`]: where rescans, findings and reviews are kept
//! * [`generate`]: invented notes for load tests
//! * [`eval`]: how good the scanner is on marked-up notes
//!
//! # Example
//!
//! ```
//! use vigie::note::Note;
//! use vigie::policy::Verdict;
//! use vigie::scanner::{ScanOptions, Scanner, ScannerOptions};
//!
//! let scanner = Scanner::load(&ScannerOptions { classifier: false, ..ScannerOptions::default() })?;
//! let note = Note::new("Client diabétique, demande livraison le matin uniquement");
//! let report = scanner.scan(&note, &ScanOptions::default())?;
//! assert_eq!(report.verdict, Verdict::Block);
//! assert_eq!(report.redacted, "Client [santé], demande livraison le matin uniquement");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod advice;
pub mod answer;
pub mod category;
pub mod cli;
pub mod config;
pub mod detect;
pub mod eval;
pub mod finding;
pub mod fuse;
pub mod generate;
pub mod http;
pub mod input;
mod memory;
pub mod note;
pub mod policy;
pub mod report;
pub mod rescan;
pub mod rules;
pub mod scanner;
pub mod secret;
pub mod span;
pub mod stages;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod web;
