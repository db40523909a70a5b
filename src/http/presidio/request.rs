//! Reads the body of `/analyze`. Members that mean nothing here are left alone, as presidio-analyzer does.

use std::collections::HashSet;

use serde_json::Value;

use super::allow::Allow;
use super::clock::Clock;
use super::entities;
use super::expression::FLAGS;
use super::recognizer::{CONTEXT, Recognizer, context, flags, read_all, score, strings};
use crate::http::how::How;
use crate::http::members::{Members, string};
use crate::http::problem::{Kind, Problem, Violation};
use crate::http::state::AppState;
use crate::span::OffsetUnit;

/// A request of `/analyze`, as documented.
#[derive(utoipa::ToSchema)]
#[schema(as = PresidioAnalyze)]
#[expect(dead_code, reason = "describes the members that `Analysis::read` reads")]
pub struct AnalyzeSchema {
    /// A string, or an array of strings: the answer is then an array of arrays.
    #[schema(value_type = Object, example = "Client diabétique type 2")]
    text: Value,
    /// `fr`; `en` is taken, as many clients send it unasked, and read as French.
    #[schema(example = "fr")]
    language: String,
    /// What to look for; all of `GET /supportedentities` if absent. Unknown names are left alone.
    entities: Option<Vec<String>>,
    #[schema(minimum = 0, maximum = 1)]
    score_threshold: Option<f64>,
    /// Fills `analysis_explanation`.
    return_decision_process: Option<bool>,
    /// Recognizers for this request: `supported_entity`, and `patterns` (`name`, `regex`, `score`) or a `deny_list`.
    #[schema(value_type = Option<Vec<Object>>)]
    ad_hoc_recognizers: Option<Vec<Value>>,
    /// Words never told.
    allow_list: Option<Vec<String>>,
    /// `exact` or `regex`.
    #[schema(default = "exact")]
    allow_list_match: Option<String>,
    /// Python's flags, for an `allow_list` of expressions.
    regex_flags: Option<u32>,
    /// Words that raise the score of ad-hoc recognizers that know them.
    context: Option<Vec<String>>,
    /// Taken and not looked at.
    correlation_id: Option<String>,
}

/// What to analyze, and what to keep of it.
pub struct Analysis {
    pub texts: Vec<String>,
    /// Whether `text` was an array.
    pub many: bool,
    entities: Option<HashSet<String>>,
    pub explain: bool,
    pub recognizers: Vec<Recognizer>,
    pub allow: Allow,
    pub context: Vec<String>,
    pub threshold: f64,
    pub how: How,
    pub clock: Clock,
}

impl Analysis {
    pub fn read(value: Value, state: &AppState) -> Result<Self, Problem> {
        let clock = Clock::default();
        let mut members = Members::of(value, "")?;
        let (texts, many) = members.required("text", "a string or an array of strings", texts);
        members.required("language", "fr or en", |v| language(&v).then_some(()));
        let entities = members.optional("entities", "an array of strings", strings);
        let threshold = members.optional("score_threshold", "a number from 0 to 1", score).unwrap_or(0.0);
        let explain = members.optional("return_decision_process", "true or false", |v| v.as_bool());
        let ad_hoc = members.optional("ad_hoc_recognizers", "an array of recognizers", |v| match v {
            Value::Array(values) => Some(values),
            _ => None,
        });
        let allow = members.optional("allow_list", "an array of strings", strings).unwrap_or_default();
        let allow_how = members.optional("allow_list_match", "exact or regex", string);
        let flags = members.optional("regex_flags", "a number", flags).unwrap_or(FLAGS);
        let words = members.optional("context", CONTEXT, context).unwrap_or_default();
        members.finish_open()?;
        let limit = state.config().max_batch;
        if texts.len() > limit {
            let detail = format!("{} texts are more than the limit of {limit} (max_batch)", texts.len());
            return Err(Problem::new(Kind::TooLarge, detail));
        }
        let recognizers = read_all(ad_hoc.unwrap_or_default(), &clock)?;
        let entities = entities.filter(|list| !list.is_empty()).map(|list| list.into_iter().collect());
        let analysis = Self {
            texts,
            many,
            entities,
            explain: explain.unwrap_or(false),
            recognizers,
            allow: Allow::new(allow, allow_how.as_deref().unwrap_or("exact"), flags)?,
            context: words,
            threshold,
            how: How { profile: state.config().profile.clone(), offsets: OffsetUnit::Utf8, min_score: 0.0 },
            clock,
        };
        analysis.check_entities().map(|()| analysis)
    }

    /// Whether an entity was asked for.
    pub fn wants(&self, entity: &str) -> bool {
        self.entities.as_ref().is_none_or(|names| names.contains(entity))
    }

    /// To look for nothing that is known here would find nothing for ever, without a word.
    fn check_entities(&self) -> Result<(), Problem> {
        let known = entities::all();
        let known =
            known.iter().map(String::as_str).chain(self.recognizers.iter().map(|r| r.entity.as_str()));
        match known.into_iter().any(|name| self.wants(name)) {
            true => Ok(()),
            false => Err(Problem::invalid(vec![Violation::new(
                "/entities",
                "none of these is known here; GET /supportedentities lists those that are",
            )])),
        }
    }
}

fn texts(value: Value) -> Option<(Vec<String>, bool)> {
    match value {
        Value::String(text) => Some((vec![text], false)),
        value => strings(value).map(|texts| (texts, true)),
    }
}

/// Whether `fr` or `en`, with or without a country.
fn language(value: &Value) -> bool {
    let base = value.as_str().unwrap_or_default().split(['-', '_']).next().unwrap_or_default();
    ["fr", "en"].iter().any(|known| base.eq_ignore_ascii_case(known))
}
