//! A note prepared for the detectors: normalised views that keep the way back, words, clauses and sentences.

pub mod normalise;
pub mod segment;
pub(crate) mod spare;

use std::cell::RefCell;
use std::ops::Range;

use crate::span::Span;
use normalise::Robust;

/// The diacritic a folded letter carried in the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Mark {
    #[default]
    None,
    Acute,
    Grave,
    Circumflex,
    Diaeresis,
    Cedilla,
    Other,
}

/// A normalised copy of the note, byte-aligned with the original.
///
/// Lower case, composed, ligatures expanded, diacritics folded away (but remembered in `marks`), apostrophes,
/// dashes, quotes and blanks made canonical (`'`, `-`, `"`, one space; a line break stays `\n`), zero-width
/// characters removed, full-width forms and homoglyphs made Latin, Windows-1252 mojibake repaired.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// What the automaton reads.
    pub text: String,
    /// For each byte of `text`, the diacritic of its letter.
    pub marks: Vec<Mark>,
    /// For each byte of `text`, the bytes of the original its character came from.
    pub origin: Vec<(u32, u32)>,
}

impl View {
    /// The original bytes a non-empty range of the view came from.
    pub fn to_original(&self, range: Range<usize>) -> Span {
        Span::new(self.origin[range.start].0 as usize, self.origin[range.end - 1].1 as usize)
    }
}

/// How a word is written in the note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    Lower,
    /// First letter capital, the rest lower.
    Capitalised,
    /// Two letters or more, all capital.
    Upper,
    Mixed,
    /// No letter: a number or code.
    None,
}

/// A run of letters, digits and inner marks of the plain view, as the lexicon counts words.
#[derive(Clone, Debug)]
pub struct Word {
    /// Bytes of `plain.text`.
    pub range: Range<usize>,
    /// Bytes of the original.
    pub span: Span,
    pub casing: Casing,
    /// Whether it opens a sentence (its capital letter then says nothing).
    pub opens_sentence: bool,
}

/// A stretch of the note that speaks of one thing: between strong punctuation, dashes, slashes, line breaks.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Bytes of the original.
    pub span: Span,
    /// Index of the sentence it belongs to.
    pub sentence: usize,
}

thread_local! {
    static MARKS: RefCell<Vec<Mark>> = const { RefCell::new(Vec::new()) };
    static ORIGIN: RefCell<Vec<(u32, u32)>> = const { RefCell::new(Vec::new()) };
    static WORDS: RefCell<Vec<Word>> = const { RefCell::new(Vec::new()) };
}

impl View {
    /// An empty view with room for `bytes` bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            marks: spare::take(&MARKS, bytes),
            origin: spare::take(&ORIGIN, bytes),
        }
    }
}

impl Drop for Document<'_> {
    fn drop(&mut self) {
        spare::give(&MARKS, std::mem::take(&mut self.plain.marks));
        spare::give(&ORIGIN, std::mem::take(&mut self.plain.origin));
        spare::give(&WORDS, std::mem::take(&mut self.words));
    }
}

/// A note prepared for the detectors.
#[derive(Debug)]
pub struct Document<'t> {
    /// The note as it was sent; every span of a candidate points into it.
    pub original: &'t str,
    pub plain: View,
    /// Where leet, letter spacing and repeated letters disguise it, and what they stand for.
    pub robust: Robust,
    pub words: Vec<Word>,
    /// Ascending, without overlap.
    pub clauses: Vec<Clause>,
    /// Bytes of the original, ascending, without overlap.
    pub sentences: Vec<Span>,
    /// Whether most letters of the note are capitals, so that a capital says nothing.
    pub shouting: bool,
}

impl<'t> Document<'t> {
    /// Prepares a note; linear in its length.
    pub fn new(original: &'t str) -> Self {
        let (plain, robust) = normalise::views(original);
        let words = segment::words(original, &plain);
        let (sentences, clauses) = segment::clauses(original, &plain);
        let shouting = normalise::is_shouting(original);
        let mut document = Self { original, plain, robust, words, clauses, sentences, shouting };
        segment::mark_openings(&mut document);
        document
    }

    /// Index of the clause that holds a byte of the original, or of the nearest one before it.
    pub fn clause_at(&self, byte: usize) -> usize {
        self.clauses.partition_point(|c| c.span.start <= byte).saturating_sub(1)
    }

    /// The words of the plain view that overlap a span of the original.
    pub fn words_in(&self, span: Span) -> &[Word] {
        let from = self.words.partition_point(|w| w.span.end <= span.start);
        let to = self.words.partition_point(|w| w.span.start < span.end);
        &self.words[from..to.max(from)]
    }
}
