//! What reviewers decide about findings, why, and what their decisions say about the scanner.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest free text of a reason, in characters: a reason says why, it does not quote the note.
pub const MAX_TEXT: usize = 200;

/// Longest phrase given as harmless, in words.
pub const MAX_PHRASE_WORDS: usize = 6;

/// A decision about a finding. It holds for the finding's fingerprint, hence for later rescans too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is what it says, and has to go.
    Confirmed,
    /// Nothing has to be done, for this reason.
    Dismissed(Reason),
    /// It was confirmed and has been removed from the source.
    Fixed,
}

impl Decision {
    /// As the store and the API say it.
    pub fn id(&self) -> &'static str {
        match self {
            Decision::Confirmed => "confirmed",
            Decision::Dismissed(_) => "dismissed",
            Decision::Fixed => "fixed",
        }
    }

    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Decision::Dismissed(reason) => Some(reason),
            _ => None,
        }
    }
}

/// Where the review of a finding stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum ReviewState {
    /// Nobody has decided yet.
    ToReview,
    Confirmed,
    Dismissed,
    Fixed,
}

impl ReviewState {
    pub const ALL: [Self; 4] = [Self::ToReview, Self::Confirmed, Self::Dismissed, Self::Fixed];

    /// As the API says it.
    pub fn id(self) -> &'static str {
        match self {
            Self::ToReview => "to_review",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Fixed => "fixed",
        }
    }

    /// The French name shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::ToReview => "À examiner",
            Self::Confirmed => "Confirmés",
            Self::Dismissed => "Écartés",
            Self::Fixed => "Corrigés",
        }
    }
}

/// Why a finding is dismissed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Grounds {
    /// The words mean something else here: a depression of the weather
    OtherMeaning,
    /// They speak of nobody: a product, a company, an article
    Nobody,
    /// They disclose something, but not of that category
    OtherCategory,
    /// They disclose it, and keeping it here is lawful and needed
    Lawful,
    /// The note is invented: tests, training, demonstrations
    Invented,
    /// Something else: say what
    Other,
}

impl Grounds {
    pub const ALL: [Self; 6] =
        [Self::OtherMeaning, Self::Nobody, Self::OtherCategory, Self::Lawful, Self::Invented, Self::Other];

    /// As the store and the API say it.
    pub fn id(self) -> &'static str {
        match self {
            Self::OtherMeaning => "other_meaning",
            Self::Nobody => "nobody",
            Self::OtherCategory => "other_category",
            Self::Lawful => "lawful",
            Self::Invented => "invented",
            Self::Other => "other",
        }
    }

    /// The French name shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::OtherMeaning => "Autre sens des mots",
            Self::Nobody => "Ne vise personne",
            Self::OtherCategory => "Autre catégorie",
            Self::Lawful => "Licite et nécessaire ici",
            Self::Invented => "Note inventée ou d’essai",
            Self::Other => "Autre motif",
        }
    }

    /// Whether the scanner was wrong, so that the dismissal counts against its precision. What is lawful or invented was
    /// rightly found: it counts neither way.
    pub fn is_error(self) -> bool {
        !matches!(self, Self::Lawful | Self::Invented)
    }
}

impl fmt::Display for Grounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Grounds {
    type Err = ReasonError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|g| g.id() == text).ok_or(ReasonError::Code)
    }
}

/// Why a finding is dismissed, as stored: JSON in the column `reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    pub code: Grounds,
    /// In the reviewer's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Words that are always harmless, given by the reviewer to be proposed for the allow-list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phrase: Option<String>,
}

/// A reason is not one. Never carries what was written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ReasonError {
    #[error("unknown reason; one of {}", Grounds::ALL.map(Grounds::id).join(", "))]
    Code,
    #[error("the reason `other` needs a text that says what")]
    Silent,
    #[error(
        "the text of a reason has at most {MAX_TEXT} characters on one line: say why, do not quote the note"
    )]
    Text,
    #[error(
        "a harmless phrase has one to {MAX_PHRASE_WORDS} words, of letters only: the words that mislead, not the note"
    )]
    Phrase,
}

impl Reason {
    /// Checks a reason: a text that is too long, or a phrase with what may identify somebody, is refused, never cut.
    pub fn new(code: Grounds, text: Option<&str>, phrase: Option<&str>) -> Result<Self, ReasonError> {
        let given = |text: Option<&str>| text.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let (text, phrase) = (given(text), given(phrase));
        if text.as_deref().is_some_and(|t| t.chars().count() > MAX_TEXT || t.chars().any(char::is_control)) {
            return Err(ReasonError::Text);
        }
        if code == Grounds::Other && text.is_none() {
            return Err(ReasonError::Silent);
        }
        if phrase.as_deref().is_some_and(|p| !is_phrase(p)) {
            return Err(ReasonError::Phrase);
        }
        Ok(Self { code, text, phrase })
    }
}

fn is_phrase(phrase: &str) -> bool {
    let words = phrase.split_whitespace().count();
    let clean = |c: char| c.is_alphabetic() || " '’-".contains(c);
    (1..=MAX_PHRASE_WORDS).contains(&words)
        && phrase.chars().count() <= 80
        && phrase.chars().any(char::is_alphabetic)
        && phrase.chars().all(clean)
}

/// How often findings are right, as far as reviews tell.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Precision {
    /// Confirmed or fixed.
    pub right: u64,
    /// Dismissed as wrong.
    pub wrong: u64,
    /// `right` among both, 0..=1.
    pub value: f64,
    /// Wilson's 95 % interval.
    pub low: f64,
    pub high: f64,
}

impl Precision {
    /// `None` where nothing was reviewed.
    pub fn new(right: u64, wrong: u64) -> Option<Self> {
        let (low, high) = wilson(right, right + wrong)?;
        Some(Self { right, wrong, value: right as f64 / (right + wrong) as f64, low, high })
    }

    pub fn reviewed(&self) -> u64 {
        self.right + self.wrong
    }
}

/// Wilson's score interval at 95 % for `k` successes out of `n`; `None` for none at all.
pub fn wilson(k: u64, n: u64) -> Option<(f64, f64)> {
    /// Quantile of the normal distribution at 97.5 %.
    const Z: f64 = 1.959_963_984_540_054;
    if n == 0 {
        return None;
    }
    let (k, n) = (k as f64, n as f64);
    let p = k / n;
    let z2 = Z * Z;
    let centre = p + z2 / (2.0 * n);
    let spread = Z * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    Some((((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: p = 0.8, z² = 3.841459; centre 0.8 + 0.192073 = 0.992073; under the root 0.016 + 0.009604 =
    /// 0.025604, whose root 0.160011 times z is 0.313616; scale 1.384146.
    #[test]
    fn wilson_by_hand() {
        let (low, high) = wilson(8, 10).unwrap();
        assert!((low - 0.490_16).abs() < 1e-4 && (high - 0.943_31).abs() < 1e-4, "{low} {high}");
        let (low, high) = wilson(0, 10).unwrap();
        assert!(low.abs() < 1e-9 && (high - 0.277_53).abs() < 1e-4, "{low} {high}");
        let (low, high) = wilson(10, 10).unwrap();
        assert!((low - 0.722_47).abs() < 1e-4 && (high - 1.0).abs() < 1e-9, "{low} {high}");
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn a_reason_is_short_and_other_says_what() {
        assert_eq!(Reason::new(Grounds::Other, Some("  "), None), Err(ReasonError::Silent));
        assert!(Reason::new(Grounds::Nobody, None, None).is_ok());
        assert!(Reason::new(Grounds::Nobody, Some(&"é".repeat(MAX_TEXT)), None).is_ok());
        let long = "é".repeat(MAX_TEXT + 1);
        let error = Reason::new(Grounds::Nobody, Some(&long), None).unwrap_err();
        assert!(error == ReasonError::Text && !error.to_string().contains('é'));
        assert_eq!(Reason::new(Grounds::Nobody, Some("a\nb"), None), Err(ReasonError::Text));
    }

    #[test]
    fn a_phrase_identifies_nobody() {
        let phrase = |p| Reason::new(Grounds::OtherMeaning, None, Some(p)).map(|r| r.phrase);
        assert_eq!(phrase(" pompe à dépression "), Ok(Some("pompe à dépression".to_owned())));
        for bad in ["appeler le 06 12", "a@b", "un deux trois quatre cinq six sept", "…", "(a|b)", "client/n"]
        {
            assert_eq!(phrase(bad), Err(ReasonError::Phrase), "{bad}");
        }
    }

    #[test]
    fn codes_read_back() {
        for code in Grounds::ALL {
            assert_eq!(code.id().parse(), Ok(code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.id());
        }
        assert!(!Grounds::Lawful.is_error() && Grounds::Nobody.is_error());
    }
}
