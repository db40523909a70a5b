//! `update.sql`: the change of the source, for the operator to read, try and apply.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::FixError;
use super::files::Outcome;
use crate::note::NoteText;
use crate::rescan::sink::AtomicFile;
use crate::rescan::source::sql::{Dialect, Target, TargetColumn};

/// A script being written for one database.
pub struct Script {
    path: PathBuf,
    out: AtomicFile,
    tables: Vec<Table>,
}

/// What a table comes to.
struct Table {
    shown: String,
    backup: String,
    dialect: Dialect,
    /// How to take the change back once it is applied, and the backup away.
    undo: Vec<String>,
    /// Notes planned, by column.
    planned: Vec<(String, u64)>,
}

impl Script {
    /// Begins the script of the source of this place in the spec; `None` where no table of it can be changed.
    pub fn begin<'t>(
        folder: &Path,
        source: usize,
        rescan: &str,
        place: &str,
        targets: impl Iterator<Item = &'t Target>,
    ) -> Result<Option<Self>, FixError> {
        let targets: Vec<&Target> = targets.collect();
        let Some(dialect) = targets.first().map(|target| target.dialect) else { return Ok(None) };
        let name = if source == 0 { "update.sql".to_owned() } else { format!("update-{}.sql", source + 1) };
        let path = folder.join(name);
        let failed = |source| FixError::Write { path: path.clone(), source };
        let out = AtomicFile::create_private(&path).map_err(failed)?;
        let tables = targets.iter().map(|target| Table::new(target, rescan)).collect();
        let mut script = Self { path: path.clone(), out, tables };
        script.head(dialect, rescan, place, &targets).map_err(failed)?;
        Ok(Some(script))
    }

    fn head(&mut self, dialect: Dialect, rescan: &str, place: &str, targets: &[&Target]) -> io::Result<()> {
        let run = match dialect {
            Dialect::Postgres => "psql -v ON_ERROR_STOP=1 -f update.sql",
            Dialect::Mysql => "mysql --default-character-set=utf8mb4 < update.sql   (never with --force)",
        };
        let out = &mut self.out;
        for line in [
            format!("Redaction prepared by Vigie from the rescan {rescan} of {place}."),
            "It holds text of notes: keep it as you keep the notes, and delete it when done.".to_owned(),
            String::new(),
            "AS IT IS, IT CHANGES NOTHING: it ends with ROLLBACK. Run it and look at the counts it prints; then put COMMIT"
                .to_owned(),
            "in the place of ROLLBACK, in its last statement, and run it again.".to_owned(),
            format!("    {run}"),
            String::new(),
            "A note is changed only where it still is what was scanned (SHA-256 of its text); what somebody changed since is"
                .to_owned(),
            "left alone and missing in the count `changed`. The old text goes into the backup table first.".to_owned(),
        ] {
            comment(out, &line)?;
        }
        writeln!(out)?;
        match dialect {
            Dialect::Postgres => {
                writeln!(
                    out,
                    "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\nBEGIN;\n"
                )?;
                for (table, target) in self.tables.iter().zip(targets) {
                    writeln!(
                        out,
                        "CREATE TABLE {} AS SELECT {}, ''::text AS vigie_column, ''::text AS vigie_old, now() AS vigie_at \
                         FROM {} WHERE false;",
                        table.backup,
                        target.key_names(),
                        target.quoted
                    )?;
                }
            }
            Dialect::Mysql => {
                writeln!(
                    out,
                    "SET NAMES utf8mb4;\nSET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION';\n"
                )?;
                comment(
                    out,
                    "Before the transaction, as MySQL would end it here. Empty tables stay after ROLLBACK.",
                )?;
                for (table, target) in self.tables.iter().zip(targets) {
                    writeln!(
                        out,
                        "CREATE TABLE IF NOT EXISTS {} (vigie_column varchar(64), vigie_old longtext, \
                         vigie_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP) ENGINE = InnoDB CHARACTER SET utf8mb4 \
                         AS SELECT {} FROM {} WHERE false;",
                        table.backup,
                        target.key_names(),
                        target.quoted
                    )?;
                }
                writeln!(out, "\nSTART TRANSACTION;")?;
            }
        }
        writeln!(out)
    }

    /// Adds a redacted note, unless its column cannot take it.
    pub fn note(
        &mut self,
        target: &Target,
        key: &str,
        column: &str,
        outcome: Outcome,
    ) -> Result<Outcome, FixError> {
        let Outcome::Redacted { before, redacted, .. } = outcome else { return Ok(outcome) };
        let there = target.columns.iter().find(|there| there.column.name == column);
        let refused =
            |why: String, before, redacted| Ok(Outcome::Redacted { before, redacted, why_not: Some(why) });
        let (Some(there), Some(is_it)) = (there, target.has_key(key)) else {
            return refused("its key or column is no longer that of the table".to_owned(), before, redacted);
        };
        if let Some(why) = there.refuses(redacted.as_str()) {
            return refused(why, before, redacted);
        }
        let failed = |source| FixError::Write { path: self.path.clone(), source };
        let table = self.tables.iter_mut().find(|table| table.shown == target.shown);
        let Some(table) = table else {
            return refused("its table is not in the script".to_owned(), before, redacted);
        };
        match table.planned.iter_mut().find(|(name, _)| name == column) {
            Some((_, planned)) => *planned += 1,
            None => table.planned.push((column.to_owned(), 1)),
        }
        write_note(&mut self.out, target, there, &table.backup, &is_it, &before, &redacted)
            .map_err(failed)?;
        Ok(Outcome::InScript { redacted })
    }

    /// Ends the script: counts, and ROLLBACK.
    pub fn finish(mut self) -> Result<PathBuf, FixError> {
        let path = self.path.clone();
        let failed = |source| FixError::Write { path: path.clone(), source };
        self.foot().map_err(failed)?;
        self.out.commit().map_err(failed)?;
        Ok(self.path)
    }

    fn foot(&mut self) -> io::Result<()> {
        let out = &mut self.out;
        comment(
            out,
            "What was planned, and what is changed: the rest was changed by somebody else meanwhile.",
        )?;
        for table in &self.tables {
            for (column, planned) in &table.planned {
                let column = table.dialect.literal(column);
                writeln!(
                    out,
                    "SELECT {} AS table_name, {column} AS column_name, {planned} AS planned, \
                     (SELECT count(*) FROM {} WHERE vigie_column = {column}) AS changed;",
                    table.dialect.literal(&table.shown),
                    table.backup
                )?;
            }
        }
        writeln!(out)?;
        comment(
            out,
            "Once applied, this takes it back; the last line takes the old texts away when they are needed no more.",
        )?;
        for line in self.tables.iter().flat_map(|table| &table.undo) {
            comment(out, &format!("    {line}"))?;
        }
        writeln!(out)?;
        comment(out, "To apply, write COMMIT instead:")?;
        writeln!(out, "ROLLBACK;")
    }
}

impl Table {
    fn new(target: &Target, rescan: &str) -> Self {
        let dialect = target.dialect;
        let backup =
            format!("{}.{}", dialect.name(&target.schema), dialect.name(&backup_name(rescan, &target.name)));
        let same = |b: &str, t: &str| {
            let is = target.keys.iter().map(|key| {
                let name = dialect.name(&key.column.name);
                format!("{b}.{name} = {t}.{name}")
            });
            is.collect::<Vec<_>>().join(" AND ")
        };
        let mut undo: Vec<String> = target
            .columns
            .iter()
            .map(|there| {
                let (name, column) = (dialect.name(&there.column.name), dialect.literal(&there.column.name));
                let quoted = &target.quoted;
                match dialect {
                    Dialect::Postgres => format!(
                        "UPDATE {quoted} AS t SET {name} = b.vigie_old FROM {backup} AS b WHERE {} AND b.vigie_column = \
                         {column};",
                        same("b", "t")
                    ),
                    Dialect::Mysql => format!(
                        "UPDATE {quoted} AS t JOIN {backup} AS b ON {} SET t.{name} = b.vigie_old WHERE b.vigie_column = \
                         {column};",
                        same("b", "t")
                    ),
                }
            })
            .collect();
        undo.push(format!("DROP TABLE {backup};"));
        Self { shown: target.shown.clone(), backup, dialect, undo, planned: Vec::new() }
    }
}

/// `vigie_backup_<rescan>_<table>`, within the 63 bytes that PostgreSQL allows; a longer one ends with a digest.
fn backup_name(rescan: &str, table: &str) -> String {
    const MOST: usize = 63;
    let whole = format!("vigie_backup_{}_{table}", rescan.replace('-', "_"));
    if whole.len() <= MOST {
        return whole;
    }
    let digest = hex::encode(&Sha256::digest(whole.as_bytes())[..4]);
    let mut end = MOST - digest.len() - 1;
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{digest}", &whole[..end])
}

fn write_note(
    out: &mut AtomicFile,
    target: &Target,
    there: &TargetColumn,
    backup: &str,
    is_it: &str,
    before: &NoteText,
    redacted: &NoteText,
) -> io::Result<()> {
    let (dialect, table) = (target.dialect, &target.quoted);
    let name = dialect.name(&there.column.name);
    let digest = hex::encode(Sha256::digest(before.as_str().as_bytes()));
    let is_unchanged = format!("{is_it} AND {} = '{digest}'", target.digest(&there.column));
    writeln!(
        out,
        "INSERT INTO {backup} ({keys}, vigie_column, vigie_old) SELECT {keys}, {}, {} FROM {table} WHERE {is_unchanged} FOR \
         UPDATE;",
        dialect.literal(&there.column.name),
        match dialect {
            Dialect::Postgres => format!("{name}::text"),
            Dialect::Mysql => name.clone(),
        },
        keys = target.key_names(),
    )?;
    writeln!(
        out,
        "UPDATE {table} SET {name} = {} WHERE {is_unchanged};\n",
        dialect.literal(redacted.as_str())
    )
}

/// A line that no name in it can end.
fn comment(out: &mut AtomicFile, line: &str) -> io::Result<()> {
    writeln!(out, "{}", format!("-- {}", line.replace(char::is_control, " ")).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_backups_fit_and_differ() {
        let rescan = "r-20261126-083015-k3x9";
        assert_eq!(backup_name(rescan, "notes"), "vigie_backup_r_20261126_083015_k3x9_notes");
        let long = backup_name(rescan, "une_table_au_nom_vraiment_très_long_a");
        assert!(
            long.len() <= 63 && long.starts_with("vigie_backup_r_20261126_083015_k3x9_une_table"),
            "{long}"
        );
        assert_ne!(long, backup_name(rescan, "une_table_au_nom_vraiment_très_long_b"));
    }
}
