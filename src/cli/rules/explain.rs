//! `vigie rules explain`: everything that was said of one note, and what became of it.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Context;
use serde::Serialize;

use crate::category::Category;
use crate::cli::Exit;
use crate::cli::global::{Judging, Setup, load};
use crate::cli::table::{Side, Table};
use crate::finding::{Candidate, Source, Strength};
use crate::fuse::Features;
use crate::note::Note;
use crate::policy::{Action, Verdict};
use crate::report::one_line;
use crate::scanner::Explanation;
use crate::span::Span;

/// Tokens are shown from this probability of some category on.
const SHOWN: f32 = 0.1;

const AFTER_HELP: &str = "\
Shows, in this order: what each detector proposed, with its rule, strength, score and words, and whether fusion kept or \
dropped it and why; the findings, with the evidence the score was made from and what the profile asks for; the tokens \
in which the classifier sees something, with their probabilities. Offsets of --json are UTF-8 bytes.

Example:
  vigie rules explain \"le greffe du tribunal\" --no-classifier

Exit codes:
  0  explained
  2  failed";

/// Show what each detector proposed for a text, and why it was kept or dropped
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The text; several arguments are joined by a blank
    #[arg(value_name = "TEXT", required = true)]
    text: Vec<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Name of the field the note was typed in
    #[arg(long, value_name = "NAME")]
    field: Option<String>,

    #[command(flatten)]
    judging: Judging,
}

/// Words of the text.
#[derive(Debug, Serialize)]
struct Words {
    start: usize,
    end: usize,
    text: String,
}

/// What a detector proposed.
#[derive(Debug, Serialize)]
struct Proposal {
    source: Source,
    rule: String,
    category: Category,
    subcategory: Option<&'static str>,
    strength: Strength,
    score: f32,
    #[serde(flatten)]
    words: Words,
    kept: bool,
    /// Why it was dropped, or the number of the finding it is part of.
    because: String,
}

/// A finding before the profile, and what the profile asks for.
#[derive(Debug, Serialize)]
struct Judged {
    category: Category,
    #[serde(flatten)]
    words: Words,
    score: f32,
    evidence: Features,
    action: Action,
}

/// A token in which the classifier sees something.
#[derive(Debug, Serialize)]
struct Token {
    #[serde(flatten)]
    words: Words,
    /// By category id, those of at least 0.1.
    probabilities: BTreeMap<&'static str, f32>,
}

#[derive(Debug, Serialize)]
struct Explained {
    proposals: Vec<Proposal>,
    findings: Vec<Judged>,
    tokens: Vec<Token>,
    profile: String,
    verdict: Verdict,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let scanner = load(&setup.config.scanner_options())?;
    let judge = args.judging.judge(setup, &scanner)?;
    let note = Note { field: args.field, text: args.text.join(" ").into() };
    let explained = explained(note.text.as_str(), &scanner.explain(&note, &judge.options())?);
    let text = if args.json { serde_json::to_string_pretty(&explained)? + "\n" } else { shown(&explained) };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

fn explained(text: &str, explanation: &Explanation) -> Explained {
    let words = |span: Span| Words { start: span.start, end: span.end, text: span.of(text).to_owned() };
    let proposal = |candidate: &Candidate, kept: bool, because: String| Proposal {
        source: candidate.source,
        rule: candidate.rule.to_string(),
        category: candidate.category,
        subcategory: candidate.subcategory,
        strength: candidate.strength,
        score: candidate.score,
        words: words(candidate.span),
        kept,
        because,
    };
    let fusion = &explanation.fusion;
    let kept = fusion.kept.iter().enumerate().flat_map(|(i, fused)| {
        fused.candidates.iter().map(move |c| (c, format!("part of finding {}", i + 1)))
    });
    let mut proposals: Vec<Proposal> = kept
        .map(|(c, because)| proposal(c, true, because))
        .chain(fusion.dropped.iter().map(|d| proposal(&d.candidate, false, d.reason.clone())))
        .collect();
    proposals.sort_by_key(|p| (p.words.start, p.words.end, p.category, p.source));
    let findings = fusion.kept.iter().map(|fused| {
        let finding = &fused.finding;
        let reported = explanation
            .report
            .findings
            .iter()
            .find(|r| (r.finding.category, r.finding.span) == (finding.category, finding.span));
        Judged {
            category: finding.category,
            words: words(finding.span),
            score: finding.score,
            evidence: fused.features,
            action: reported.map_or(Action::Allow, |r| r.action),
        }
    });
    let tokens = explanation.reading.iter().flat_map(|r| r.tokens()).filter_map(|token| {
        let probabilities: BTreeMap<&'static str, f32> = Category::ALL
            .into_iter()
            .map(|c| (c.id(), token.probabilities[c.index()]))
            .filter(|(_, p)| *p >= SHOWN)
            .collect();
        (!probabilities.is_empty()).then(|| Token { words: words(token.span), probabilities })
    });
    Explained {
        proposals,
        findings: findings.collect(),
        tokens: tokens.collect(),
        profile: explanation.report.profile.clone(),
        verdict: explanation.report.verdict,
    }
}

fn shown(explained: &Explained) -> String {
    use Side::{Left, Right};
    let mut proposals = Table::new([
        ("detector", Left),
        ("rule", Left),
        ("strength", Left),
        ("score", Right),
        ("words", Left),
        ("", Left),
    ]);
    for p in &explained.proposals {
        proposals.row([
            id(&p.source),
            p.rule.clone(),
            id(&p.strength),
            format!("{:.2}", p.score),
            quoted(&p.words),
            format!("{}: {}", if p.kept { "kept" } else { "dropped" }, one_line(&p.because)),
        ]);
    }
    let mut findings = Table::new([
        ("finding", Right),
        ("category", Left),
        ("score", Right),
        ("words", Left),
        ("rule", Left),
        ("token", Right),
        ("note", Right),
        ("action", Left),
    ]);
    for (i, f) in explained.findings.iter().enumerate() {
        let strength = f.evidence.rule.map_or_else(|| "none".to_owned(), |s| id(&s));
        let pattern = if f.evidence.pattern { "pattern, " } else { "" };
        findings.row([
            (i + 1).to_string(),
            f.category.id().to_owned(),
            format!("{:.2}", f.score),
            quoted(&f.words),
            format!("{pattern}{strength} {:.2}", f.evidence.rule_score),
            format!("{:.2}", f.evidence.token),
            format!("{:.2}", f.evidence.note),
            id(&f.action),
        ]);
    }
    let mut tokens = Table::new([("token", Left), ("probabilities", Left)]);
    for t in &explained.tokens {
        let list: Vec<String> = t.probabilities.iter().map(|(c, p)| format!("{c} {p:.2}")).collect();
        tokens.row([quoted(&t.words), list.join(", ")]);
    }
    let mut out = String::new();
    let parts: [(&str, &Table, bool); 3] = [
        ("Proposals: none", &proposals, explained.proposals.is_empty()),
        ("Findings: none", &findings, explained.findings.is_empty()),
        ("Tokens: none of at least 0.10", &tokens, explained.tokens.is_empty()),
    ];
    for (nothing, table, empty) in parts {
        out.push_str(&if empty { format!("{nothing}\n\n") } else { format!("{table}\n") });
    }
    out + &format!("Verdict by the profile `{}`: {}\n", explained.profile, id(&explained.verdict))
}

fn quoted(words: &Words) -> String {
    format!("« {} »", one_line(&words.text))
}

/// The name a value has in JSON.
fn id(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
