//! Databases of a test's own on the servers that `run.sh` started.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::thread;

use mysql::prelude::Queryable;
use vigie::rescan::source::{Cell, Position, Row, Source, SourceError, Unit, sql};
use vigie::rescan::spec::{Columns, Database, Table};

/// Tests that restart a server run alone.
static SERVERS: RwLock<()> = RwLock::new(());

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Postgres,
    Mysql,
}

pub const BOTH: [Kind; 2] = [Kind::Postgres, Kind::Mysql];

/// A database of the test's own, dropped at the end.
pub struct Base {
    pub kind: Kind,
    /// With the administrator's password.
    pub url: String,
    name: String,
    admin: String,
    _servers: Option<RwLockReadGuard<'static, ()>>,
}

impl Kind {
    fn variable(self) -> &'static str {
        match self {
            Kind::Postgres => "VIGIE_TEST_POSTGRES",
            Kind::Mysql => "VIGIE_TEST_MYSQL",
        }
    }

    /// The administrator's address; `None` with a word on standard error where there is no server.
    pub fn admin(self) -> Option<String> {
        let url = std::env::var(self.variable()).ok();
        if url.is_none() {
            // Not captured by the test harness, as `eprintln!` would be.
            let name = std::thread::current().name().unwrap_or("test").to_owned();
            let _ = writeln!(
                std::io::stderr(),
                "!!! SKIPPED {name}: {} is not set; run tests/databases/run.sh",
                self.variable()
            );
        }
        url
    }

    /// A new database.
    pub fn base(self) -> Option<Base> {
        let servers = SERVERS.read().unwrap_or_else(PoisonError::into_inner);
        self.make("", Some(servers))
    }

    /// A new database of a test that restarts servers and holds [`alone`]'s guard.
    pub fn base_alone(self) -> Option<Base> {
        self.make("", None)
    }

    /// A new database with options of CREATE DATABASE.
    pub fn base_with(self, options: &str) -> Option<Base> {
        let servers = SERVERS.read().unwrap_or_else(PoisonError::into_inner);
        self.make(options, Some(servers))
    }

    fn make(self, options: &str, servers: Option<RwLockReadGuard<'static, ()>>) -> Option<Base> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let admin = self.admin()?;
        let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let options = if self == Kind::Mysql { "CHARACTER SET utf8mb4" } else { options };
        run(self, &admin, &format!("CREATE DATABASE {name} {options}"));
        let (server, _) = admin.rsplit_once('/').unwrap();
        Some(Base { kind: self, url: format!("{server}/{name}"), name, admin, _servers: servers })
    }

    /// Stops, starts or restarts the server, as a crash would.
    pub fn control(self, what: &str) {
        let folder = std::env::var("VIGIE_TEST_SERVERS").unwrap();
        let name = if self == Kind::Postgres { "postgres" } else { "mysql" };
        let done = Command::new(format!("{folder}/{name}")).arg(what).status().unwrap();
        assert!(done.success(), "{name} {what}: {done}");
    }
}

/// No other test runs meanwhile.
pub fn alone() -> RwLockWriteGuard<'static, ()> {
    SERVERS.write().unwrap_or_else(PoisonError::into_inner)
}

fn run(kind: Kind, url: &str, sql: &str) {
    match kind {
        Kind::Postgres => {
            let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
            client.batch_execute(sql).unwrap_or_else(|error| panic!("{error:?}"));
        }
        Kind::Mysql => {
            let mut conn = mysql::Conn::new(mysql::Opts::from_url(url).unwrap()).unwrap();
            let mut result = conn.query_iter(sql).unwrap_or_else(|error| panic!("{error}"));
            while let Some(set) = result.iter() {
                set.for_each(|row| drop(row.unwrap()));
            }
        }
    }
}

impl Base {
    /// Runs statements as the administrator.
    pub fn run(&self, sql: &str) -> &Self {
        run(self.kind, &self.url, sql);
        self
    }

    /// Runs the statements of this server.
    pub fn run_each(&self, postgres: &str, mysql: &str) -> &Self {
        self.run(if self.kind == Kind::Postgres { postgres } else { mysql })
    }

    /// All rows of a statement, values as text with bars between.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        match self.kind {
            Kind::Postgres => {
                let mut client = postgres::Client::connect(&self.url, postgres::NoTls).unwrap();
                let messages = client.simple_query(sql).unwrap_or_else(|error| panic!("{error:?}"));
                let rows = messages.into_iter().filter_map(|message| match message {
                    postgres::SimpleQueryMessage::Row(row) => Some(
                        (0..row.len()).map(|i| row.get(i).unwrap_or("NULL").to_owned()).collect::<Vec<_>>(),
                    ),
                    _ => None,
                });
                rows.map(|row| row.join("|")).collect()
            }
            Kind::Mysql => {
                let mut conn = mysql::Conn::new(mysql::Opts::from_url(&self.url).unwrap()).unwrap();
                let rows: Vec<mysql::Row> = conn.query(sql).unwrap_or_else(|error| panic!("{error}"));
                let text = |value: mysql::Value| match value {
                    mysql::Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    value => value.as_sql(true),
                };
                rows.into_iter()
                    .map(|row| row.unwrap().into_iter().map(text).collect::<Vec<_>>().join("|"))
                    .collect()
            }
        }
    }

    /// These tables as asked for.
    pub fn database(&self, tables: Vec<Table>) -> Database {
        Database { url: self.url.clone(), tables }
    }

    /// One table, opened and planned.
    pub fn open(&self, table: Table) -> (Box<dyn Source>, Unit) {
        open(&self.database(vec![table]))
    }

    /// The error that planning one table gives.
    pub fn refusal(&self, table: Table) -> SourceError {
        let mut source = sql::open(&self.database(vec![table]), false).unwrap();
        match source.units() {
            Ok(mut units) => units.remove(0).unwrap_err().1,
            Err(error) => error,
        }
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let force = if self.kind == Kind::Postgres { "WITH (FORCE)" } else { "" };
        run(self.kind, &self.admin, &format!("DROP DATABASE {} {force}", self.name));
    }
}

fn open(database: &Database) -> (Box<dyn Source>, Unit) {
    let mut source = sql::open(database, false).unwrap();
    let unit = source.units().unwrap().remove(0).unwrap();
    (source, unit)
}

/// A way to a database that counts what comes back.
pub struct Wire {
    url: String,
    received: Arc<AtomicU64>,
}

impl Wire {
    /// Forwards connections from a port of its own for as long as the test runs.
    pub fn to(base: &Base) -> Self {
        let (scheme, rest) = base.url.split_once("://").unwrap();
        let (login, place) = rest.split_once('@').unwrap();
        let (server, name) = place.split_once('/').unwrap();
        let (host, server) = (server.rsplit_once(':').unwrap().0, server.to_owned());
        let listener = TcpListener::bind((host, 0)).unwrap();
        let url = format!("{scheme}://{login}@{host}:{}/{name}", listener.local_addr().unwrap().port());
        let received = Arc::new(AtomicU64::new(0));
        let counter = received.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let (mut client, mut upstream) = (client.unwrap(), TcpStream::connect(&server).unwrap());
                let mut from_client = client.try_clone().unwrap();
                let mut to_server = upstream.try_clone().unwrap();
                thread::spawn(move || {
                    let _ = io::copy(&mut from_client, &mut to_server);
                    let _ = to_server.shutdown(Shutdown::Write);
                });
                let counter = counter.clone();
                thread::spawn(move || {
                    let mut buffer = [0; 64 << 10];
                    while let Ok(count @ 1..) = upstream.read(&mut buffer) {
                        counter.fetch_add(count as u64, Ordering::Relaxed);
                        if client.write_all(&buffer[..count]).is_err() {
                            break;
                        }
                    }
                    let _ = client.shutdown(Shutdown::Both);
                });
            }
        });
        Self { url, received }
    }

    /// As [`Base::open`], through the counter.
    pub fn open(&self, table: Table) -> (Box<dyn Source>, Unit) {
        open(&Database { url: self.url.clone(), tables: vec![table] })
    }

    /// What the server has sent, in whole megabytes.
    pub fn megabytes(&self) -> u64 {
        self.received.load(Ordering::Relaxed) / 1_000_000
    }
}

/// A table with key and one column of notes.
pub fn table(name: &str, key: Option<&str>, text: &[&str]) -> Table {
    let columns = Columns {
        key: key.map(str::to_owned),
        text: text.iter().map(|name| (*name).to_owned()).collect(),
        ..Columns::default()
    };
    Table { name: name.to_owned(), columns, ..Table::default() }
}

/// All rows to the end, or to the error.
pub fn read(
    source: &mut dyn Source,
    unit: &Unit,
    from: Option<&Position>,
    rows: usize,
) -> Result<Vec<(Vec<Row>, Position)>, SourceError> {
    let mut pages = source.open(unit, from)?;
    let mut all = Vec::new();
    while let Some(page) = pages.next(rows)? {
        assert!(!page.rows.is_empty() && page.rows.len() <= rows);
        all.push((page.rows, page.after));
    }
    Ok(all)
}

/// All rows of a table read to its end.
pub fn all(base: &Base, table: Table) -> Vec<Row> {
    let (mut source, unit) = base.open(table);
    read(&mut *source, &unit, None, 500).unwrap().into_iter().flat_map(|(rows, _)| rows).collect()
}

/// A row as one text: key, then its cells.
pub fn shown(row: &Row) -> String {
    let cells = row.cells.iter().map(|cell| match cell {
        Cell::Text(text) => text.as_str().to_owned(),
        Cell::Empty => "-".to_owned(),
        Cell::Unreadable(why) => format!("?{why}"),
    });
    std::iter::once(row.key.clone()).chain(cells).collect::<Vec<_>>().join("|")
}

pub fn keys(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.key.as_str()).collect()
}
