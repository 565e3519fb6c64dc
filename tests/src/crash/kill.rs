//! `kill -9` while phones send: what was receipted is there, and everything else comes.

use super::Crowd;
use crate::check::Held;
use crate::server::Server;
use std::time::Duration;
use tempfile::tempdir;
use tokio::task::LocalSet;

/// Lets a server be killed and started again so often. Gives how many receipts were looked up.
///
/// # Errors
/// What does not hold, with the round in which.
pub async fn run(rounds: u32, seed: u64) -> Result<u64, String> {
    let folder = tempdir().map_err(|e| e.to_string())?;
    let mut server = Server::start(folder.path());
    LocalSet::new()
        .run_until(async {
            let mut crowd = Crowd::gather(&server, seed).await;
            let mut looked_up = 0;
            for round in 1..=rounds {
                let told = |why: String| format!("round {round}: {why}");
                let entries = crowd.dice().between(2, 12);
                crowd.send(entries).await.map_err(told)?;
                // Any moment is as good as any other.
                let moment = Duration::from_micros(crowd.dice().below(30_000));
                tokio::time::sleep(moment).await;
                server.kill();
                let held = Held::read(server.data()).await.map_err(told)?;
                looked_up += crowd.check_receipts(&held).await.map_err(told)?;
                server.restart();
                crowd.wake();
            }
            crowd.come_to_rest(&server).await?;
            Ok(looked_up)
        })
        .await
}
