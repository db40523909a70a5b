//! Reads the members of a JSON object one by one and collects everything that is wrong, with its place. Written by
//! hand rather than derived, as the messages of derived readers quote the value, which may be a note.

use serde_json::{Map, Value};

use super::problem::{Problem, Violation, shown};

/// The members of an object not read yet, and what was wrong with those read.
pub struct Members {
    /// JSON Pointer of the object.
    at: String,
    rest: Map<String, Value>,
    known: Vec<&'static str>,
    wrong: Vec<Violation>,
}

impl Members {
    /// The members of `value`, found at the JSON Pointer `at`.
    pub fn of(value: Value, at: impl Into<String>) -> Result<Self, Problem> {
        let at = at.into();
        match value {
            Value::Object(rest) => Ok(Self { at, rest, known: Vec::new(), wrong: Vec::new() }),
            _ => Err(Problem::invalid(vec![Violation::new(at, "expected an object")])),
        }
    }

    /// Reads a member that may be absent or null. `read` gives `None` when the value is not what is `expected`.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Option<T> {
        self.known.push(name);
        let value = self.rest.shift_remove(name).filter(|v| !v.is_null())?;
        let value = read(value);
        if value.is_none() {
            self.wrong.push(Violation::new(format!("{}/{name}", self.at), format!("expected {expected}")));
        }
        value
    }

    /// Reads a member that must be there. The value is the default's if it is not; [`Members::finish`] then fails.
    pub fn required<T: Default>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> T {
        if !self.rest.contains_key(name) {
            self.known.push(name);
            let missing = format!("missing: expected {expected}");
            self.wrong.push(Violation::new(format!("{}/{name}", self.at), missing));
            return T::default();
        }
        let null = self.rest.get(name).is_some_and(Value::is_null);
        if null {
            let place = format!("{}/{name}", self.at);
            self.wrong.push(Violation::new(place, format!("expected {expected}")));
        }
        self.optional(name, expected, read).unwrap_or_default()
    }

    /// Fails if anything read was wrong. For protocols that leave members they do not know alone.
    pub fn finish_open(self) -> Result<(), Problem> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(self.wrong)) }
    }

    /// Fails if anything was wrong or a member is left that nobody reads.
    pub fn finish(mut self) -> Result<(), Problem> {
        let known = self.known.join(", ");
        for name in self.rest.keys() {
            // RFC 6901: `~` and `/` are escaped in a pointer.
            let escaped = shown(name).replace('~', "~0").replace('/', "~1");
            let detail = format!("unknown member `{}`; known: {known}", shown(name));
            self.wrong.push(Violation::new(format!("{}/{escaped}", self.at), detail));
        }
        if self.wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(self.wrong)) }
    }
}

/// Takes a string.
pub fn string(value: Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_wrong_is_said_at_once_and_nothing_is_quoted() {
        let body = json!({"a": 1, "b": "secret", "x/y": "secret", "c": null});
        let mut members = Members::of(body, "/notes/3").unwrap();
        members.required("a", "a string", string);
        members.optional("b", "a number", |v| v.as_f64());
        members.required("c", "a string", string);
        members.required("d", "a string", string);
        let problem = serde_json::to_string(&members.finish().unwrap_err()).unwrap();
        for place in ["/notes/3/a", "/notes/3/b", "/notes/3/c", "/notes/3/d", "/notes/3/x~1y"] {
            assert!(problem.contains(&format!("\"{place}\"")), "{place} in {problem}");
        }
        assert!(!problem.contains("secret"));
    }
}
