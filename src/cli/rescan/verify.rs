//! `vigie rescan verify`: whether a manifest is as it was signed, and the store as it says.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use serde_json::json;

use super::super::Exit;
use super::super::global::Setup;
use super::{find, store};
use crate::report::one_line;
use crate::rescan::manifest::{self, Difference, Verified};

const AFTER_HELP: &str = "\
A manifest is checked byte for byte with the key of the data folder, then, where its store still has the rescan, every \
figure is counted again: rows and notes of each table and column, findings of each category. The digest printed is the one \
that the report shows.

Examples:
  vigie rescan verify manifest.json
  vigie rescan verify r-20261126-083015-k3x9

Exit codes:
  0  as it was signed, and the store agrees or has nothing to compare
  1  altered, or the store differs
  2  failed: unreadable file, unknown rescan, no manifest yet";

/// Check a signed manifest, and the store against it
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// File of a manifest, - for standard input, or the id of a rescan whose manifest the store keeps
    #[arg(value_name = "FILE|ID")]
    manifest: String,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    let path = PathBuf::from(&args.manifest);
    let text = if args.manifest == "-" {
        io::read_to_string(io::stdin()).context("cannot read standard input")?
    } else if args.manifest.starts_with("r-") && !path.exists() {
        let row = find(&store, &args.manifest)?;
        row.manifest
            .with_context(|| format!("the rescan {} is {}: it has no manifest yet", row.id, row.state))?
    } else {
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // What is no text is no manifest as it was signed: told as such, not as a failure to read.
        String::from_utf8(bytes).unwrap_or_default()
    };
    let verified = match manifest::verify(&text, &store.keys().derive("manifest")) {
        Ok(verified) => verified,
        Err(error) => {
            let said = json!({"intact": false, "problem": error.to_string()});
            print(args.json, &said, &format!("{error}\n"))?;
            return Ok(Exit::Found);
        }
    };
    let differences =
        manifest::recount(&*store.connection()?, &verified).map_err(|error| store.error(error))?;
    let said = json!({
        "intact": true,
        "rescan": verified.rescan(),
        "hmac": verified.hmac,
        "recounted": differences.is_some(),
        "differences": differences.as_deref().unwrap_or_default(),
    });
    print(args.json, &said, &told(&verified, differences.as_deref()))?;
    Ok(if differences.is_some_and(|list| !list.is_empty()) { Exit::Found } else { Exit::Clear })
}

fn told(verified: &Verified, differences: Option<&[Difference]>) -> String {
    let mut out = format!(
        "{}: the manifest is as it was signed\ndigest {}\n",
        verified.rescan().unwrap_or_default(),
        verified.hmac
    );
    match differences {
        None => out.push_str("this store does not have the rescan: nothing to count again\n"),
        Some([]) => out.push_str("counted again: the store agrees with every figure\n"),
        Some(list) => {
            out.push_str(&format!("counted again: {} figures differ\n", list.len()));
            for d in list {
                let line = format!("  {}: {} in the manifest, {} in the store", d.what, d.manifest, d.store);
                out.push_str(&one_line(&line));
                out.push('\n');
            }
        }
    }
    out
}

fn print(as_json: bool, said: &serde_json::Value, text: &str) -> anyhow::Result<()> {
    let text = if as_json { serde_json::to_string_pretty(said)? + "\n" } else { text.to_owned() };
    anstream::stdout().write_all(text.as_bytes()).context("cannot write standard output")
}
