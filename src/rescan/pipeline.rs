//! Source ─ reader ─► bounded queue ─► scanning threads ─► reading order ─► one committer.
//!
//! The reader waits only where the queue is full, the committer only for the next page in reading order. At most a few
//! pages a thread are under way, so that memory does not grow with the source.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::commit::Item;
use super::reader::{Job, Ordered, Reader};
use super::scan::PageScanner;
use super::stop::{Reason, Stop};
use crate::scanner::Scanner;

/// Pages under way for each scanning thread.
const AHEAD: usize = 8;
/// How often progress is told where nothing is committed.
const TICK: Duration = Duration::from_millis(250);

/// How much goes into a page and into a commit.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Rows of a page: about a second of scanning at most, so that the threads end together and little is done twice
    /// after a crash.
    pub page_rows: usize,
    /// A commit holds at most so many pages…
    pub commit_pages: usize,
    /// … and waits no longer for more.
    pub commit_every: Duration,
}

impl Pace {
    /// For the rules alone a page is many notes, which cost microseconds each; with the classifier it is few.
    pub fn of(scanner: &Scanner) -> Self {
        let page_rows = if scanner.backend().is_some() { 50 } else { 500 };
        Self { page_rows, commit_pages: 16, commit_every: Duration::from_millis(250) }
    }
}

/// What the pipeline does with what it made.
pub trait Sink {
    /// Commits items; an error is why the rescan must stop.
    fn commit(&mut self, items: &[Item]) -> Result<(), String>;
    /// The reader waits for something, or goes on.
    fn say(&mut self, message: Option<String>);
    /// Called several times a second.
    fn tick(&mut self);
}

/// What the reader needs beside its ends of the channels.
pub type MakeReader = Box<dyn FnOnce(Ends) -> Reader + Send>;

/// The reader's ends of the channels.
pub struct Ends {
    pub order: std::sync::mpsc::SyncSender<Ordered>,
    pub jobs: std::sync::mpsc::SyncSender<Job>,
}

/// Reads, scans and commits until the end, a stop or a fault, which is an error. All threads have ended when it returns.
pub fn run(
    reader: MakeReader,
    scanner: &Arc<PageScanner>,
    threads: usize,
    pace: Pace,
    stop: &Stop,
    sink: &mut dyn Sink,
) -> Result<(), String> {
    let threads = threads.max(1);
    let (order, ordered) = sync_channel(threads * AHEAD);
    let (jobs, queue) = sync_channel(threads * AHEAD);
    thread::scope(|scope| {
        let queue = Arc::new(Mutex::new(queue));
        for n in 0..threads {
            let (queue, scanner) = (Arc::clone(&queue), Arc::clone(scanner));
            start(scope, format!("rescan-scan-{n}"), move || work(&queue, &scanner))
                .inspect_err(|_| stop.ask(Reason::Fault))?;
        }
        // The scanning threads hold the queue alone: when they are gone, the reader's next job says so.
        drop(queue);
        let fault = order.clone();
        let read = move || {
            // A bug in a source, or in a library under it, must not leave the committer waiting for ever.
            let result = catch_unwind(AssertUnwindSafe(|| reader(Ends { order, jobs }).run()));
            if result.is_err() {
                // Nobody listens any more where the rescan was given up.
                let message = "internal error in reading the source; please report it";
                let _ = fault.send(Ordered::Fault(message.to_owned()));
            }
        };
        start(scope, "rescan-read".to_owned(), read).inspect_err(|_| stop.ask(Reason::Fault))?;
        let result = gather(ordered, pace, stop, sink);
        if result.is_err() {
            stop.ask(Reason::Fault);
        }
        result
    })
}

fn start<'s>(
    scope: &'s thread::Scope<'s, '_>,
    name: String,
    work: impl FnOnce() + Send + 's,
) -> Result<(), String> {
    let started = thread::Builder::new().name(name).spawn_scoped(scope, work);
    started.map(drop).map_err(|error| format!("cannot start a thread ({error}); try fewer --jobs"))
}

/// Scans pages until there are no more.
fn work(queue: &Mutex<Receiver<Job>>, scanner: &PageScanner) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Job { unit, page, result }) = job else { return };
        // The committer is gone where the rescan was given up; nothing is left to do then but to empty the queue.
        let _ = result.send(scanner.scan(unit, page));
    }
}

/// Commits what comes, in reading order. Takes the receiver: the reader must not wait for a committer that ended.
fn gather(ordered: Receiver<Ordered>, pace: Pace, stop: &Stop, sink: &mut dyn Sink) -> Result<(), String> {
    let mut batch = Batch { items: Vec::new(), pages: 0, since: None, pace };
    loop {
        let Some(next) = wait(&ordered, &mut batch, sink)? else { break };
        match next {
            Ordered::Say(message) => sink.say(message),
            Ordered::End(unit, problem) => batch.add(Item::End(unit, problem)),
            Ordered::Fault(message) => {
                batch.flush(sink)?;
                return Err(message);
            }
            Ordered::Page(result) => match wait(&result, &mut batch, sink)? {
                Some(Some(page)) => batch.add(Item::Page(Box::new(page))),
                // What follows was read after this page and cannot be committed before it.
                _ if stop.is_asked() => break,
                _ => {
                    return Err(
                        "internal error: a scanning thread stopped early; please report it".to_owned()
                    );
                }
            },
        }
        if batch.is_due() {
            batch.flush(sink)?;
        }
    }
    batch.flush(sink)
}

/// The next of a channel, `None` at its end. Commits what has waited long enough in the meantime.
fn wait<T>(receiver: &Receiver<T>, batch: &mut Batch, sink: &mut dyn Sink) -> Result<Option<T>, String> {
    loop {
        match receiver.recv_timeout(batch.patience()) {
            Ok(next) => return Ok(Some(next)),
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if batch.is_due() => batch.flush(sink)?,
            Err(RecvTimeoutError::Timeout) => sink.tick(),
        }
    }
}

/// Items for the next commit.
struct Batch {
    pace: Pace,
    items: Vec<Item>,
    pages: usize,
    /// When the first came.
    since: Option<Instant>,
}

impl Batch {
    fn add(&mut self, item: Item) {
        self.pages += usize::from(matches!(item, Item::Page(_)));
        self.items.push(item);
        self.since.get_or_insert_with(Instant::now);
    }

    fn is_due(&self) -> bool {
        self.pages >= self.pace.commit_pages
            || self.since.is_some_and(|since| since.elapsed() >= self.pace.commit_every)
    }

    /// How long to wait for the next item.
    fn patience(&self) -> Duration {
        self.since.map_or(TICK, |since| self.pace.commit_every.saturating_sub(since.elapsed()))
    }

    fn flush(&mut self, sink: &mut dyn Sink) -> Result<(), String> {
        self.since = None;
        self.pages = 0;
        let items = std::mem::take(&mut self.items);
        if items.is_empty() { Ok(()) } else { sink.commit(&items) }
    }
}
