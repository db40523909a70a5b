//! `vigie rescan fix`: prepares what takes the findings out of the source.

use std::path::PathBuf;

use super::super::Exit;
use super::super::global::{Setup, load};
use super::super::message;
use super::{find, store};
use crate::report::grouped;
use crate::rescan::fix::fix;
use crate::rescan::versions::Versions;

const AFTER_HELP: &str = "\
Reads the source again and scans the notes with findings again; dismissed and fixed findings are left as they are. In DIR:
  ids.csv          every note with findings: unit, key, column, categories, what became of it
  redacted.ndjson  the new text of each: {\"unit\", \"key\", \"column\", \"redacted\"}; in both, \"row\" is the number of a \
file's row below the header, which tells notes apart where the key repeats
  update.sql       for a database: backup table, guarded UPDATEs, counts; it ends with ROLLBACK and changes nothing until \
you write COMMIT there
These files hold text of notes and are readable by you alone. Vigie never runs the script.

Exit codes:
  0  nothing to redact
  1  prepared
  2  failed
  3  prepared, but not for all: standard error and ids.csv say why";

/// Prepare the redaction of what was found: ids, new texts, UPDATE script
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Id of the rescan, as `vigie rescan list` shows it
    id: String,

    /// Folder for the files, made if need be
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let row = find(&store, &args.id)?;
    let scanner = load(&setup.config.scanner_options())?;
    let now = Versions::of(&scanner, &row.spec.profile)?;
    if let Some(difference) = row.versions.difference(&now) {
        message::warn(&format!(
            "the rescan was made with other versions, and may find other words: {difference}"
        ));
    }
    let done = fix(&store, &row, &scanner, &args.out)?;
    for (unit, problem) in &done.problems {
        message::warn(&format!("{unit}: {problem}"));
    }
    if !setup.quiet {
        let [notes, redacted, in_script] = [done.notes, done.redacted, done.in_script].map(grouped);
        message::say(format_args!(
            "{notes} {} with findings, {redacted} redacted, {in_script} in a script\n",
            if done.notes == 1 { "note" } else { "notes" },
        ));
        for file in &done.files {
            message::say(format_args!("  {}\n", file.display()));
        }
    }
    Ok(match done {
        _ if done.notes > done.redacted || !done.problems.is_empty() => Exit::Partial,
        _ if done.redacted > 0 => Exit::Found,
        _ => Exit::Clear,
    })
}
