//! Masked excerpts, encrypted: enough for a reviewer to judge a finding, kept only where the operator asks for it.
//!
//! The words found keep the first letter of each, other findings become their category, digits become dots: of
//! `Sa femme est diabétique depuis 2019` the store holds, encrypted, `Sa femme est d••••••••• depuis ••••`. Encryption is
//! XChaCha20-Poly1305 with a key derived from `VIGIE_DATA_KEY`, bound to the finding's fingerprint. The nonce is derived
//! from what is encrypted, so that the same finding gives the same bytes at every run.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::keys::{Keys, hmac};
use crate::scanner::Reported;
use crate::text::normalise::invisible;

/// Characters kept on each side of the finding.
const AROUND: usize = 60;

const NONCE: usize = 24;

/// Seals and opens excerpts.
pub struct Excerpts {
    cipher: XChaCha20Poly1305,
    nonce_key: [u8; 32],
}

impl Excerpts {
    pub fn new(keys: &Keys) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&keys.derive("excerpt").into()),
            nonce_key: keys.derive("excerpt nonce"),
        }
    }

    /// The excerpt around finding `at` of a note, masked and encrypted: nonce, then ciphertext.
    pub fn seal(&self, fingerprint: &[u8; 16], text: &str, findings: &[Reported], at: usize) -> Vec<u8> {
        let masked = mask(text, findings, at);
        let hash = hmac(&self.nonce_key, &[fingerprint, masked.as_bytes()]);
        let nonce = &hash[..NONCE];
        let payload = Payload { msg: masked.as_bytes(), aad: fingerprint };
        // Encryption fails only beyond 256 GiB; an excerpt has some hundred bytes.
        let sealed = self.cipher.encrypt(XNonce::from_slice(nonce), payload).unwrap_or_default();
        [nonce, &sealed].concat()
    }

    /// The masked excerpt; `None` where it was made with another key, for another finding, or was altered.
    pub fn open(&self, fingerprint: &[u8], sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: fingerprint };
        let bytes = self.cipher.decrypt(XNonce::from_slice(nonce), payload).ok()?;
        String::from_utf8(bytes).ok()
    }
}

/// The words around a finding with everything sensitive masked.
fn mask(text: &str, findings: &[Reported], at: usize) -> String {
    let own = findings[at].finding.span;
    let start = before(text, own.start);
    let end = after(text, own.end);
    let mut out = String::new();
    if start > 0 {
        out.push('…');
    }
    let mut done = start;
    while done < own.start {
        done = plain(text, findings, at, done, own.start, &mut out);
    }
    hidden(own.of(text), &mut out);
    done = own.end;
    while done < end {
        done = plain(text, findings, at, done, end, &mut out);
    }
    if end < text.len() {
        out.push('…');
    }
    out
}

/// Writes up to the next other finding, or that finding's category; gives where it ended.
fn plain(text: &str, findings: &[Reported], at: usize, from: usize, to: usize, out: &mut String) -> usize {
    let others = || findings.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| &f.finding);
    if let Some(other) =
        others().filter(|f| f.span.start <= from && from < f.span.end).max_by_key(|f| f.span.end)
    {
        out.push('[');
        out.push_str(other.category.placeholder());
        out.push(']');
        return other.span.end.min(to);
    }
    let next = others().map(|f| f.span.start).filter(|start| *start > from).min().unwrap_or(to).min(to);
    out.extend(text[from..next].chars().map(|c| if c.is_numeric() { '•' } else { c }));
    next
}

/// The first letter of each word, dots for the rest, and for a word of one letter, which may be part of one spelled out.
/// Accents written apart and characters that print nothing are left out: they are inside words, and end none.
fn hidden(words: &str, out: &mut String) {
    let mut inside = false;
    let mut rest = words.nfc().filter(|c| !invisible(*c) && !is_combining_mark(*c)).peekable();
    while let Some(c) = rest.next() {
        let begins = !inside && c.is_alphabetic() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        let shown = !c.is_alphanumeric() || begins;
        out.push(if shown { c } else { '•' });
        inside = c.is_alphanumeric();
    }
}

/// Where the excerpt begins: at a word, at most [`AROUND`] characters before.
fn before(text: &str, at: usize) -> usize {
    let Some((start, _)) = text[..at].char_indices().rev().nth(AROUND - 1) else { return 0 };
    if start == 0 {
        return 0;
    }
    text[start..at].find(char::is_whitespace).map_or(at, |blank| {
        let blank = start + blank;
        blank + text[blank..].chars().next().map_or(0, char::len_utf8)
    })
}

/// Where it ends: after a word, at most [`AROUND`] characters after.
fn after(text: &str, at: usize) -> usize {
    let Some((end, _)) = text[at..].char_indices().nth(AROUND) else { return text.len() };
    text[at..at + end].rfind(char::is_whitespace).map_or(at, |blank| at + blank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::Category;
    use crate::finding::Finding;
    use crate::policy::{Action, Severity};
    use crate::span::Span;

    fn reported(text: &str, words: &str, category: Category) -> Reported {
        let start = text.find(words).unwrap();
        Reported {
            finding: Finding {
                category,
                subcategory: None,
                span: Span::new(start, start + words.len()),
                score: 0.9,
                sources: vec![],
                rule: "test".into(),
            },
            severity: Severity::High,
            action: Action::Block,
            message: "".into(),
            advice: "".into(),
        }
    }

    #[test]
    fn what_is_found_is_masked_and_so_are_other_findings_and_digits() {
        let text = "Mme Roy, 06 12 34 56 78, est diabétique de type 2, syndiquée CGT";
        let findings = [
            reported(text, "06 12 34 56 78", Category::Identifier),
            reported(text, "diabétique de type 2", Category::Health),
            reported(text, "syndiquée CGT", Category::TradeUnion),
        ];
        assert_eq!(
            mask(text, &findings, 1),
            "Mme Roy, [identifiant], est d••••••••• d• t••• •, [appartenance syndicale]"
        );
        assert_eq!(
            mask(text, &findings, 0),
            "Mme Roy, •• •• •• •• ••, est [santé], [appartenance syndicale]"
        );
    }

    #[test]
    fn what_joins_letters_does_not_show_the_next_one() {
        let masked = |words: &str| mask(words, &[reported(words, words, Category::Health)], 0);
        for joiner in ["\u{200b}", "\u{ad}", "\u{200d}", "\u{2060}", "\u{feff}", "\u{34f}", "\u{332}"] {
            assert_eq!(masked(&["s", "i", "d", "a"].join(joiner)), "s•••", "{joiner:?}");
        }
        for spelled in ["s i d a", "s.i.d.a", "s-i-d-a"] {
            assert!(!masked(spelled).contains(char::is_alphanumeric), "{spelled}");
        }
        // Accents apart, as macOS writes them, show no more than accents in place.
        assert_eq!(masked("e\u{301}pile\u{301}psie se\u{301}ve\u{300}re"), "é•••••••• s•••••");
        assert_eq!(masked("épilepsie sévère"), "é•••••••• s•••••");
    }

    #[test]
    fn a_long_note_is_cut_between_words() {
        let text = format!("{} diabétique {}", "été ".repeat(40), "fin ".repeat(40));
        let findings = [reported(&text, "diabétique", Category::Health)];
        let masked = mask(&text, &findings, 0);
        assert!(masked.starts_with("…été été") && masked.ends_with("fin fin…"), "{masked}");
        assert!(masked.chars().count() <= 2 * AROUND + 12);
        let unbroken = format!("{}diabétique{}", "é".repeat(200), "é".repeat(200));
        let findings = [reported(&unbroken, "diabétique", Category::Health)];
        assert_eq!(mask(&unbroken, &findings, 0), "…d•••••••••…");
    }

    #[test]
    fn sealed_excerpts_open_with_their_key_and_finding_only_and_are_the_same_each_time() {
        let text = "client diabétique";
        let findings = [reported(text, "diabétique", Category::Health)];
        let keys = |byte: &str| Keys::from_environment(&byte.repeat(32)).unwrap();
        let excerpts = Excerpts::new(&keys("01"));
        let sealed = excerpts.seal(&[7; 16], text, &findings, 0);
        assert_eq!(sealed, excerpts.seal(&[7; 16], text, &findings, 0));
        assert_eq!(excerpts.open(&[7; 16], &sealed).unwrap(), "client d•••••••••");
        assert_eq!(excerpts.open(&[8; 16], &sealed), None);
        assert_eq!(Excerpts::new(&keys("02")).open(&[7; 16], &sealed), None);
        assert_eq!(excerpts.open(&[7; 16], &sealed[..10]), None);
        assert!(!String::from_utf8_lossy(&sealed).contains("client"));
    }
}
