//! I-2: nothing is acknowledged before it is on the medium, by the server's system calls.

use super::medium::Told;
use super::{Crowd, Medium};
use crate::server::Server;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::tempdir;
use tokio::task::LocalSet;

/// Watches a server that takes some entries with photos. Gives how many answers with a receipt
/// were looked at.
///
/// # Errors
/// What was answered before it was on the medium.
pub async fn run(entries: u64, seed: u64) -> Result<u64, String> {
    let folder = tempdir().map_err(|e| e.to_string())?;
    let data = folder.path().join("data");
    let trace = folder.path().join("trace");
    let mut server = Server::traced(&data, &trace);
    LocalSet::new()
        .run_until(async {
            let mut crowd = Crowd::gather(&server, seed).await;
            crowd.send(entries).await
        })
        .await?;
    server.kill();
    let lines = wait_for_the_end(&trace)?;
    check(&lines, &data)
}

/// The trace of a server that was killed, once it is complete.
pub(super) fn wait_for_the_end(trace: &Path) -> Result<String, String> {
    let begun = Instant::now();
    loop {
        let lines = std::fs::read(trace).map_err(|e| e.to_string())?;
        let lines = String::from_utf8_lossy(&lines).into_owned();
        let last = lines.trim_end().lines().next_back().unwrap_or_default();
        if lines.ends_with('\n') && last.contains("+++ killed by SIGKILL") {
            return Ok(lines);
        }
        if begun.elapsed() > Duration::from_mins(1) {
            return Err("strace does not come to its end".into());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn check(lines: &str, data: &Path) -> Result<u64, String> {
    let (mut medium, mut receipts, mut synced) = (Medium::default(), 0, 0);
    let journal = data.join("xunhe.sqlite-wal");
    let photos = data.join("blobs/blobs");
    for line in lines.lines() {
        match medium.take(line) {
            Some(Told::Synced(file)) if file == journal => synced += 1,
            Some(Told::Sent(text)) if text.contains("HTTP/1.1 20") && is_receipt(&text) => {
                receipts += 1;
                if synced == 0 {
                    return Err("a receipt, and the journal was never synced".into());
                }
                let of_data = |f: &&Path| **f == journal || f.starts_with(&photos);
                if let Some(file) = medium.at_risk().find(of_data) {
                    return Err(format!("a receipt while {} is at risk", file.display()));
                }
            }
            _ => {}
        }
    }
    Ok(receipts)
}

/// Whether an answer is to a push or a photo, and names something as received.
fn is_receipt(text: &str) -> bool {
    text.contains(r#"\"receipt\":{"#)
}
