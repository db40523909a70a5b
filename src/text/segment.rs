//! Words, clauses and sentences.
use super::{Casing, Clause, Document, View, Word};
use crate::span::Span;

pub fn words(original: &str, plain: &View) -> Vec<Word> {
    let _ = (original, Casing::Lower);
    let mut out = Vec::new();
    let mut start = None;
    for (i, c) in plain.text.char_indices().chain([(plain.text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(i),
            (false, Some(s)) => {
                out.push(Word {
                    range: s..i,
                    span: plain.to_original(s..i),
                    casing: Casing::Lower,
                    opens_sentence: false,
                });
                start = None;
            }
            _ => {}
        }
    }
    out
}

pub fn clauses(original: &str, _plain: &View) -> (Vec<Span>, Vec<Clause>) {
    let all = Span::new(0, original.len());
    (vec![all], vec![Clause { span: all, sentence: 0 }])
}

pub fn mark_openings(_document: &mut Document<'_>) {}
