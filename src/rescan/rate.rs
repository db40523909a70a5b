//! Spares the source: at most so many notes a second.

use std::time::{Duration, Instant};

use super::stop::Stop;

/// Makes the reader wait.
pub struct Limiter {
    rate: Option<f64>,
    /// When the notes let through so far have used their time up.
    next: Instant,
}

impl Limiter {
    /// `None`: as fast as it goes.
    pub fn new(rate: Option<u32>) -> Self {
        Self { rate: rate.filter(|rate| *rate > 0).map(f64::from), next: Instant::now() }
    }

    /// Waits until `notes` may go through; `false` when a stop cut it short. Time the reader did not use is not saved up.
    pub fn wait(&mut self, notes: usize, stop: &Stop) -> bool {
        let Some(rate) = self.rate else { return true };
        let now = Instant::now();
        let begin = self.next.max(now);
        self.next = begin + Duration::from_secs_f64(notes as f64 / rate);
        stop.sleep(self.next - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_take_their_time() {
        let (stop, begin) = (Stop::default(), Instant::now());
        let mut limiter = Limiter::new(Some(1000));
        assert!((0..3).all(|_| limiter.wait(50, &stop)));
        assert!(begin.elapsed() >= Duration::from_millis(150));
        assert!(Limiter::new(None).wait(1_000_000, &stop));
        stop.ask(super::super::stop::Reason::Pause);
        assert!(!limiter.wait(1_000_000, &stop));
    }
}
