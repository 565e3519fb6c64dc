//! What `xunhe serve` does, seen from the terminal.

use crate::config::{BadSetting, Flags, Settings, Sources};
use crate::serve::{StartError, start};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

/// Why `xunhe serve` ended.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error(transparent)]
    Setting(#[from] BadSetting),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("the system does not let the server run: {0}")]
    System(#[from] io::Error),
}

/// Serves until Ctrl-C or SIGTERM.
pub fn serve(flags: &Flags) -> ExitCode {
    match run(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "xunhe: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags) -> Result<(), RunError> {
    let settings = Settings::read(&Sources::gather(flags, |name| std::env::var(name).ok())?)?;
    tracing_subscriber::fmt()
        .with_env_filter(&settings.log)
        .with_writer(io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let running = start(&settings).await?;
        greet(running.address)?;
        stop_asked().await?;
        tracing::info!("stopping: finishing what was begun");
        running.stop().await;
        Ok(())
    })
}

/// The one line that people and tests look for.
fn greet(address: SocketAddr) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "Xunhe listens on http://{address}")?;
    out.flush()
}

async fn stop_asked() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}
