//! How the two kinds of servers write names and values.

use std::fmt::Write;

/// Whose SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Postgres,
    Mysql,
}

impl Dialect {
    /// A name, quoted.
    pub fn name(self, name: &str) -> String {
        match self {
            Dialect::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Dialect::Mysql => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// The place of the parameter of this number, from 1.
    pub fn parameter(self, number: usize) -> String {
        match self {
            Dialect::Postgres => format!("${number}::text"),
            Dialect::Mysql => "?".to_owned(),
        }
    }

    /// A text as a literal on one line. PostgreSQL: whatever `standard_conforming_strings` says; MySQL: with backslash
    /// escapes, which `sql_mode` must not turn off.
    pub fn literal(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        let escape = self == Dialect::Mysql || text.contains(|c: char| c == '\\' || c.is_control());
        out.push_str(if escape && self == Dialect::Postgres { "E'" } else { "'" });
        for c in text.chars() {
            match c {
                '\'' => out.push_str("''"),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\0' if self == Dialect::Mysql => out.push_str("\\0"),
                '\u{1a}' if self == Dialect::Mysql => out.push_str("\\Z"),
                c if c.is_control() && self == Dialect::Postgres => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\u{:04X}", c as u32);
                }
                c => out.push(c),
            }
        }
        out.push('\'');
        out
    }

    /// An expression's size in bytes.
    pub fn size(self, expression: &str) -> String {
        format!("octet_length({expression})")
    }

    /// An expression as text.
    pub fn text(self, expression: &str) -> String {
        match self {
            Dialect::Postgres => format!("{expression}::text"),
            Dialect::Mysql => format!("CAST({expression} AS CHAR)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_end_their_quotes() {
        assert_eq!(Dialect::Postgres.name("a\"b"), "\"a\"\"b\"");
        assert_eq!(Dialect::Mysql.name("a`b"), "`a``b`");
    }

    #[test]
    fn literals_cannot_end_their_quotes() {
        for (text, postgres, mysql) in [
            ("l'été", "'l''été'", "'l''été'"),
            ("a\\'b", "E'a\\\\''b'", "'a\\\\''b'"),
            ("a\r\nb\t", "E'a\\r\\nb\\t'", "'a\\r\\nb\\t'"),
            ("\u{1}", "E'\\u0001'", "'\u{1}'"),
            ("x\0\u{1a}", "E'x\\u0000\\u001A'", "'x\\0\\Z'"),
        ] {
            assert_eq!(Dialect::Postgres.literal(text), postgres);
            assert_eq!(Dialect::Mysql.literal(text), mysql);
        }
    }
}
