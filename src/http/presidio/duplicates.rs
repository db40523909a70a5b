//! Drops what a result of the same entity covers with a score as high, and orders the rest as presidio-analyzer does.

use super::explanation::Recognized;

/// The best first, then by place.
pub fn without(mut all: Vec<Recognized>) -> Vec<Recognized> {
    all.retain(|r| r.score > 0.0);
    all.sort_by(|a, b| {
        let place = |r: &Recognized| (r.span.start, usize::MAX - r.span.len());
        a.entity.cmp(&b.entity).then(place(a).cmp(&place(b))).then(b.score.total_cmp(&a.score))
    });
    let mut kept: Vec<Recognized> = Vec::with_capacity(all.len());
    // Places in `kept` of results that may still cover the next one.
    let mut open: Vec<usize> = Vec::new();
    for next in all {
        open.retain(|k| kept[*k].entity == next.entity && kept[*k].span.end >= next.span.start);
        if !open.iter().any(|k| kept[*k].span.contains(next.span) && next.score <= kept[*k].score) {
            open.push(kept.len());
            kept.push(next);
        }
    }
    kept.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.span.cmp(&b.span)));
    kept
}
