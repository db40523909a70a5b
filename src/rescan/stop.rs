//! Tells every thread of a rescan to stop, and why.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

/// Why a rescan stops before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its operator asked for a pause.
    Pause,
    /// Its operator asked to stop it for good.
    Cancel,
    /// This process ends; another may go on with it.
    Release,
    /// Another process took it over.
    Lost,
    /// Something failed; the message is elsewhere.
    Fault,
}

const REASONS: [Reason; 5] = [Reason::Pause, Reason::Cancel, Reason::Release, Reason::Lost, Reason::Fault];

/// Longest time between two looks at the flag while waiting.
const SLICE: Duration = Duration::from_millis(20);

/// A flag all threads share. The first reason given stays; an order that came after it is in the store, and is looked for
/// when the rescan is given back.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicU8>);

impl Stop {
    pub fn ask(&self, reason: Reason) {
        let code = REASONS.iter().position(|r| *r == reason).map_or(0, |i| i as u8 + 1);
        // A reason that came first stays.
        let _ = self.0.compare_exchange(0, code, Ordering::AcqRel, Ordering::Acquire);
    }

    pub fn reason(&self) -> Option<Reason> {
        REASONS.get(usize::from(self.0.load(Ordering::Acquire)).checked_sub(1)?).copied()
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// Waits; `false` when it was cut short by a stop.
    pub fn sleep(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while !self.is_asked() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::sleep(left.min(SLICE));
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_stays_and_cuts_waiting_short() {
        let stop = Stop::default();
        assert_eq!((stop.reason(), stop.sleep(Duration::from_millis(1))), (None, true));
        stop.clone().ask(Reason::Lost);
        stop.ask(Reason::Pause);
        assert_eq!(stop.reason(), Some(Reason::Lost));
        let begin = Instant::now();
        assert!(!stop.sleep(Duration::from_secs(60)));
        assert!(begin.elapsed() < Duration::from_secs(5));
    }
}
