//! Options every command takes, the settings they make, and the scanner.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::config::{Config, ConfigLayer};
use crate::scanner::{ScanOptions, Scanner, ScannerOptions};
use crate::span::OffsetUnit;
use crate::telemetry;

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Settings file [env: VIGIE_CONFIG] [default: vigie.toml of the current folder, if there is one]
    ///
    /// Later layers win: defaults, this file, VIGIE_… variables, flags. --dump-config prints what they make together.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Folder of your own lexicons, allowed phrases and profiles [env: VIGIE_RULES_DIR]
    ///
    /// They add to those inside the program; an entry or profile of the same id replaces the shipped one.
    #[arg(long, global = true, value_name = "DIR")]
    rules_dir: Option<PathBuf>,

    /// Folder of another model: `manifest.toml`, and beside it the folder it names [env: VIGIE_MODEL_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    model_dir: Option<PathBuf>,

    /// Folder of rescans, findings and reviews, and of their key [env: VIGIE_DATA_DIR] [default: vigie in XDG_DATA_HOME,
    /// else ~/.local/share/vigie]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// Run the rules alone, without the classifier [env: VIGIE_CLASSIFIER=false]
    #[arg(long, global = true)]
    no_classifier: bool,

    /// Print the settings in effect as TOML, and do nothing else
    #[arg(long, global = true)]
    pub dump_config: bool,

    /// Log more; twice for everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,

    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
}

/// What the global options, the environment and the settings file come to.
#[derive(Debug)]
pub struct Setup {
    pub config: Config,
    pub quiet: bool,
}

impl Global {
    /// Joins all layers; `flags` are those of the command itself.
    pub fn setup(&self, mut flags: ConfigLayer) -> anyhow::Result<Setup> {
        flags.rules_dir = flags.rules_dir.or_else(|| self.rules_dir.clone());
        flags.model_dir = flags.model_dir.or_else(|| self.model_dir.clone());
        flags.data_dir = flags.data_dir.or_else(|| self.data_dir.clone());
        if self.no_classifier {
            flags.classifier = Some(false);
        }
        Ok(Setup { config: Config::load(self.config.as_deref(), flags)?, quiet: self.quiet })
    }

    /// Begins the log. A service logs as its settings say, other commands warnings only.
    pub fn begin_log(&self, setup: &Setup, service: bool) -> anyhow::Result<()> {
        let mut config = setup.config.clone();
        if let Some(level) = self.log_level(service) {
            config.log_level = level.to_owned();
        }
        Ok(telemetry::init(&config)?)
    }

    fn log_level(&self, service: bool) -> Option<&'static str> {
        match (self.quiet, self.verbose) {
            (true, _) => Some("error"),
            (false, 0) if service => None,
            (false, 0) => Some("warn"),
            (false, 1) => Some("info"),
            (false, _) => Some("debug"),
        }
    }
}

/// Loads the scanner.
pub fn load(options: &ScannerOptions) -> anyhow::Result<Scanner> {
    for (name, dir) in [("rules", &options.rules_dir), ("model", &options.model_dir)] {
        if let Some(dir) = dir.as_ref().filter(|dir| !dir.is_dir()) {
            anyhow::bail!("--{name}-dir {}: no such folder", dir.display());
        }
    }
    Scanner::load(options).context("cannot load the scanner")
}

/// Options of every command that judges notes by a profile.
#[derive(Clone, Debug, Args)]
pub struct Judging {
    /// Policy profile; `vigie profiles` lists them [env: VIGIE_PROFILE] [default: default]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Leave out findings under this score, 0 to 1
    #[arg(long, value_name = "SCORE", default_value = "0", value_parser = probability)]
    min_score: f32,
}

/// A profile that exists, and the least score.
#[derive(Clone, Debug)]
pub struct Judge {
    pub profile: String,
    min_score: f32,
}

impl Judging {
    /// Checks that the profile exists.
    pub fn judge(self, setup: &Setup, scanner: &Scanner) -> anyhow::Result<Judge> {
        let profile = self.profile.unwrap_or_else(|| setup.config.profile.clone());
        scanner.policies().get(&profile)?;
        Ok(Judge { profile, min_score: self.min_score })
    }
}

impl Judge {
    pub fn options(&self) -> ScanOptions<'_> {
        ScanOptions { profile: &self.profile, min_score: self.min_score }
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
