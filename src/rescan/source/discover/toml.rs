//! A proposal as a spec to edit and to run.

use std::fmt::{self, Display, Formatter};

use super::{LeftOut, Proposal, Proposed};

impl Display for Proposal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.crm {
            Some(crm) => writeln!(f, "# These are the tables of {crm}.")?,
            None => {
                writeln!(f, "# No CRM that Vigie knows: the columns below hold long texts. Look at them.")?
            }
        }
        writeln!(
            f,
            "# Save as rescan.toml, strike out what is not to be read, then: vigie rescan run --spec rescan.toml"
        )?;
        writeln!(
            f,
            "# Rows are the server's estimates; lengths are means over the first rows. No text was read."
        )?;
        writeln!(f, "name = {}", quoted(self.crm.unwrap_or("Database")))?;
        writeln!(f, "profile = \"default\"")?;
        writeln!(f, "# rate = 2000          # notes a second at most, to spare the server")?;
        writeln!(f, "# incremental = true   # only what changed since the last rescan")?;
        writeln!(
            f,
            "# authors = true       # keep authors; staff must be told first (Code du travail, art. L1222-4)"
        )?;
        writeln!(f, "\n[[sources]]\nkind = \"database\"")?;
        writeln!(
            f,
            "# The password: user:${{NAME}}@host takes it from the environment variable NAME; else PGPASSWORD, MYSQL_PWD."
        )?;
        writeln!(f, "url = {}", quoted(&self.url))?;
        if self.tables.is_empty() {
            writeln!(f, "tables = [] # nothing to propose")?;
        }
        for proposed in &self.tables {
            write!(f, "\n{proposed}")?;
        }
        if !self.left_out.is_empty() {
            writeln!(f, "\n# Not proposed:")?;
        }
        self.left_out.iter().try_for_each(|left| write!(f, "{left}"))
    }
}

impl Display for Proposed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let columns = &self.table.columns;
        writeln!(f, "[[sources.tables]]")?;
        let rows = self.rows.map_or_else(|| "unknown".to_owned(), |rows| rows.to_string());
        writeln!(f, "name = {} # rows: {rows}", quoted(&self.table.name))?;
        writeln!(f, "[sources.tables.columns]")?;
        if let Some(key) = &columns.key {
            writeln!(f, "key = {}", quoted(key))?;
        }
        writeln!(f, "text = [")?;
        for (name, sample) in columns.text.iter().zip(&self.samples) {
            let filled = (100 * sample.filled).checked_div(sample.rows).unwrap_or(0);
            writeln!(f, "    {}, # filled: {filled} %, {} characters", quoted(name), sample.length)?;
        }
        writeln!(f, "]")?;
        for (role, name) in [("author", &columns.author), ("team", &columns.team), ("date", &columns.date)] {
            if let Some(name) = name {
                writeln!(f, "{role} = {}", quoted(name))?;
            }
        }
        Ok(())
    }
}

impl Display for LeftOut {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = format!("{} ({}): {}", self.name, self.columns.join(", "), self.why);
        // A name may hold anything, the end of a line too.
        writeln!(f, "#   {}", text.replace(char::is_control, " "))
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    ::toml::Value::String(text.replace(char::is_control, " ")).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::Sample;
    use super::*;
    use crate::rescan::spec::{Columns, Database, SourceSpec, Spec, Table};

    #[test]
    fn a_proposal_is_a_spec() {
        let columns = Columns {
            key: Some("rowid".into()),
            text: vec!["note_private".into(), "l'été \"x\"".into()],
            author: Some("fk_user_creat".into()),
            date: Some("datec".into()),
            ..Columns::default()
        };
        let table = Table { name: "llx_societe".into(), columns, ..Table::default() };
        let sample = Sample { rows: 1000, filled: 250, length: 80 };
        let left = LeftOut { name: "x\ny = 1".into(), columns: vec!["a".into()], why: "short".into() };
        let proposal = Proposal {
            url: "mysql://vigie:${DB}@host/crm".into(),
            crm: Some("Dolibarr"),
            tables: vec![
                Proposed { table: table.clone(), rows: Some(12), samples: vec![sample, sample] },
                Proposed {
                    table: Table { name: "b".into(), ..table.clone() },
                    rows: None,
                    samples: vec![sample; 2],
                },
            ],
            left_out: vec![left],
        };
        let text = proposal.to_string();
        let spec: Spec = ::toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(spec.sources, [SourceSpec::Database(proposal.database())]);
        let SourceSpec::Database(Database { url, tables }) = &spec.sources[0] else { panic!() };
        assert_eq!((url.as_str(), &tables[0]), ("mysql://vigie:${DB}@host/crm", &table));
        assert!(text.contains("filled: 25 %, 80 characters") && text.contains("rows: 12"), "{text}");
        let nothing = Proposal { tables: Vec::new(), ..proposal };
        ::toml::from_str::<Spec>(&nothing.to_string()).unwrap();
    }
}
