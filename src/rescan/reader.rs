//! The thread that reads: one unit after the other, page after page, at the rate asked for, patient with a source that
//! drops the connection.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use rusqlite::Connection;

use super::incremental;
use super::plan::Planned;
use super::rate::Limiter;
use super::retry::Retry;
use super::scan::{PageUnit, Scanned};
use super::source::{Cell, Opened, Page, Pages, Position, SourceError};
use super::stop::Stop;

/// A page to be scanned, and where its result goes.
pub struct Job {
    pub unit: Arc<PageUnit>,
    pub page: Page,
    pub result: SyncSender<Option<Scanned>>,
}

/// What the committer gets, in reading order.
pub enum Ordered {
    /// A page under way; its result comes here.
    Page(Receiver<Option<Scanned>>),
    /// A unit was read to its end, or why it was not.
    End(Arc<PageUnit>, Option<String>),
    /// The reader waits for the source, or goes on.
    Say(Option<String>),
    /// Reading failed for good: the rescan stops here and can be resumed.
    Fault(String),
}

/// Reads units.
pub struct Reader {
    pub sources: Vec<Opened>,
    pub units: Vec<Planned>,
    /// A connection of its own, and the rescan whose findings are taken over.
    pub baseline: Option<(Connection, i64)>,
    pub page_rows: usize,
    pub rate: Option<u32>,
    pub patience: Duration,
    pub stop: Stop,
    pub order: SyncSender<Ordered>,
    pub jobs: SyncSender<Job>,
}

/// The committer is gone, or a stop was asked for.
struct Ended;

/// How a unit ended.
enum UnitEnd {
    Whole,
    Problem(String),
    /// The source is down: the other units would fail as well.
    Down(String),
}

impl Reader {
    /// Reads all that is left to read.
    pub fn run(mut self) {
        // The committer is gone only where the whole rescan is being given up.
        let _ = self.units();
    }

    fn units(&mut self) -> Result<(), Ended> {
        let mut limiter = Limiter::new(self.rate);
        for planned in std::mem::take(&mut self.units) {
            if planned.row.done {
                continue;
            }
            let row = &planned.row;
            let unchanged = match &self.baseline {
                Some((connection, no)) => incremental::load(connection, *no, &row.source, &row.name),
                None => Ok(None),
            };
            let unchanged = match unchanged {
                Ok(unchanged) => unchanged,
                Err(error) => {
                    return self.send(Ordered::Fault(format!("cannot read the earlier rescan: {error}")));
                }
            };
            let unit = Arc::new(PageUnit {
                id: row.id,
                name: row.name.clone(),
                columns: planned.unit.as_ref().map_or_else(|_| row.columns.clone(), |u| u.columns.clone()),
                unchanged,
            });
            let end = self.unit(&planned, &unit, &mut limiter)?;
            match end {
                UnitEnd::Whole => self.send(Ordered::End(unit, None))?,
                UnitEnd::Problem(problem) => self.send(Ordered::End(unit, Some(problem)))?,
                UnitEnd::Down(message) => return self.send(Ordered::Fault(message)),
            }
        }
        Ok(())
    }

    fn unit(
        &mut self,
        planned: &Planned,
        unit: &Arc<PageUnit>,
        limiter: &mut Limiter,
    ) -> Result<UnitEnd, Ended> {
        let source_unit = match &planned.unit {
            Ok(unit) => unit,
            Err(problem) => return Ok(UnitEnd::Problem(problem.clone())),
        };
        let mut position = planned.row.position.clone();
        let mut retry = Retry::new(self.patience);
        loop {
            let opened = self.sources[planned.source].source.open(source_unit, position.as_ref());
            let error = match opened {
                Ok(pages) => match self.pages(pages, unit, &mut position, &mut retry, limiter)? {
                    None => return Ok(UnitEnd::Whole),
                    Some(error) => error,
                },
                Err(error) => error,
            };
            if !error.transient {
                return Ok(UnitEnd::Problem(error.message));
            }
            let order = &self.order;
            // The committer is gone only where all is given up, which the next send says.
            let say = |message| drop(order.send(Ordered::Say(message)));
            if !retry.wait(&error, &self.stop, say) {
                if self.stop.is_asked() {
                    return Err(Ended);
                }
                return Ok(UnitEnd::Down(format!("{}: {}", planned.row.name, error.message)));
            }
        }
    }

    /// Hands pages on until the end (`None`) or an error; `position` is where the last one ended.
    fn pages(
        &self,
        mut pages: Box<dyn Pages>,
        unit: &Arc<PageUnit>,
        position: &mut Option<Position>,
        retry: &mut Retry,
        limiter: &mut Limiter,
    ) -> Result<Option<SourceError>, Ended> {
        let mut silent = true;
        loop {
            if self.stop.is_asked() {
                return Err(Ended);
            }
            let page = match pages.next(self.page_rows) {
                Ok(Some(page)) => page,
                Ok(None) => return Ok(None),
                Err(error) => return Ok(Some(error)),
            };
            if silent {
                silent = false;
                self.send(Ordered::Say(None))?;
            }
            retry.reset();
            *position = Some(page.after.clone());
            if !limiter.wait(notes(&page), &self.stop) {
                return Err(Ended);
            }
            let (result, receiver) = sync_channel(1);
            self.send(Ordered::Page(receiver))?;
            self.jobs.send(Job { unit: Arc::clone(unit), page, result }).map_err(|_| Ended)?;
        }
    }

    fn send(&self, ordered: Ordered) -> Result<(), Ended> {
        self.order.send(ordered).map_err(|_| Ended)
    }
}

fn notes(page: &Page) -> usize {
    page.rows.iter().flat_map(|row| &row.cells).filter(|cell| matches!(cell, Cell::Text(_))).count()
}
