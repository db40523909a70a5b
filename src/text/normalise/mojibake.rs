//! UTF-8 once read as Windows-1252 ("diabÃ©tique", "lâ€™Ã©glise"), a common scar of old CRM imports.

/// The character that `c`, followed by `rest`, stood for, and how many more bytes of the note it takes.
///
/// Only sequences that no French word contains are touched: a lead byte of the Latin supplement, of œ, of general
/// punctuation, of the euro sign or of an emoji, followed by exactly its continuation bytes.
pub fn repair(c: char, rest: &str) -> Option<(char, usize)> {
    let more = match c {
        'Â' | 'Ã' | 'Å' => 1,
        'â' | 'ï' => 2,
        'ð' => 3,
        _ => return None,
    };
    let mut bytes = [windows_1252(c)?, 0, 0, 0];
    let mut taken = 0;
    let mut filled = 1;
    for next in rest.chars().take(more) {
        let Some(byte) = windows_1252(next).filter(|b| (0x80..0xc0).contains(b)) else { break };
        bytes[filled] = byte;
        filled += 1;
        taken += next.len_utf8();
    }
    if filled == more + 1 {
        let repaired = std::str::from_utf8(&bytes[..filled]).ok()?.chars().next()?;
        return plausible(repaired).then_some((repaired, taken));
    }
    // "à" whose second byte, a no-break space, became a plain space on the way.
    (c == 'Ã' && (rest.is_empty() || rest.starts_with([' ', '\n']))).then_some(('à', 0))
}

fn plausible(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{ff}' | 'Œ' | 'œ' | 'Ÿ' | 'Š' | 'š' | 'Ž' | 'ž' | '\u{2010}'..='\u{203a}' | '€' | '™'
        | '\u{2190}'..='\u{27bf}' | '\u{feff}' | '\u{fb00}'..='\u{fb04}' | '\u{1f300}'..='\u{1faff}')
}

/// The byte a character has in Windows-1252; its five unassigned bytes stand for themselves, as browsers do
/// (WHATWG Encoding, index windows-1252).
fn windows_1252(c: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match c {
        '\0'..='\u{ff}' => Some(c as u8),
        _ => HIGH.iter().position(|h| *h == c).map(|i| 0x80 + i as u8),
    }
}
