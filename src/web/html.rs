//! Text inside HTML.

use std::fmt::{self, Display, Write};

/// French typography: no line ends beside guillemets or before high punctuation.
pub fn french(text: &str) -> String {
    let mut text = text.replace("« ", "«\u{a0}");
    for mark in ['»', ':', ';', '?', '!'] {
        text = text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    text
}

/// Text that is safe between tags and inside quoted attributes.
pub struct Escaped<T>(pub T);

impl<T: Display> Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => self.0.write_str("&amp;")?,
                '<' => self.0.write_str("&lt;")?,
                '>' => self.0.write_str("&gt;")?,
                '"' => self.0.write_str("&quot;")?,
                '\'' => self.0.write_str("&#39;")?,
                c => self.0.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_french() {
        assert_eq!(french("dit : « oui » !"), "dit\u{a0}: «\u{a0}oui\u{a0}»\u{a0}!");
    }

    #[test]
    fn no_markup_survives() {
        let text = Escaped("<a href=\"x\" id='y'>&amp;").to_string();
        assert_eq!(text, "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;");
    }
}
