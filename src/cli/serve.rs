//! `vigie serve`: the HTTP service.

use super::Exit;
use super::global::Setup;
use crate::config::ConfigLayer;
use crate::http;

const AFTER_HELP: &str = "\
Serves the API (POST /v1/check and the others; GET /v1/openapi.json describes them) until it is told to stop by SIGINT or \
SIGTERM; requests in progress are answered first. SIGHUP, or a change in the rules folder, loads the rules anew.

Without a key the service listens on this machine only. `vigie key new NAME` makes a key.

Each setting may come from the settings file (--config), from its variable or from its flag; the last of these wins. \
--dump-config prints the settings in effect.

Examples:
  vigie serve
  vigie serve --listen 0.0.0.0:8080 --keys-file /etc/vigie/keys
  curl -s localhost:8080/v1/check -H 'content-type: application/json' -d '{\"text\": \"Client diabétique\"}'

Exit codes:
  0  told to stop
  2  failed: wrong setting, port in use, missing or altered model, wrong rules";

/// Serve the HTTP API on 127.0.0.1:8080, or where --listen says
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    #[command(flatten)]
    pub flags: ConfigLayer,
}

pub fn run(setup: Setup) -> anyhow::Result<Exit> {
    http::serve(setup.config)?;
    Ok(Exit::Clear)
}
