//! Keys: how rows are told apart, put in order and gone on from.

use serde::{Deserialize, Serialize};

use super::super::{Position, SourceError};
use super::dialect::Dialect;
use super::session::{Column, Kind, Parameter};

/// A column of the key.
#[derive(Clone, Debug)]
pub struct KeyColumn {
    pub column: Column,
    /// The column, quoted, with its table.
    pub quoted: String,
    /// Whether the server keeps it unique: its own order then serves, with its index. Else text is put in order by its bytes.
    pub indexed: bool,
}

impl KeyColumn {
    /// What rows are ordered and compared by.
    pub fn order(&self, dialect: Dialect) -> String {
        self.ordered(dialect, &self.quoted)
    }

    fn ordered(&self, dialect: Dialect, expression: &str) -> String {
        match (self.indexed, self.column.kind, dialect) {
            (false, Kind::Text | Kind::Undeclared, Dialect::Postgres) => {
                format!("{expression}::text COLLATE \"C\"")
            }
            (false, Kind::Text, Dialect::Mysql) => {
                format!("CAST(CONVERT({expression} USING utf8mb4) AS BINARY)")
            }
            _ => expression.to_owned(),
        }
    }

    /// Its value as text: digits in pairs for bytes.
    pub fn value(&self, dialect: Dialect) -> String {
        match (self.column.kind, dialect) {
            (Kind::Bytes, Dialect::Postgres) => format!("encode({}, 'hex')", self.quoted),
            (Kind::Bytes, Dialect::Mysql) => format!("LOWER(HEX({}))", self.quoted),
            (Kind::Text, Dialect::Mysql) => self.quoted.clone(),
            _ => dialect.text(&self.quoted),
        }
    }

    /// What stands for the parameter of this number where the key is compared.
    pub fn given(&self, dialect: Dialect, number: usize) -> String {
        let given = dialect.parameter(number);
        let given = match (self.column.kind, dialect) {
            (Kind::Bytes, Dialect::Postgres) => format!("decode({given}, 'hex')"),
            (_, Dialect::Postgres) => format!("({given})::{}", self.column.type_name),
            (Kind::Other, Dialect::Mysql) if self.column.type_name.starts_with("decimal") => {
                format!("CAST({given} AS {})", self.column.type_name)
            }
            (_, Dialect::Mysql) => given,
        };
        self.ordered(dialect, &given)
    }

    /// The value as a parameter.
    pub fn parameter(&self, dialect: Dialect, value: &str) -> Result<Parameter, SourceError> {
        let wrong =
            || SourceError::permanent(format!("the key {} is no longer of its type", self.column.name));
        Ok(match (dialect, self.column.kind) {
            (Dialect::Mysql, Kind::Integer) if self.column.type_name == "unsigned" => {
                Parameter::Unsigned(value.parse().map_err(|_| wrong())?)
            }
            (Dialect::Mysql, Kind::Integer) => Parameter::Integer(value.parse().map_err(|_| wrong())?),
            (Dialect::Mysql, Kind::Bytes) => Parameter::Bytes(hex::decode(value).map_err(|_| wrong())?),
            _ => Parameter::Text(value.to_owned()),
        })
    }

    /// The value as a literal, for scripts.
    pub fn literal(&self, dialect: Dialect, value: &str) -> String {
        match (dialect, self.column.kind) {
            (Dialect::Postgres, Kind::Bytes) => format!("decode({}, 'hex')", dialect.literal(value)),
            (Dialect::Postgres, _) => format!("{}::{}", dialect.literal(value), self.column.type_name),
            (Dialect::Mysql, Kind::Bytes) => {
                let digits: String = value.chars().filter(char::is_ascii_hexdigit).collect();
                format!("x'{digits}'")
            }
            (Dialect::Mysql, Kind::Integer) if value.parse::<i128>().is_ok() => value.to_owned(),
            (Dialect::Mysql, _) => dialect.literal(value),
        }
    }
}

/// Whether a row comes after the key given in parameters. The second list says which column each parameter is of.
pub fn after(keys: &[KeyColumn], dialect: Dialect) -> (String, Vec<usize>) {
    let numbers: Vec<usize> = (0..keys.len()).collect();
    match (keys, dialect) {
        ([key], _) => (format!("{} > {}", key.order(dialect), key.given(dialect, 1)), numbers),
        (_, Dialect::Postgres) => {
            let columns: Vec<String> = keys.iter().map(|key| key.order(dialect)).collect();
            let given: Vec<String> =
                keys.iter().enumerate().map(|(i, key)| key.given(dialect, i + 1)).collect();
            (format!("({}) > ({})", columns.join(", "), given.join(", ")), numbers)
        }
        // A comparison of rows would not use the index here. The first condition says nothing new; it bounds the range.
        (_, Dialect::Mysql) => {
            let compare = |i: usize, sign: &str| {
                format!("{} {sign} {}", keys[i].order(dialect), keys[i].given(dialect, 0))
            };
            let mut used = vec![0];
            let mut ways = Vec::new();
            for last in 0..keys.len() {
                let mut way: Vec<String> = (0..last).map(|i| compare(i, "=")).collect();
                way.push(compare(last, ">"));
                used.extend(0..=last);
                ways.push(format!("({})", way.join(" AND ")));
            }
            (format!("{} AND ({})", compare(0, ">="), ways.join(" OR ")), used)
        }
    }
}

/// A key of several columns as one text: values joined by commas, those of a value behind a backslash.
pub fn joined(values: &[String]) -> String {
    match values {
        [value] => value.clone(),
        _ => {
            let escaped = values.iter().map(|value| value.replace('\\', "\\\\").replace(',', "\\,"));
            escaped.collect::<Vec<_>>().join(",")
        }
    }
}

/// The values of a key that [`joined`] wrote.
pub fn split(text: &str, columns: usize) -> Option<Vec<String>> {
    if columns == 1 {
        return Some(vec![text.to_owned()]);
    }
    let mut values = vec![String::new()];
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let value = values.last_mut()?;
        match c {
            '\\' => value.push(chars.next()?),
            ',' => values.push(String::new()),
            c => value.push(c),
        }
    }
    (values.len() == columns).then_some(values)
}

/// A value of the last key read, with its type, so that a table made anew in between is noticed.
#[derive(Debug, Serialize, Deserialize)]
struct Last {
    #[serde(rename = "type")]
    type_name: String,
    value: String,
}

/// Where reading goes on: after this key.
pub fn position(keys: &[KeyColumn], values: &[String]) -> Position {
    let last: Vec<Last> = keys
        .iter()
        .zip(values)
        .map(|(key, value)| Last { type_name: key.column.type_name.clone(), value: value.clone() })
        .collect();
    // Strings alone: cannot fail.
    Position(serde_json::to_string(&last).unwrap_or_default())
}

/// The key of a position, if it is one of this key's.
pub fn values(keys: &[KeyColumn], position: &Position) -> Result<Vec<String>, SourceError> {
    let last: Vec<Last> = serde_json::from_str(&position.0).map_err(|_| {
        SourceError::permanent("the place to go on from is not a key of this table; begin a new rescan")
    })?;
    let fits =
        last.len() == keys.len() && last.iter().zip(keys).all(|(l, k)| l.type_name == k.column.type_name);
    if !fits {
        return Err(SourceError::permanent(
            "the key's columns or types changed since reading stopped; begin a new rescan",
        ));
    }
    Ok(last.into_iter().map(|last| last.value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, kind: Kind, type_name: &str, indexed: bool) -> KeyColumn {
        let column = Column { name: name.into(), kind, type_name: type_name.into(), nullable: false };
        KeyColumn { column, quoted: name.to_owned(), indexed }
    }

    #[test]
    fn one_column_is_compared_by_itself() {
        let id = [key("id", Kind::Integer, "bigint", true)];
        assert_eq!(after(&id, Dialect::Postgres), ("id > ($1::text)::bigint".to_owned(), vec![0]));
        assert_eq!(after(&id, Dialect::Mysql), ("id > ?".to_owned(), vec![0]));
    }

    #[test]
    fn text_without_an_index_is_compared_by_bytes() {
        let code = [key("code", Kind::Text, "text", false)];
        let (sql, _) = after(&code, Dialect::Postgres);
        assert_eq!(sql, "code::text COLLATE \"C\" > ($1::text)::text::text COLLATE \"C\"");
        let (sql, _) = after(&code, Dialect::Mysql);
        assert_eq!(
            sql,
            "CAST(CONVERT(code USING utf8mb4) AS BINARY) > CAST(CONVERT(? USING utf8mb4) AS BINARY)"
        );
    }

    #[test]
    fn several_columns_are_compared_in_order() {
        let keys = [key("a", Kind::Integer, "signed", true), key("b", Kind::Text, "text", true)];
        let (sql, used) = after(&keys, Dialect::Mysql);
        assert_eq!(sql, "a >= ? AND ((a > ?) OR (a = ? AND b > ?))");
        assert_eq!(used, [0, 0, 0, 1]);
        let (sql, used) = after(&keys, Dialect::Postgres);
        assert_eq!(sql, "(a, b) > (($1::text)::signed, ($2::text)::text)");
        assert_eq!(used, [0, 1]);
    }

    #[test]
    fn joined_keys_come_apart_again() {
        for values in [vec!["1", "a,b"], vec!["\\", ","], vec!["", "x\\,y"], vec!["1", "2", "3"]] {
            let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&joined(&values), values.len()), Some(values));
        }
        assert_eq!(split("a,b", 1), Some(vec!["a,b".to_owned()]));
        assert_eq!(split("a,b", 3), None);
    }

    #[test]
    fn a_position_of_another_key_is_refused() {
        let keys = [key("id", Kind::Integer, "bigint", true)];
        let at = position(&keys, &["42".to_owned()]);
        assert_eq!(at.0, r#"[{"type":"bigint","value":"42"}]"#);
        assert_eq!(values(&keys, &at).unwrap(), ["42"]);
        let other = [key("id", Kind::Text, "text", true)];
        assert!(!values(&other, &at).unwrap_err().transient);
        assert!(values(&keys, &Position("12".to_owned())).is_err());
    }
}
