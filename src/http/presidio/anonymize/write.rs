//! Writes the text anew, with each entity as its operator leaves it.

use std::collections::HashMap;

use serde::Serialize;

use super::operator::{DEFAULT, Operator};
use super::request::Entity;
use crate::http::problem::{Kind, Problem};

/// The answer of `/anonymize`.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PresidioAnonymized)]
pub struct Anonymized {
    text: String,
    /// From the last to the first.
    items: Vec<Item>,
}

/// What stands in the place of an entity.
#[derive(Serialize, utoipa::ToSchema)]
#[schema(as = PresidioItem)]
struct Item {
    /// Code points of the new text.
    start: usize,
    end: usize,
    #[schema(example = "HEALTH")]
    entity_type: String,
    text: String,
    #[schema(example = "replace")]
    operator: &'static str,
    score: f64,
}

/// Replaces the entities; refuses a text that grows beyond `limit` bytes. Of two that share characters, the first gives way where the second begins.
pub fn write(
    text: &str,
    mut entities: Vec<Entity>,
    operators: &HashMap<String, Operator>,
    limit: usize,
) -> Result<Anonymized, Problem> {
    entities.sort_by_key(|e| (e.span.start, e.span.end));
    let default = operators.get(DEFAULT).unwrap_or(&Operator::Replace(None));
    let (mut out, mut points, mut at) = (String::with_capacity(text.len()), 0, 0);
    let mut items = Vec::with_capacity(entities.len());
    for entity in entities {
        let before = text.get(at..entity.span.start).unwrap_or_default();
        out.push_str(before);
        points += before.chars().count();
        let operator = operators.get(&entity.name).unwrap_or(default);
        let changed = operator.apply(entity.span.of(text), &entity.name)?;
        out.push_str(&changed);
        if out.len() > limit {
            let detail = format!("the new text is larger than the limit of {limit} bytes (max_body_bytes)");
            return Err(Problem::new(Kind::TooLarge, detail));
        }
        let start = points;
        points += changed.chars().count();
        at = entity.span.end;
        items.push(Item {
            start,
            end: points,
            entity_type: entity.name,
            text: changed,
            operator: operator.name(),
            score: entity.score,
        });
    }
    out.push_str(text.get(at..).unwrap_or_default());
    items.reverse();
    Ok(Anonymized { text: out, items })
}
