//! Reads the parameters of a query string one by one and collects everything that is wrong, as
//! [`Members`](super::members::Members) does for bodies. No value is repeated.

use super::problem::{Problem, Violation, shown};

/// The parameters not read yet, and what was wrong with those read.
pub struct Parameters {
    rest: Vec<(String, String)>,
    known: Vec<&'static str>,
    wrong: Vec<Violation>,
}

impl Parameters {
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self { rest: pairs, known: Vec::new(), wrong: Vec::new() }
    }

    /// Reads a parameter that may be absent or empty. `read` gives `None` when the value is not what is `expected`.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.known.push(name);
        let at = self.rest.iter().position(|(n, _)| n == name)?;
        let (_, value) = self.rest.remove(at);
        if value.is_empty() {
            return None;
        }
        let value = read(&value);
        if value.is_none() {
            self.wrong.push(Violation::new(format!("?{name}"), format!("expected {expected}")));
        }
        value
    }

    /// Reads a parameter of any text.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.optional(name, "a text", |value| Some(value.to_owned()))
    }

    /// `true` or `false`; `false` where it is absent.
    pub fn flag(&mut self, name: &'static str) -> bool {
        self.optional(name, "true or false", |value| value.parse().ok()).unwrap_or_default()
    }

    /// How many at most on a page.
    pub fn limit(&mut self, most: u32, usual: u32) -> u32 {
        let read = |value: &str| value.parse().ok().filter(|n| (1..=most).contains(n));
        self.optional("limit", &format!("a number from 1 to {most}"), read).unwrap_or(usual)
    }

    /// Fails if anything was wrong, was given twice, or is left that nobody reads.
    pub fn finish(mut self) -> Result<(), Problem> {
        let known = self.known.join(", ");
        for (name, _) in &self.rest {
            let name = shown(name);
            let detail = match self.known.contains(&name.as_str()) {
                true => "given twice".to_owned(),
                false => format!("unknown parameter; known: {known}"),
            };
            self.wrong.push(Violation::new(format!("?{name}"), detail));
        }
        if self.wrong.is_empty() { Ok(()) } else { Err(Problem::invalid(self.wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once_and_no_value_is_repeated() {
        let pairs =
            [("limit", "secret"), ("flag", "true"), ("flag", "false"), ("x", "secret"), ("empty", "")];
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let mut parameters = Parameters::of(pairs);
        assert_eq!(parameters.limit(10, 5), 5);
        assert!(parameters.flag("flag"));
        assert_eq!(parameters.text("empty"), None);
        let problem = serde_json::to_string(&parameters.finish().unwrap_err()).unwrap();
        for said in ["?limit", "from 1 to 10", "?flag", "given twice", "?x", "known: limit, flag, empty"] {
            assert!(problem.contains(said), "{said} in {problem}");
        }
        assert!(!problem.contains("secret"));
    }
}
