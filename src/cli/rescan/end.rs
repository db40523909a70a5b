//! How a run ended: the closing text, and the exit code.

use std::fmt::Write;

use super::super::{Exit, message};
use crate::policy::Action;
use crate::report::{count, decimal, grouped};
use crate::rescan::progress::Snapshot;
use crate::store::units::{self, Tally};
use crate::store::{State, Store, rescans};

/// What must be found for the exit code to be 1.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum FailOn {
    /// Something to reword or to remove.
    Warn,
    /// Something to remove.
    Block,
    Never,
}

/// Says how it ended; a failure is an error.
pub fn end(store: &Store, last: &Snapshot, fail_on: FailOn, quiet: bool) -> anyhow::Result<Exit> {
    if !quiet {
        message::say(format_args!("{}", closing(last)));
    }
    let id = &last.id;
    match last.state {
        State::Failed => {
            let reason = last.message.as_deref().unwrap_or("it stopped");
            anyhow::bail!("{reason}; what was read is kept: `vigie rescan resume {id}` goes on with it");
        }
        State::Done => {
            let connection = store.connection()?;
            let tally = rescans::get(&connection, id)
                .and_then(|row| row.map_or(Ok(Vec::new()), |row| units::tally(&connection, row.no)))
                .map_err(|error| store.error(error))?;
            Ok(if found(&tally, fail_on) { Exit::Found } else { Exit::Clear })
        }
        State::Partial => {
            if !quiet {
                message::say(format_args!("`vigie rescan show {id}` lists what could not be read.\n"));
            }
            Ok(Exit::Partial)
        }
        State::Paused | State::Queued | State::Running => {
            if !quiet {
                message::say(format_args!("`vigie rescan resume {id}` goes on with it.\n"));
            }
            Ok(Exit::Partial)
        }
        State::Cancelled => Ok(Exit::Partial),
    }
}

fn found(tally: &[Tally], fail_on: FailOn) -> bool {
    let least = match fail_on {
        FailOn::Warn => Action::Warn,
        FailOn::Block => Action::Block,
        FailOn::Never => return false,
    };
    tally.iter().any(|t| t.action >= least && t.findings > 0)
}

/// In French, as `vigie scan` closes.
pub fn closing(s: &Snapshot) -> String {
    let state = match s.state {
        State::Queued => "interrompu",
        State::Running => "en cours",
        State::Paused => "en pause",
        State::Cancelled => "annulé",
        State::Failed => "échec",
        State::Done => "terminé",
        State::Partial => "terminé en partie",
    };
    let n = &s.notes;
    let seconds = s.worked_ms as f64 / 1000.0;
    let mut out = format!("{}\u{a0}: {state}, {}", s.id, count(n.seen, "note lue", "notes lues"));
    let parts = [
        (n.scanned, "analysée", "analysées"),
        (n.unchanged, "inchangée", "inchangées"),
        (n.empty, "vide", "vides"),
        (n.unreadable, "illisible", "illisibles"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| count(*n, one, many)).collect();
    if !parts.is_empty() {
        out.push_str(&format!(" dont {}", parts.join(", ")));
    }
    let rate = if seconds > 0.0 { (n.seen as f64 / seconds) as u64 } else { 0 };
    let seconds = decimal(format_args!("{seconds:.1}"));
    let _ = writeln!(out, " ({seconds}\u{a0}s, {} notes/s)", grouped(rate));
    for c in &s.by_category {
        let _ = writeln!(out, "{:>9}  {}", grouped(c.findings), c.category.label());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::Category;
    use crate::rescan::counted::Counted;
    use crate::rescan::progress::CategoryCount;

    #[test]
    fn the_closing_text_accounts_for_every_note() {
        let snapshot = Snapshot {
            id: "r-1".into(),
            name: "crm".into(),
            state: State::Partial,
            message: None,
            units: 1,
            units_done: 1,
            rows_read: 1200,
            rows_expected: None,
            notes: Counted { seen: 1200, scanned: 1100, empty: 99, unreadable: 1, ..Counted::default() },
            findings: 4,
            by_category: vec![CategoryCount { category: Category::Health, to_change: 3, findings: 4 }],
            rate: 0.0,
            worked_ms: 1500,
            left_ms: None,
        };
        assert_eq!(
            closing(&snapshot),
            "r-1\u{a0}: terminé en partie, 1\u{202f}200\u{a0}notes lues dont 1\u{202f}100\u{a0}analysées, \
             99\u{a0}vides, 1\u{a0}illisible (1,5\u{a0}s, 800 notes/s)\n        4  Santé\n"
        );
    }

    #[test]
    fn exit_codes_follow_fail_on() {
        let of = |action| [Tally { category: Category::Health, action, findings: 1 }];
        assert!(found(&of(Action::Warn), FailOn::Warn) && !found(&of(Action::Warn), FailOn::Block));
        assert!(found(&of(Action::Block), FailOn::Block) && !found(&of(Action::Block), FailOn::Never));
        assert!(!found(&of(Action::Report), FailOn::Warn) && !found(&[], FailOn::Warn));
    }
}
