//! Options every command takes, and the scanner they ask for.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::policy::DEFAULT_PROFILE;
use crate::scanner::{ScanOptions, Scanner, ScannerOptions};
use crate::span::OffsetUnit;

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Folder of your own lexicons, allowed phrases and profiles
    ///
    /// Holds `lexicons/*.toml`, `allow.toml` and `policy/*.toml`, each optional; they add to those inside the program.
    #[arg(long, global = true, value_name = "DIR", env = "VIGIE_RULES_DIR")]
    pub rules_dir: Option<PathBuf>,

    /// Folder of another model: `manifest.toml` and the files it names
    #[arg(long, global = true, value_name = "DIR", env = "VIGIE_MODEL_DIR")]
    pub model_dir: Option<PathBuf>,

    /// Run the rules alone, without the classifier
    #[arg(long, global = true)]
    pub no_classifier: bool,

    /// Say nothing on standard error but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

impl Global {
    /// What the scanner is to be made from.
    pub fn scanner_options(&self) -> ScannerOptions {
        ScannerOptions {
            rules_dir: self.rules_dir.clone(),
            model_dir: self.model_dir.clone(),
            classifier: !self.no_classifier,
            ..ScannerOptions::default()
        }
    }
}

/// Loads the scanner.
pub fn load(options: &ScannerOptions) -> anyhow::Result<Scanner> {
    if let Some(dir) = options.rules_dir.as_ref().filter(|dir| !dir.is_dir()) {
        anyhow::bail!("--rules-dir {}: no such folder", dir.display());
    }
    Scanner::load(options).context("cannot load the scanner")
}

/// Options of every command that judges notes by a profile.
#[derive(Clone, Debug, Args)]
pub struct Judging {
    /// Policy profile; `vigie profiles` lists them
    #[arg(long, value_name = "NAME", default_value = DEFAULT_PROFILE)]
    pub profile: String,

    /// Leave out findings under this score, 0 to 1
    #[arg(long, value_name = "SCORE", default_value = "0", value_parser = probability)]
    pub min_score: f32,
}

impl Judging {
    /// The options, once the profile is known to exist.
    pub fn options(&self, scanner: &Scanner) -> anyhow::Result<ScanOptions<'_>> {
        scanner.policies().get(&self.profile)?;
        Ok(ScanOptions { profile: &self.profile, min_score: self.min_score })
    }
}

/// A number from 0 to 1.
pub fn probability(text: &str) -> Result<f32, String> {
    let value: f32 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err("not between 0 and 1".to_owned()) }
}

impl clap::ValueEnum for OffsetUnit {
    fn value_variants<'a>() -> &'a [Self] {
        &[OffsetUnit::Utf16, OffsetUnit::Codepoints, OffsetUnit::Utf8]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        let (name, help) = match self {
            OffsetUnit::Utf16 => ("utf16", "UTF-16 units, as JavaScript and Java count"),
            OffsetUnit::Codepoints => ("codepoints", "code points, as Python counts"),
            OffsetUnit::Utf8 => ("utf8", "bytes, as Rust and Go count"),
        };
        Some(clap::builder::PossibleValue::new(name).help(help))
    }
}
