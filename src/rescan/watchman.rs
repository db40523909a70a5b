//! A thread beside a run that tells the store it is alive, and the run what its operator wants.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::claim::Claim;
use super::stop::{Reason, Stop};
use crate::store::{Store, Wanted};

/// How often to look what the operator wants.
const LOOK: Duration = Duration::from_millis(500);
/// How often to say that the process is alive: several times before [`super::claim::STALE_MS`].
const BEAT: Duration = Duration::from_secs(5);

/// Watches until dropped.
pub struct Watchman {
    done: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Watchman {
    pub fn start(store: &Store, claim: &Claim, stop: &Stop, worked_ms: i64) -> Result<Self, String> {
        let connection = store.connect().map_err(|error| error.to_string())?;
        let (claim, stop, done) = (claim.clone(), stop.clone(), Stop::default());
        let until = done.clone();
        let begin = Instant::now();
        let watch = move || {
            let mut next = Instant::now() + BEAT;
            while until.sleep(LOOK) {
                // What cannot be read now, as the store is busy, is read at the next look.
                match claim.wanted(&connection) {
                    Ok(Some(Wanted::Pause)) => stop.ask(Reason::Pause),
                    Ok(Some(Wanted::Cancel)) => stop.ask(Reason::Cancel),
                    Ok(None) => stop.ask(Reason::Lost),
                    Ok(Some(Wanted::Run)) | Err(_) => {}
                }
                if Instant::now() >= next {
                    next = Instant::now() + BEAT;
                    let worked = i64::try_from(begin.elapsed().as_millis()).unwrap_or(0) + worked_ms;
                    if let Err(error) = claim.beat(&connection, worked) {
                        tracing::warn!(%error, "cannot tell the store that the rescan is alive");
                    }
                }
            }
        };
        let thread = std::thread::Builder::new()
            .name("rescan-watch".to_owned())
            .spawn(watch)
            .map_err(|error| format!("cannot start a thread: {error}"))?;
        Ok(Self { done, thread: Some(thread) })
    }
}

impl Drop for Watchman {
    fn drop(&mut self) {
        self.done.ask(Reason::Release);
        if let Some(thread) = self.thread.take() {
            // A watchman that panicked has nothing more to say.
            let _ = thread.join();
        }
    }
}
