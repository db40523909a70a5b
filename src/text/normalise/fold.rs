//! What one character becomes: lower case, without its diacritic, punctuation made canonical.
//!
//! The outcome depends on the canonical decomposition alone, so composed and decomposed input agree. Compatibility
//! forms (full-width, ligatures, superscripts, letters of mathematics) follow Unicode's NFKD.

use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

use crate::text::Mark;

/// A piece of what a character becomes.
#[derive(Debug, PartialEq, Eq)]
pub enum Fold {
    /// ASCII letters and the diacritic they lost.
    Letters(&'static str, Mark),
    Char(char),
    /// A space or a line break.
    Blank(u8),
    /// A combining mark, to attach to what came before.
    Mark(Mark),
}

/// The canonical form of an ASCII byte: lower case; a blank, a control character is a space.
#[inline]
pub fn ascii(byte: u8) -> u8 {
    const TABLE: [u8; 128] = {
        let mut table = [b' '; 128];
        let mut b = 0x20u8;
        while b < 0x7f {
            table[b as usize] = b.to_ascii_lowercase();
            b += 1;
        }
        table[b'\n' as usize] = b'\n';
        table[b'\r' as usize] = b'\n';
        table[0x0b] = b'\n';
        table[0x0c] = b'\n';
        table[b'`' as usize] = b'\'';
        table
    };
    TABLE[usize::from(byte & 0x7f)]
}

/// How many bytes from the first on fold to themselves, capitals aside: printable ASCII, and single spaces inside it.
pub fn run(bytes: &[u8]) -> usize {
    let mut blank = true;
    let stays = |b: &&u8| {
        let again = blank && **b == b' ';
        blank = **b == b' ';
        (0x20..0x7f).contains(*b) && **b != b'`' && !again
    };
    bytes.iter().take_while(stays).count()
}

/// Calls `emit` with each piece of what `c` becomes; with nothing when it is invisible.
pub fn each(c: char, emit: &mut impl FnMut(Fold)) {
    if let Some((letters, mark)) = latin(c) {
        return emit(Fold::Letters(letters, mark));
    }
    decompose_canonical(c, |base| {
        if invisible(base) {
        } else if is_combining_mark(base) {
            emit(Fold::Mark(kind(base)));
        } else if let Some(canonical) = punctuation(base) {
            for c in canonical.chars() {
                emit(settle(c));
            }
        } else {
            decompose_compatible(base, |simple| {
                if is_combining_mark(simple) {
                    return emit(Fold::Mark(kind(simple)));
                }
                for lower in simple.to_lowercase() {
                    emit(settle(lower));
                }
            });
        }
    });
}

fn settle(c: char) -> Fold {
    match c {
        '\n' | '\u{2028}' | '\u{2029}' => Fold::Blank(b'\n'),
        _ if c.is_whitespace() || c.is_control() => Fold::Blank(b' '),
        _ if is_combining_mark(c) => Fold::Mark(kind(c)),
        '\u{2044}' => Fold::Char('/'),
        _ => match latin(c) {
            Some((letters, mark)) => Fold::Letters(letters, mark),
            None => Fold::Char(c),
        },
    }
}

/// Latin letters met in French, and those without a decomposition.
fn latin(c: char) -> Option<(&'static str, Mark)> {
    use Mark::{Acute, Cedilla, Circumflex, Diaeresis, Grave, None as Bare, Other};
    Some(match c {
        'é' | 'É' => ("e", Acute),
        'è' | 'È' => ("e", Grave),
        'à' | 'À' => ("a", Grave),
        'ê' | 'Ê' => ("e", Circumflex),
        'ç' | 'Ç' => ("c", Cedilla),
        'ù' | 'Ù' => ("u", Grave),
        'â' | 'Â' => ("a", Circumflex),
        'î' | 'Î' => ("i", Circumflex),
        'ô' | 'Ô' => ("o", Circumflex),
        'û' | 'Û' => ("u", Circumflex),
        'ë' | 'Ë' => ("e", Diaeresis),
        'ï' | 'Ï' => ("i", Diaeresis),
        'ü' | 'Ü' => ("u", Diaeresis),
        'ö' | 'Ö' => ("o", Diaeresis),
        'ä' | 'Ä' => ("a", Diaeresis),
        'ÿ' | 'Ÿ' => ("y", Diaeresis),
        'œ' | 'Œ' => ("oe", Bare),
        'æ' | 'Æ' => ("ae", Bare),
        'ß' | 'ẞ' => ("ss", Bare),
        'ø' | 'Ø' => ("o", Other),
        'đ' | 'Đ' | 'ð' | 'Ð' => ("d", Other),
        'ł' | 'Ł' => ("l", Other),
        'þ' | 'Þ' => ("th", Other),
        'ı' => ("i", Other),
        _ => return None,
    })
}

fn kind(mark: char) -> Mark {
    match mark {
        '\u{301}' => Mark::Acute,
        '\u{300}' => Mark::Grave,
        '\u{302}' => Mark::Circumflex,
        '\u{308}' => Mark::Diaeresis,
        '\u{327}' => Mark::Cedilla,
        _ => Mark::Other,
    }
}

/// Punctuation with one canonical form; Windows-1252 controls kept as Latin-1 (0x80..=0x9f) among them.
fn punctuation(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{91}' | '\u{92}' | '\u{82}' | '\u{b4}' | '`' => "'",
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' | 'ʹ' | 'ʻ' | '′' | '＇' | '｀' => "'",
        '\u{93}' | '\u{94}' | '\u{84}' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' => {
            "\""
        }
        '\u{96}' | '\u{97}' | '‐'..='―' | '−' | '⁃' | '﹘' | '﹣' | '－' => "-",
        '…' | '\u{85}' => "...",
        '\u{80}' => "€",
        '\u{8c}' | '\u{9c}' => "œ",
        'º' => "°",
        'ª' => "a",
        // Their compatibility form is a space that carries a mark.
        '¨' => "¨",
        '¯' => "¯",
        '¸' => "¸",
        '˜' => "~",
        '\u{2800}' | '\u{3164}' | '\u{115f}' | '\u{1160}' => " ",
        _ => return None,
    })
}

/// Characters that print nothing: zero-width, direction, soft hyphen, variation selectors, tags.
pub fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
