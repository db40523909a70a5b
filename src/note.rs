//! What comes in: a note, whose text is never printed.

use std::fmt;

/// A note's text. `Debug` prints its length only, so that no log, metric or error can carry it by accident.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct NoteText(String);

impl NoteText {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<String> for NoteText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for NoteText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for NoteText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NoteText({} bytes)", self.0.len())
    }
}

impl<'de> serde::Deserialize<'de> for NoteText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// A free-text comment and the field it was typed in.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// Name of the field being edited; a profile may set rules per field.
    pub field: Option<String>,
    pub text: NoteText,
}

impl Note {
    pub fn new(text: impl Into<NoteText>) -> Self {
        Self { field: None, text: text.into() }
    }

    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_show_the_text() {
        let note = Note::new("diabétique");
        assert!(!format!("{note:?}").contains("diab"));
    }
}
