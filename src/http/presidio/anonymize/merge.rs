//! Which of the results are replaced, where they overlap or touch: the rules of presidio-anonymizer, one after the
//! other.

use std::collections::HashMap;

use super::request::Entity;

/// What is left, in the order presidio-anonymizer works on it.
pub fn merge(text: &str, mut results: Vec<Entity>) -> Vec<Entity> {
    results.sort_by_key(|r| (r.span.start, r.span.end));
    join_blanks(text, drop_contained(join_overlapping(results)))
}

/// Results of one entity that share a character become one, with the highest score, in the place of the last of them.
fn join_overlapping(results: Vec<Entity>) -> Vec<Entity> {
    let mut open: HashMap<String, usize> = HashMap::new();
    let mut slots: Vec<Option<Entity>> = Vec::with_capacity(results.len());
    for mut next in results {
        let last = open.insert(next.name.clone(), slots.len());
        if let Some(slot) = last.and_then(|last| slots.get_mut(last))
            && let Some(previous) = slot.take_if(|p| shared(p, &next) > 0)
        {
            next.span = previous.span.cover(next.span);
            next.score = previous.score.max(next.score);
        }
        slots.push(Some(next));
    }
    slots.into_iter().flatten().collect()
}

fn shared(a: &Entity, b: &Entity) -> usize {
    a.span.end.min(b.span.end).saturating_sub(a.span.start.max(b.span.start))
}

/// What lies within another result goes; of those in the same place the best stays, the last one where they tie.
fn drop_contained(results: Vec<Entity>) -> Vec<Entity> {
    let mut order: Vec<usize> = (0..results.len()).collect();
    order.sort_by_key(|i| (results[*i].span.start, usize::MAX - results[*i].span.end));
    let mut kept = vec![false; results.len()];
    let mut reach: Option<usize> = None;
    for group in order.chunk_by(|a, b| results[*a].span == results[*b].span) {
        let end = results[group[0]].span.end;
        if reach.is_none_or(|reach| reach < end) {
            let best =
                group.iter().max_by(|a, b| results[**a].score.total_cmp(&results[**b].score).then(a.cmp(b)));
            best.into_iter().for_each(|best| kept[*best] = true);
            reach = Some(end);
        }
    }
    results.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(result, _)| result).collect()
}

/// Neighbours of one entity with only blanks between them become one, with the score of the last.
fn join_blanks(text: &str, results: Vec<Entity>) -> Vec<Entity> {
    let mut out: Vec<Entity> = Vec::with_capacity(results.len());
    for mut next in results {
        if let Some(previous) = out.last()
            && previous.name == next.name
            && text.get(previous.span.end..next.span.start).is_some_and(blank)
        {
            next.span.start = previous.span.start;
            out.pop();
        }
        out.push(next);
    }
    out
}

/// Blanks, and a line break after them at the most.
fn blank(between: &str) -> bool {
    let spaces = between.strip_suffix('\n').unwrap_or(between);
    !spaces.is_empty() && spaces.bytes().all(|b| b == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn merged(text: &str, results: &[(&str, usize, usize, f64)]) -> Vec<(String, usize, usize, f64)> {
        let entity = |r: &(&str, usize, usize, f64)| Entity {
            name: r.0.to_owned(),
            span: Span::new(r.1, r.2),
            score: r.3,
        };
        let left = merge(text, results.iter().map(entity).collect());
        left.into_iter().map(|e| (e.name, e.span.start, e.span.end, e.score)).collect()
    }

    #[test]
    fn overlaps_are_settled_as_presidio_settles_them() {
        let text = "0123 56 89\n123456789";
        let is = |name: &str, start, end, score| (name.to_owned(), start, end, score);
        for (results, left) in [
            // The same entity, overlapping, then touching.
            (vec![("A", 0, 3, 0.5), ("A", 2, 6, 0.9)], vec![is("A", 0, 6, 0.9)]),
            (vec![("A", 0, 3, 0.5), ("A", 3, 4, 0.9)], vec![is("A", 0, 3, 0.5), is("A", 3, 4, 0.9)]),
            // Another entity inside, in the same place, across.
            (vec![("A", 0, 6, 0.1), ("B", 1, 3, 0.9)], vec![is("A", 0, 6, 0.1)]),
            (vec![("A", 0, 3, 0.5), ("B", 0, 3, 0.6)], vec![is("B", 0, 3, 0.6)]),
            (vec![("A", 0, 3, 0.5), ("B", 0, 3, 0.5)], vec![is("B", 0, 3, 0.5)]),
            (vec![("A", 0, 3, 0.5), ("B", 2, 6, 0.5)], vec![is("A", 0, 3, 0.5), is("B", 2, 6, 0.5)]),
            // Blanks between.
            (vec![("A", 0, 4, 0.5), ("A", 5, 7, 0.9)], vec![is("A", 0, 7, 0.9)]),
            (vec![("A", 0, 4, 0.5), ("B", 5, 7, 0.9)], vec![is("A", 0, 4, 0.5), is("B", 5, 7, 0.9)]),
            (vec![("A", 8, 10, 0.5), ("A", 11, 13, 0.9)], vec![is("A", 8, 10, 0.5), is("A", 11, 13, 0.9)]),
            (vec![], vec![]),
        ] {
            assert_eq!(merged(text, &results), left, "{results:?}");
        }
    }
}
