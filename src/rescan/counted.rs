//! What became of notes: one structure for a page, a column, a table and a whole rescan.

use serde::{Deserialize, Serialize};

/// What became of notes: each one seen is counted once more, in one of the four below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counted {
    pub seen: u64,
    pub scanned: u64,
    /// Scanned by an earlier rescan with the same versions, and the same since.
    pub unchanged: u64,
    pub empty: u64,
    pub unreadable: u64,
    /// Among those scanned or unchanged.
    pub with_findings: u64,
}

impl Counted {
    /// Whether every note seen is accounted for.
    pub fn adds_up(&self) -> bool {
        self.seen == self.scanned + self.unchanged + self.empty + self.unreadable
    }

    /// Notes with text that were judged, now or before.
    pub fn judged(&self) -> u64 {
        self.scanned + self.unchanged
    }

    /// Adds others up with these.
    pub fn add(&mut self, other: &Self) {
        self.seen += other.seen;
        self.scanned += other.scanned;
        self.unchanged += other.unchanged;
        self.empty += other.empty;
        self.unreadable += other.unreadable;
        self.with_findings += other.with_findings;
    }
}
