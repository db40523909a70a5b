//! Bodies that were put together without escaping, as LibreOffice 7.4 does: `text=…&language=fr-FR&username=…` with the
//! paragraph as it is. Read as a form, such a text would end at its first `&`, and its `+` would be blanks.

use crate::http::form::Form;
use crate::http::problem::Problem;

const TEXT: &[u8] = b"text=";
const LANGUAGE: &[u8] = b"&language=";

/// Reads the body of a check, escaped or not.
pub fn parse(body: &[u8]) -> Result<Form, Problem> {
    match split(body) {
        Some((text, rest)) => {
            let mut form = Form::parse(rest)?;
            form.push("text", text.to_owned());
            Ok(form)
        }
        None => Form::parse(body),
    }
}

/// The raw text and what follows it, if the body was not escaped: a blank, a control character or a letter beyond ASCII
/// never stands in a form as it is.
fn split(body: &[u8]) -> Option<(&str, &[u8])> {
    let rest = body.strip_prefix(TEXT)?;
    let end = rest.windows(LANGUAGE.len()).rposition(|window| window == LANGUAGE)?;
    let (text, rest) = rest.split_at(end);
    let raw = text.iter().any(|b| *b <= b' ' || *b >= 0x7f);
    Some((std::str::from_utf8(text).ok()?, &rest[1..])).filter(|_| raw)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::http::languagetool::annotated::Annotated;

    proptest! {
        #[test]
        fn nothing_sent_is_a_panic(body in prop::collection::vec(any::<u8>(), 0..60), data in "\\PC{0,40}") {
            let _ = parse(&body);
            let _ = parse(&[b"text=".as_slice(), &body, b"&language=fr"].concat());
            let _ = Annotated::data(&data);
        }
    }

    #[test]
    fn a_raw_paragraph_is_kept_whole() {
        for (body, text) in [
            (
                "text=café 100 % + thé & sucre, a&language=b&language=fr-FR&username=a",
                "café 100 % + thé & sucre, a&language=b",
            ),
            ("text=a %41&language=fr", "a %41"),
            ("text=a+b%26c&language=fr", "a b&c"),
            ("language=fr&text=a b", "a b"),
        ] {
            let form = parse(body.as_bytes()).ok().unwrap();
            assert_eq!(form.get("text"), Some(text), "{body}");
            assert!(form.get("language").unwrap().starts_with("fr"));
        }
    }
}
