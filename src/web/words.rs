//! French names of what the store holds, with the class that colours each.

use crate::rescan::claim::is_alive;
pub use crate::rescan::report::html::words::{
    count, duration, moment, month, name, percent, place, share, text,
};
use crate::rescan::review::ReviewState;
use crate::store::rescans::RescanRow;
use crate::store::{State, Wanted, now};

/// Where a rescan stands.
pub fn state(row: &RescanRow) -> (&'static str, &'static str) {
    match (row.state, row.wanted) {
        (State::Running, _) if !is_alive(row, now()) => ("Interrompue", "warn"),
        (State::Running, Wanted::Pause) => ("Mise en pause…", "report"),
        (State::Running, Wanted::Cancel) => ("Annulation…", "report"),
        (State::Running, Wanted::Run) => ("En cours", "report"),
        (State::Queued, _) => ("En attente", "idle"),
        (State::Paused, _) => ("En pause", "idle"),
        (State::Cancelled, _) => ("Annulée", "idle"),
        (State::Failed, _) => ("En panne", "block"),
        (State::Done, _) => ("Terminée", "clear"),
        (State::Partial, _) => ("Terminée en partie", "warn"),
    }
}

/// What a finding's action asks of the writer.
pub fn action(id: &str) -> (&'static str, &'static str) {
    match id {
        "block" => ("À retirer", "block"),
        "warn" => ("À reformuler", "warn"),
        _ => ("À savoir", "report"),
    }
}

pub fn severity(id: &str) -> &'static str {
    match id {
        "high" => "élevée",
        "medium" => "moyenne",
        _ => "faible",
    }
}

/// Where the review of one finding stands.
pub fn review(state: ReviewState) -> (&'static str, &'static str) {
    match state {
        ReviewState::ToReview => ("À examiner", "idle"),
        ReviewState::Confirmed => ("Confirmé", "block"),
        ReviewState::Dismissed => ("Écarté", "idle"),
        ReviewState::Fixed => ("Corrigé", "clear"),
    }
}

/// The machine's own zone.
pub fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::system()
}
