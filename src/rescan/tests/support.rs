//! A store, a scanner with the rules alone, and notes.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rusqlite::types::Value;
use serde_json::json;

use super::memory::{Mem, MemUnit, Memory};
use crate::rescan::keys::Keys;
use crate::rescan::pipeline::Pace;
use crate::rescan::progress::Snapshot;
use crate::rescan::spec::Spec;
use crate::rescan::versions::Versions;
use crate::rescan::{RunError, Runner, Task};
use crate::scanner::{Scanner, ScannerOptions};
use crate::store::rescans::{self, NewRescan, RescanRow};
use crate::store::{Store, now};

pub static SCANNER: LazyLock<Arc<Scanner>> = LazyLock::new(|| {
    let options = ScannerOptions { classifier: false, ..ScannerOptions::default() };
    Arc::new(Scanner::load(&options).unwrap())
});

/// A data folder of its own.
pub struct Place {
    /// Removed when dropped.
    _dir: tempfile::TempDir,
    pub store: Store,
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::from_environment(&"5a".repeat(32)).unwrap();
        let store = Store::open_with(dir.path(), keys).unwrap();
        Self { _dir: dir, store }
    }

    pub fn create(&self, changes: serde_json::Value) -> RescanRow {
        let mut spec = json!({"name": "essai", "sources": []});
        spec.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let spec: Spec = serde_json::from_value(spec).unwrap();
        let versions = Versions::of(&SCANNER, &spec.profile).unwrap();
        let new = NewRescan { spec: &spec, versions: &versions, idempotency: None };
        rescans::create(&self.store.connection().unwrap(), &new).unwrap()
    }

    /// Small pages and small commits, so that few notes make many of them.
    pub fn task(&self, id: &str, memory: &Memory, threads: usize) -> Task {
        let memory = memory.clone();
        let open = Box::new(move |_: &Spec| Ok(memory.opened()));
        let mut task = Task::new(self.store.clone(), Arc::clone(&SCANNER), id.to_owned(), threads, open);
        task.pace = Pace { page_rows: 7, commit_pages: 2, commit_every: Duration::from_millis(250) };
        task.patience = Duration::from_millis(1500);
        task
    }

    pub fn start(&self, id: &str, memory: &Memory, threads: usize) -> Result<Runner, RunError> {
        Runner::start(self.task(id, memory, threads))
    }

    pub fn run(&self, id: &str, memory: &Memory, threads: usize) -> Snapshot {
        self.start(id, memory, threads).unwrap().join()
    }

    /// A new rescan, run to its end.
    pub fn rescan(&self, memory: &Memory) -> Snapshot {
        let row = self.create(json!({}));
        self.run(&row.id, memory, 2)
    }

    pub fn row(&self, id: &str) -> RescanRow {
        rescans::get(&self.store.connection().unwrap(), id).unwrap().unwrap()
    }

    pub fn execute(&self, sql: &str) {
        self.store.connection().unwrap().execute_batch(sql).unwrap();
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.store.connection().unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Leaves a rescan as a process that was killed leaves it, some time ago.
    pub fn kill(&self, id: &str) {
        let then = now() - 60_000;
        self.execute(&format!(
            "UPDATE rescan SET state = 'running', ended_at = NULL, message = NULL, owner = '1.0@elsewhere', \
             heartbeat = {then} WHERE id = '{id}'"
        ));
    }

    /// All that a rescan found and read, with nothing of how and when.
    pub fn books(&self, id: &str) -> Vec<Vec<Value>> {
        let connection = self.store.connection().unwrap();
        let no = self.row(id).no;
        let mut all = Vec::new();
        for sql in [
            "SELECT unit.ordinal, note_key, column_name, field, category, subcategory, start, \"end\", score, severity, \
             action, rule, sources, fingerprint, excerpt, team, author, month, digest \
             FROM finding JOIN unit ON unit.id = unit WHERE rescan = ?1 ORDER BY finding.id",
            "SELECT ordinal, name, columns, rows_read, position, splits, done, problem FROM unit WHERE rescan = ?1 \
             ORDER BY ordinal",
            "SELECT unit.ordinal, column_name, seen, scanned, unchanged, empty, unreadable, with_findings \
             FROM coverage JOIN unit ON unit.id = unit WHERE rescan = ?1 ORDER BY 1, 2",
            "SELECT unit.ordinal, note_key, column_name, reason FROM unreadable JOIN unit ON unit.id = unit \
             WHERE rescan = ?1 ORDER BY unreadable.id",
            "SELECT unit.ordinal, split.ordinal, rows, first_key, last_key, digests FROM split JOIN unit \
             ON unit.id = unit WHERE rescan = ?1 ORDER BY 1, 2",
            "SELECT unit.ordinal, category, action, findings FROM tally JOIN unit ON unit.id = unit \
             WHERE rescan = ?1 ORDER BY 1, 2, 3",
        ] {
            let mut query = connection.prepare(sql).unwrap();
            let width = query.column_count();
            let rows = query.query_map([no], |row| (0..width).map(|i| row.get(i)).collect()).unwrap();
            all.extend(rows.map(Result::unwrap));
        }
        all
    }
}

/// Notes as they are found, every third with something to find.
pub fn unit(name: &str, rows: usize) -> MemUnit {
    let cells = |i: usize| {
        let first = match i % 11 {
            0 | 3 | 6 => Mem::Text(format!("note {i}, cliente diabétique, tél. 06 12 34 56 {:02}", i % 100)),
            5 => Mem::Empty,
            8 => Mem::Unreadable("it is not valid UTF-8"),
            _ => Mem::Text(format!("note {i}, livrer le matin")),
        };
        match i % 13 {
            12 => vec![Mem::BadRow("the line has 2 cells, the header has 3")],
            4 => vec![first, Mem::Text("il est syndiqué à la CGT".to_owned())],
            _ => vec![first, Mem::Empty],
        }
    };
    MemUnit {
        name: name.to_owned(),
        columns: vec!["suivi".to_owned(), "remarque".to_owned()],
        rows: (0..rows).map(|i| (format!("{name}-{i}"), cells(i))).collect(),
        team: None,
    }
}

/// Two units.
pub fn notes() -> Memory {
    Memory { units: vec![unit("clients", 100), unit("actions", 45)], ..Memory::default() }
}
