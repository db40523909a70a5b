//! Stores filled by hand, for the tests of what reads them.

use rusqlite::{Connection, params};

use super::rescans::{self, NewRescan, RescanRow};
use super::{Store, now};
use crate::category::Category;
use crate::policy::{Action, Severity, severity};
use crate::rescan::excerpt::Excerpts;
use crate::rescan::fingerprint::{self, Fingerprint};
use crate::rescan::keys::Keys;
use crate::rescan::manifest;
use crate::rescan::versions::Versions;
use crate::scanner::Reported;

/// A store in a folder that goes away with it.
pub struct Fixture {
    pub store: Store,
    _dir: tempfile::TempDir,
}

/// A finding to be stored.
#[derive(Clone)]
pub struct Found<'f> {
    pub key: &'f str,
    pub column: &'f str,
    pub category: Category,
    pub subcategory: Option<&'static str>,
    pub words: &'f str,
    pub score: f64,
    pub action: Action,
    pub rule: &'f str,
    pub field: Option<&'f str>,
    pub team: Option<&'f str>,
    pub author: Option<&'f str>,
    pub month: Option<&'f str>,
    /// The note, where an excerpt is to be kept.
    pub text: Option<&'f str>,
}

impl Default for Found<'_> {
    fn default() -> Self {
        Self {
            key: "1",
            column: "comment",
            category: Category::Health,
            subcategory: None,
            words: "malade",
            score: 0.9,
            action: Action::Block,
            rule: "health/malade",
            field: Some("comment"),
            team: None,
            author: None,
            month: None,
            text: None,
        }
    }
}

impl Default for Fixture {
    fn default() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keys = Keys::from_environment(&"5a".repeat(32)).unwrap();
        Self { store: Store::open_with(dir.path(), keys).unwrap(), _dir: dir }
    }
}

impl Fixture {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn connection(&self) -> super::Pooled<'_> {
        self.store.connection().unwrap()
    }

    /// A rescan, begun; `spec` is laid over an empty one.
    pub fn rescan(&self, spec: serde_json::Value) -> RescanRow {
        let mut full = serde_json::json!({"sources": []});
        full.as_object_mut().unwrap().extend(spec.as_object().unwrap().clone());
        let versions = Versions {
            engine: "0.1.0".into(),
            model: "vigie-1@0.2.0".into(),
            lexicons: "5f0c2e914a7b".into(),
            policy: "default@1a2b3c4d".into(),
        };
        let spec = serde_json::from_value(full).unwrap();
        let new = NewRescan { spec: &spec, versions: &versions, idempotency: None };
        let connection = self.connection();
        let row = rescans::create(&connection, &new).unwrap();
        connection
            .execute("UPDATE rescan SET state = 'running', started_at = created_at WHERE no = ?1", [row.no])
            .unwrap();
        rescans::by_no(&connection, row.no).unwrap()
    }

    /// Ends a rescan, signed.
    pub fn end(&self, row: &RescanRow, state: &str, worked_ms: i64) -> RescanRow {
        let connection = self.connection();
        let sql = "UPDATE rescan SET state = ?2, ended_at = ?3, worked_ms = ?4 WHERE no = ?1";
        let ended = row.started_at.unwrap_or_else(now) + worked_ms;
        connection.execute(sql, params![row.no, state, ended, worked_ms]).unwrap();
        let row = rescans::by_no(&connection, row.no).unwrap();
        let signed = manifest::sign(&connection, &row, &self.store.keys().derive("manifest")).unwrap();
        rescans::set_manifest(&connection, row.no, &signed).unwrap();
        rescans::by_no(&connection, row.no).unwrap()
    }

    /// A unit that was read, with so many rows of each column scanned.
    pub fn unit(&self, rescan: i64, name: &str, columns: &[&str], rows: u64) -> i64 {
        let connection = self.connection();
        let sql = "INSERT INTO unit (rescan, ordinal, source, name, columns, expected_rows, rows_read, splits, done) \
                   VALUES (?1, (SELECT COUNT(*) FROM unit WHERE rescan = ?1), 'postgres://vigie@crm/notes', ?2, ?3, ?4, ?4, \
                   1, 1)";
        let json = serde_json::to_string(columns).unwrap();
        connection.execute(sql, params![rescan, name, json, rows]).unwrap();
        let unit = connection.last_insert_rowid();
        let sql = "INSERT INTO split (unit, ordinal, rows, digests) VALUES (?1, 0, ?2, X'')";
        connection.execute(sql, params![unit, rows]).unwrap();
        for column in columns {
            let sql = "INSERT INTO coverage (unit, column_name, seen, scanned) VALUES (?1, ?2, ?3, ?3)";
            connection.execute(sql, params![unit, column, rows]).unwrap();
        }
        unit
    }

    pub fn unreadable(&self, unit: i64, key: &str, column: Option<&str>, reason: &str) {
        let connection = self.connection();
        let sql = "INSERT INTO unreadable (unit, note_key, column_name, reason) VALUES (?1, ?2, ?3, ?4)";
        connection.execute(sql, params![unit, key, column, reason]).unwrap();
        let sql = "UPDATE coverage SET scanned = scanned - 1, unreadable = unreadable + 1 \
                   WHERE unit = ?1 AND (?2 IS NULL OR column_name = ?2)";
        connection.execute(sql, params![unit, column]).unwrap();
    }

    pub fn finding(&self, unit: i64, found: &Found<'_>) -> Fingerprint {
        let connection = self.connection();
        self.insert(&connection, unit, found)
    }

    /// The same over a connection, for many in one transaction.
    pub fn insert(&self, connection: &Connection, unit: i64, f: &Found<'_>) -> Fingerprint {
        let name: String =
            connection.query_row("SELECT name FROM unit WHERE id = ?1", [unit], |row| row.get(0)).unwrap();
        let key = self.store.keys().derive("fingerprint");
        let fingerprint = fingerprint::of(&key, &name, f.key, f.column, f.category, f.words, 0);
        let excerpt = f.text.map(|text| self.seal(&fingerprint, text, f));
        let is_new = "SELECT NOT EXISTS (SELECT 1 FROM finding WHERE unit = ?1 AND note_key = ?2 AND column_name = ?3)";
        let is_new: bool =
            connection.query_row(is_new, params![unit, f.key, f.column], |row| row.get(0)).unwrap();
        let sql = "INSERT INTO finding (unit, note_key, column_name, field, category, subcategory, start, \"end\", score, \
                   severity, action, rule, sources, fingerprint, excerpt, team, author, month) VALUES (?1, ?2, ?3, ?4, ?5, \
                   ?6, 7, ?7, ?8, ?9, ?10, ?11, 'lexicon+classifier', ?12, ?13, ?14, ?15, ?16)";
        connection
            .prepare_cached(sql)
            .unwrap()
            .execute(params![
                unit,
                f.key,
                f.column,
                f.field,
                f.category.id(),
                f.subcategory,
                7 + f.words.encode_utf16().count(),
                f.score,
                severity(f.category, f.subcategory).id(),
                f.action.id(),
                f.rule,
                fingerprint.as_slice(),
                excerpt,
                f.team,
                f.author,
                f.month
            ])
            .unwrap();
        if is_new {
            let sql =
                "UPDATE coverage SET with_findings = with_findings + 1 WHERE unit = ?1 AND column_name = ?2";
            connection.execute(sql, params![unit, f.column]).unwrap();
        }
        Fingerprint(fingerprint)
    }

    fn seal(&self, fingerprint: &[u8; 16], text: &str, f: &Found<'_>) -> Vec<u8> {
        let start = text.find(f.words).unwrap();
        let reported = Reported {
            finding: crate::finding::Finding {
                category: f.category,
                subcategory: f.subcategory,
                span: crate::span::Span::new(start, start + f.words.len()),
                score: 0.9,
                sources: vec![],
                rule: f.rule.into(),
            },
            severity: Severity::High,
            action: f.action,
            message: "".into(),
            advice: "".into(),
        };
        Excerpts::new(self.store.keys()).seal(fingerprint, text, &[reported], 0)
    }
}
