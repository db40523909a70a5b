//! The protocol of LanguageTool's own server, so that its add-ons and libraries underline sensitive data once their
//! server address points here. `docs/languagetool.md` says which clients do, and how.

mod annotated;
mod answer;
pub mod check;
mod context;
pub mod cors;
mod groups;
pub mod key;
pub mod languages;
mod matches;
mod parameters;
mod selection;
mod unescaped;
