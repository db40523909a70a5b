//! `vigie rescan review`: decisions about findings, and their history.

use std::io::{self, Write};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};

use super::super::global::{Setup, load};
use super::super::table::{Side, Table};
use super::super::{Exit, message};
use super::{reviewer, store};
use crate::note::Note;
use crate::policy::Verdict;
use crate::report::one_line;
use crate::rescan::fingerprint::Fingerprint;
use crate::rescan::review::{Decision, Grounds, Reason};
use crate::scanner::{ScanOptions, ScannerOptions};
use crate::store::{Store, reviews};

const AFTER_HELP: &str = "\
A decision belongs to the finding's fingerprint (its table, note, column, category and words): it holds in later rescans, \
wherever the words stand in the note. Several findings are decided together or not at all. A dismissal needs its reason; \
the text says why, and never quotes the note. --phrase gives the harmless words that misled, for `vigie rescan proposals`.

Examples:
  vigie rescan review bbc97399b5bda2391a97ed84ab601b75 confirmed
  vigie rescan review bbc97399b5bda2391a97ed84ab601b75 dismissed --reason other_meaning --phrase \"pompe à dépression\"
  vigie rescan review --ids fixed.txt fixed
  vigie rescan review bbc97399b5bda2391a97ed84ab601b75 history";

/// Confirm findings, dismiss them, mark them fixed, or take the last decision back
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Fingerprints, as `vigie rescan findings` prints them, then what to do: confirmed, dismissed, fixed, undo (take the
    /// last decision back) or history (print what happened to them in their review)
    #[arg(value_names = ["FINGERPRINT", "DECISION"], num_args = 1.., required = true)]
    words: Vec<String>,

    /// File of fingerprints, one a line; - for standard input
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,

    /// Why it is dismissed
    #[arg(long, value_name = "REASON", value_enum)]
    reason: Option<Grounds>,

    /// The reason in your own words, 200 characters at most; no words of the note
    #[arg(long, value_name = "TEXT", requires = "reason")]
    text: Option<String>,

    /// Harmless words that were taken for something else, to be proposed for the allow-list
    #[arg(long, value_name = "WORDS", requires = "reason")]
    phrase: Option<String>,

    /// Who decides [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Confirmed,
    Dismissed,
    Fixed,
    Undo,
    History,
}

impl FromStr for Verb {
    type Err = anyhow::Error;

    fn from_str(word: &str) -> anyhow::Result<Self> {
        Ok(match word {
            "confirmed" => Self::Confirmed,
            "dismissed" => Self::Dismissed,
            "fixed" => Self::Fixed,
            "undo" => Self::Undo,
            "history" => Self::History,
            _ => bail!("`{word}` is no decision; end with confirmed, dismissed, fixed, undo or history"),
        })
    }
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let (verb, given) = match args.words.split_last() {
        Some((verb, given)) => (verb.parse::<Verb>()?, given),
        None => bail!("no decision is given"),
    };
    let decision = decision(verb, &args)?;
    let mut fingerprints = given
        .iter()
        .map(|word| word.parse().with_context(|| format!("`{word}`")))
        .collect::<anyhow::Result<Vec<Fingerprint>>>()?;
    if let Some(path) = &args.ids {
        fingerprints.extend(read(path)?);
    }
    if fingerprints.is_empty() {
        bail!("no fingerprint is given");
    }
    if let Some(text) = args.text.as_deref() {
        warn_of(text, setup)?;
    }
    let store = store(setup)?;
    let connection = store.connection()?;
    let by = reviewer(args.by);
    match (verb, decision) {
        (Verb::History, _) => return history(&store, &fingerprints),
        (Verb::Undo, _) => reviews::undo(&connection, &fingerprints, by.as_deref())?,
        (_, Some(decision)) => reviews::decide(&connection, &fingerprints, &decision, by.as_deref())?,
        (_, None) => bail!("internal error: a decision without one"),
    }
    if !setup.quiet {
        let done = if verb == Verb::Undo { "taken back" } else { "decided" };
        message::say(format_args!("{} {done}\n", fingerprints.len()));
    }
    Ok(Exit::Clear)
}

fn decision(verb: Verb, args: &Args) -> anyhow::Result<Option<Decision>> {
    let dismissed = verb == Verb::Dismissed;
    match args.reason {
        None if dismissed => {
            bail!("a dismissal needs its --reason: {}", Grounds::ALL.map(Grounds::id).join(", "))
        }
        Some(_) if !dismissed => bail!("--reason goes with `dismissed` only"),
        _ => {}
    }
    Ok(match verb {
        Verb::Confirmed => Some(Decision::Confirmed),
        Verb::Fixed => Some(Decision::Fixed),
        Verb::Dismissed => {
            let reason =
                args.reason.map(|code| Reason::new(code, args.text.as_deref(), args.phrase.as_deref()));
            reason.transpose()?.map(Decision::Dismissed)
        }
        Verb::Undo | Verb::History => None,
    })
}

fn read(path: &PathBuf) -> anyhow::Result<Vec<Fingerprint>> {
    let text = if path.as_os_str() == "-" {
        io::read_to_string(io::stdin()).context("cannot read standard input")?
    } else {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?
    };
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    lines.map(|(at, line)| line.parse().with_context(|| format!("{}:{}", path.display(), at + 1))).collect()
}

/// A reason is kept in clear: one that itself discloses something is warned of, by the rules alone.
fn warn_of(text: &str, setup: &Setup) -> anyhow::Result<()> {
    let scanner = load(&ScannerOptions { classifier: false, ..setup.config.scanner_options() })?;
    let report = scanner.scan(&Note::new(text), &ScanOptions::default())?;
    if report.verdict != Verdict::Clear {
        let found: Vec<&str> = report.findings.iter().map(|f| f.finding.category.id()).collect();
        message::warn(&format!(
            "the reason is kept in clear and may itself disclose something ({}); take it back with `undo` and say it \
             otherwise if it does",
            found.join(", ")
        ));
    }
    Ok(())
}

fn history(store: &Store, fingerprints: &[Fingerprint]) -> anyhow::Result<Exit> {
    let connection = store.connection()?;
    let mut table = Table::new([
        ("fingerprint", Side::Left),
        ("at", Side::Left),
        ("what", Side::Left),
        ("by", Side::Left),
        ("reason", Side::Left),
    ]);
    for fingerprint in fingerprints {
        for event in reviews::history(&connection, fingerprint).map_err(|error| store.error(error))? {
            let reason = event.reason.as_ref().map(|r| {
                let words = [Some(r.code.id()), r.text.as_deref(), r.phrase.as_deref()];
                one_line(&words.into_iter().flatten().collect::<Vec<_>>().join(": "))
            });
            let at = jiff::Timestamp::from_millisecond(event.at).unwrap_or_default();
            table.row([
                fingerprint.to_string(),
                at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
                event.kind.id().to_owned(),
                one_line(event.by.as_deref().unwrap_or("-")),
                reason.unwrap_or_else(|| "-".to_owned()),
            ]);
        }
    }
    anstream::stdout().write_all(table.to_string().as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}
