//! Which engine keeps the rows, and what several servers over one database must agree on.

use crate::app::Shared;
use crate::config::Settings;
use crate::folder;
use crate::receipts::Receipts;
use crate::serve::StartError;
use crate::store::postgres::{Limits, PgStore};
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::watch;

/// How soon a server hears what another one over the same database has decided.
const LOOK: Duration = Duration::from_secs(2);

/// The engine that the settings name.
pub(crate) async fn open(settings: &Settings) -> Result<Arc<dyn Store>, StoreError> {
    if let Some(database) = &settings.database {
        let limits = Limits {
            connections: settings.database_connections,
            ..Limits::default()
        };
        return Ok(Arc::new(PgStore::open(&database.0, limits).await?));
    }
    let file = settings.data.join(folder::DATABASE);
    Ok(Arc::new(SqliteStore::open(&file).await?))
}

/// All servers over one database sign with one key: a phone that pushes here is answered by
/// another one next time, and must not take its receipt for a stranger's.
pub(crate) async fn one_key(
    settings: &Settings,
    store: &dyn Store,
    receipts: &Receipts,
) -> Result<(), StartError> {
    if settings.database.is_none() {
        return Ok(());
    }
    let known = store.keys().await?;
    let ours = receipts.keys();
    if known.is_empty() || ours.iter().any(|key| known.contains(key)) {
        return Ok(());
    }
    Err(StartError::OtherKey(
        settings.data.join(folder::RECEIPT_KEY),
    ))
}

/// Follows what another server may have changed: the epoch and the registers.
pub(crate) async fn follow(app: Shared, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = look(&app).await {
            tracing::error!(%error, "whether another server changed something is not known");
        }
    }
}

async fn look(app: &Shared) -> Result<(), StartError> {
    let identity = app.store.identity().await?;
    let before = app.epoch.fetch_max(identity.epoch, Ordering::AcqRel);
    if before < identity.epoch {
        tracing::warn!(
            epoch = identity.epoch,
            "another server has raised the epoch"
        );
    }
    app.registry.renew(app.store.as_ref()).await?;
    Ok(())
}
