//! The cues of a note, and whether one is near.

use std::cell::OnceCell;

use crate::span::Span;

/// Cues found in a note.
#[derive(Clone, Debug, Default)]
pub struct CueHits {
    /// Sorted by place, then cue.
    by_place: Vec<(Span, u32)>,
    /// The same sorted by cue, then place; made when a wide window first asks for it.
    by_cue: OnceCell<Vec<(u32, Span)>>,
}

impl CueHits {
    /// Takes hits in any order.
    pub fn new(mut hits: Vec<(Span, u32)>) -> Self {
        hits.sort_unstable();
        hits.dedup();
        Self { by_place: hits, by_cue: OnceCell::new() }
    }

    /// The first of `cues`, which are sorted, found inside `window` but not inside `span` itself.
    pub fn any(&self, cues: &[u32], window: Span, span: Span) -> Option<u32> {
        if cues.is_empty() {
            return None;
        }
        let from = self.by_place.partition_point(|(hit, _)| hit.start < window.start);
        let most = WIDE * cues.len();
        let mut first = None;
        for (seen, (hit, cue)) in self.by_place[from..].iter().enumerate() {
            if hit.start >= window.end {
                break;
            }
            if seen > most {
                return cues.iter().copied().find(|cue| self.of(*cue, window).any(|hit| !span.contains(hit)));
            }
            let counts = hit.end <= window.end && !span.contains(*hit);
            if counts && first.is_none_or(|known| cue < known) && cues.binary_search(cue).is_ok() {
                first = Some(cue);
            }
        }
        first.copied()
    }

    /// Every hit, sorted by place, then cue.
    pub fn by_place(&self) -> &[(Span, u32)] {
        &self.by_place
    }

    /// A cue's places inside a window.
    fn of(&self, cue: u32, window: Span) -> impl Iterator<Item = Span> {
        let hits = self.by_cue.get_or_init(|| {
            let mut hits: Vec<(u32, Span)> = self.by_place.iter().map(|(span, cue)| (*cue, *span)).collect();
            hits.sort_unstable();
            hits
        });
        let from = hits.partition_point(|(c, span)| (*c, span.start) < (cue, window.start));
        hits[from..]
            .iter()
            .take_while(move |(c, span)| *c == cue && span.start < window.end)
            .filter(move |(_, span)| span.end <= window.end)
            .map(|(_, span)| *span)
    }
}

/// Beyond so many hits for each cue asked for, a window is wide: its cues are looked up one by one.
const WIDE: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What [`CueHits::any`] promises, looked up the long way.
    fn expected(hits: &[(Span, u32)], cues: &[u32], window: Span, span: Span) -> Option<u32> {
        let near =
            |cue: &u32| hits.iter().any(|(hit, c)| c == cue && window.contains(*hit) && !span.contains(*hit));
        cues.iter().copied().find(near)
    }

    proptest! {
        #[test]
        fn narrow_and_wide_windows_agree_with_the_definition(
            hits in prop::collection::vec((0usize..60, 1usize..6, 0u32..8), 0..80),
            cues in prop::collection::btree_set(0u32..8, 0..4),
            window in (0usize..60, 1usize..60),
            span in (0usize..60, 1usize..8),
        ) {
            let hits: Vec<(Span, u32)> = hits.iter().map(|(at, len, c)| (Span::new(*at, at + len), *c)).collect();
            let cues: Vec<u32> = cues.into_iter().collect();
            let (window, span) = (Span::new(window.0, window.0 + window.1), Span::new(span.0, span.0 + span.1));
            let found = CueHits::new(hits.clone()).any(&cues, window, span);
            prop_assert_eq!(found, expected(&hits, &cues, window, span));
        }
    }
}
