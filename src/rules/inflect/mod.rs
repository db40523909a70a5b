//! The forms of French words, derived from the one form a lexicon gives.

mod adjective;
mod irregular;
mod noun;
mod verb;

pub use adjective::adjective;
pub use noun::{noun, plural};
pub use verb::conjugate;

/// The part of a word after `suffix` is taken away, if it ends so.
fn stem<'w>(word: &'w str, suffix: &str) -> Option<&'w str> {
    word.strip_suffix(suffix).filter(|stem| !stem.is_empty())
}

/// Adds a form unless it is there already.
fn push(forms: &mut Vec<String>, form: String) {
    if !forms.contains(&form) {
        forms.push(form);
    }
}
