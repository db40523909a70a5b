//! Grows a view byte by byte, keeping text, marks and origins in step.

use crate::text::{Mark, View};

pub struct Builder {
    view: View,
    /// Whether a Greek or Cyrillic letter went in.
    pub foreign: bool,
}

impl Builder {
    /// Sized for a note of `bytes` bytes; folding hardly ever makes it longer.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { view: View::with_capacity(bytes), foreign: false }
    }

    /// A stretch of ASCII that stays as it is but for its capitals (see [`super::fold::run`]).
    pub fn run(&mut self, run: &str, at: usize) {
        let from = self.view.text.len();
        self.view.text.push_str(run);
        if let Some(tail) = self.view.text.get_mut(from..) {
            tail.make_ascii_lowercase();
        }
        self.view.marks.resize(self.view.text.len(), Mark::None);
        self.view.origin.extend((at as u32..).zip(at as u32 + 1..).take(run.len()));
    }

    /// An ASCII character that is no blank.
    #[inline]
    pub fn ascii(&mut self, byte: u8, at: usize) {
        self.view.text.push(char::from(byte));
        self.view.marks.push(Mark::None);
        self.view.origin.push((at as u32, at as u32 + 1));
    }

    /// Letters that stand for one character of the original.
    pub fn letters(&mut self, letters: &str, mark: Mark, start: usize, end: usize) {
        self.view.text.push_str(letters);
        self.follow(mark, start, end);
    }

    /// A character that stays as it is.
    pub fn character(&mut self, c: char, start: usize, end: usize) {
        self.foreign |= matches!(c, '\u{370}'..='\u{52f}' | '\u{1f00}'..='\u{1fff}');
        self.view.text.push(c);
        self.follow(Mark::None, start, end);
    }

    fn follow(&mut self, mark: Mark, start: usize, end: usize) {
        self.view.marks.resize(self.view.text.len(), mark);
        self.view.origin.resize(self.view.text.len(), (start as u32, end as u32));
    }

    /// A space or line break; a run of them is one, and a line break wins.
    #[inline]
    pub fn blank(&mut self, blank: u8, start: usize, end: usize) {
        let (Some(last), Some(origin)) = (self.view.text.bytes().next_back(), self.view.origin.last_mut())
        else {
            return self.push_blank(blank, start, end);
        };
        if last != b' ' && last != b'\n' {
            return self.push_blank(blank, start, end);
        }
        origin.1 = end as u32;
        if blank == b'\n' && last == b' ' {
            self.view.text.pop();
            self.view.text.push('\n');
        }
    }

    fn push_blank(&mut self, blank: u8, start: usize, end: usize) {
        self.view.text.push(char::from(blank));
        self.follow(Mark::None, start, end);
    }

    /// A combining mark that ends at `end`: it joins the character before it, if there is one.
    pub fn attach(&mut self, mark: Mark, end: usize) {
        let Some(&(start, _)) = self.view.origin.last() else { return };
        let same = self.view.origin.iter().rev().take_while(|o| o.0 == start).count();
        let from = self.view.origin.len() - same;
        for origin in &mut self.view.origin[from..] {
            origin.1 = origin.1.max(end as u32);
        }
        // Only Latin letters are folded, hence remember.
        for (known, byte) in self.view.marks[from..].iter_mut().zip(&self.view.text.as_bytes()[from..]) {
            if byte.is_ascii_alphabetic() {
                *known = if *known == Mark::None { mark } else { Mark::Other };
            }
        }
    }

    pub fn finish(self) -> View {
        self.view
    }
}
