//! One run of a rescan, from claim to release.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::watch;

use super::claim::Claim;
use super::commit::{self, CommitError, Item};
use super::digest::Digester;
use super::excerpt::Excerpts;
use super::fingerprint::Fingerprinter;
use super::incremental;
use super::manifest;
use super::pipeline::{self, Ends, Sink};
use super::plan::{PlanError, Planned, plan};
use super::progress::{Meter, Snapshot};
use super::reader::Reader;
use super::runner::Task;
use super::scan::PageScanner;
use super::stop::{Reason, Stop};
use super::watchman::Watchman;
use crate::store::rescans::{self, RescanRow};
use crate::store::{State, Store, Wanted};

/// A claimed rescan.
pub struct Run {
    task: Task,
    claim: Claim,
    row: RescanRow,
    stop: Stop,
    books: Books,
}

/// The store's side of a run: commits, and tells how far it is.
struct Books {
    store: Store,
    connection: Connection,
    claim: Claim,
    meter: Meter,
    publish: watch::Sender<Snapshot>,
    stop: Stop,
    /// Units that ended in this run.
    ended: usize,
}

impl Run {
    pub fn new(
        task: Task,
        connection: Connection,
        claim: Claim,
        row: RescanRow,
        stop: Stop,
        publish: watch::Sender<Snapshot>,
    ) -> Self {
        let meter = Meter::new(publish.borrow().clone());
        let books = Books {
            store: task.store.clone(),
            connection,
            claim: claim.clone(),
            meter,
            publish,
            stop: stop.clone(),
            ended: 0,
        };
        Self { task, claim, row, stop, books }
    }

    /// Runs to the end, a stop or a fault, and gives the rescan back.
    pub fn go(mut self) {
        let watchman = Watchman::start(&self.task.store, &self.claim, &self.stop, self.row.worked_ms);
        let result = match watchman {
            // A bug must not leave a rescan that says it is running.
            Ok(_watchman) => catch_unwind(AssertUnwindSafe(|| self.read_all()))
                .unwrap_or_else(|_| Err("internal error; please report it".to_owned())),
            Err(message) => Err(message),
        };
        self.release(result);
    }

    /// Whether all was read, as opposed to a stop before that.
    fn read_all(&mut self) -> Result<bool, String> {
        let mut sources = (self.task.open)(&self.row.spec).map_err(|error| error.message)?;
        let Some(units) = self.plan(&mut sources)? else { return Ok(false) };
        let baseline = self.baseline()?;
        let left = units.iter().filter(|unit| !unit.row.done).count();
        let (rate, patience, stop) = (self.row.spec.rate, self.task.patience, self.stop.clone());
        let pace = self.task.pace;
        let reader = Box::new(move |Ends { order, jobs }| Reader {
            sources,
            units,
            baseline,
            page_rows: pace.page_rows,
            rate,
            patience,
            stop,
            order,
            jobs,
        });
        let scanner = Arc::new(self.scanner());
        pipeline::run(reader, &scanner, self.task.threads, pace, &self.stop, &mut self.books)?;
        Ok(self.books.ended == left)
    }

    /// The units, `None` where a stop came first.
    fn plan(&mut self, sources: &mut [super::source::Opened]) -> Result<Option<Vec<Planned>>, String> {
        let books = &mut self.books;
        let (meter, publish) = (&mut books.meter, &books.publish);
        let say = |message| {
            meter.say(message);
            publish.send_replace(meter.now());
        };
        let units = plan(&mut books.connection, &self.claim, sources, &self.stop, self.task.patience, say);
        let units = match units {
            Ok(units) => units,
            Err(PlanError::Stopped) => return Ok(None),
            Err(PlanError::Lost) => {
                self.stop.ask(Reason::Lost);
                return Ok(None);
            }
            Err(PlanError::Sqlite(error)) => return Err(self.task.store.error(error).to_string()),
            Err(error) => return Err(error.to_string()),
        };
        self.books.read_again();
        Ok(Some(units))
    }

    /// The rescan whose findings are taken over: chosen once, kept at every resume.
    fn baseline(&mut self) -> Result<Option<(Connection, i64)>, String> {
        if !self.row.spec.incremental {
            return Ok(None);
        }
        let wrap = |error| self.task.store.error(error).to_string();
        let connection = &self.books.connection;
        let begun = "SELECT EXISTS (SELECT 1 FROM unit WHERE rescan = ?1 AND splits > 0)";
        let begun: bool = connection.query_row(begun, [self.row.no], |row| row.get(0)).map_err(wrap)?;
        if !begun {
            self.row.baseline = incremental::baseline(connection, &self.row).map_err(wrap)?;
            let sql = "UPDATE rescan SET baseline = ?2 WHERE no = ?1";
            connection.execute(sql, params![self.row.no, self.row.baseline]).map_err(wrap)?;
        }
        let Some(no) = self.row.baseline else { return Ok(None) };
        let own = self.task.store.connect().map_err(|error| error.to_string())?;
        Ok(Some((own, no)))
    }

    fn scanner(&self) -> PageScanner {
        let keys = self.task.store.keys();
        let scanner = Arc::clone(&self.task.scanner);
        PageScanner {
            judge: Box::new(move |note, options| scanner.scan(note, options)),
            profile: self.row.spec.profile.clone(),
            min_score: self.row.spec.min_score,
            digester: Digester::new(keys),
            fingerprinter: Fingerprinter::with_key(keys.derive("fingerprint")),
            excerpts: self.row.spec.excerpts.then(|| Excerpts::new(keys)),
            stop: self.stop.clone(),
        }
    }

    /// Gives the rescan back in the state it ended in, and tells it.
    fn release(mut self, result: Result<bool, String>) {
        let (state, message) = match result {
            Ok(true) => self.books.outcome(),
            Ok(false) => match self.stop.reason() {
                Some(Reason::Cancel) => (State::Cancelled, None),
                Some(Reason::Release) => (State::Queued, None),
                Some(Reason::Pause) => (State::Paused, None),
                Some(Reason::Lost) => (State::Failed, Some(CommitError::Lost.to_string())),
                Some(Reason::Fault) | None => (State::Failed, Some("stopped without a reason".to_owned())),
            },
            Err(message) => (State::Failed, Some(message)),
        };
        self.books.close(state, message);
    }
}

impl Books {
    fn wrap(&self, error: rusqlite::Error) -> String {
        self.store.error(error).to_string()
    }

    fn worked_ms(&self) -> i64 {
        i64::try_from(self.meter.worked().as_millis()).unwrap_or(i64::MAX)
    }

    /// Takes over what the store says now.
    fn read_again(&mut self) {
        let read = rescans::by_no(&self.connection, self.claim.rescan)
            .and_then(|row| Snapshot::read(&self.connection, &row));
        // What cannot be read now is read at the next commit; only the display is late.
        if let Ok(snapshot) = read {
            self.meter.reset(snapshot);
        }
        self.publish.send_replace(self.meter.now());
    }

    /// How a rescan ended whose units were all read as far as they could be.
    fn outcome(&self) -> (State, Option<String>) {
        let sql = "SELECT (SELECT COUNT(*) FROM unit WHERE rescan = ?1 AND problem IS NOT NULL), \
                   (SELECT COALESCE(SUM(unreadable), 0) FROM coverage JOIN unit ON unit.id = unit WHERE rescan = ?1)";
        let counts = self
            .connection
            .query_row(sql, [self.claim.rescan], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, u64>(1)?)));
        let (units, notes) = match counts {
            Ok(counts) => counts,
            Err(error) => return (State::Failed, Some(self.wrap(error))),
        };
        let plural = |n: u64, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
        let mut said = Vec::new();
        if units > 0 {
            said.push(format!("{} could not be read to the end", plural(units, "unit")));
        }
        if notes > 0 {
            said.push(format!("{} could not be read", plural(notes, "note")));
        }
        match said.is_empty() {
            true => (State::Done, None),
            false => (State::Partial, Some(said.join(", "))),
        }
    }

    /// Gives the rescan back and tells how it ended.
    fn close(&mut self, state: State, message: Option<String>) {
        let mut last = self.meter.now();
        (last.state, last.message, last.left_ms) = (state, message, None);
        let given = match self.give_back(last.state, last.message.as_deref()) {
            // The manifest cannot be written, or the end cannot: that is how it ended.
            Err(error) if last.state != State::Failed => {
                (last.state, last.message) = (State::Failed, Some(self.wrap(error)));
                self.give_back(last.state, last.message.as_deref())
            }
            given => given,
        };
        match given {
            Ok(Some(snapshot)) => last = snapshot,
            Ok(None) => (last.state, last.message) = (State::Failed, Some(CommitError::Lost.to_string())),
            // The store says `running` still: whoever resumes it sees that this process is gone.
            Err(_) => {}
        }
        if let (State::Failed, Some(message)) = (last.state, &last.message) {
            tracing::warn!(rescan = last.id, message, "the rescan stopped");
        }
        self.publish.send_replace(last);
    }

    /// Writes the state it ends in, and the signed manifest where it has ended, in one transaction; `None` when another
    /// process took it over.
    fn give_back(&mut self, state: State, message: Option<&str>) -> rusqlite::Result<Option<Snapshot>> {
        let worked = self.worked_ms();
        let step = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(wanted) = self.claim.wanted(&step)? else { return Ok(None) };
        let state = settled(state, wanted);
        if !self.claim.release(&step, state, message, worked)? {
            return Ok(None);
        }
        let row = rescans::by_no(&step, self.claim.rescan)?;
        if matches!(state, State::Done | State::Partial | State::Cancelled) {
            manifest::seal(&step, &row, self.store.keys())?;
        }
        let snapshot = Snapshot::read(&step, &row)?;
        step.commit()?;
        Ok(Some(snapshot))
    }
}

/// The state a stopped run ends in. Its threads obey the first order alone; the operator may have given another since,
/// which holds too: a cancel after a pause, either of them after this process began to end.
fn settled(state: State, wanted: Wanted) -> State {
    match (state, wanted) {
        (State::Paused | State::Queued, Wanted::Cancel) => State::Cancelled,
        (State::Queued, Wanted::Pause) => State::Paused,
        _ => state,
    }
}

impl Sink for Books {
    fn commit(&mut self, items: &[Item]) -> Result<(), String> {
        let worked = self.worked_ms();
        match commit::commit(&mut self.connection, &self.claim, worked, items) {
            Ok(added) => {
                self.ended += items.iter().filter(|item| matches!(item, Item::End(..))).count();
                self.meter.add(&added);
                self.tick();
                Ok(())
            }
            Err(CommitError::Lost) => {
                self.stop.ask(Reason::Lost);
                Err(CommitError::Lost.to_string())
            }
            Err(CommitError::Sqlite(error)) => Err(self.wrap(error)),
        }
    }

    fn say(&mut self, message: Option<String>) {
        self.meter.say(message);
        self.tick();
    }

    fn tick(&mut self) {
        self.publish.send_replace(self.meter.now());
    }
}
