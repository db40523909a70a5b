//! How good the scanner is: marked-up notes in, measures out.
//!
//! * [`markup`]: the marked-up notes of the taxonomy
//! * [`observe`]: what the scanner found in one of them
//! * [`metrics`]: precision, recall, F1, clean notes, words, calibration
//! * [`mistakes`]: what was missed and what was raised for nothing
//! * [`floors`]: measures a build must reach

pub mod floors;
pub mod markup;
pub mod metrics;
pub mod mistakes;
pub mod observe;
