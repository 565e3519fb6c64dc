//! `cargo xtask run`: the product with the demonstration, on this machine.

use crate::sh::{program, say};
use crate::{Outcome, build};

/// Builds what is missing and starts the server until it is interrupted.
pub(crate) fn run() -> Outcome {
    build::app()?;
    let server = build::server(true)?;
    let data = std::env::var("XUNHE_DATA").unwrap_or_else(|_| "./data".to_owned());
    let listen = std::env::var("XUNHE_LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    say(&format!(
        "Starting the server on the data folder {data}. Ctrl-C stops it."
    ));
    let words = ["serve", "--demo", "--data", &data, "--listen", &listen];
    let mut command = program(&server.to_string_lossy(), &words);
    let status = command
        .status()
        .map_err(|e| format!("the server does not start: {e}"))?;
    // Ctrl-C reaches both; the server then ends by itself.
    if status.success() {
        Ok(())
    } else {
        Err(format!("the server ended: {status}"))
    }
}
