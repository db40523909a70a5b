//! The program with a data folder of its own, and a look into its store.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use vigie::rescan::keys::Keys;
use vigie::rescan::progress::Snapshot;
use vigie::store::{Store, rescans};

/// The key of every data folder of these tests, so that fingerprints compare.
const KEY: &str = "8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a";

pub struct Place {
    pub dir: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program, with the rules alone.
    pub fn vigie(&self, args: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("vigie"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("VIGIE_") {
                command.env_remove(name);
            }
        }
        command
            .env("VIGIE_DATA_DIR", self.data())
            .env("VIGIE_DATA_KEY", KEY)
            .args(["--no-classifier", "rescan"])
            .args(args)
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to the end: exit code, standard output, standard error.
    pub fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.vigie(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    pub fn store(&self) -> Store {
        Store::open_with(&self.data(), Keys::from_environment(KEY).unwrap()).unwrap()
    }

    /// The newest rescan, if there is one yet.
    pub fn newest(&self) -> Option<Snapshot> {
        if !self.data().join("vigie.db").exists() {
            return None;
        }
        let store = self.store();
        let connection = store.connection().unwrap();
        let row = rescans::list(&connection).unwrap().into_iter().next()?;
        Some(Snapshot::read(&connection, &row).unwrap())
    }

    /// Starts the program and waits until it has committed more than `rows` rows.
    pub fn until(&self, args: &[&str], rows: u64) -> Child {
        let mut child = self.vigie(args).spawn().unwrap();
        let begin = Instant::now();
        while self.newest().is_none_or(|s| s.rows_read <= rows) {
            assert!(begin.elapsed() < Duration::from_secs(60), "it does not get there");
            if let Some(status) = child.try_wait().unwrap() {
                let output = child.wait_with_output().unwrap();
                panic!("it ended ({status}): {}", String::from_utf8_lossy(&output.stderr));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }

    /// What the newest rescan found and read, with nothing of how and when; places in a file bear its time.
    pub fn books(&self) -> Vec<Vec<Value>> {
        let store = self.store();
        let connection = store.connection().unwrap();
        let mut all = Vec::new();
        for sql in [
            "SELECT unit.name, note_key, column_name, field, category, subcategory, start, \"end\", score, severity, \
             action, rule, finding.sources, fingerprint, digest FROM finding JOIN unit ON unit.id = unit \
             WHERE rescan = (SELECT MAX(no) FROM rescan) ORDER BY finding.id",
            "SELECT name, columns, rows_read, splits, done, problem FROM unit \
             WHERE rescan = (SELECT MAX(no) FROM rescan) ORDER BY ordinal",
            "SELECT name, column_name, seen, scanned, unchanged, empty, unreadable, with_findings FROM coverage \
             JOIN unit ON unit.id = unit WHERE rescan = (SELECT MAX(no) FROM rescan) ORDER BY 1, 2",
            "SELECT name, split.ordinal, rows, first_key, last_key, digests FROM split JOIN unit ON unit.id = unit \
             WHERE rescan = (SELECT MAX(no) FROM rescan) ORDER BY unit.ordinal, 2",
        ] {
            let mut query = connection.prepare(sql).unwrap();
            let width = query.column_count();
            let rows = query.query_map([], |row| (0..width).map(|i| row.get(i)).collect()).unwrap();
            all.extend(rows.map(Result::unwrap));
        }
        all
    }
}

/// A CSV file of invented notes, one in five with something to find.
pub fn csv(path: &Path, rows: usize) {
    let mut text = String::from("id;commentaire\n");
    for i in 0..rows {
        let note = match i % 5 {
            0 => format!(
                "dossier {i}, cliente diabétique, rappeler au 06 12 34 {:02} {:02}",
                i / 100 % 100,
                i % 100
            ),
            _ => format!("dossier {i}, livraison prévue le matin, prévenir le gardien avant de passer"),
        };
        text.push_str(&format!("{i};{note}\n"));
    }
    std::fs::write(path, text).unwrap();
}
