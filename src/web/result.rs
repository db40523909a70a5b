//! What was found, as markup. The page's script fills the same markup through the `<template>` of [`template`], so
//! that a finding looks the same with and without it.

use std::fmt::Write;

use super::html::{Escaped, french};
use crate::answer::{Answer, AnswerFinding};
use crate::policy::{Action, Verdict};
use crate::report::decimal;

/// French name of an action, and its class.
fn action(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::Block => ("À retirer", "block"),
        Action::Warn => ("À reformuler", "warn"),
        Action::Report | Action::Allow => ("À savoir", "report"),
    }
}

/// What a verdict means to the writer, and its class.
fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Block => ("À ne pas enregistrer tel quel", "block"),
        Verdict::Warn => ("À reformuler avant d’enregistrer", "warn"),
        Verdict::Clear => ("Rien à signaler", "clear"),
    }
}

/// An empty finding for the page's script.
pub fn template() -> String {
    format!("<template id=\"signalement\">{}</template>", finding("", "", "", ["", "", "", "", ""]))
}

fn finding(class: &str, action: &str, label: &str, parts: [&str; 5]) -> String {
    let [words, message, advice, legal, score] = parts;
    format!(
        "<li class=\"finding {class}\"><div class=\"head\"><h3 data-slot=\"label\">{}</h3>\
         <span class=\"tag\" data-slot=\"action\">{action}</span></div>\
         <p class=\"words\" data-slot=\"words\">{}</p><p data-slot=\"message\">{}</p><p data-slot=\"advice\">{}</p>\
         <p class=\"soft\"><span data-slot=\"legal\">{}</span> · <span data-slot=\"score\">{score}</span></p></li>",
        Escaped(label),
        Escaped(french(words)),
        Escaped(french(message)),
        Escaped(french(advice)),
        Escaped(legal),
    )
}

fn shown(found: &AnswerFinding) -> String {
    let (name, class) = action(found.action);
    let words = format!("« {} »", found.text);
    let score = format!("confiance {}\u{a0}%", (found.score * 100.0).round());
    finding(class, name, found.label, [&words, &found.message, &found.advice, found.legal_basis, &score])
}

/// The note with its findings marked. Offsets are UTF-8; overlapping findings share one mark.
fn marked(text: &str, findings: &[AnswerFinding]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for found in findings {
        let start = found.start.max(at);
        if start >= found.end {
            continue;
        }
        let (name, class) = action(found.action);
        let (Some(before), Some(words)) = (text.get(at..start), text.get(start..found.end)) else { continue };
        // Writing to a string does not fail.
        let _ = write!(
            out,
            "{}<mark class=\"{class}\" title=\"{} : {}\">{}</mark>",
            Escaped(before),
            name,
            found.label,
            Escaped(words)
        );
        at = found.end;
    }
    let _ = write!(out, "{}", Escaped(text.get(at..).unwrap_or_default()));
    out
}

/// The result of one note; without an answer, the empty places that the script fills.
pub fn result(note: Option<(&str, &Answer)>) -> String {
    let (words, class) = note.map_or(("", "idle"), |(_, answer)| verdict(answer.verdict));
    let took = note
        .map(|(_, a)| format!("Analysé en {} ms", decimal(format_args!("{:.1}", a.took_us as f64 / 1000.0))));
    let rows: String = note.iter().flat_map(|(_, a)| &a.findings).map(shown).collect();
    let marked = note.map(|(text, a)| {
        format!("<h3 id=\"lu\">Votre texte</h3><p class=\"note\">{}</p>", marked(text, &a.findings))
    });
    let redacted = note.map(|(_, a)| Escaped(a.redacted.as_str()).to_string());
    format!(
        "<section id=\"resultat\" class=\"result {class}\" aria-labelledby=\"verdict\">\
         <div class=\"verdict\"><h2 id=\"verdict\">{}</h2><p class=\"soft\" id=\"duree\">{}</p></div>\
         <div id=\"marque\">{}</div>\
         <h3 class=\"when-found\">Version expurgée</h3><p class=\"note when-found\" id=\"expurge\">{}</p>\
         <h3 class=\"when-found\">Explications</h3><ol id=\"signalements\" class=\"findings\">{rows}</ol></section>\n",
        if words.is_empty() { "En attente d’un texte" } else { words },
        took.unwrap_or_default(),
        marked.unwrap_or_default(),
        redacted.unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::Note;
    use crate::scanner::{ScanOptions, Scanner, ScannerOptions};
    use crate::span::OffsetUnit;

    #[test]
    fn a_note_is_marked_and_its_markup_is_not_taken_for_ours() {
        let scanner = Scanner::load(&ScannerOptions { classifier: false, ..Default::default() }).unwrap();
        let text = "😀 <b>Client</b> diabétique";
        let report = scanner.scan(&Note::new(text), &ScanOptions::default()).unwrap();
        let answer = Answer::new(&report, text, OffsetUnit::Utf8, scanner.versions());
        let html = result(Some((text, &answer)));
        assert!(html.contains("😀 &lt;b&gt;Client&lt;/b&gt; <mark class=\"block\""), "{html}");
        assert!(html.contains(">diabétique</mark>") && !html.contains("<b>"), "{html}");
    }
}
