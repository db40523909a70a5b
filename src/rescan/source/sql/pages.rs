//! A table being read: few statements, each in a transaction of its own, each after the key the last one ended with.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use super::super::{Cell, Labels, Page, Pages, Position, Row, SourceError, month};
use super::cell::{cell, label};
use super::key;
use super::plan::{Item, Plan, Role};
use super::session::{Fault, Kind, Parameter, Session, Values};

/// Rows of the first statement; the next ones ask for more, or fewer, by how large rows turn out to be.
const FIRST_ROWS: usize = 500;
const MOST_ROWS: usize = 8192;
/// Longest value of a key, in characters.
const MAX_KEY: usize = 255;
/// What a statement should bring, in bytes, and where it is cut off.
const USUAL_BYTES: usize = 4 << 20;
const MOST_BYTES: usize = 32 << 20;

/// A row read, with the key to go on from.
struct Read {
    key: Vec<String>,
    row: Row,
}

/// A table or query being read.
pub struct SqlPages {
    session: Box<dyn Session>,
    plan: Plan,
    /// Key of the last row read from the server.
    last: Option<Vec<String>>,
    ready: VecDeque<Read>,
    rows: usize,
    ended: bool,
    /// Why there will be no more rows, once those that came are given.
    failed: Option<SourceError>,
}

impl SqlPages {
    pub fn begin(
        session: Box<dyn Session>,
        plan: Plan,
        from: Option<&Position>,
    ) -> Result<Self, SourceError> {
        let last = from.map(|position| key::values(&plan.keys, position)).transpose()?;
        Ok(Self { session, plan, last, ready: VecDeque::new(), rows: FIRST_ROWS, ended: false, failed: None })
    }

    /// Reads more rows. Around a row that the server cannot give, fewer at a time, and that one cell by cell.
    fn fetch(&mut self) -> Result<(), SourceError> {
        match self.several(self.rows) {
            Ok(()) => Ok(()),
            Err(Fault::Failed(error)) => Err(error),
            Err(Fault::Data(_)) if self.rows > 1 => {
                self.rows = (self.rows / 8).max(1);
                Ok(())
            }
            Err(Fault::Data(_)) => self.cell_by_cell(),
        }
    }

    fn several(&mut self, rows: usize) -> Result<(), Fault> {
        // Where keys may repeat, one more row shows whether the next one has the same.
        let more = usize::from(self.plan.may_repeat());
        let mut batch = Batch::default();
        let (plan, before) = (&self.plan, self.last.as_ref());
        run(&mut *self.session, plan, &plan.items, before, rows + more, &mut |values| {
            batch.bytes += values.iter().flatten().map(Vec::len).sum::<usize>();
            let (key, row) = match assemble(plan, values) {
                Ok(done) => done,
                Err(error) => return batch.stop(error),
            };
            if plan.may_repeat() && batch.read.last().map(|read| &read.key).or(before) == Some(&key) {
                // Neither is given: reading must not go on between them.
                batch.read.pop();
                return batch.stop(repeated(plan));
            }
            if batch.read.len() == rows {
                return ControlFlow::Break(());
            }
            batch.read.push(Read { key, row });
            batch.cut = batch.bytes >= MOST_BYTES;
            if batch.cut { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let read = batch.read.len();
        self.failed = batch.wrong;
        self.ended = read < rows && !batch.cut && self.failed.is_none();
        if let Some(read) = batch.read.last() {
            self.last = Some(read.key.clone());
        }
        self.ready.extend(batch.read);
        let usual = USUAL_BYTES / (batch.bytes / read.max(1) + 1);
        // A power of two: few different statements, each prepared once.
        self.rows = 1 << usual.clamp(1, (rows * 4).min(MOST_ROWS)).ilog2();
        Ok(())
    }

    /// Reads the next row cell by cell: those that the server cannot give are unreadable, the others are read.
    fn cell_by_cell(&mut self) -> Result<(), SourceError> {
        let plan = &self.plan;
        let mut keys = Vec::new();
        run(&mut *self.session, plan, &[], self.last.as_ref(), 2, &mut |values| {
            keys.push(values);
            ControlFlow::Continue(())
        })?;
        let mut keys = keys.into_iter().map(|values| key_of(plan, values));
        let Some(key) = keys.next().transpose()? else {
            self.ended = true;
            return Ok(());
        };
        if keys.next().transpose()?.as_ref() == Some(&key) {
            return Err(repeated(plan));
        }
        let mut cells = Vec::new();
        let mut labels = Labels::default();
        for item in &plan.items {
            let mut found = None;
            let outcome = run(
                &mut *self.session,
                plan,
                std::slice::from_ref(item),
                self.last.as_ref(),
                1,
                &mut |values| {
                    found = Some(values);
                    ControlFlow::Break(())
                },
            );
            let mut values = match (outcome, found) {
                (Ok(()), Some(mut values)) => {
                    let rest = values.split_off(plan.keys.len());
                    // Another row now, where this one was deleted in between.
                    if key_of(plan, values)? == key { rest } else { Vec::new() }
                }
                (Ok(()), None) => Vec::new(),
                (Err(Fault::Data(error)), _) => {
                    if let Role::Note(_) = item.role {
                        cells.push(Cell::Unreadable(error.message));
                    }
                    continue;
                }
                (Err(Fault::Failed(error)), _) => return Err(error),
            }
            .into_iter();
            take(item, &mut values, &mut cells, &mut labels);
        }
        self.ready.push_back(Read { row: Row { key: key::joined(&key), cells, labels }, key: key.clone() });
        self.last = Some(key);
        self.rows = 8;
        Ok(())
    }

    /// What there is to say once all rows are read.
    fn end(&mut self) -> Result<(), SourceError> {
        if !self.plan.may_lack_key() {
            return Ok(());
        }
        match self.plan.count(&mut *self.session)?.without_key {
            0 => Ok(()),
            rows => Err(SourceError::permanent(format!(
                "{}: {rows} rows have no key ({} is NULL) and were not read; fill it in, or name another key",
                self.plan.name,
                names_of(&self.plan)
            ))),
        }
    }
}

impl Pages for SqlPages {
    fn next(&mut self, rows: usize) -> Result<Option<Page>, SourceError> {
        while self.ready.len() < rows && !self.ended && self.failed.is_none() {
            match self.fetch() {
                Ok(()) => {}
                Err(error) if error.transient => return Err(error),
                Err(error) => self.failed = Some(error),
            }
        }
        let page: Vec<Read> = self.ready.drain(..rows.min(self.ready.len())).collect();
        match page.last() {
            Some(last) => {
                let after = key::position(&self.plan.keys, &last.key);
                Ok(Some(Page { rows: page.into_iter().map(|read| read.row).collect(), after }))
            }
            None => match self.failed.take() {
                Some(error) => Err(error),
                None => self.end().map(|()| None),
            },
        }
    }
}

/// What a statement brought.
#[derive(Default)]
struct Batch {
    read: Vec<Read>,
    bytes: usize,
    /// Stopped for its size, though there was more.
    cut: bool,
    wrong: Option<SourceError>,
}

impl Batch {
    fn stop(&mut self, error: SourceError) -> ControlFlow<()> {
        self.wrong = Some(error);
        ControlFlow::Break(())
    }
}

/// Runs the plan's statement for these items after a key.
fn run(
    session: &mut dyn Session,
    plan: &Plan,
    items: &[Item],
    last: Option<&Vec<String>>,
    rows: usize,
    row: &mut dyn FnMut(Values) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let (sql, used) = plan.statement(items, last.is_some(), rows);
    let parameter = |at: &usize| {
        let value = last.map_or("", |last| last[*at].as_str());
        plan.keys[*at].parameter(plan.dialect, value)
    };
    let parameters: Vec<Parameter> =
        used.iter().map(parameter).collect::<Result<_, _>>().map_err(Fault::Failed)?;
    session.each(&sql, &parameters, row)
}

/// A row of all the plan's items.
fn assemble(plan: &Plan, mut values: Values) -> Result<(Vec<String>, Row), SourceError> {
    let mut rest = values.split_off(plan.keys.len()).into_iter();
    let key = key_of(plan, values)?;
    let (mut cells, mut labels) = (Vec::new(), Labels::default());
    for item in &plan.items {
        take(item, &mut rest, &mut cells, &mut labels);
    }
    Ok((key.clone(), Row { key: key::joined(&key), cells, labels }))
}

fn key_of(plan: &Plan, values: Values) -> Result<Vec<String>, SourceError> {
    let text = |value: Option<Vec<u8>>| value.and_then(|bytes| String::from_utf8(bytes).ok());
    let key: Vec<String> = values.into_iter().map(text).collect::<Option<_>>().ok_or_else(|| {
        SourceError::permanent(format!("{}: a key is not text in UTF-8; name another key", plan.name))
    })?;
    // Keys reach the store, and what is longer may be a note.
    match key.iter().any(|value| value.chars().count() > MAX_KEY) {
        true => Err(SourceError::permanent(format!(
            "{}: the key {} has values of more than {MAX_KEY} characters; name another key",
            plan.name,
            names_of(plan)
        ))),
        false => Ok(key),
    }
}

/// Takes an item's values off a row.
fn take(
    item: &Item,
    values: &mut impl Iterator<Item = Option<Vec<u8>>>,
    cells: &mut Vec<Cell>,
    labels: &mut Labels,
) {
    let kind: Kind = item.column.kind;
    let mut next = || values.next().flatten();
    match item.role {
        Role::Note(_) => {
            let value = next();
            cells.push(cell(value, next(), kind));
        }
        Role::Author => labels.author = next().and_then(label),
        Role::Team => labels.team = next().and_then(label),
        Role::Field => labels.field = next().and_then(label),
        Role::Date => labels.month = next().and_then(label).and_then(|date| month::of(&date)),
    }
}

fn repeated(plan: &Plan) -> SourceError {
    SourceError::permanent(format!(
        "{}: the key {} is not unique: two rows have the same; name a unique column, or several with commas",
        plan.name,
        names_of(plan)
    ))
}

/// The columns of the key.
fn names_of(plan: &Plan) -> String {
    plan.keys.iter().map(|key| key.column.name.as_str()).collect::<Vec<_>>().join(", ")
}
