//! How long the expressions of one request may run, all texts together; scanning the texts is not counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::recognizer::refuse;
use crate::http::problem::Problem;

const MAX: Duration = Duration::from_secs(2);

/// Microseconds spent so far.
#[derive(Default)]
pub struct Clock(AtomicU64);

/// A time during which expressions run; counted at its end.
pub struct Turn<'a> {
    clock: &'a Clock,
    begin: Instant,
}

impl Clock {
    /// Begins to count.
    pub fn turn(&self) -> Turn<'_> {
        Turn { clock: self, begin: Instant::now() }
    }
}

impl Turn<'_> {
    /// Fails when the time is up.
    pub fn check(&self) -> Result<(), Problem> {
        let spent = Duration::from_micros(self.clock.0.load(Ordering::Relaxed)) + self.begin.elapsed();
        match spent < MAX {
            true => Ok(()),
            false => Err(refuse("the expressions of this request take too long")),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.clock.0.fetch_add(self.begin.elapsed().as_micros() as u64, Ordering::Relaxed);
    }
}
