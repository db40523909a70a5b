//! A source in memory, with faults by script.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::rescan::source::{
    Cell, Labels, Listed, Opened, Page, Pages, Position, Row, Source, SourceError, Unit,
};

/// A cell, to be given again and again.
#[derive(Clone)]
pub enum Mem {
    Text(String),
    Empty,
    Unreadable(&'static str),
    /// The whole row is unreadable: stands alone in it.
    BadRow(&'static str),
}

#[derive(Clone, Default)]
pub struct MemUnit {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<Mem>)>,
    pub team: Option<String>,
}

/// What is to go wrong, and what happened.
#[derive(Default)]
pub struct Script {
    /// Errors before the row of that unit, how often.
    pub errors: HashMap<(String, usize), (bool, usize)>,
    /// Units that cannot be read at all.
    pub closed: Vec<String>,
    /// Rows read in all, over all runs.
    pub rows_read: usize,
    /// Time a page takes.
    pub slow: Duration,
    /// Panics before this row of any unit.
    pub panics: Option<usize>,
}

#[derive(Clone, Default)]
pub struct Memory {
    pub units: Vec<MemUnit>,
    pub script: Arc<Mutex<Script>>,
}

impl Memory {
    pub fn opened(&self) -> Vec<Opened> {
        vec![Opened { place: "memory".to_owned(), source: Box::new(self.clone()) }]
    }
}

impl Source for Memory {
    fn units(&mut self) -> Result<Vec<Listed>, SourceError> {
        let closed = self.script.lock().unwrap().closed.clone();
        Ok(self
            .units
            .iter()
            .map(|unit| {
                if closed.contains(&unit.name) {
                    return Err((unit.name.clone(), SourceError::permanent("it has no column of notes")));
                }
                let expected = Some(unit.rows.len() as u64);
                Ok(Unit { name: unit.name.clone(), columns: unit.columns.clone(), expected })
            })
            .collect())
    }

    fn open(&mut self, unit: &Unit, from: Option<&Position>) -> Result<Box<dyn Pages>, SourceError> {
        let unit = self.units.iter().find(|u| u.name == unit.name).unwrap().clone();
        let at = from.map_or(0, |position| position.0.parse().unwrap());
        Ok(Box::new(MemPages { unit, at, script: Arc::clone(&self.script) }))
    }
}

struct MemPages {
    unit: MemUnit,
    at: usize,
    script: Arc<Mutex<Script>>,
}

impl Pages for MemPages {
    fn next(&mut self, rows: usize) -> Result<Option<Page>, SourceError> {
        let mut script = self.script.lock().unwrap();
        let slow = script.slow;
        let end = (self.at + rows).min(self.unit.rows.len());
        for row in self.at..end {
            assert!(script.panics.take_if(|at| *at == row).is_none(), "a bug in a source");
            let key = (self.unit.name.clone(), row);
            if let Some((transient, times)) = script.errors.get_mut(&key).filter(|(_, times)| *times > 0) {
                *times -= 1;
                let message = format!("the connection was lost at row {row}");
                return Err(SourceError { message, transient: *transient });
            }
        }
        if self.at == end {
            return Ok(None);
        }
        script.rows_read += end - self.at;
        drop(script);
        std::thread::sleep(slow);
        let page =
            self.unit.rows[self.at..end].iter().map(|(key, cells)| row(key, cells, &self.unit)).collect();
        self.at = end;
        Ok(Some(Page { rows: page, after: Position(end.to_string()) }))
    }
}

fn row(key: &str, cells: &[Mem], unit: &MemUnit) -> Row {
    let cell = |cell: &Mem| match cell {
        Mem::Text(text) => Cell::Text(text.as_str().into()),
        Mem::Empty => Cell::Empty,
        Mem::Unreadable(reason) | Mem::BadRow(reason) => Cell::Unreadable((*reason).to_owned()),
    };
    let labels = Labels { team: unit.team.clone(), ..Labels::default() };
    Row { key: key.to_owned(), cells: cells.iter().map(cell).collect(), labels }
}
