//! How a client wants its notes scanned: profile, offset unit, least score.

use serde_json::Value;

use super::members::{Members, string};
use super::problem::{Problem, Violation, shown, unknown_profile};
use super::state::AppState;
use crate::policy::PolicyError;
use crate::scanner::{ScanOptions, Scanner};
use crate::span::OffsetUnit;

const OFFSETS: &str = "utf16, codepoints or utf8";
const MIN_SCORE: &str = "a number from 0 to 1";

/// The members that all scanning requests share.
#[derive(Clone, Debug)]
pub struct How {
    pub profile: String,
    pub offsets: OffsetUnit,
    pub min_score: f32,
}

impl How {
    /// Reads `profile`, `offsets` and `min_score`.
    pub fn read(members: &mut Members, state: &AppState) -> Self {
        Self {
            profile: members
                .optional("profile", "a string", string)
                .unwrap_or_else(|| state.config().profile.clone()),
            offsets: members
                .optional("offsets", OFFSETS, |v| serde_json::from_value(v).ok())
                .unwrap_or_default(),
            min_score: members
                .optional("min_score", MIN_SCORE, |v| v.as_f64().and_then(score))
                .unwrap_or(0.0),
        }
    }

    /// Reads the same from the pairs of a query string.
    pub fn from_query(pairs: Vec<(String, String)>, state: &AppState) -> Result<Self, Problem> {
        let mut how =
            Self { profile: state.config().profile.clone(), offsets: OffsetUnit::default(), min_score: 0.0 };
        let mut wrong = Vec::new();
        for (name, value) in pairs {
            let expected = match name.as_str() {
                "profile" => {
                    how.profile = value;
                    None
                }
                "offsets" => serde_json::from_value(Value::String(value)).map_or(Some(OFFSETS), |unit| {
                    how.offsets = unit;
                    None
                }),
                "min_score" => value.parse().ok().and_then(score).map_or(Some(MIN_SCORE), |least| {
                    how.min_score = least;
                    None
                }),
                _ => {
                    let name = shown(&name);
                    let detail = "unknown parameter; known: profile, offsets, min_score";
                    wrong.push(Violation::new(format!("?{name}"), detail));
                    None
                }
            };
            if let Some(expected) = expected {
                wrong.push(Violation::new(format!("?{name}"), format!("expected {expected}")));
            }
        }
        if wrong.is_empty() { Ok(how) } else { Err(Problem::invalid(wrong)) }
    }

    /// Refuses a profile that the scanner does not have. `pointer` is where the client named it.
    pub fn check(&self, scanner: &Scanner, pointer: &str) -> Result<(), Problem> {
        match scanner.policies().get(&self.profile) {
            Err(PolicyError::UnknownProfile { known, .. }) => Err(unknown_profile(pointer, &known)),
            _ => Ok(()),
        }
    }

    pub fn options(&self) -> ScanOptions<'_> {
        ScanOptions { profile: &self.profile, min_score: self.min_score }
    }
}

fn score(value: f64) -> Option<f32> {
    (0.0..=1.0).contains(&value).then_some(value as f32)
}
