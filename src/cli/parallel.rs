//! Work on all cores, results in order, memory bounded: at most a few batches a thread are under way.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Context;

/// A batch and the place its result goes to.
type Job<I, O> = (I, SyncSender<O>);

/// Batches under way for each thread.
const AHEAD: usize = 4;

/// Applies `work` to every batch on `threads` threads and hands the results to `sink` in the order of the batches,
/// on the calling thread. When `sink` fails, the rest is given up at once, even if `batches` waits for input.
pub fn in_order<I, O, F>(
    batches: impl Iterator<Item = I> + Send + 'static,
    threads: usize,
    work: F,
    mut sink: impl FnMut(O) -> anyhow::Result<()>,
) -> anyhow::Result<()>
where
    I: Send + 'static,
    O: Send + 'static,
    F: Fn(I) -> O + Send + Sync + 'static,
{
    let threads = threads.max(1);
    let (order, results) = sync_channel::<Receiver<O>>(threads * AHEAD);
    let (jobs, queue) = sync_channel::<Job<I, O>>(threads * AHEAD);
    let queue = Arc::new(Mutex::new(queue));
    let work = Arc::new(work);
    for _ in 0..threads {
        let (queue, work) = (Arc::clone(&queue), Arc::clone(&work));
        spawn(move || {
            while let Some((batch, result)) = take(&queue) {
                // The receiver is gone when the sink failed; there is nothing left to do then.
                let _ = result.send(work(batch));
            }
        })?;
    }
    spawn(move || {
        for batch in batches {
            let (sender, receiver) = sync_channel(1);
            if order.send(receiver).is_err() || jobs.send((batch, sender)).is_err() {
                return;
            }
        }
    })?;
    for result in results {
        let result = result.recv().map_err(|_| anyhow::anyhow!("a scanning thread stopped early"))?;
        sink(result)?;
    }
    Ok(())
}

fn spawn(work: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    thread::Builder::new().spawn(work).context("cannot start a thread; try fewer --jobs")?;
    Ok(())
}

fn take<T>(queue: &Mutex<Receiver<T>>) -> Option<T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_takes_longest() {
        let mut seen = Vec::new();
        let work = |i: u64| {
            thread::sleep(std::time::Duration::from_micros((i * 7919) % 500));
            i * i
        };
        in_order(0..200, 4, work, |o| {
            seen.push(o);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, (0..200).map(|i| i * i).collect::<Vec<_>>());
    }

    #[test]
    fn a_failing_sink_ends_an_endless_input() {
        let result = in_order(0u64.., 2, |i| i, |o| if o < 10 { Ok(()) } else { anyhow::bail!("full") });
        assert_eq!(result.unwrap_err().to_string(), "full");
    }

    #[test]
    fn a_lost_batch_is_an_error_and_not_a_gap() {
        let result = in_order(0..50, 2, |i: u64| assert_ne!(i, 20), |()| Ok(()));
        assert!(result.unwrap_err().to_string().contains("stopped early"));
    }
}
