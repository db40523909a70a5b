//! `vigie check`: one note, for a person.

use std::io::{self, IsTerminal, Read, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, anyhow, bail};

use super::global::{Judging, Setup, load};
use super::{Exit, message};
use crate::answer::Answer;
use crate::note::Note;
use crate::policy::Verdict;
use crate::report::{Screen, pretty};
use crate::span::OffsetUnit;

/// The longer of the two ends of a line.
const LINE_END: &str = "\r\n";

const AFTER_HELP: &str = "\
Examples:
  vigie check \"Client diabétique, livrer le matin\"
  vigie check --profile insurance-health --field commentaire < note.txt
  vigie check --json --offsets codepoints -- \"- rdv annulé, elle est à la mosquée\"

Exit codes:
  0  nothing to reword (the verdict is `clear`)
  1  something to reword or remove (the verdict is `warn` or `block`)
  2  failed: wrong usage, unreadable or too long a text";

/// Check one note and show what to reword, and how
///
/// Shows the note with its findings underlined (carets where there is no colour: NO_COLOR is set, or the output is not
/// a terminal), then for each finding its category, what the profile asks for, its score, legal ground, what is wrong and
/// what to write instead, then the verdict and the note without them.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// The note; several arguments are joined by a blank. `-` or nothing: read it from standard input
    #[arg(value_name = "TEXT")]
    text: Vec<String>,

    /// Print the API's answer as JSON
    #[arg(long)]
    json: bool,

    /// Name of the field the note was typed in; a profile may have rules for it
    #[arg(long, value_name = "NAME")]
    field: Option<String>,

    /// What `start` and `end` count in the JSON answer
    #[arg(long, value_name = "UNIT", default_value = "utf16")]
    offsets: OffsetUnit,

    #[command(flatten)]
    judging: Judging,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let scanner = load(&setup.config.scanner_options())?;
    let judge = args.judging.judge(setup, &scanner)?;
    let mut note = Note::new(text(args.text, setup.config.max_note_bytes)?);
    note.field = args.field;
    let report = scanner.scan(&note, &judge.options())?;
    let text = note.text.as_str();
    if args.json {
        let answer = Answer::new(&report, text, args.offsets, scanner.versions());
        let mut out = io::stdout().lock();
        serde_json::to_writer_pretty(&mut out, &answer)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"))
            .context("cannot write standard output")?;
    } else {
        let answer = Answer::new(&report, text, OffsetUnit::Utf8, scanner.versions());
        let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let shown = pretty::note(text, &answer, Screen { colour });
        anstream::stdout().write_all(shown.as_bytes()).context("cannot write standard output")?;
    }
    Ok(if report.verdict == Verdict::Clear { Exit::Clear } else { Exit::Found })
}

/// The arguments as one text, or standard input without its last line end.
fn text(arguments: Vec<String>, limit: usize) -> anyhow::Result<String> {
    if !(arguments.is_empty() || arguments == ["-"]) {
        return Ok(arguments.join(" "));
    }
    if io::stdin().is_terminal() {
        message::say(format_args!("Type the note, then end with Ctrl-D on a line of its own.\n"));
    }
    let mut bytes = Vec::new();
    let most = limit as u64 + LINE_END.len() as u64;
    io::stdin().lock().take(most + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    if bytes.len() as u64 > most {
        bail!("the note has more bytes than the limit of {limit}; split it, or raise max_note_bytes");
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to() + 1;
        anyhow!(
            "standard input is not valid UTF-8 at byte {byte}; convert it, or use `vigie scan --from text`, which reads Windows-1252 too"
        )
    })?;
    let line = text.strip_suffix(LINE_END).or_else(|| text.strip_suffix('\n'));
    Ok(line.unwrap_or(&text).to_owned())
}
