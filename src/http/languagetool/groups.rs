//! Findings of several categories may overlap; matches must not, as clients replace them one by one. What overlaps
//! becomes one match, under the gravest of its findings: exactly what redaction replaces as one.

use super::selection::Selection;
use crate::answer::{Answer, AnswerFinding};
use crate::span::Span;

/// Findings that overlap.
pub struct Group<'a> {
    /// Bytes of the plain text that those wanted cover.
    pub span: Span,
    /// The gravest of those wanted.
    pub gravest: &'a AnswerFinding,
    /// The others wanted, of other categories.
    pub others: Vec<&'a AnswerFinding>,
    /// What redaction shows in their place, with its square brackets.
    pub placeholder: String,
}

/// The groups that hold a finding wanted. `answer` counts in bytes.
pub fn groups<'a>(answer: &'a Answer, selection: &Selection) -> Vec<Group<'a>> {
    let mut out = Vec::new();
    let mut rest = answer.findings.as_slice();
    // Redaction copies what is between the groups: both texts are walked side by side.
    let mut redacted = Walk { plain_at: 0, redacted: &answer.redacted };
    while let Some(first) = rest.first() {
        let mut whole = Span::new(first.start, first.end);
        let mut size = 1;
        while let Some(next) = rest.get(size).filter(|next| next.start < whole.end) {
            whole = whole.cover(Span::new(next.start, next.end));
            size += 1;
        }
        let (members, after) = rest.split_at(size);
        rest = after;
        let shown = redacted.placeholder(whole);
        out.extend(group(members, shown, selection));
    }
    out
}

fn group<'a>(
    members: &'a [AnswerFinding],
    shown: Option<String>,
    selection: &Selection,
) -> Option<Group<'a>> {
    let wanted: Vec<&AnswerFinding> = members.iter().filter(|f| selection.wants(f)).collect();
    let span = wanted.iter().map(|f| Span::new(f.start, f.end)).reduce(Span::cover)?;
    let gravest = gravest(&wanted)?;
    let of_all = self::gravest(&members.iter().collect::<Vec<_>>())?;
    let placeholder = shown
        .filter(|_| std::ptr::eq(of_all, gravest))
        .unwrap_or_else(|| format!("[{}]", gravest.category.placeholder()));
    let others = wanted.into_iter().filter(|f| f.category != gravest.category).collect();
    Some(Group { span, gravest, others, placeholder })
}

/// The first of the gravest, as redaction chooses.
fn gravest<'a>(findings: &[&'a AnswerFinding]) -> Option<&'a AnswerFinding> {
    findings.iter().copied().reduce(|best, f| if f.severity > best.severity { f } else { best })
}

struct Walk<'a> {
    plain_at: usize,
    /// What is left of the redacted text.
    redacted: &'a str,
}

impl Walk<'_> {
    /// What stands for a group, `[…]`.
    fn placeholder(&mut self, group: Span) -> Option<String> {
        let rest = self.redacted.get(group.start.checked_sub(self.plain_at)?..)?;
        let end = rest.find(']')? + 1;
        self.plain_at = group.end;
        self.redacted = &rest[end..];
        rest.starts_with('[').then(|| rest[..end].to_owned())
    }
}
