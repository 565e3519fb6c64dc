use super::{Order, PurgeError, erase_bytes, purge};
use crate::app::Shared;
use crate::clock;
use crate::store::Which;
use domain::record::PurgeGround;
use domain::time::WallMs;
use std::time::Duration;
use tokio::sync::watch;

const DAY_MS: i64 = 24 * 3_600_000;
/// A term is counted in days; nobody waits for it.
const EVERY: Duration = Duration::from_hours(1);

/// The order for everything whose time is over: tracks that were received more than `days` ago.
pub fn expired(days: u32, now: WallMs) -> Order {
    Order {
        which: Which::Tracks {
            before: WallMs(now.0 - i64::from(days) * DAY_MS),
        },
        ground: PurgeGround::Retention,
        reason: Some(format!("轨迹保存 {days} 天")),
    }
}

/// Erases what has been kept long enough, and bytes that an interrupted purge left, at start and
/// every hour until the server stops.
pub(crate) async fn keep_terms(
    app: Shared,
    tracks_days: Option<u32>,
    mut stopped: watch::Receiver<bool>,
) {
    loop {
        if let Some(days) = tracks_days
            && let Err(error) = tracks(&app, days).await
        {
            tracing::error!(%error, "tracks whose time is over stay for another hour");
        }
        match erase_bytes(app.store.as_ref(), &app.vault).await {
            Ok(0) => {}
            Ok(blobs) => tracing::info!(blobs, "bytes of purged entries erased"),
            Err(error) => tracing::error!(%error, "bytes of purged entries stay for another hour"),
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

async fn tracks(app: &Shared, days: u32) -> Result<(), PurgeError> {
    let order = expired(days, clock::now());
    let own = app.own_log();
    let store = app.store.as_ref();
    let done = purge(store, &app.ingest, &own, &order, &|_| ()).await?;
    if done.entries > 0 {
        store.settle().await?;
        tracing::info!(
            parts = done.entries,
            days,
            "tracks erased, their time is over"
        );
    }
    Ok(())
}
