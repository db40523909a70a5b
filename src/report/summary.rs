//! The few lines that close a stream.

use std::fmt;
use std::time::Duration;

use super::Entry;
use super::number::{count, decimal, grouped};
use crate::category::Category;
use crate::policy::{Action, Verdict};

/// Counts over a stream; `Display` is the French closing text.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub notes: u64,
    /// Notes that have an error in the place of an answer.
    pub unreadable: u64,
    pub warned: u64,
    pub blocked: u64,
    /// Findings to warn of or to block, by category.
    pub findings: [u64; Category::COUNT],
    pub elapsed: Duration,
}

impl Summary {
    pub fn count(&mut self, entry: &Entry) {
        self.notes += 1;
        match &entry.outcome {
            Err(_) => self.unreadable += 1,
            Ok(scanned) => {
                match scanned.answer.verdict {
                    Verdict::Clear => {}
                    Verdict::Warn => self.warned += 1,
                    Verdict::Block => self.blocked += 1,
                }
                for finding in scanned.answer.findings.iter().filter(|f| f.action >= Action::Warn) {
                    self.findings[finding.category.index()] += 1;
                }
            }
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed.as_secs_f64();
        let rate = if seconds > 0.0 { (self.notes as f64 / seconds) as u64 } else { 0 };
        writeln!(
            f,
            "{} : {} à bloquer, {} à reformuler, {} ({} s, {} notes/s)",
            count(self.notes, "note lue", "notes lues"),
            grouped(self.blocked),
            grouped(self.warned),
            count(self.unreadable, "illisible", "illisibles"),
            decimal(format_args!("{seconds:.1}")),
            grouped(rate),
        )?;
        for category in Category::ALL {
            let found = self.findings[category.index()];
            if found > 0 {
                writeln!(f, "{:>9}  {}", grouped(found), category.label())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_text_says_what_was_found() {
        let mut summary = Summary {
            notes: 1200,
            unreadable: 1,
            warned: 3,
            blocked: 2,
            elapsed: Duration::from_millis(1500),
            ..Summary::default()
        };
        summary.findings[Category::Health.index()] = 4;
        assert_eq!(
            summary.to_string(),
            "1\u{202f}200\u{a0}notes lues : 2 à bloquer, 3 à reformuler, 1\u{a0}illisible (1,5 s, 800 notes/s)\n        4  Santé\n"
        );
    }
}
