//! `vigie rescan delete`: what was found and read goes, reviews stay.

use super::super::Exit;
use super::super::global::Setup;
use super::ask::sorted;
use super::store;
use crate::rescan::ask;

/// Delete rescans with all that they found; reviews stay, as they are about the notes
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Their ids, as `vigie rescan list` shows them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

pub fn run(args: Args, setup: &Setup) -> anyhow::Result<Exit> {
    let store = store(setup)?;
    for id in &args.ids {
        ask::delete(&mut *store.connection()?, id).map_err(|error| sorted(&store, error))?;
    }
    Ok(Exit::Clear)
}
