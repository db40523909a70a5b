//! The protocol of presidio-analyzer and presidio-anonymizer, so that their HTTP clients work once their address points
//! here. `docs/presidio.md` says which clients do, and how.

mod allow;
pub mod analyze;
pub mod anonymize;
mod clock;
mod duplicates;
mod entities;
mod explanation;
mod expression;
pub mod lists;
mod recognizer;
mod request;
mod surroundings;
