//! NDJSON: `{"id", "text", "field"?}` a line. Errors name the line and what is wrong, never what it holds.

use std::io;

use serde_json::{Map, Value};

use super::lines::{Lines, too_long};
use super::{Record, Records};
use crate::input::json;
use crate::input::lines::trimmed;
use crate::note::NoteText;
use crate::report::{Failure, FailureKind, Layout};

pub struct Ndjson {
    lines: Lines,
}

impl Ndjson {
    pub fn new(lines: Lines) -> Self {
        Self { lines }
    }
}

impl Records for Ndjson {
    fn next(&mut self) -> io::Result<Option<Record>> {
        loop {
            let Some(line) = self.lines.next()? else { return Ok(None) };
            let bytes = match line.bytes {
                Ok(bytes) => bytes,
                Err(size) => {
                    let place = self.lines.place(line.number, Layout::Unknown);
                    return Ok(Some(Record {
                        id: Value::Null,
                        field: None,
                        text: Err(too_long(size)),
                        place,
                    }));
                }
            };
            let bytes = trimmed(&bytes);
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let mut id = Value::Null;
            let mut field = None;
            let text = parse(bytes, &mut id, &mut field);
            let layout = match std::str::from_utf8(bytes) {
                Ok(raw) if text.is_ok() => Layout::Json { raw: raw.into() },
                _ => Layout::Unknown,
            };
            let place = self.lines.place(line.number, layout);
            return Ok(Some(Record { id, field, text, place }));
        }
    }

    fn has_more_at_hand(&self) -> bool {
        self.lines.has_more_at_hand()
    }
}

/// The members of one line; `id` is set as soon as it is known, so that an error can carry it.
fn parse(line: &[u8], id: &mut Value, field: &mut Option<String>) -> Result<NoteText, Failure> {
    let broken = |detail: String| Failure::new(FailureKind::InvalidBody, detail);
    let bad = |detail: String| Failure::new(FailureKind::InvalidRequest, detail);
    let text = json::utf8(line).map_err(broken)?;
    let value: Value = serde_json::from_str(text).map_err(|e| broken(json::syntax(&e)))?;
    let Value::Object(mut members) = value else {
        return Err(bad("not a JSON object; write {\"id\": …, \"text\": …} on each line".to_owned()));
    };
    *id = take_id(&mut members)?;
    *field = match members.remove("field") {
        None | Some(Value::Null) => None,
        Some(Value::String(field)) => Some(field),
        Some(_) => return Err(bad("`field` is not a string".to_owned())),
    };
    let text = match members.remove("text") {
        Some(Value::String(text)) => text,
        Some(_) => return Err(bad("`text` is not a string".to_owned())),
        None => return Err(bad("`text` is missing".to_owned())),
    };
    match members.keys().next() {
        Some(name) => Err(bad(format!("unknown member{}; known: id, text, field", shown(name)))),
        None => Ok(text.into()),
    }
}

fn take_id(members: &mut Map<String, Value>) -> Result<Value, Failure> {
    match members.remove("id") {
        None => Ok(Value::Null),
        Some(id @ (Value::Null | Value::String(_) | Value::Number(_))) => Ok(id),
        Some(_) => Err(Failure::new(FailureKind::InvalidRequest, "`id` is neither a string nor a number")),
    }
}

/// A member's name where it is surely one, and not a piece of a note.
fn shown(name: &str) -> String {
    let plain = name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if plain { format!(" `{name}`") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::super::{CsvSettings, Format, tests::read};
    use super::*;

    fn failure(line: &str) -> String {
        parse(line.as_bytes(), &mut Value::Null, &mut None).unwrap_err().detail
    }

    #[test]
    fn good_and_bad_lines_keep_their_order() {
        let input = b"{\"id\":1,\"text\":\"a\"}\n\nnope\n{\"id\":\"x\",\"text\":\"b\",\"field\":\"f\"}";
        let notes = read(Format::Ndjson, input, &CsvSettings::default()).unwrap();
        let expected = [
            (1, Value::from(1), "a".into()),
            (3, Value::Null, "!invalid-body".into()),
            (4, "x".into(), "b".into()),
        ];
        assert_eq!(notes, expected);
    }

    #[test]
    fn errors_say_what_is_wrong_and_never_what_is_there() {
        for (line, said) in [
            ("\"diabétique\"", "not a JSON object"),
            ("{\"text\": 5}", "not a string"),
            ("{\"id\": 1}", "missing"),
            ("{\"text\": \"diabétique\", \"feild\": \"x\"}", "`feild`"),
            ("{\"text\": \"a\", \"diabétique depuis\": 1}", "unknown member;"),
            ("{\"text\": \"diabétique", "not JSON"),
            ("{\"id\": [\"diabétique\"], \"text\": \"a\"}", "`id`"),
        ] {
            let message = failure(line);
            assert!(message.contains(said) && !message.contains("diab"), "{line}: {message}");
        }
        assert!(failure(&"[".repeat(100_000)).contains("recursion"));
    }

    #[test]
    fn invalid_utf8_is_refused() {
        let message = parse(b"{\"text\": \"\xE9\"}", &mut Value::Null, &mut None).unwrap_err().detail;
        assert!(message.contains("byte 11"), "{message}");
    }
}
