//! How far a rescan is: what its process publishes as it goes, and what any other process reads from the store.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::commit::Added;
use super::counted::Counted;
use crate::category::Category;
use crate::policy::Action;
use crate::store::rescans::RescanRow;
use crate::store::units::{self, Tally, UnitRow};
use crate::store::{State, now};

/// Time the rate is taken over: long enough to be steady, short enough to follow a source that slows down.
const WINDOW: Duration = Duration::from_secs(15);

/// A rescan at a moment. Counts are those of committed pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Snapshot {
    #[schema(example = "r-20261126-083015-k3x9")]
    pub id: String,
    pub name: String,
    pub state: State,
    /// Why it failed or is partial, or what it waits for.
    pub message: Option<String>,
    /// Tables and files.
    pub units: u64,
    pub units_done: u64,
    pub rows_read: u64,
    /// Rows of all units; absent where a source cannot tell without reading.
    pub rows_expected: Option<u64>,
    pub notes: Counted,
    pub findings: u64,
    /// Every category with findings, in the order of the taxonomy.
    pub by_category: Vec<CategoryCount>,
    /// Notes a second: of late while it runs, on average else.
    pub rate: f64,
    /// Time spent running, stops left out.
    pub worked_ms: u64,
    /// Time left at this rate; absent where it cannot be told.
    pub left_ms: Option<u64>,
}

/// Findings of a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CategoryCount {
    #[schema(value_type = String, example = "health")]
    pub category: Category,
    /// Those the profile wants reworded or removed.
    pub to_change: u64,
    pub findings: u64,
}

impl Snapshot {
    /// A rescan as the store knows it, whoever runs it.
    pub fn read(connection: &Connection, row: &RescanRow) -> rusqlite::Result<Self> {
        // One moment for all counts, though another process commits in between.
        let alone = connection.is_autocommit();
        let _moment = alone.then(|| connection.unchecked_transaction()).transpose()?;
        let units = units::list(connection, row.no)?;
        let mut notes = Counted::default();
        for column in units::coverage(connection, row.no)? {
            notes.add(&column.counted);
        }
        let by_category = by_category(&units::tally(connection, row.no)?);
        let worked_ms = worked(row);
        let rows_read = units.iter().map(|u| u.rows_read).sum();
        let rate = if worked_ms > 0 { notes.seen as f64 * 1000.0 / worked_ms as f64 } else { 0.0 };
        let rows_expected = expected(&units);
        Ok(Self {
            id: row.id.clone(),
            name: row.name.clone(),
            state: row.state,
            message: row.message.clone(),
            units: units.len() as u64,
            units_done: units.iter().filter(|u| u.done).count() as u64,
            rows_read,
            rows_expected,
            notes,
            findings: by_category.iter().map(|c| c.findings).sum(),
            by_category,
            rate,
            worked_ms,
            left_ms: match row.state {
                State::Running => left(rows_read, rows_expected, rows_read as f64 / worked_ms.max(1) as f64),
                _ => None,
            },
        })
    }

    /// Findings that the profile wants reworded or removed.
    pub fn to_change(&self) -> u64 {
        self.by_category.iter().map(|c| c.to_change).sum()
    }
}

/// Time spent running; while it runs, the time since it last said so counts.
fn worked(row: &RescanRow) -> u64 {
    let since = match (row.state, row.heartbeat) {
        (State::Running, Some(beat)) => (now() - beat).clamp(0, super::claim::STALE_MS),
        _ => 0,
    };
    u64::try_from(row.worked_ms + since).unwrap_or(0)
}

/// Rows of all units that can be read, if every one of them tells. A unit read to its end counts what was read.
fn expected(units: &[UnitRow]) -> Option<u64> {
    units
        .iter()
        .map(|u| if u.done || u.problem.is_some() { Some(u.rows_read) } else { u.expected_rows })
        .sum()
}

fn by_category(tally: &[Tally]) -> Vec<CategoryCount> {
    let mut counts: Vec<CategoryCount> = Vec::new();
    for t in tally {
        if counts.last().is_none_or(|last| last.category != t.category) {
            counts.push(CategoryCount { category: t.category, to_change: 0, findings: 0 });
        }
        if let Some(last) = counts.last_mut() {
            last.findings += t.findings;
            last.to_change += if t.action >= Action::Warn { t.findings } else { 0 };
        }
    }
    counts
}

/// Milliseconds left, from rows and rows a millisecond.
fn left(read: u64, expected: Option<u64>, rate: f64) -> Option<u64> {
    let rows = expected?.saturating_sub(read);
    (rate > 0.0).then(|| (rows as f64 / rate) as u64)
}

/// Follows a running rescan: adds what each commit added, and knows how fast it goes.
pub struct Meter {
    snapshot: Snapshot,
    /// Time worked before this run.
    before: Duration,
    begin: Instant,
    /// Notes and rows at moments of late.
    marks: VecDeque<(Instant, u64, u64)>,
}

impl Meter {
    /// Begins at what the store says.
    pub fn new(snapshot: Snapshot) -> Self {
        let begin = Instant::now();
        let marks = VecDeque::from([(begin, snapshot.notes.seen, snapshot.rows_read)]);
        Self { before: Duration::from_millis(snapshot.worked_ms), snapshot, begin, marks }
    }

    /// Takes over what the store says, the time aside: once the units are known, and at the end.
    pub fn reset(&mut self, snapshot: Snapshot) {
        let rate = self.snapshot.rate;
        self.snapshot = Snapshot { rate, ..snapshot };
        self.marks.clear();
        self.marks.push_back((Instant::now(), self.snapshot.notes.seen, self.snapshot.rows_read));
    }

    pub fn add(&mut self, added: &Added) {
        let s = &mut self.snapshot;
        s.rows_read += added.rows;
        s.units_done += added.units_done;
        s.notes.add(&added.counts);
        for (category, change) in Category::ALL.into_iter().zip(added.findings) {
            let (findings, to_change) = change;
            if findings == 0 {
                continue;
            }
            s.findings += findings;
            let at = s.by_category.binary_search_by_key(&category, |c| c.category).unwrap_or_else(|at| {
                s.by_category.insert(at, CategoryCount { category, to_change: 0, findings: 0 });
                at
            });
            s.by_category[at].findings += findings;
            s.by_category[at].to_change += to_change;
        }
    }

    /// What it waits for, or nothing.
    pub fn say(&mut self, message: Option<String>) {
        self.snapshot.message = message;
    }

    pub fn worked(&self) -> Duration {
        self.before + self.begin.elapsed()
    }

    /// Where it is now.
    pub fn now(&mut self) -> Snapshot {
        let at = Instant::now();
        let (notes, rows) = (self.snapshot.notes.seen, self.snapshot.rows_read);
        self.marks.push_back((at, notes, rows));
        while self.marks.len() > 2 && at.duration_since(self.marks[1].0) >= WINDOW {
            self.marks.pop_front();
        }
        let (since, notes_then, rows_then) = self.marks[0];
        let time = at.duration_since(since).as_secs_f64();
        if time > 0.2 {
            self.snapshot.rate = (notes - notes_then) as f64 / time;
            let rows_rate = (rows - rows_then) as f64 / time / 1000.0;
            self.snapshot.left_ms = left(rows, self.snapshot.rows_expected, rows_rate);
        }
        self.snapshot.worked_ms = u64::try_from(self.worked().as_millis()).unwrap_or(u64::MAX);
        self.snapshot.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot() -> Snapshot {
        Snapshot {
            id: "r-1".into(),
            name: "essai".into(),
            state: State::Running,
            message: None,
            units: 1,
            units_done: 0,
            rows_read: 0,
            rows_expected: Some(1000),
            notes: Counted::default(),
            findings: 0,
            by_category: vec![],
            rate: 0.0,
            worked_ms: 5000,
            left_ms: None,
        }
    }

    #[test]
    fn a_meter_adds_commits_up_and_tells_the_time_left() {
        let mut meter = Meter::new(snapshot());
        let mut added = Added {
            rows: 250,
            counts: Counted { seen: 500, scanned: 500, ..Counted::default() },
            ..Added::default()
        };
        added.findings[Category::Offence.index()] = (2, 1);
        added.findings[Category::Health.index()] = (3, 3);
        meter.add(&added);
        meter.begin -= Duration::from_secs(10);
        meter.marks[0].0 -= Duration::from_secs(10);
        let now = meter.now();
        let counts: Vec<_> = now.by_category.iter().map(|c| (c.category, c.findings, c.to_change)).collect();
        assert_eq!(counts, [(Category::Health, 3, 3), (Category::Offence, 2, 1)]);
        assert_eq!((now.findings, now.to_change()), (5, 4));
        assert!((now.rate - 50.0).abs() < 1.0, "{}", now.rate);
        assert!((29_000..31_000).contains(&now.left_ms.unwrap()), "{:?}", now.left_ms);
        assert!((15_000..16_000).contains(&now.worked_ms));
    }

    #[test]
    fn a_source_that_cannot_count_gives_no_time_left() {
        let mut meter = Meter::new(Snapshot { rows_expected: None, ..snapshot() });
        meter.add(&Added { rows: 10, ..Added::default() });
        meter.marks[0].0 -= Duration::from_secs(1);
        assert_eq!(meter.now().left_ms, None);
    }
}
