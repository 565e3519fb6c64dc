//! What `xunhe serve` does, seen from the terminal.

use crate::config::{BadSetting, Flags, Settings, Sources};
use crate::serve::{Running, StartError, start};
use std::io::{self, Write as _};
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
        greet(&running)?;
        stop_asked().await?;
        tracing::info!("stopping: finishing what was begun");
        running.stop().await;
        Ok(())
    })
}

/// What people and tests look for; the address is the last line.
fn greet(running: &Running) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if let Some(demonstration) = &running.demonstration {
        writeln!(
            out,
            "Demonstration loaded. All persons are invented. Accounts:"
        )?;
        for account in &demonstration.accounts {
            writeln!(out, "  {:<16} {}", account.account, account.duty)?;
        }
        writeln!(
            out,
            "  password: {}  (shown only now)",
            demonstration.password
        )?;
    }
    writeln!(
        out,
        "Xunhe listens on http://{}/  (console: /console/)",
        running.address
    )?;
    out.flush()
}

async fn stop_asked() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = terminate.recv() => Ok(()),
    }
}
