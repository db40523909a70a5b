//! The program itself over a database, with a data folder of its own.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use vigie::rescan::keys::Keys;
use vigie::rescan::progress::Snapshot;
use vigie::store::findings::{self, Filter, StoredFinding};
use vigie::store::{State, Store, rescans};

use super::support::{BOTH, Base, Kind, alone};

const KEY: &str = "8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a8f3a";

/// A data folder.
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

    /// `vigie rescan …`, with the rules alone. The password comes from where the servers' own programs look for it, as it is
    /// not stored.
    pub fn vigie(&self, args: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("vigie"));
        command
            .env("VIGIE_DATA_DIR", self.path("data"))
            .env("VIGIE_DATA_KEY", KEY)
            .envs([("PGPASSWORD", "essai"), ("MYSQL_PWD", "essai"), ("MOT_DE_PASSE", "essai")])
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
        let Output { status, stdout, stderr } = self.vigie(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    pub fn store(&self) -> Store {
        Store::open_with(&self.path("data"), Keys::from_environment(KEY).unwrap()).unwrap()
    }

    /// The newest rescan, if there is one yet.
    pub fn newest(&self) -> Option<Snapshot> {
        if !self.path("data/vigie.db").exists() {
            return None;
        }
        let store = self.store();
        let connection = store.connection().unwrap();
        let row = rescans::list(&connection).unwrap().into_iter().next()?;
        Some(Snapshot::read(&connection, &row).unwrap())
    }

    pub fn findings(&self, rescan: &str) -> Vec<StoredFinding> {
        let store = self.store();
        let mut all = Vec::new();
        findings::each(&store.connection().unwrap(), &Filter::rescan(rescan), |finding| {
            all.push(finding);
            Ok::<(), findings::FindingsError>(())
        })
        .unwrap();
        all
    }
}

/// The address without its password.
pub fn bare(base: &Base) -> String {
    base.url.replace(":essai@", "@")
}

fn fill(base: &Base, rows: usize) {
    base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
    let note = "CASE WHEN i % 100 = 0 THEN 'Client diabétique, livrer le matin' ELSE 'Appel du matin, rappeler demain' END";
    base.run_each(
        &format!("INSERT INTO t SELECT i, {note} || ' ' || i FROM generate_series(1, {rows}) i"),
        &format!(
            "INSERT INTO t SELECT i, CONCAT({note}, ' ', i) FROM (SELECT seq AS i FROM seq_1_to_{rows}) AS s"
        ),
    );
}

#[test]
fn a_rescan_goes_on_while_its_server_restarts() {
    let guard = alone();
    for base in BOTH.into_iter().filter_map(Kind::base_alone) {
        fill(&base, 20_000);
        let place = Place::new();
        let address = base.url.replace(":essai@", ":${MOT_DE_PASSE}@");
        let child = place.vigie(&["run", &address, "--table", "t", "--rate", "9000"]).spawn().unwrap();
        let begin = Instant::now();
        while place.newest().is_none_or(|snapshot| snapshot.rows_read < 2000) {
            assert!(begin.elapsed() < Duration::from_secs(60), "it does not get there");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(place.newest().unwrap().state, State::Running);
        base.kind.control("stop");
        std::thread::sleep(Duration::from_millis(1500));
        base.kind.control("start");
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        let last = place.newest().unwrap();
        assert_eq!((last.state, last.rows_read, last.notes.scanned), (State::Done, 20_000, 20_000), "{said}");
        let mut keys: Vec<u32> =
            place.findings(&last.id).iter().map(|finding| finding.note.parse().unwrap()).collect();
        keys.sort_unstable();
        assert!(keys.iter().copied().eq((1..=200).map(|i| i * 100)), "each once: {}", keys.len());
        assert!(!said.contains("essai"), "{said}");
    }
    drop(guard);
}

#[test]
fn a_wrong_password_is_said_and_nothing_is_kept() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        base.run("CREATE TABLE t (id int PRIMARY KEY, note text)");
        let place = Place::new();
        let (code, out, said) = place.run(&["run", &base.url.replace(":essai@", ":faux@"), "--table", "t"]);
        assert_eq!(code, 2, "{out}{said}");
        assert!(said.contains("vigie_admin") && !said.contains("faux"), "{said}");
        assert!(place.newest().is_none());
    }
}

#[test]
fn what_is_discovered_can_be_run() {
    for base in BOTH.into_iter().filter_map(Kind::base) {
        fill(&base, 300);
        let place = Place::new();
        let (code, out, said) = place.run(&["discover", &base.url]);
        assert_eq!(code, 0, "{said}");
        assert!(!out.contains("essai") && !out.contains("diab"), "{out}");
        std::fs::write(place.path("rescan.toml"), &out).unwrap();
        let (code, _, said) = place.run(&["run", "--spec", "rescan.toml"]);
        assert_eq!(code, 1, "{said}");
        assert_eq!(place.newest().unwrap().rows_read, 300);
        let (code, out, said) = place.run(&["discover", &format!("{}x", base.url)]);
        assert!(code == 2 && out.is_empty() && said.contains("check the name"), "{said}");
    }
}
