//! A text with markup in it (`data` instead of `text`): what is scanned leaves the markup out, what is answered counts
//! it in.

use serde_json::Value;

use crate::span::Span;

/// What is wrong with `data`.
pub type Fault = &'static str;

/// A text as it was sent, and without its markup.
pub struct Annotated {
    /// With its markup; offsets of the answer point into this.
    pub original: String,
    /// What is scanned.
    pub plain: String,
    pieces: Vec<Piece>,
}

/// A stretch of the original, and what it is in the plain text, in bytes.
struct Piece {
    plain: Span,
    original: Span,
    markup: bool,
}

impl Annotated {
    /// A text without markup.
    pub fn text(text: String) -> Self {
        let mut annotated = Self { original: String::new(), plain: String::new(), pieces: Vec::new() };
        annotated.push(&text, &text, false);
        annotated
    }

    /// Reads `{"text": …}` or `{"annotation": [{"text": …}, {"markup": …, "interpretAs": …}, …]}`.
    pub fn data(json: &str) -> Result<Self, Fault> {
        let Ok(Value::Object(data)) = serde_json::from_str(json) else {
            return Err("expected a JSON object");
        };
        match (data.get("text"), data.get("annotation")) {
            (Some(_), Some(_)) => Err("has both `text` and `annotation`: send one"),
            (Some(Value::String(text)), None) => Ok(Self::text(text.clone())),
            (None, Some(Value::Array(pieces))) => {
                let mut annotated =
                    Self { original: String::new(), plain: String::new(), pieces: Vec::new() };
                pieces.iter().try_for_each(|piece| annotated.read(piece))?;
                Ok(annotated)
            }
            (None, None) => Err("expected `text` or `annotation` in it"),
            _ => Err("expected a string as `text`, or an array as `annotation`"),
        }
    }

    fn read(&mut self, piece: &Value) -> Result<(), Fault> {
        let string = |name: &str| match piece.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(s)) => Ok(Some(s.as_str())),
            Some(_) => Err("`text`, `markup` and `interpretAs` of an annotation are strings"),
        };
        match (string("text")?, string("markup")?, string("interpretAs")?) {
            (Some(text), None, None) => self.push(text, text, false),
            (None, Some(markup), read_as) => self.push(markup, read_as.unwrap_or_default(), true),
            (Some(_), None, Some(_)) => return Err("`interpretAs` goes with `markup` only"),
            _ => return Err("each annotation has either `text` or `markup`"),
        }
        Ok(())
    }

    fn push(&mut self, original: &str, plain: &str, markup: bool) {
        let (from, at) = (self.original.len(), self.plain.len());
        self.original.push_str(original);
        self.plain.push_str(plain);
        let piece = Piece {
            plain: Span::new(at, self.plain.len()),
            original: Span::new(from, self.original.len()),
            markup,
        };
        self.pieces.push(piece);
    }

    /// Where a non-empty stretch of the plain text stands in the original, markup inside it included.
    pub fn locate(&self, span: Span) -> Span {
        let holding = |byte: usize| {
            let at = self.pieces.partition_point(|piece| piece.plain.end <= byte);
            self.pieces.get(at)
        };
        let start = holding(span.start).map_or(self.original.len(), |piece| match piece.markup {
            true => piece.original.start,
            false => piece.original.start + (span.start - piece.plain.start),
        });
        let end =
            holding(span.end.saturating_sub(1)).map_or(self.original.len(), |piece| match piece.markup {
                true => piece.original.end,
                false => piece.original.start + (span.end - piece.plain.start),
            });
        Span::new(start, end.max(start))
    }

    /// The markup inside a stretch of the original: what replaces the words keeps it, so that tags stay paired.
    pub fn markup_in(&self, span: Span) -> String {
        let from = self.pieces.partition_point(|piece| piece.original.start < span.start);
        let rest = self.pieces[from..].iter().take_while(|piece| piece.original.end <= span.end);
        let inside = rest.filter(|piece| piece.markup);
        inside.map(|piece| piece.original.of(&self.original)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(data: &str, word: &str) -> (String, String) {
        let text = Annotated::data(data).unwrap();
        let at = text.plain.find(word).unwrap();
        let span = text.locate(Span::new(at, at + word.len()));
        (span.of(&text.original).to_owned(), text.markup_in(span))
    }

    #[test]
    fn words_are_found_again_behind_and_across_markup() {
        let whole = r#"{"annotation":[{"text":"A "},{"markup":"<b>"},{"text":"😀 été"},{"markup":"</b>"}]}"#;
        assert_eq!(found(whole, "été"), ("été".to_owned(), String::new()));
        let across = r#"{"annotation":[{"text":"dia"},{"markup":"<i>"},{"text":"bé"},{"markup":"</i>"},{"text":"tique"}]}"#;
        assert_eq!(found(across, "diabétique"), ("dia<i>bé</i>tique".to_owned(), "<i></i>".to_owned()));
        let read_as = r#"{"annotation":[{"text":"a"},{"markup":"<p/>","interpretAs":"\n"},{"text":"b"}]}"#;
        assert_eq!(found(read_as, "a\nb"), ("a<p/>b".to_owned(), "<p/>".to_owned()));
        assert_eq!(found(r#"{"text":"un mot"}"#, "mot").0, "mot");
    }

    #[test]
    fn what_is_wrong_is_said_without_quoting() {
        for data in [
            "x",
            "[]",
            "{}",
            r#"{"text":"a","annotation":[]}"#,
            r#"{"text":1}"#,
            r#"{"annotation":"a"}"#,
            r#"{"annotation":["a"]}"#,
            r#"{"annotation":[{}]}"#,
            r#"{"annotation":[{"text":"a","markup":"b"}]}"#,
            r#"{"annotation":[{"text":"a","interpretAs":"b"}]}"#,
            r#"{"annotation":[{"text":1}]}"#,
        ] {
            assert!(Annotated::data(data).is_err(), "{data}");
        }
    }
}
