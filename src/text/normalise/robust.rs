//! Disguised spelling undone: leet ("c0nnard"), letter spacing ("c o n") and repeated letters ("groooos").
//!
//! The plain view is scanned once; what is disguised is noted, and only the words around it are ever copied.

use std::ops::Range;

use crate::text::{Mark, View};

/// The disguises of a note, and what they stand for.
#[derive(Clone, Debug, Default)]
pub struct Robust {
    /// Ascending, without overlap.
    patches: Vec<Patch>,
}

/// Letters in the place of some bytes of the plain view.
#[derive(Clone, Debug)]
struct Patch {
    range: Range<usize>,
    letters: Letters,
}

impl Robust {
    /// Finds the disguises of a note.
    pub fn find(plain: &View) -> Self {
        let bytes = plain.text.as_bytes();
        let mut patches = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            if !in_token(bytes[at]) {
                at += 1;
                continue;
            }
            let (end, simple) = token(bytes, at);
            if simple {
                at = end;
                continue;
            }
            let (letters, until) = match spaced(bytes, at, end) {
                Some(spread) => (Some(spread.0), spread.1),
                None => (leet(bytes, at..end), end),
            };
            if let Some(letters) = repeats(plain, at..until, letters) {
                patches.push(Patch { range: at..until, letters });
            }
            at = until;
        }
        Self { patches }
    }

    /// Whether nothing is disguised.
    pub fn is_empty(&self) -> bool {
        self.patches.is_empty()
    }

    /// The stretches of the note with its disguises undone: each disguise, and `reach` words or more on both sides.
    /// Disguises nearer to one another share a stretch.
    pub fn stretches<'v>(&'v self, plain: &'v View, reach: usize) -> impl Iterator<Item = View> + 'v {
        let bytes = plain.text.as_bytes();
        let mut patches = self.patches.as_slice();
        std::iter::from_fn(move || {
            let start = back(bytes, patches.first()?.range.start, reach);
            let mut view = View::default();
            let mut copied = start;
            let mut end = ahead(bytes, patches.first()?.range.end, reach);
            while let Some((patch, rest)) = patches.split_first().filter(|(p, _)| p.range.start <= end) {
                copy(plain, copied..patch.range.start, &mut view);
                patch.copy(plain, &mut view);
                copied = patch.range.end;
                end = ahead(bytes, copied, reach);
                patches = rest;
            }
            copy(plain, copied..end, &mut view);
            Some(view)
        })
    }
}

impl Patch {
    fn copy(&self, plain: &View, out: &mut View) {
        for Letter { from, to, letter } in &self.letters {
            out.text.push(char::from(*letter));
            out.marks.push(plain.marks[*from]);
            out.origin.push((plain.origin[*from].0, plain.origin[*to - 1].1));
        }
    }
}

fn is_blank(b: &u8) -> bool {
    matches!(b, b' ' | b'\n')
}

/// The start of the word `reach` words before the one at `at`; words are what stands between blanks.
fn back(bytes: &[u8], at: usize, reach: usize) -> usize {
    bytes[..at].iter().enumerate().rev().filter(|(_, b)| is_blank(b)).nth(reach).map_or(0, |(i, _)| i + 1)
}

/// The end of the word `reach` words after the one at `at`.
fn ahead(bytes: &[u8], at: usize, reach: usize) -> usize {
    let blanks = bytes[at..].iter().enumerate().filter(|(_, b)| is_blank(b));
    blanks.map(|(i, _)| at + i).nth(reach).unwrap_or(bytes.len())
}

/// A letter of the robust view and the bytes of the plain view it stands for.
#[derive(Clone, Copy, Debug)]
struct Letter {
    from: usize,
    to: usize,
    letter: u8,
}

impl Letter {
    fn at(at: usize, letter: u8) -> Self {
        Self { from: at, to: at + 1, letter }
    }
}

type Letters = Vec<Letter>;

fn copy(plain: &View, range: Range<usize>, out: &mut View) {
    out.text.push_str(&plain.text[range.clone()]);
    out.marks.extend_from_slice(&plain.marks[range.clone()]);
    out.origin.extend_from_slice(&plain.origin[range]);
}

/// Letters, digits and the signs that pose as letters. Euro and accented letters are no ASCII: they end a token.
fn in_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'@' | b'$' | b'!')
}

/// The end of the token that begins at `start`, and whether it is a word of two plain letters or more, none three
/// times in a row: such a word hides nothing.
fn token(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut end = start;
    let (mut letters, mut run) = (true, false);
    while end < bytes.len() && in_token(bytes[end]) {
        letters &= bytes[end].is_ascii_alphabetic();
        run |= end >= start + 2 && bytes[end] == bytes[end - 1] && bytes[end] == bytes[end - 2];
        end += 1;
    }
    (end, letters && !run && end - start > 1)
}

/// Three single letters or more with one and the same separator between them, and the end of the last one.
///
/// "y a d", "a y a"… of ordinary French come out glued too: harmless, as the plain view keeps them apart.
fn spaced(bytes: &[u8], start: usize, end: usize) -> Option<(Letters, usize)> {
    let elided = start > 0 && bytes[start - 1] == b'\'';
    if end - start != 1 || !bytes[start].is_ascii_alphabetic() || elided {
        return None;
    }
    let separator = *bytes.get(end).filter(|b| matches!(b, b' ' | b'.' | b'-' | b'_' | b'*'))?;
    let single = |i: usize| {
        bytes.get(i).is_some_and(u8::is_ascii_alphabetic)
            && !bytes.get(i + 1).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'\'' || !b.is_ascii())
    };
    let mut letters = vec![Letter::at(start, bytes[start])];
    let mut last = start;
    while bytes.get(last + 1) == Some(&separator) && single(last + 2) {
        last += 2;
        letters.push(Letter::at(last, bytes[last]));
    }
    (letters.len() >= 3).then_some((letters, last + 1))
}

/// Digits and signs read as the letters they resemble, in words that are words: a letter at least as often as not,
/// two digits at most, no e-mail address, no ordinal, unit or reference.
fn leet(bytes: &[u8], token: Range<usize>) -> Option<Letters> {
    let mut word = &bytes[token.clone()];
    // A closing "!" is punctuation.
    while let [rest @ .., b'!'] = word {
        word = rest;
    }
    let letters = word.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let digits = word.iter().filter(|b| b.is_ascii_digit()).count();
    let signs = word.len() - letters - digits;
    if digits + signs == 0 || letters < 2 || digits > 2 || signs > 3 || letters < digits + signs {
        return None;
    }
    let leads = word.iter().take_while(|b| b.is_ascii_digit()).count();
    let trails = word.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    if leads > 1 || trails > 1 || (leads == 1 && letters < 4) || (trails == 1 && letters < 3) {
        return None;
    }
    let in_address = word.contains(&b'@')
        && bytes.get(token.end) == Some(&b'.')
        && bytes.get(token.end + 1).is_some_and(u8::is_ascii_alphanumeric);
    if in_address {
        return None;
    }
    let read = word.iter().map(|b| letter(*b)).collect::<Option<Vec<u8>>>()?;
    let tail = bytes[token.start + word.len()..token.end].iter().copied();
    Some(
        (token.start..)
            .zip(read.into_iter().chain(tail))
            .map(|(at, letter)| Letter::at(at, letter))
            .collect(),
    )
}

fn letter(b: u8) -> Option<u8> {
    Some(match b {
        b'0' => b'o',
        b'1' | b'!' => b'i',
        b'3' => b'e',
        b'4' | b'@' => b'a',
        b'5' | b'$' => b's',
        b'7' => b't',
        b'8' => b'b',
        b'9' => b'g',
        b'2' | b'6' => return None,
        _ => b,
    })
}

/// Runs of three of one letter or more become two where French doubles that letter inside a word, else one.
fn repeats(plain: &View, token: Range<usize>, letters: Option<Letters>) -> Option<Letters> {
    let bytes = plain.text.as_bytes();
    let Some(letters) = letters else {
        let word = &bytes[token.clone()];
        let triple = word.windows(3).any(|w| w[0] == w[1] && w[1] == w[2] && w[0].is_ascii_alphabetic());
        if !triple || !word.iter().all(u8::is_ascii_alphabetic) && word.iter().any(u8::is_ascii_digit) {
            return None;
        }
        let known: Letters = token.map(|i| Letter::at(i, bytes[i])).collect();
        let kept = collapse(plain, &known);
        return (kept.len() != known.len()).then_some(kept);
    };
    Some(collapse(plain, &letters))
}

fn collapse(plain: &View, letters: &[Letter]) -> Letters {
    let mark = |l: &Letter| plain.marks.get(l.from).copied().unwrap_or(Mark::None);
    let mut kept = Letters::with_capacity(letters.len());
    let mut seen = 0;
    for run in letters.chunk_by(|a, b| a.letter == b.letter && mark(a) == mark(b)) {
        seen += run.len();
        let keep = match run[0].letter {
            letter if run.len() < 3 || !letter.is_ascii_alphabetic() => run.len(),
            b'c' | b'f' | b'l' | b'm' | b'n' | b'p' | b'r' | b's' | b't' if seen < letters.len() => 2,
            _ => 1,
        };
        kept.extend_from_slice(&run[..keep]);
        // The last letter kept answers for those dropped.
        if let (Some(last), Some(dropped)) = (kept.last_mut(), run.last()) {
            last.to = dropped.to;
        }
    }
    kept
}
