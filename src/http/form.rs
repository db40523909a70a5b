//! Form-encoded parameters (`application/x-www-form-urlencoded`), of a body or of a query.

use super::problem::{Kind, Problem};

/// Names and values in the order sent. Prints nothing: a value may be a note.
#[derive(Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `name=value&…`. A per cent sign that two digits do not follow stands for itself.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let pairs = bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let middle = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            Ok((decode(&pair[..middle])?, decode(pair.get(middle + 1..).unwrap_or_default())?))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    /// Adds a parameter as it is.
    pub fn push(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// The parameters of `self`, then those of `other`.
    pub fn and(mut self, other: Form) -> Form {
        self.0.extend(other.0);
        self
    }

    /// The last value of that name, as the last one wins.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The same, taken out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().rposition(|(n, _)| n == name)?;
        Some(self.0.remove(at).1)
    }
}

fn decode(part: &[u8]) -> Result<String, Problem> {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part;
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'+', _) => out.push(b' '),
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => out.push(*first),
        }
    }
    String::from_utf8(out)
        .map_err(|_| Problem::new(Kind::InvalidBody, "a parameter is not UTF-8 once its escapes are undone"))
}

fn digit(hex: u8) -> u8 {
    match hex {
        b'0'..=b'9' => hex - b'0',
        _ => hex.to_ascii_lowercase() - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_broken_ones_stand_for_themselves() {
        for (form, value) in [
            ("text=a+b%20c", "a b c"),
            ("text=caf%C3%A9", "café"),
            ("text=caf%c3%a9%2B%26%3d", "café+&="),
            ("text=café", "café"),
            ("text=100 %", "100 %"),
            ("text=100 %2", "100 %2"),
            ("text=%zz", "%zz"),
            ("text=a=b", "a=b"),
            ("text", ""),
            ("text=1&&text=2", "2"),
        ] {
            assert_eq!(Form::parse(form.as_bytes()).ok().unwrap().get("text"), Some(value), "{form}");
        }
        assert!(Form::parse(b"text=%FF").is_err());
    }

    #[test]
    fn the_last_of_a_name_wins() {
        let mut form = Form::parse(b"a=1&b=2").ok().unwrap().and(Form::parse(b"a=3").ok().unwrap());
        assert_eq!((form.get("a"), form.get("c")), (Some("3"), None));
        assert_eq!(form.take("b").as_deref(), Some("2"));
        assert_eq!(form.take("a").as_deref(), Some("3"));
        assert_eq!(form.get("a"), Some("1"));
    }
}
