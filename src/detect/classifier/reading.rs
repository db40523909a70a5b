//! What the classifier read in a note.

use std::sync::Arc;

use super::calibration::Probabilities;
use crate::category::Category;
use crate::finding::{Candidate, Source, Strength};
use crate::span::Span;

/// A run of tokens is proposed when its best token reaches this probability…
const PROPOSE: f32 = 0.2;
/// …and goes on over neighbours that reach this share of it.
const CONTINUE: f32 = 0.35;
/// …but it begins and ends with a token that reaches this one: the shortest words that still disclose the fact. A number
/// of the run stays with the word before it: "diabétique type 2", "cancer stade 4".
const EDGE: f32 = 0.7;
/// Characters without letters or digits that a run may jump over.
const BRIDGE: usize = 3;

/// One token and its calibrated probabilities.
#[derive(Clone, Debug)]
pub struct TokenReading {
    /// Bytes of the original, without blanks at its ends.
    pub span: Span,
    pub probabilities: Probabilities,
    /// Index of the window it was read in.
    window: usize,
}

/// Probabilities for every token of a note, and for every window.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    tokens: Vec<TokenReading>,
    windows: Vec<Probabilities>,
}

impl Reading {
    pub(super) fn add_window(&mut self, note: Probabilities) -> usize {
        self.windows.push(note);
        self.windows.len() - 1
    }

    /// Adds a token, unless it is nothing but blanks.
    pub(super) fn add_token(&mut self, span: Span, probabilities: Probabilities, window: usize) {
        if !span.is_empty() {
            self.tokens.push(TokenReading { span, probabilities, window });
        }
    }

    /// Tokens in the order of the note.
    pub fn tokens(&self) -> &[TokenReading] {
        &self.tokens
    }

    /// The highest token probability of a category within a span of the original.
    pub fn token_probability(&self, category: Category, span: Span) -> f32 {
        self.tokens_in(span).map(|t| t.probabilities[category.index()]).fold(0.0, f32::max)
    }

    /// The probability of a category in the windows that hold a span.
    pub fn note_probability(&self, category: Category, span: Span) -> f32 {
        self.tokens_in(span).map(|t| self.windows[t.window][category.index()]).fold(0.0, f32::max)
    }

    fn tokens_in(&self, span: Span) -> impl Iterator<Item = &TokenReading> {
        let from = self.tokens.partition_point(|t| t.span.end <= span.start);
        self.tokens[from..].iter().take_while(move |t| t.span.start < span.end)
    }

    /// Runs of likely tokens, as whole words of `original`.
    pub fn candidates(&self, original: &str) -> Vec<Candidate> {
        let rule: Arc<str> = Arc::from("classifier");
        let mut out = Vec::new();
        for category in Category::ALL {
            let p = |i: usize| self.tokens[i].probabilities[category.index()];
            let mut next = 0;
            while let Some(seed) = (next..self.tokens.len()).find(|i| p(*i) >= PROPOSE * CONTINUE) {
                let mut best = p(seed);
                let mut last = seed;
                while last + 1 < self.tokens.len()
                    && p(last + 1) >= (best * CONTINUE).max(PROPOSE * CONTINUE)
                    && bridged(original, self.tokens[last].span, self.tokens[last + 1].span)
                {
                    last += 1;
                    best = best.max(p(last));
                }
                next = last + 1;
                let firm = |i: &usize| p(*i) >= best * EDGE;
                let (first, end) =
                    (seed..=last).find(firm).zip((seed..=last).rfind(firm)).unwrap_or((seed, last));
                let number =
                    |i: &usize| self.tokens[*i].span.of(original).bytes().all(|b| b.is_ascii_digit());
                let last = (end + 1..=last).take_while(number).last().unwrap_or(end);
                if best >= PROPOSE {
                    let span = whole_words(original, self.tokens[first].span.cover(self.tokens[last].span));
                    out.push(Candidate {
                        category,
                        subcategory: None,
                        span,
                        source: Source::Classifier,
                        strength: Strength::Context,
                        score: best,
                        rule: Arc::clone(&rule),
                        veto: None,
                    });
                }
            }
        }
        out
    }
}

/// Whether nothing but a blank or light punctuation lies between two tokens.
fn bridged(original: &str, a: Span, b: Span) -> bool {
    let between = &original[a.end.min(b.start)..b.start];
    between.len() <= BRIDGE && !between.contains(char::is_alphanumeric)
}

/// Widens a span to the words it cuts and takes light punctuation off its ends.
fn whole_words(original: &str, span: Span) -> Span {
    let before = &original[..span.start];
    let inside = original[span.start..].chars().next().is_some_and(char::is_alphanumeric);
    let start = if inside {
        span.start
            - before.chars().rev().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>()
    } else {
        span.start
    };
    let ends_inside = original[..span.end].chars().next_back().is_some_and(char::is_alphanumeric);
    let end = if ends_inside {
        span.end
            + original[span.end..]
                .chars()
                .take_while(|c| c.is_alphanumeric())
                .map(char::len_utf8)
                .sum::<usize>()
    } else {
        span.end
    };
    let text = &original[start..end];
    let light = |c: char| !c.is_alphanumeric() && !matches!(c, ')' | '*' | '(' | '+' | '%' | '€');
    let trimmed_start = start + (text.len() - text.trim_start_matches(light).len());
    let trimmed_end = end - (text.len() - text.trim_end_matches(light).len());
    if trimmed_start < trimmed_end { Span::new(trimmed_start, trimmed_end) } else { Span::new(start, end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(original: &str, marks: &[(&str, f32)]) -> Reading {
        let mut reading = Reading::default();
        let window = reading.add_window([0.5; Category::COUNT]);
        let mut at = 0;
        for (piece, p) in marks {
            let start = at + original[at..].find(piece).unwrap();
            let mut probabilities = [0.0; Category::COUNT];
            probabilities[Category::Health.index()] = *p;
            reading.add_token(
                super::super::visible(original, start, start + piece.len()),
                probabilities,
                window,
            );
            at = start + piece.len();
        }
        reading
    }

    #[test]
    fn a_run_covers_whole_words() {
        let text = "il est diabétique, voilà";
        let reading = reading(
            text,
            &[
                ("il", 0.0),
                (" est", 0.1),
                (" diab", 0.9),
                ("ét", 0.8),
                ("ique", 0.4),
                (",", 0.5),
                (" voilà", 0.0),
            ],
        );
        let found = reading.candidates(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].span.of(text), "diabétique");
        assert!((found[0].score - 0.9).abs() < 1e-6);
    }

    #[test]
    fn a_number_stays_with_its_word() {
        let text = "diabétique type 2, livrer 2 fois";
        let marks = |two: f32| {
            [("diabétique", 0.95), ("type", 0.8), ("2", two), (",", 0.0), ("livrer", 0.0), ("2", 0.4)]
        };
        for (two, words) in [(0.5, "diabétique type 2"), (0.1, "diabétique type")] {
            assert_eq!(reading(text, &marks(two)).candidates(text)[0].span.of(text), words, "{two}");
        }
    }

    #[test]
    fn two_runs_stay_apart() {
        let text = "diabète et sinon bronchite";
        let reading =
            reading(text, &[("diabète", 0.9), (" et", 0.01), (" sinon", 0.01), (" bronchite", 0.7)]);
        let words: Vec<&str> = reading.candidates(text).iter().map(|c| c.span.of(text)).collect();
        assert_eq!(words, ["diabète", "bronchite"]);
    }
}
