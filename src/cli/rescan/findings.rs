//! `vigie rescan findings`: what was found, as a list or as counts.

use std::io::Write;

use anyhow::Context;

use super::super::Exit;
use super::super::global::Setup;
use super::super::message;
use super::super::table::{Side, Table};
use super::{failed, find, reviewer, store};
use crate::report::{grouped, one_line};
use crate::rescan::excerpt::Excerpts;
use crate::rescan::sink::{csv, ndjson};
use crate::store::findings::{self, Count, Cursor, Dimension, Filter, StoredFinding};
use crate::store::{Store, reviews};

/// Findings shown to a person at most, unless asked for more.
const SHOWN: u32 = 50;

const AFTER_HELP: &str = "\
A table for people shows the first findings and says how to go on; ndjson, csv and ids give all. A finding is named by its \
fingerprint, the same in later rescans.

Examples:
  vigie rescan findings r-20261126-083015-k3x9 --severity high --review to_review
  vigie rescan findings r-20261126-083015-k3x9 --count-by category --count-by team
  vigie rescan findings r-20261126-083015-k3x9 --rule health/froid --to ids | vigie rescan review --ids - dismissed --reason nobody";

/// List or count the findings of a rescan
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Id of the rescan, as `vigie rescan list` shows it
    id: String,

    #[command(flatten)]
    filter: Filter,

    /// How to print them
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = To::Table)]
    to: To,

    /// Print so many at most [default: 50 in a table, else all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,

    /// Go on after this place, as the last line of a table gives it
    #[arg(long, value_name = "CURSOR")]
    after: Option<Cursor>,

    /// Count instead, by this; may be given several times
    #[arg(long, value_name = "WHAT", value_enum, conflicts_with_all = ["limit", "after", "excerpts"])]
    count_by: Vec<Dimension>,

    /// Show masked excerpts, where the rescan kept them; who looked is kept in the history of each finding
    #[arg(long)]
    excerpts: bool,

    /// Who looks, for the history [default: the name of the user]
    #[arg(long, value_name = "NAME", requires = "excerpts")]
    by: Option<String>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum To {
    Table,
    Ndjson,
    Csv,
    /// Fingerprints alone, one a line
    Ids,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    if args.excerpts && !row.spec.excerpts {
        anyhow::bail!("the rescan {} kept no excerpts; `vigie rescan run --excerpts` does", row.id);
    }
    let filter = Filter { rescan: Some(row.id), ..args.filter.clone() };
    if !args.count_by.is_empty() {
        return count(&args, &store, &filter);
    }
    match args.to {
        To::Table => table(&args, &store, &filter),
        _ => stream(&args, &store, &filter),
    }
}

fn count(args: &Args, store: &Store, filter: &Filter) -> anyhow::Result<Exit> {
    let counts = findings::counts(&*store.connection()?, filter, &args.count_by);
    let counts = counts.map_err(|error| failed(store, error))?;
    let text = match args.to {
        To::Table => counted(&args.count_by, &counts),
        _ => counts
            .iter()
            .map(|c| serde_json::to_string(c).map(|line| line + "\n"))
            .collect::<Result<_, _>>()?,
    };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

fn counted(by: &[Dimension], counts: &[Count]) -> String {
    let name = |d: &Dimension| {
        clap::ValueEnum::to_possible_value(d).map_or(String::new(), |v| v.get_name().to_owned())
    };
    let title = by.iter().map(name).collect::<Vec<_>>().join(", ");
    let mut table =
        Table::new([("findings", Side::Right), ("notes", Side::Right), (title.as_str(), Side::Left)]);
    for c in counts {
        let key: Vec<String> = c.key.iter().map(|k| one_line(k.as_deref().unwrap_or("-"))).collect();
        table.row([grouped(c.findings), grouped(c.notes), key.join(", ")]);
    }
    table.to_string()
}

fn table(args: &Args, store: &Store, filter: &Filter) -> anyhow::Result<Exit> {
    let connection = store.connection()?;
    let limit = args.limit.unwrap_or(SHOWN);
    let page = findings::list(&connection, filter, args.after.as_ref(), limit);
    let page = page.map_err(|error| failed(store, error))?;
    let mut table = Table::new([
        ("fingerprint", Side::Left),
        ("unit", Side::Left),
        ("note", Side::Left),
        ("column", Side::Left),
        ("category", Side::Left),
        ("score", Side::Right),
        ("action", Side::Left),
        ("state", Side::Left),
        ("rule", Side::Left),
    ]);
    for f in &page.findings {
        table.row([
            f.fingerprint.to_string(),
            one_line(&f.unit),
            one_line(&f.note),
            one_line(&f.column),
            f.category.clone(),
            format!("{:.2}", f.score),
            f.action.clone(),
            f.state.id().to_owned(),
            f.rule.clone(),
        ]);
    }
    let mut text = if page.findings.is_empty() { "no finding\n".to_owned() } else { table.to_string() };
    if args.excerpts {
        text.push('\n');
        text.push_str(&excerpts(args, store, &page.findings)?);
    }
    if let Some(next) = &page.next {
        text.push_str(&format!("more: --after {next}\n"));
    }
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")?;
    Ok(Exit::Clear)
}

/// The masked excerpts, which somebody is recorded to have seen.
fn excerpts(args: &Args, store: &Store, shown: &[StoredFinding]) -> anyhow::Result<String> {
    let opener = Excerpts::new(store.keys());
    let mut seen = Vec::new();
    let mut text = String::new();
    for finding in shown {
        let excerpt = finding.excerpt.as_ref().and_then(|sealed| opener.open(&finding.fingerprint.0, sealed));
        if let Some(excerpt) = excerpt {
            text.push_str(&format!("{}  {}\n", finding.fingerprint, one_line(&excerpt)));
            seen.push(finding.fingerprint);
        }
    }
    reviews::revealed(&*store.connection()?, &seen, reviewer(args.by.clone()).as_deref())?;
    Ok(text)
}

fn stream(args: &Args, store: &Store, filter: &Filter) -> anyhow::Result<Exit> {
    if args.excerpts {
        anyhow::bail!("--excerpts is for tables; files of findings hold none");
    }
    let connection = store.connection()?;
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut out = match args.to {
        To::Csv => Printer::Csv(Box::new(csv::Rows::new(out).context("cannot write standard output")?)),
        To::Ids => Printer::Ids(out),
        To::Ndjson | To::Table => Printer::Ndjson(out),
    };
    let mut left = args.limit.map_or(u64::MAX, u64::from);
    let mut after = args.after.clone();
    while left > 0 {
        let size = left.min(u64::from(findings::MAX_PAGE)) as u32;
        let page = findings::list(&connection, filter, after.as_ref(), size);
        let page = page.map_err(|error| failed(store, error))?;
        for finding in &page.findings {
            out.print(finding).context("cannot write standard output")?;
        }
        left -= page.findings.len() as u64;
        let Some(next) = page.next else { break };
        if left == 0 {
            message::say(format_args!("more: --after {next}\n"));
        }
        after = Some(next);
    }
    out.flush().context("cannot write standard output")?;
    Ok(Exit::Clear)
}

enum Printer<W: Write> {
    Ndjson(W),
    Csv(Box<csv::Rows<W>>),
    Ids(W),
}

impl<W: Write> Printer<W> {
    fn print(&mut self, finding: &StoredFinding) -> std::io::Result<()> {
        match self {
            Printer::Ndjson(out) => ndjson::line(out, finding),
            Printer::Csv(rows) => rows.row(finding),
            Printer::Ids(out) => writeln!(out, "{}", finding.fingerprint),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Printer::Ndjson(out) | Printer::Ids(out) => out.flush(),
            Printer::Csv(rows) => rows.flush(),
        }
    }
}
