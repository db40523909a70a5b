//! The HTTP door. [`router`](mod@router) lists every route, [`layers`] every layer a request goes through; `v1`
//! has one file a resource and verb, as have `languagetool` and `presidio`, which speak other servers' protocols.

pub(crate) mod auth;
pub(crate) mod body;
mod cors;
mod entry;
pub(crate) mod form;
mod health;
pub(crate) mod how;
mod languagetool;
mod layers;
mod limit;
mod lines;
mod listen;
mod members;
mod metrics;
mod observe;
pub mod openapi;
mod origin;
mod presidio;
pub(crate) mod problem;
mod query;
pub mod reload;
mod reply;
pub(crate) mod rescans;
mod router;
pub(crate) mod segment;
mod state;
pub(crate) mod v1;
pub(crate) mod work;

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;

pub use listen::{ListenError, bind};
pub use rescans::{NoStore, Rescans};
pub use router::router;
pub use state::{AppState, Model, StateError};

use crate::config::Config;
use crate::scanner::Scanner;
use crate::telemetry;

/// How long requests in progress may go on once the server is told to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until SIGINT or SIGTERM. Starts its own threads and its own log.
pub fn serve(config: Config) -> anyhow::Result<()> {
    telemetry::init(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the threads of the server")?;
    let result = runtime.block_on(run(config));
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn run(config: Config) -> anyhow::Result<()> {
    let begin = Instant::now();
    let keys = config.read_keys()?;
    // First the port, then the model: an address that cannot be had is told at once.
    let listener = bind(&config.listen, !keys.is_empty()).await?;
    let address = listener.local_addr()?;
    let options = config.scanner_options();
    let scanner = tokio::task::spawn_blocking(move || Scanner::load(&options)).await??;
    scanner.policies().get(&config.profile).context("the setting `profile`")?;

    let state = AppState::new(config, Arc::new(scanner), keys);
    #[cfg(unix)]
    tokio::spawn(reload::on_hangup(state.clone()));
    tokio::spawn(reload::on_change(state.clone(), reload::INTERVAL));
    tokio::spawn(Rescans::keep_taking_up(state.clone(), rescans::INTERVAL));
    let versions = state.scanner().versions().clone();
    tracing::info!(
        address = %format_args!("http://{address}"),
        version = versions.engine,
        model = versions.model,
        lexicons = versions.lexicons,
        keys = !state.keys().is_empty(),
        ready_ms = begin.elapsed().as_millis() as u64,
        "listening"
    );
    serve_on(listener, state, told_to_stop()).await
}

/// Serves on an open socket until `stop` ends, then lets requests in progress end within a grace period. Rescans commit what
/// they have and go on at the next start.
pub async fn serve_on(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Answers are written whole: waiting to fill packets only adds delay.
        let _ = stream.set_nodelay(true);
    });
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let draining = state.clone();
    let service = router(state.clone());
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        draining.drain();
        draining.rescans().stop();
        tracing::info!(in_progress = draining.in_progress(), "stopping");
        let _ = stopping.send(());
    });
    let deadline = async {
        // An error means that the server ended by itself, and is seen below.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(GRACE).await;
    };
    let result = tokio::select! {
        result = server => result.context("the server stopped"),
        () = deadline => {
            tracing::warn!(cut = state.in_progress(), "stopped before all requests ended");
            Ok(())
        }
    };
    tokio::task::spawn_blocking(move || state.rescans().wait()).await?;
    result
}

/// Ends at SIGINT or SIGTERM.
pub(crate) async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! { () = interrupted => (), () = terminated => () }
}
