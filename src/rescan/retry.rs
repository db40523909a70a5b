//! Patience with a source that does not answer: longer and longer waits, up to a limit since it last did.

use std::time::{Duration, Instant};

use super::source::SourceError;
use super::stop::Stop;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(15);

/// Waits between attempts at one thing.
pub struct Retry {
    patience: Duration,
    /// When it failed first, and how long to wait next.
    failing: Option<(Instant, Duration)>,
}

impl Retry {
    pub fn new(patience: Duration) -> Self {
        Self { patience, failing: None }
    }

    /// It worked: the next failure is the first again.
    pub fn reset(&mut self) {
        self.failing = None;
    }

    /// Waits before the next attempt; `false` when there is to be none: patience has run out, or a stop was asked for.
    pub fn wait(&mut self, error: &SourceError, stop: &Stop, mut say: impl FnMut(Option<String>)) -> bool {
        let (since, wait) = self.failing.unwrap_or((Instant::now(), FIRST.min(self.patience)));
        if stop.is_asked() || (self.failing.is_some() && since.elapsed() >= self.patience) {
            return false;
        }
        tracing::warn!(%error, retry_ms = wait.as_millis() as u64, "the source does not answer; trying again");
        say(Some(format!("the source does not answer ({error}); trying again")));
        self.failing = Some((since, (wait * 2).min(LONGEST)));
        stop.sleep(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_runs_out_and_success_renews_it() {
        let mut retry = Retry::new(Duration::from_millis(30));
        let error = SourceError::transient("connection refused");
        let stop = Stop::default();
        let mut said = 0;
        assert!(retry.wait(&error, &stop, |_| said += 1));
        assert!(!retry.wait(&error, &stop, |_| said += 1));
        retry.reset();
        assert!(retry.wait(&error, &stop, |_| said += 1));
        assert_eq!(said, 2);
        stop.ask(super::super::stop::Reason::Pause);
        retry.reset();
        assert!(!retry.wait(&error, &stop, |_| said += 1));
    }
}
