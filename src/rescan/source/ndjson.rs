//! NDJSON: one object a line, with any members. Only those that are asked for are kept.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::columns::{Layout, MAX_CELL, Value};
use super::compressed::Content;
use super::files::Settings;
use super::pages::{Place, Rows};
use super::{Cell, Row, SourceError};
use crate::input::columns::{TEXT, is_plainly, plain};
use crate::input::json;
use crate::input::lines::{Line, Lines, Mark, trimmed};

/// Longest line read, in bytes; a longer one is reported and skipped.
const MAX_LINE: usize = 16 * 1024 * 1024;
/// Objects whose members are taken for the columns; more where a column that was asked for is not among them.
const SAMPLE: usize = 1000;
/// Most members told apart.
const MAX_MEMBERS: usize = 16_384;

/// The names of the members, in the order they come first. `None`: nothing is in the file.
pub fn members(content: &Content, settings: &Settings) -> Result<Option<Vec<String>>, SourceError> {
    let mut lines = content.lines(Mark::default())?;
    let mut names = Names::default();
    let mut missing: Vec<String> =
        settings.wanted().map(plain).filter(|name| name.parse::<usize>().is_err()).collect();
    let (mut objects, mut others) = (0, 0);
    while let Some(Line { bytes, .. }) = next_line(&mut lines, content)? {
        let Ok(bytes) = bytes else { continue };
        match parse(&bytes, &mut names) {
            Ok(()) => objects += 1,
            Err(_) if objects + others == 0 && bytes.trim_ascii_start().starts_with(b"[") => {
                return Err(SourceError::permanent(
                    "this is a JSON array; write one object a line instead, as `jq -c '.[]'` does",
                ));
            }
            Err(_) => others += 1,
        }
        missing.retain(|name| !names.plain.contains(name));
        if (objects >= SAMPLE && missing.is_empty()) || names.list.len() >= MAX_MEMBERS {
            break;
        }
    }
    match (objects, others) {
        (0, 0) => Ok(None),
        (0, _) => Err(SourceError::permanent(
            "no line is a JSON object; write {\"id\": …, \"text\": …} on each line",
        )),
        _ => Ok(Some(names.list)),
    }
}

/// Finds the columns. A member `field` says which field a note is of, as everywhere in this program.
pub fn layout(members: &[String], settings: &Settings) -> Result<Layout, SourceError> {
    let mut layout = settings.layout(members)?;
    if layout.field.is_none() {
        layout.field = members.iter().position(|name| name == "field");
    }
    Ok(layout)
}

/// The next line that is not blank.
fn next_line(lines: &mut Lines, content: &Content) -> Result<Option<Line>, SourceError> {
    loop {
        let before = lines.mark().lines;
        let line = lines.line(MAX_LINE).map_err(|e| content.failure(before, &e))?;
        match &line {
            Some(Line { bytes: Ok(bytes), .. }) if bytes.iter().all(u8::is_ascii_whitespace) => {}
            _ => return Ok(line),
        }
    }
}

/// Gives the members of a line's object to `members`.
fn parse<'de>(line: &'de [u8], members: impl Visitor<'de, Value = ()>) -> Result<(), String> {
    let text = json::utf8(trimmed(line))?;
    // Whatever else it is, the parser would quote it.
    if !text.trim_ascii_start().starts_with('{') {
        return Err("not a JSON object; write {\"id\": …, \"text\": …} on each line".to_owned());
    }
    let mut parser = serde_json::Deserializer::from_str(text);
    parser.deserialize_map(members).and_then(|()| parser.end()).map_err(|e| json::syntax(&e))
}

/// Collects the names of members.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    plain: HashSet<String>,
}

impl<'de> Visitor<'de> for &mut Names {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            map.next_value::<IgnoredAny>()?;
            if self.plain.insert(plain(&name)) {
                self.list.push(name.into_owned());
            }
        }
        Ok(())
    }
}

/// The members that are asked for, by their position among all names.
struct Wanted<'a, 'de> {
    /// As [`plain`] gives them.
    names: &'a [(String, usize)],
    /// Whether nobody said which members hold notes.
    usual: bool,
    values: Vec<(usize, Value<'de>)>,
    /// A usual name of notes that is not among the names, and has a value.
    late: Option<&'static str>,
}

impl<'de> Visitor<'de> for &mut Wanted<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Text)? {
            if let Some((_, at)) = self.names.iter().find(|(wanted, _)| is_plainly(&name, wanted)) {
                let value = map.next_value_seed(Scalar)?;
                self.values.push((*at, value));
            } else if let Some(late) = TEXT.into_iter().find(|usual| self.usual && is_plainly(&name, usual)) {
                match map.next_value_seed(Scalar)? {
                    Value::Empty => {}
                    Value::Text(text) if text.trim().is_empty() => {}
                    _ => self.late = Some(late),
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A string, borrowed where it has no escapes.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Any value; numbers and booleans are given as text.
struct Scalar;

impl<'de> DeserializeSeed<'de> for Scalar {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Scalar {
    fn text<'de>(text: impl ToString) -> Value<'de> {
        Value::Text(Cow::Owned(text.to_string()))
    }

    fn nested<'de>() -> Value<'de> {
        Value::Unreadable("the member is an array or an object, not a text")
    }
}

impl<'de> Visitor<'de> for Scalar {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(match text.len() {
            size if size > MAX_CELL => Value::TooLong(size as u64),
            _ => Scalar::text(text),
        })
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Scalar::text(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Scalar::text(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Scalar::text(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Scalar::text(value))
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Empty)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::nested())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::nested())
    }
}

/// Rows of a file.
pub struct Ndjson {
    content: Content,
    lines: Lines,
    layout: Layout,
    /// Names, as [`plain`] gives them, and positions of the members that are read.
    names: Vec<(String, usize)>,
    /// Whether nobody said which members hold notes.
    usual: bool,
    rows: u64,
}

impl Ndjson {
    pub fn open(
        content: &Content,
        members: &[String],
        layout: Layout,
        settings: &Settings,
        place: Place,
    ) -> Result<Self, SourceError> {
        let mut used: Vec<usize> = layout.used().collect();
        used.sort_unstable();
        used.dedup();
        let names = used.into_iter().map(|at| (plain(&members[at]), at)).collect();
        let usual = settings.columns.text.is_empty();
        let lines = content.lines(Mark { offset: place.bytes, lines: place.lines })?;
        Ok(Self { content: content.clone(), lines, layout, names, usual, rows: place.rows })
    }
}

impl Rows for Ndjson {
    fn next(&mut self) -> Result<Option<Row>, SourceError> {
        let Some(Line { number, bytes }) = next_line(&mut self.lines, &self.content)? else {
            return Ok(None);
        };
        self.rows += 1;
        let values = Vec::with_capacity(self.names.len());
        let mut wanted = Wanted { names: &self.names, usual: self.usual, values, late: None };
        let parsed = match &bytes {
            Ok(bytes) => parse(bytes, &mut wanted),
            Err(size) => {
                Err(format!("the line has {size} bytes, more than {MAX_LINE}; write one note a line"))
            }
        };
        let Wanted { values, late, .. } = wanted;
        if let Err(reason) = parsed {
            return Ok(Some(self.layout.unreadable(self.rows, format!("line {number}: {reason}"))));
        }
        let mut row = self.layout.row(self.rows, format_args!("line {number}"), |at| {
            let mut values = values.iter().filter(|(of, _)| *of == at).map(|(_, value)| value);
            match (values.next(), values.next()) {
                (None, _) => Value::Empty,
                (Some(value), None) => value.borrowed(),
                (Some(_), Some(_)) => Value::Unreadable("two members have this name; rename one"),
            }
        });
        if let Some(late) = late {
            row.cells = vec![Cell::Unreadable(format!(
                "line {number}: the member `{late}` is not among those the columns were taken from; name the \
                 columns of notes with --text"
            ))];
        }
        Ok(Some(row))
    }

    fn place(&self) -> Place {
        let Mark { offset, lines } = self.lines.mark();
        Place { rows: self.rows, lines, bytes: offset }
    }
}
