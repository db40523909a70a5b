//! Answers for people, in French.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::screen::one_line;
use super::{Entry, Printer, Scanned, Screen, wrap};
use crate::answer::{Answer, AnswerFinding};
use crate::finding::Source;
use crate::policy::{Action, Verdict};
use crate::span::{OffsetUnit, Span};

/// Columns of running text.
const COLUMNS: usize = 100;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Prints the notes in which something was found or that could not be read; says nothing of the others.
pub struct Pretty<W> {
    out: W,
    screen: Screen,
}

impl<W: Write> Pretty<W> {
    pub fn new(out: W, screen: Screen) -> Self {
        Self { out, screen }
    }
}

impl<W: Write> Printer for Pretty<W> {
    fn unit(&self) -> Option<OffsetUnit> {
        Some(OffsetUnit::Utf8)
    }

    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        let place = format!("{}:{}", entry.place.file, entry.place.line);
        let id = match &entry.id {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(id) => format!("  {}", one_line(id)),
            id => format!("  {id}"),
        };
        let head = format!("{}{id}", self.screen.paint(BOLD, &one_line(&place)));
        match &entry.outcome {
            Err(failure) => {
                let style = colour(Action::Block).bold();
                let label = self.screen.paint(style, "illisible");
                writeln!(self.out, "{head}  {label} : {}\n", one_line(&failure.detail))
            }
            Ok(Scanned { answer, .. }) if answer.findings.is_empty() => Ok(()),
            Ok(Scanned { text, answer }) => {
                writeln!(self.out, "{head}\n{}", note(text, answer, self.screen))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The whole view of one note: its words, its findings, the verdict, the note without them. The answer's offsets are
/// UTF-8.
pub fn note(text: &str, answer: &Answer, screen: Screen) -> String {
    let marks: Vec<(Span, Style)> =
        answer.findings.iter().map(|f| (Span::new(f.start, f.end), colour(f.action).underline())).collect();
    let mut out = screen.marked(text, &marks, "  ");
    for finding in &answer.findings {
        out.push('\n');
        out.push_str(&described(finding, screen));
    }
    out.push('\n');
    out.push_str(&verdict(answer, screen));
    if !answer.findings.is_empty() {
        out.push_str(&format!("\n  {}\n", screen.paint(BOLD, "Sans ces données :")));
        out.push_str(&screen.marked(&answer.redacted, &[], "  "));
    }
    out
}

fn described(finding: &AnswerFinding, screen: Screen) -> String {
    let head = screen.paint(colour(finding.action).bold(), finding.label);
    let sources: Vec<&str> = finding.sources.iter().map(|s| source(*s)).collect();
    let facts = format!(
        "{} · {} % · {} · {} ({})",
        action(finding.action),
        (finding.score * 100.0).round(),
        finding.legal_basis,
        one_line(&finding.rule),
        sources.join(", "),
    );
    format!(
        "  {head}  « {} »\n  {}\n{}\n{}\n",
        one_line(&finding.text),
        screen.paint(DIM, &facts),
        wrap(&finding.message, COLUMNS, "    "),
        wrap(&format!("→ {}", finding.advice), COLUMNS, "    "),
    )
}

fn verdict(answer: &Answer, screen: Screen) -> String {
    let found = answer.findings.iter().filter(|f| f.action >= Action::Warn).count();
    let plural = if found > 1 { "s" } else { "" };
    let (style, text) = match answer.verdict {
        Verdict::Clear if answer.findings.is_empty() => {
            (AnsiColor::Green.on_default(), "rien à signaler".to_owned())
        }
        Verdict::Clear => (AnsiColor::Green.on_default(), "rien à corriger".to_owned()),
        Verdict::Warn => (colour(Action::Warn), format!("à reformuler, {found} passage{plural} à revoir")),
        Verdict::Block => {
            (colour(Action::Block), format!("à ne pas enregistrer ainsi, {found} passage{plural} à revoir"))
        }
    };
    format!("  {} {}\n", screen.paint(BOLD, "Verdict :"), screen.paint(style.bold(), &text))
}

/// What the profile asks for, in French.
pub fn action(action: Action) -> &'static str {
    match action {
        Action::Allow => "admis",
        Action::Report => "pour information",
        Action::Warn => "à reformuler",
        Action::Block => "à retirer",
    }
}

/// A detector's French name.
pub fn source(source: Source) -> &'static str {
    match source {
        Source::Lexicon => "lexique",
        Source::Pattern => "motif",
        Source::Classifier => "classifieur",
    }
}

fn colour(action: Action) -> Style {
    match action {
        Action::Block => AnsiColor::Red.on_default(),
        Action::Warn => AnsiColor::Yellow.on_default(),
        Action::Report | Action::Allow => AnsiColor::Cyan.on_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{entry, failed};

    fn printed(entry: &Entry) -> String {
        let mut out = Vec::new();
        Pretty::new(&mut out, Screen { colour: false }).entry(entry).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_finding_is_shown_with_what_to_do() {
        let shown = printed(&entry("cliente malade", Some("malade")));
        for part in ["notes.txt:3  \"n1\"", "        ^^^^^^", "Santé", "à retirer · 97 %", "→ ", "[santé]"]
        {
            let part = part.replace("\"n1\"", "n1");
            assert!(shown.contains(&part), "{part}\n{shown}");
        }
    }

    #[test]
    fn a_clear_note_is_not_shown_and_a_bad_line_is() {
        assert_eq!(printed(&entry("cliente contente", None)), "");
        assert!(printed(&failed()).contains("notes.txt:4  illisible : pas du JSON"));
    }
}
