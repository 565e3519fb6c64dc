use super::SqliteStore;
use super::codec::{bytes, count, int};
use crate::store::{Identity, StoreError};
use domain::ids::ServerId;
use sqlx::SqliteConnection;

pub(super) async fn identity(store: &SqliteStore) -> Result<Identity, StoreError> {
    let row = sqlx::query("SELECT server_id, epoch FROM server")
        .fetch_one(&store.readers)
        .await?;
    Ok(Identity {
        server_id: ServerId::new(bytes(&row, "server_id")?),
        epoch: count(&row, "epoch")?,
    })
}

pub(super) async fn epoch(tx: &mut SqliteConnection) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT epoch FROM server")
        .fetch_one(tx)
        .await?;
    count(&row, "epoch")
}

pub(super) async fn raise_epoch(store: &SqliteStore, floor: u64) -> Result<u64, StoreError> {
    let mut writer = store.writer.lock().await;
    let row = sqlx::query("UPDATE server SET epoch = max(epoch, ?) + 1 RETURNING epoch")
        .bind(int(floor)?)
        .fetch_one(&mut *writer)
        .await?;
    count(&row, "epoch")
}
