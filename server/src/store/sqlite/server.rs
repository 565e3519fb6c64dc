use super::SqliteStore;
use super::codec::{bytes, count, get, int};
use crate::store::{Identity, StoreError};
use domain::ids::ServerId;
use domain::receipt::ReceiptKey;
use domain::time::WallMs;
use sqlx::{Connection as _, SqliteConnection};

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

pub(super) async fn raise_epoch(
    store: &SqliteStore,
    floor: u64,
    why: &str,
    now: WallMs,
) -> Result<u64, StoreError> {
    let mut writer = store.writer.lock().await;
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let row = sqlx::query("UPDATE server SET epoch = max(epoch, ?) + 1 RETURNING epoch")
        .bind(int(floor)?)
        .fetch_one(&mut *tx)
        .await?;
    let epoch = count(&row, "epoch")?;
    note_epoch(&mut tx, epoch, why, now).await?;
    tx.commit().await?;
    Ok(epoch)
}

/// Writes down when and why an epoch began.
pub(super) async fn note_epoch(
    tx: &mut SqliteConnection,
    epoch: u64,
    why: &str,
    now: WallMs,
) -> Result<(), StoreError> {
    sqlx::query("INSERT OR IGNORE INTO epoch (epoch, since_ms, why) VALUES (?, ?, ?)")
        .bind(int(epoch)?)
        .bind(now.0)
        .bind(why)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn note_key(
    store: &SqliteStore,
    key: &ReceiptKey,
    now: WallMs,
) -> Result<(), StoreError> {
    let mut writer = store.writer.lock().await;
    sqlx::query(
        "INSERT INTO receipt_key (key_id, public_key, since_ms) VALUES (?, ?, ?)
         ON CONFLICT DO NOTHING",
    )
    .bind(&key.key_id)
    .bind(&key.public_key)
    .bind(now.0)
    .execute(&mut *writer)
    .await?;
    Ok(())
}

pub(super) async fn keys(connection: &mut SqliteConnection) -> Result<Vec<ReceiptKey>, StoreError> {
    let rows = sqlx::query("SELECT key_id, public_key FROM receipt_key ORDER BY since_ms, key_id")
        .fetch_all(connection)
        .await?;
    let keys = rows.iter().map(|row| {
        Ok(ReceiptKey {
            key_id: get(row, "key_id")?,
            public_key: get(row, "public_key")?,
        })
    });
    keys.collect()
}
