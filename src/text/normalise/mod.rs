//! Unicode normalisation that never loses the way back.
//!
//! * `fold`: what one character becomes
//! * `mojibake`: UTF-8 once read as Windows-1252
//! * `homoglyph`: Cyrillic and Greek letters posing as Latin ones
//! * `robust`: leet, letter spacing and repeated letters undone, only where they stand

mod builder;
mod fold;
mod homoglyph;
mod mojibake;
mod robust;

use super::View;
use builder::Builder;
use fold::Fold;

pub(crate) use fold::invisible;
pub use robust::Robust;

/// The plain view, and what is disguised in it.
pub fn views(original: &str) -> (View, Robust) {
    let plain = plain(original);
    let robust = Robust::find(&plain);
    (plain, robust)
}

/// One pass; stretches of plain ASCII take the short way.
fn plain(original: &str) -> View {
    let mut out = Builder::with_capacity(original.len());
    let bytes = original.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let run = fold::run(&bytes[at..]);
        if run > 0 {
            out.run(&original[at..at + run], at);
            at += run;
            continue;
        }
        if byte.is_ascii() {
            match fold::ascii(byte) {
                blank @ (b' ' | b'\n') => out.blank(blank, at, at + 1),
                other => out.ascii(other, at),
            }
            at += 1;
            continue;
        }
        let Some(c) = original[at..].chars().next() else { break };
        let mut end = at + c.len_utf8();
        match mojibake::repair(c, &original[end..]) {
            Some((repaired, more)) => {
                end += more;
                fold_into(&mut out, repaired, at, end);
            }
            None => fold_into(&mut out, c, at, end),
        }
        at = end;
    }
    let foreign = out.foreign;
    let view = out.finish();
    if foreign { homoglyph::latinise(view, original) } else { view }
}

/// Appends what one character of the original, at `start..end`, becomes.
fn fold_into(out: &mut Builder, c: char, start: usize, end: usize) {
    fold::each(c, &mut |piece| match piece {
        Fold::Letters(letters, mark) => out.letters(letters, mark, start, end),
        Fold::Char(c) => out.character(c, start, end),
        Fold::Blank(blank) => out.blank(blank, start, end),
        Fold::Mark(mark) => out.attach(mark, end),
    });
}

/// Whether most letters are capitals, so that a capital says nothing.
pub fn is_shouting(original: &str) -> bool {
    let bytes = original.as_bytes();
    let mut upper = bytes.iter().filter(|b| b.is_ascii_uppercase()).count();
    let mut lower = bytes.iter().filter(|b| b.is_ascii_lowercase()).count();
    // Most notes are decided without a look at their accented letters, two bytes or more each.
    let others = bytes.iter().filter(|b| !b.is_ascii()).count() / 2;
    if upper + others <= 2 * lower {
        return false;
    }
    for c in original.chars().filter(|c| !c.is_ascii()) {
        upper += usize::from(c.is_uppercase());
        lower += usize::from(c.is_lowercase());
    }
    upper > 2 * lower
}

#[cfg(test)]
mod tests;
