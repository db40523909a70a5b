//! How a rescan is run in this process, whether it begins or goes on.

use std::sync::Arc;

use super::super::global::{Setup, load};
use super::end::FailOn;
use crate::scanner::Scanner;

/// Where findings go, on how many threads, and what the exit code tells.
#[derive(Debug, clap::Args)]
pub struct How {
    /// Write the findings to this file when it has ended: .ndjson, .csv or .parquet; or into a table of the database at
    /// this address; may be given several times
    #[arg(long, value_name = "FILE|URL")]
    pub out: Vec<String>,

    /// Scanning threads; 0 for one a core
    #[arg(short, long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=256))]
    jobs: u16,

    /// What must be found for the exit code to be 1
    #[arg(long, value_name = "VERDICT", default_value = "warn")]
    pub fail_on: FailOn,
}

impl How {
    /// The scanner, and the threads that scan.
    pub fn scanner(&self, setup: &Setup) -> anyhow::Result<(Arc<Scanner>, usize)> {
        let mut options = setup.config.scanner_options();
        if self.jobs > 0 {
            options.sessions = self.jobs.into();
        }
        Ok((Arc::new(load(&options)?), options.sessions))
    }
}
