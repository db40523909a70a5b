//! Which findings the queue shows: the parameters of its address, read and written.

use std::fmt::{self, Write};

use clap::ValueEnum;

use crate::category::Category;
use crate::policy::{Action, Severity};
use crate::rescan::review::ReviewState;
use crate::store::findings::{Cursor, Filter};

/// Findings on a page, and what may be asked for instead.
pub const SIZES: [u32; 3] = [25, 100, 500];

/// The queue as asked for. Parameters are named as in the API.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What findings must fit. A rescan of `None` is that of every rescan.
    pub filter: Filter,
    /// Whether the address names a rescan, or asks for all of them; else the newest one is meant.
    pub names_rescan: bool,
    pub after: Option<Cursor>,
    pub size: u32,
    pub done: Option<Done>,
}

/// What was just done, to be said and to be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// `None`: decisions were taken back.
    pub decision: Option<ReviewState>,
    pub findings: u64,
    /// When, which tells the decisions taken together from all others.
    pub at: i64,
}

/// Value of a parameter that leaves out nothing.
pub const ALL: &str = "all";
/// Value of `action` for what is to be reworded or removed, which the queue begins with.
pub const TO_CHANGE: &str = "to_change";

impl Query {
    /// Reads the parameters. One that is empty counts as absent; one that cannot be understood is named: a queue that
    /// shows more than was asked for would be decided about.
    pub fn parse(pairs: &[(String, String)]) -> Result<Self, String> {
        let get = |name: &str| {
            pairs.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
        };
        let text = |name: &str| get(name).map(str::to_owned);
        let rescan = get("rescan");
        let review = match get("review") {
            None => Some(ReviewState::ToReview),
            Some(ALL) => None,
            Some(_) => choice::<ReviewState>("review", get("review"))?,
        };
        let action = match get("action") {
            None | Some(ALL | TO_CHANGE) => None,
            given => choice::<Action>("action", given)?,
        };
        let filter = Filter {
            rescan: rescan.filter(|id| *id != ALL).map(str::to_owned),
            unit: text("unit"),
            column: text("column"),
            field: text("field"),
            category: get("category")
                .map(|id| id.parse::<Category>().map_err(|_| wrong("category")))
                .transpose()?,
            severity: choice::<Severity>("severity", get("severity"))?,
            action,
            to_change: get("action").is_none_or(|value| value == TO_CHANGE),
            team: text("team"),
            month: text("month"),
            rule: text("rule"),
            min_score: get("min_score").map(score).transpose()?,
            review,
        };
        let after = get("after").map(|after| after.parse().map_err(|_| wrong("after"))).transpose()?;
        let size = match get("size") {
            None => SIZES[0],
            Some(size) => {
                let size = size.parse().ok().filter(|size| SIZES.contains(size));
                size.ok_or_else(|| wrong("size"))?
            }
        };
        let done = get("done").and_then(|decision| Done::parse(decision, get("n")?, get("at")?));
        Ok(Self { filter, names_rescan: rescan.is_some(), after, size, done })
    }

    /// The same from its first page on, without what was done.
    pub fn first(&self) -> Self {
        Self { after: None, done: None, ..self.clone() }
    }

    /// The same page, without what was done before.
    pub fn here(&self) -> Self {
        Self { done: None, names_rescan: true, ..self.clone() }
    }

    /// The same after a cursor.
    pub fn after(&self, cursor: Cursor) -> Self {
        Self { after: Some(cursor), done: None, ..self.clone() }
    }

    /// The same, saying what was done.
    pub fn having(&self, done: Done) -> Self {
        Self { done: Some(done), ..self.clone() }
    }

    /// The same with what is only to be known.
    pub fn whole(&self) -> Self {
        let filter = Filter { to_change: false, ..self.filter.clone() };
        Self { filter, ..self.first() }
    }

    /// The value of `action`.
    pub fn action(&self) -> &'static str {
        match (self.filter.action, self.filter.to_change) {
            (Some(action), _) => action.id(),
            (None, true) => TO_CHANGE,
            (None, false) => ALL,
        }
    }

    /// Whether anything but the rescan narrows it, beyond what it begins with.
    pub fn is_narrowed(&self) -> bool {
        let rest = Filter { rescan: None, review: None, to_change: false, ..self.filter.clone() };
        rest != Filter::default()
    }
}

impl Done {
    fn parse(decision: &str, findings: &str, at: &str) -> Option<Self> {
        let decision = match decision {
            "undone" => None,
            id => Some(ReviewState::ALL.into_iter().find(|s| s.id() == id && *s != ReviewState::ToReview)?),
        };
        Some(Self { decision, findings: findings.parse().ok()?, at: at.parse().ok()? })
    }
}

/// The address: `/revue?…`.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filter = &self.filter;
        let rescan = filter.rescan.clone().or_else(|| self.names_rescan.then(|| ALL.to_owned()));
        let review = match filter.review {
            None => Some(ALL.to_owned()),
            Some(ReviewState::ToReview) => None,
            Some(state) => Some(state.id().to_owned()),
        };
        let done = self.done.as_ref();
        let pairs = [
            ("rescan", rescan),
            ("review", review),
            ("category", filter.category.map(|c| c.id().to_owned())),
            ("severity", filter.severity.map(|s| s.id().to_owned())),
            ("action", Some(self.action()).filter(|value| *value != TO_CHANGE).map(str::to_owned)),
            ("unit", filter.unit.clone()),
            ("column", filter.column.clone()),
            ("field", filter.field.clone()),
            ("team", filter.team.clone()),
            ("month", filter.month.clone()),
            ("rule", filter.rule.clone()),
            ("min_score", filter.min_score.map(|score| score.to_string())),
            ("size", Some(self.size).filter(|size| *size != SIZES[0]).map(|size| size.to_string())),
            ("after", self.after.as_ref().map(ToString::to_string)),
            ("done", done.map(|d| d.decision.map_or("undone", ReviewState::id).to_owned())),
            ("n", done.map(|d| d.findings.to_string())),
            ("at", done.map(|d| d.at.to_string())),
        ];
        f.write_str("/revue")?;
        let mut mark = '?';
        for (name, value) in pairs {
            if let Some(value) = value {
                write!(f, "{mark}{name}={}", Encoded(&value))?;
                mark = '&';
            }
        }
        Ok(())
    }
}

/// A value in an address.
pub struct Encoded<'a>(pub &'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                    f.write_char(byte.into())?
                }
                byte => write!(f, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

fn choice<T: ValueEnum>(name: &str, given: Option<&str>) -> Result<Option<T>, String> {
    given.map(|id| T::from_str(id, false).map_err(|_| wrong(name))).transpose()
}

fn score(text: &str) -> Result<f64, String> {
    let score = text.replace(',', ".").parse::<f64>().ok().filter(|score| (0.0..=1.0).contains(score));
    score.ok_or_else(|| wrong("min_score"))
}

fn wrong(name: &str) -> String {
    format!("Le filtre « {name} » n’est pas compris. Reprenez la file sans lui.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> Result<Query, String> {
        let pairs: Vec<_> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Query::parse(&pairs)
    }

    #[test]
    fn without_parameters_it_is_what_is_to_review_in_the_newest_rescan() {
        let plain = query(&[("category", ""), ("min_score", " ")]).unwrap();
        assert_eq!((plain.filter.review, plain.names_rescan), (Some(ReviewState::ToReview), false));
        assert!(plain.filter.to_change && !plain.is_narrowed());
        assert_eq!(plain.to_string(), "/revue");
        let whole = query(&[("action", "all")]).unwrap();
        assert_eq!((whole.filter.to_change, whole.to_string().as_str()), (false, "/revue?action=all"));
        assert_eq!(plain.whole().to_string(), "/revue?action=all");
    }

    #[test]
    fn an_address_reads_back() {
        let address = "/revue?rescan=all&review=dismissed&category=health&severity=high&action=block&unit=a%26b%20%C3%A9&\
                       month=2026-03&rule=health%2Fdiabete&min_score=0.5&size=100&done=confirmed&n=3&at=12";
        let pairs = [
            ("rescan", "all"),
            ("review", "dismissed"),
            ("category", "health"),
            ("severity", "high"),
            ("action", "block"),
            ("unit", "a&b é"),
            ("month", "2026-03"),
            ("rule", "health/diabete"),
            ("min_score", "0,5"),
            ("size", "100"),
            ("done", "confirmed"),
            ("n", "3"),
            ("at", "12"),
        ];
        let read = query(&pairs).unwrap();
        assert!(read.is_narrowed() && read.filter.rescan.is_none());
        assert_eq!(read.to_string(), address);
    }

    #[test]
    fn what_is_not_understood_is_refused_rather_than_left_out() {
        for (name, value) in [
            ("category", "x"),
            ("severity", "x"),
            ("review", "x"),
            ("action", "x"),
            ("min_score", "2"),
            ("after", "x"),
            ("size", "7"),
        ] {
            assert!(query(&[(name, value)]).unwrap_err().contains(name), "{name}");
        }
        assert_eq!(query(&[("done", "<b>"), ("n", "1"), ("at", "1")]).unwrap().done, None);
    }
}
