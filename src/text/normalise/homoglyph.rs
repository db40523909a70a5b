//! Cyrillic and Greek letters posing as Latin ones, in words that mix scripts or hold nothing but look-alikes.

use unicode_normalization::char::decompose_canonical;

use crate::text::View;

/// Puts Latin letters in place of look-alikes; words of real Greek or Russian stay.
pub fn latinise(view: View, original: &str) -> View {
    let mut out = View {
        text: String::with_capacity(view.text.len()),
        marks: Vec::with_capacity(view.marks.len()),
        origin: Vec::with_capacity(view.origin.len()),
    };
    let mut at = 0;
    while at < view.text.len() {
        let word =
            view.text[at..].chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>();
        if word == 0 {
            let other = view.text[at..]
                .chars()
                .take_while(|c| !c.is_alphanumeric())
                .map(char::len_utf8)
                .sum::<usize>();
            copy(&view, at..at + other, &mut out);
            at += other;
        } else {
            let range = at..at + word;
            if disguised(&view, original, range.clone()) {
                replace(&view, original, range, &mut out);
            } else {
                copy(&view, range, &mut out);
            }
            at += word;
        }
    }
    out
}

fn copy(view: &View, range: std::ops::Range<usize>, out: &mut View) {
    out.text.push_str(&view.text[range.clone()]);
    out.marks.extend_from_slice(&view.marks[range.clone()]);
    out.origin.extend_from_slice(&view.origin[range]);
}

fn disguised(view: &View, original: &str, word: std::ops::Range<usize>) -> bool {
    let (mut latin, mut posing, mut real) = (false, false, false);
    for (i, c) in view.text[word.clone()].char_indices() {
        if c.is_ascii_alphabetic() {
            latin = true;
        } else if look_alike(first(view, original, word.start + i)).is_some() {
            posing = true;
        } else if c.is_alphabetic() {
            real = true;
        }
    }
    posing && (latin || !real)
}

fn replace(view: &View, original: &str, word: std::ops::Range<usize>, out: &mut View) {
    for (i, c) in view.text[word.clone()].char_indices() {
        let at = word.start + i;
        match look_alike(first(view, original, at)) {
            Some(latin) if !c.is_ascii() => {
                out.text.push(latin);
                out.marks.push(view.marks[at]);
                out.origin.push(view.origin[at]);
            }
            _ => copy(view, at..at + c.len_utf8(), out),
        }
    }
}

/// The letter of the original, without its marks, that a byte of the view came from; a capital may look like
/// another letter than its lower case.
fn first(view: &View, original: &str, at: usize) -> char {
    let c = original[view.origin[at].0 as usize..].chars().next().unwrap_or_default();
    let mut base = None;
    decompose_canonical(c, |d| base = base.or(Some(d)));
    base.unwrap_or(c)
}

/// After Unicode's confusables (UTS #39), for the letters French uses.
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'Α' | 'α' => 'a',
        'В' | 'Β' | 'β' => 'b',
        'с' | 'С' | 'ϲ' | 'Ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'Е' | 'Ε' | 'є' => 'e',
        'ɡ' | 'ԍ' => 'g',
        'Н' | 'Η' | 'һ' | 'Һ' => 'h',
        'і' | 'І' | 'Ι' | 'ι' => 'i',
        'ј' | 'Ј' => 'j',
        'К' | 'Κ' | 'κ' | 'к' => 'k',
        'ӏ' | 'Ӏ' => 'l',
        'М' | 'Μ' => 'm',
        'Ν' => 'n',
        'о' | 'О' | 'Ο' | 'ο' => 'o',
        'р' | 'Р' | 'Ρ' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' | 'Ѕ' => 's',
        'Т' | 'Τ' | 'τ' | 'т' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ԝ' => 'w',
        'х' | 'Х' | 'Χ' | 'χ' => 'x',
        'у' | 'У' | 'Υ' | 'ү' => 'y',
        'Ζ' => 'z',
        _ => return None,
    })
}
