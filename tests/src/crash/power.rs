//! The power goes while phones send: what was written and not synced is gone or is zeros, and
//! what was receipted is there.

use super::order::wait_for_the_end;
use super::{Crowd, Medium};
use crate::check::Held;
use crate::server::Server;
use std::time::Duration;
use tempfile::tempdir;
use tokio::task::LocalSet;

/// Takes a server's power once. Gives how many receipts were looked up and how much was lost.
///
/// # Errors
/// What does not hold.
pub async fn run(seed: u64) -> Result<(u64, u64), String> {
    let folder = tempdir().map_err(|e| e.to_string())?;
    let data = folder.path().join("data");
    let trace = folder.path().join("trace");
    let mut server = Server::traced(&data, &trace);
    LocalSet::new()
        .run_until(async {
            let mut crowd = Crowd::gather(&server, seed).await;
            let entries = crowd.dice().between(2, 15);
            crowd.send(entries).await?;
            let moment = Duration::from_micros(crowd.dice().below(30_000));
            tokio::time::sleep(moment).await;
            server.kill();
            let mut medium = Medium::default();
            for line in wait_for_the_end(&trace)?.lines() {
                medium.take(line);
            }
            // An index of the journal, in shared memory: made anew after a crash.
            let _ = std::fs::remove_file(data.join("xunhe.sqlite-shm"));
            let lost = medium.lose_power(&data, crowd.dice());
            let lost = lost.map_err(|e| e.to_string())?;
            let held = Held::read(&data).await?;
            let looked_up = crowd.check_receipts(&held).await?;
            server.restart();
            crowd.wake();
            crowd.come_to_rest(&server).await?;
            Ok((looked_up, lost))
        })
        .await
}
