//! Puts what was found into the terms of LanguageTool's clients.

use std::sync::LazyLock;

use super::annotated::Annotated;
use super::answer::{
    CategoryId, Checked, Context, Detected, Language, Match, Replacement, Rule, Software, Type, Warnings,
};
use super::context::around;
use super::groups::{Group, groups};
use super::selection::{Selection, category_id, rule_id};
use crate::advice::AdviceBook;
use crate::answer::Answer;
use crate::policy::Action;
use crate::span::{OffsetMap, OffsetUnit, Span};
use crate::text::Document;

impl Checked {
    /// `answer` counts in bytes of the plain text; `None` shows no match.
    pub fn new(text: &Annotated, answer: Option<&Answer>, selection: &Selection, version: &str) -> Self {
        let sentences = sentences(&text.plain);
        let mut map = OffsetMap::new(&text.original, OffsetUnit::Utf16);
        let groups = answer.map(|a| groups(a, selection)).unwrap_or_default();
        let matches = groups.iter().map(|group| found(group, text, &sentences, &mut map)).collect();
        let ranges = sentences.iter().map(|s| map.convert_span(text.locate(*s)));
        Self {
            software: Software {
                name: "Vigie",
                version: version.to_owned(),
                build_date: None,
                api_version: 1,
                premium: false,
                premium_hint: "",
                status: "",
            },
            warnings: Warnings { incomplete_results: false },
            language: Language {
                name: "French",
                code: "fr",
                detected_language: Detected { name: "French", code: "fr", confidence: 1.0, source: "vigie" },
            },
            matches,
            sentence_ranges: ranges.map(|(start, end)| [start, end]).collect(),
        }
    }
}

fn found(group: &Group, text: &Annotated, sentences: &[Span], map: &mut OffsetMap) -> Match {
    let finding = group.gravest;
    let place = text.locate(group.span);
    let (offset, end) = map.convert_span(place);
    let (shown, shown_at) = around(&text.original, place);
    let blocks = finding.action == Action::Block;
    let mut message = format!("{} {}", finding.message, finding.advice);
    for other in &group.others {
        message.push_str(&format!(" Autre motif\u{a0}: {}.", other.label));
    }
    Match {
        message,
        short_message: finding.label.to_owned(),
        replacements: replacements(group, &text.markup_in(place)),
        offset,
        length: end - offset,
        context: Context { text: shown, offset: shown_at, length: end - offset },
        sentence: sentence(&text.plain, sentences, group.span),
        r#type: Type { type_name: if blocks { "Other" } else { "Hint" } },
        rule: Rule {
            id: rule_id(finding),
            sub_id: finding.rule.clone(),
            description: format!("{} ({})", finding.label, finding.legal_basis),
            issue_type: if blocks { "non-conformance" } else { "style" },
            category: CategoryId { id: category_id(finding), name: finding.label },
        },
        ignore_for_incomplete_sentence: false,
        context_for_sure_match: 0,
    }
}

/// What may stand in the place of the words found. A neutral wording may say more than is known of the case
/// (`RIB mis à jour`), so that it never comes first.
fn replacements(group: &Group, markup: &str) -> Vec<Replacement> {
    static ADVICE: LazyLock<Option<AdviceBook>> = LazyLock::new(|| AdviceBook::embedded().ok());
    let mut out =
        vec![Replacement { value: group.placeholder.clone() + markup, short_description: "expurger" }];
    let finding = group.gravest;
    let advice = ADVICE.as_ref().map(|book| book.get(finding.category, finding.subcategory));
    let neutral = advice.and_then(|a| a.rewrite.as_deref()).filter(|rewrite| !rewrite.is_empty());
    out.extend(neutral.map(|value| Replacement {
        value: format!("{value}{markup}"),
        short_description: "formulation neutre",
    }));
    out
}

/// Whole sentences with their punctuation, without the blanks around them.
fn sentences(plain: &str) -> Vec<Span> {
    let cores = Document::new(plain).sentences.clone();
    let mut cuts: Vec<usize> = cores.iter().skip(1).map(|core| core.start).collect();
    cuts.insert(0, 0);
    cuts.push(plain.len());
    let whole = cuts.windows(2).map(|ends| {
        let text = &plain[ends[0]..ends[1]];
        let start = ends[0] + (text.len() - text.trim_start().len());
        Span::new(start, start + text.trim().len())
    });
    whole.filter(|sentence| !sentence.is_empty()).collect()
}

/// The sentence or sentences a match stands in, without markup.
fn sentence(plain: &str, sentences: &[Span], found: Span) -> String {
    let from = sentences.partition_point(|s| s.end <= found.start);
    let holding = sentences[from..].iter().take_while(|s| s.start < found.end).copied().reduce(Span::cover);
    holding.unwrap_or(found).of(plain).to_owned()
}
