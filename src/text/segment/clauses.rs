//! Clauses and sentences fit for CRM notes: full stops, line breaks, dashes, slashes, arrows, bullets, pasted e-mails.
//!
//! A sentence ends at `. ! ?`, `...`, a line break (unless the line is a soft-wrapped one), a closing formula
//! ("Cordialement"). A clause ends there too, and at `, ; : ( ) [ ] |`, arrows, bullets, and at a dash, slash, star
//! or plus that stands apart. Nothing is cut inside a number, a time, an abbreviation, an address of mail or web.

use super::abbreviations::ends_sentence;
use crate::span::Span;
use crate::text::{Clause, View};

/// How a piece of the note ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Clause,
    Sentence,
}

/// Sentences and clauses as spans of the original, trimmed of blanks and of the signs that separate them.
/// There is always one of each, covering a note without words as a whole.
pub fn clauses(original: &str, plain: &View) -> (Vec<Span>, Vec<Clause>) {
    let mut out = Pieces { plain, sentences: Vec::new(), clauses: Vec::new(), start: 0, sentence: None };
    let bytes = plain.text.as_bytes();
    let scan = Scan { original, plain, bytes, mail: plain.text.contains('@') };
    let mut at = 0;
    let mut line = 0;
    while at < scan.bytes.len() {
        let b = scan.bytes[at];
        if b.is_ascii_alphanumeric() {
            // Only the first byte of a word may open a token.
            if scan.opens_token(at) {
                let end = scan.address_end(at);
                if end > at {
                    at = end;
                    continue;
                }
                if b == b'c' && scan.closing_formula(at)
                    || b == b'b' && scan.bytes[at..].starts_with(b"bien cord")
                {
                    out.cut(at, at, Cut::Sentence);
                }
            }
            at += scan.bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            continue;
        }
        if let Some((cut, width)) = scan.cut(at, line) {
            out.cut(at, at + width, cut);
            at += width;
        } else {
            at += if b.is_ascii() { 1 } else { plain.text[at..].chars().next().map_or(1, char::len_utf8) };
        }
        if b == b'\n' {
            line = at;
        }
    }
    out.cut(at, at, Cut::Sentence);
    out.finish(original)
}

/// The pieces found so far.
struct Pieces<'v> {
    plain: &'v View,
    sentences: Vec<Span>,
    clauses: Vec<Clause>,
    /// Where the open clause began in the view.
    start: usize,
    /// The open sentence, as far as it goes.
    sentence: Option<Span>,
}

impl Pieces<'_> {
    /// Ends the open clause at `end`; the next begins at `next`.
    fn cut(&mut self, end: usize, next: usize, cut: Cut) {
        let piece = &self.plain.text[self.start..end];
        let blank =
            |c: char| !c.is_alphanumeric() && !matches!(c, '"' | '\'' | '@' | '#' | '*' | '%' | '€' | '+');
        let trimmed = piece.trim_start_matches(blank);
        let from = self.start + piece.len() - trimmed.len();
        let to = from + trimmed.trim_end_matches([' ', '\n', '-', '/']).len();
        if from < to && self.plain.text[from..to].contains(char::is_alphanumeric) {
            let span = self.plain.to_original(from..to);
            self.clauses.push(Clause { span, sentence: self.sentences.len() });
            self.sentence = Some(self.sentence.map_or(span, |s| s.cover(span)));
        }
        self.start = next;
        if cut == Cut::Sentence
            && let Some(sentence) = self.sentence.take()
        {
            self.sentences.push(sentence);
        }
    }

    fn finish(self, original: &str) -> (Vec<Span>, Vec<Clause>) {
        if self.clauses.is_empty() {
            let all = Span::new(0, original.len());
            return (vec![all], vec![Clause { span: all, sentence: 0 }]);
        }
        (self.sentences, self.clauses)
    }
}

struct Scan<'v> {
    original: &'v str,
    plain: &'v View,
    bytes: &'v [u8],
    /// Whether the note may hold an e-mail address.
    mail: bool,
}

impl Scan<'_> {
    fn get(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn before(&self, at: usize) -> u8 {
        if at == 0 { b'\n' } else { self.bytes[at - 1] }
    }

    /// What is cut at this sign, and how many bytes of the view it takes.
    fn cut(&self, at: usize, line: usize) -> Option<(Cut, usize)> {
        let (b, next) = (self.bytes[at], self.get(at + 1));
        match b {
            b'\n' => (!self.soft_wrap(at, line)).then_some((Cut::Sentence, 1)),
            b'.' => self.full_stop(at, line),
            b'!' | b'?' => Some((Cut::Sentence, self.run(at, b"!?. "))),
            b';' | b'(' | b')' | b'[' | b']' | b'|' => Some((Cut::Clause, 1)),
            b',' => (!self.in_number(at)).then_some((Cut::Clause, 1)),
            b':' => (!self.in_number(at) && next != b'/').then_some((Cut::Clause, 1)),
            b'-' | b'=' if next == b'>' => Some((Cut::Clause, 2)),
            b'/' if next == b'/' && self.before(at) != b':' => Some((Cut::Clause, self.run(at, b"/"))),
            b'-' | b'/' | b'*' | b'+' | b'>' => {
                (self.stands_apart(at) && !self.between_digits(at)).then_some((Cut::Clause, 1))
            }
            _ if b.is_ascii() => None,
            _ => {
                let c = self.plain.text[at..].chars().next()?;
                let inclusive = c == '·'
                    && self.before(at).is_ascii_alphabetic()
                    && self.get(at + 2).is_ascii_alphabetic();
                (SIGNS.contains(&c) && !inclusive).then_some((Cut::Clause, c.len_utf8()))
            }
        }
    }

    fn run(&self, at: usize, of: &[u8]) -> usize {
        self.bytes[at..].iter().take_while(|b| of.contains(b)).count()
    }

    fn in_number(&self, at: usize) -> bool {
        self.before(at).is_ascii_digit() && self.get(at + 1).is_ascii_digit()
    }

    /// Digits on both sides, blanks aside: "06 - 12", "10 / 12".
    fn between_digits(&self, at: usize) -> bool {
        let left = self.bytes[..at].iter().rev().find(|b| **b != b' ');
        let right = self.bytes[at + 1..].iter().find(|b| **b != b' ');
        left.is_some_and(u8::is_ascii_digit) && right.is_some_and(u8::is_ascii_digit)
    }

    fn stands_apart(&self, at: usize) -> bool {
        let blank = |b: u8| b == b' ' || b == b'\n';
        blank(self.before(at)) || blank(self.get(at + 1))
    }

    /// A line of a pasted e-mail that its program wrapped: long, and the next one goes on in lower case.
    fn soft_wrap(&self, at: usize, line: usize) -> bool {
        at - line >= 60
            && (self.before(at).is_ascii_alphanumeric() || self.before(at) == b',')
            && self.get(at + 1).is_ascii_alphabetic()
            && !self.capital(at + 1)
    }

    fn capital(&self, at: usize) -> bool {
        let origin = self.plain.origin.get(at).map(|o| o.0 as usize);
        origin.and_then(|o| self.original[o..].chars().next()).is_some_and(char::is_uppercase)
    }

    fn full_stop(&self, at: usize, line: usize) -> Option<(Cut, usize)> {
        let width = self.run(at, b".");
        let next = self.get(at + width);
        if width > 1 {
            return Some((Cut::Sentence, width));
        }
        let word = self.word_before(at);
        // "1. Rappeler" opens a list item.
        let number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        if number && at - word.len() <= line + 1 {
            return None;
        }
        let cuts = if next == b' ' || next == b'\n' {
            next == b'\n' || ends_sentence(word, self.capital(at + 2))
        } else if next.is_ascii_alphabetic() {
            // A blank forgotten after the full stop: "rappelé.Rdv pris".
            word.len() > 1 && !number && !self.domain(at + 1) && ends_sentence(word, self.capital(at + 1))
        } else {
            !next.is_ascii_alphanumeric() && ends_sentence(word, true)
        };
        cuts.then_some((Cut::Sentence, 1))
    }

    /// The word that ends at `at`; empty beyond 24 bytes, which no abbreviation has.
    fn word_before(&self, at: usize) -> &str {
        let length = self.bytes[..at].iter().rev().take(25).take_while(|b| b.is_ascii_alphanumeric()).count();
        if length > 24 { "longer than any abbreviation" } else { &self.plain.text[at - length..at] }
    }

    /// Whether what follows a full stop makes a host name or file name of it.
    fn domain(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        let length = rest.iter().take(12).take_while(|b| b.is_ascii_alphanumeric()).count();
        let label = &rest[..length];
        length < 2
            || (rest.get(length).is_none_or(|b| *b != b'@') && ENDINGS.iter().any(|e| e.as_bytes() == label))
    }

    /// Whether a token (between blanks, quotes or brackets) begins here.
    fn opens_token(&self, at: usize) -> bool {
        matches!(self.before(at), b' ' | b'\n' | b'(' | b'<' | b'"' | b'[' | b':' | b',' | b';')
    }

    /// The end of the e-mail or web address that begins at `at`, closing punctuation aside; `at` if there is none.
    fn address_end(&self, at: usize) -> usize {
        let token = &self.bytes[at..];
        let web = token.starts_with(b"http") || token.starts_with(b"www.");
        if !web && !self.mail {
            return at;
        }
        let length = token
            .iter()
            .take(254)
            .take_while(|b| !matches!(b, b' ' | b'\n' | b')' | b'>' | b'"' | b']'))
            .count();
        let token = &token[..length];
        if !web && !token.contains(&b'@') {
            return at;
        }
        let end = token.iter().rposition(|b| b.is_ascii_alphanumeric() || *b == b'/').map_or(0, |i| i + 1);
        let mut end = at + end;
        while !self.plain.text.is_char_boundary(end) {
            end += 1;
        }
        end
    }

    fn closing_formula(&self, at: usize) -> bool {
        let rest = &self.bytes[at..];
        let length = rest.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
        matches!(&rest[..length], b"cordialement" | b"cdlt" | b"cdt" | b"cordlt")
            && !self.bytes[..at].ends_with(b"bien ")
    }
}

/// Arrows, bullets and box signs that separate things.
const SIGNS: &[char] = &[
    '→', '⇒', '➔', '➜', '➡', '►', '▶', '▸', '➤', '•', '▪', '●', '◦', '‣', '■', '□', '✓', '✔', '☑', '☎', '✉',
    '·', '¤', '§', '¶', '║', '│', '❌', '✅',
];

/// Endings of host and file names met in notes.
const ENDINGS: &[&str] = &[
    "fr", "com", "net", "org", "eu", "be", "ch", "lu", "de", "es", "it", "uk", "io", "co", "info", "biz",
    "pro", "bzh", "re", "paris", "gouv", "tv", "me", "app", "dev", "pdf", "doc", "docx", "xls", "xlsx",
    "csv", "jpg", "jpeg", "png", "zip", "txt", "msg", "eml", "html", "htm", "php",
];
