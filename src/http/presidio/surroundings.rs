//! A context word near a result of an ad-hoc recognizer raises its score, by presidio-analyzer's amounts.

use super::explanation::Recognized;

const GAIN: f64 = 0.35;
const LEAST: f64 = 0.4;
/// Words looked at before the result.
const REACH: usize = 5;

/// Raises the score if one of `known`, the recognizer's own words, stands in the words before the result or in those
/// that the request gives.
pub fn raise(result: &mut Recognized, text: &str, known: &[String], given: &[String]) {
    let before = text[..result.span.start].rsplit(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let mut around: Vec<String> = before.take(REACH).map(str::to_lowercase).collect();
    around.extend(given.iter().map(|word| word.to_lowercase()));
    let holds = |word: &&String| {
        let word = word.to_lowercase();
        around.iter().any(|near| near.contains(&word))
    };
    if let Some(word) = known.iter().find(holds) {
        result.score = (result.score + GAIN).clamp(LEAST, 1.0);
        result.explanation.score_context_improvement = result.score - result.explanation.original_score;
        result.explanation.score = result.score;
        result.explanation.supportive_context_word.clone_from(word);
    }
}
