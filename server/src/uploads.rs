//! Uploads that nobody goes on with are forgotten. The phone keeps its photos and begins anew.

use crate::app::Shared;
use crate::clock;
use crate::http::Failure;
use domain::time::WallMs;
use std::time::Duration;
use tokio::sync::watch;

/// A phone may be without a network for weeks; staged chunks cost only disk.
const KEPT_MS: i64 = 30 * 24 * 3_600_000;
/// An upload's first object is written a moment before its row is read again.
const ORPHAN_MS: i64 = 24 * 3_600_000;
const EVERY: Duration = Duration::from_hours(1);

/// Looks every hour, until the server stops.
pub(crate) async fn sweep(app: Shared, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(failure) = forget(&app).await {
            tracing::error!(?failure, "stale uploads stay for another hour");
        }
    }
}

async fn forget(app: &Shared) -> Result<(), Failure> {
    for id in app
        .store
        .stale_uploads(WallMs(clock::now().0 - KEPT_MS))
        .await?
    {
        app.vault.unstage(id).await?;
        app.store.drop_upload(id).await?;
        tracing::info!(upload = %id, "upload forgotten after 30 days");
    }
    // Left by a crash between forgetting an upload and deleting its objects.
    let staged = app
        .vault
        .staged_before(WallMs(clock::now().0 - ORPHAN_MS))
        .await?;
    for id in app.store.unknown_uploads(&staged).await? {
        app.vault.unstage(id).await?;
        tracing::info!(upload = %id, "objects of a forgotten upload deleted");
    }
    Ok(())
}
