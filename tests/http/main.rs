//! The HTTP door, through the router.

mod errors;
mod keys;
mod languagetool;
mod limits;
mod notes;
mod openapi;
mod operation;
mod pages;
mod presidio;
mod reload;
mod rescan_pages;
mod rescans;
mod socket;
mod stream;
mod support;
