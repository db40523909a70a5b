//! The log: what happened, never what was written. A note's text, a request's body or query, a key: none of them is
//! ever logged. See [`quiet_panics`] for the least obvious way a text could leak.

use std::panic::PanicHookInfo;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Config, LogFormat};

/// The filter of the settings cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error(
    "log_level `{level}`: {reason}; expected error, warn, info, debug, trace or a filter such as info,vigie=debug"
)]
pub struct TelemetryError {
    level: String,
    reason: String,
}

/// Logs to standard error as the settings say, and silences the messages of panics.
pub fn init(config: &Config) -> Result<(), TelemetryError> {
    let subscriber = subscriber(config, std::io::stderr)?;
    // A second call in one process (tests, an embedding program with its own log) keeps the first log.
    let _ = tracing::subscriber::set_global_default(subscriber);
    quiet_panics();
    Ok(())
}

/// The log of these settings, written elsewhere.
pub fn subscriber<W>(config: &Config, writer: W) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&config.log_level)
        .map_err(|e| TelemetryError { level: config.log_level.clone(), reason: e.to_string() })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match config.log_format {
        LogFormat::Pretty => Box::new(builder.compact().with_ansi(false).finish()),
        LogFormat::Json => Box::new(builder.json().flatten_event(true).finish()),
    })
}

/// Makes panics say where they happened and nothing else: the message of a bad slice quotes the sliced text, which
/// may be a note.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let at = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "a thread panicked; its message is left out as it may quote a note");
    }));
}
