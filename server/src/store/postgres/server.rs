use super::PgStore;
use super::codec::{bytes, count, get, int, text};
use crate::store::{Identity, StoreError};
use domain::ids::ServerId;
use domain::receipt::ReceiptKey;
use domain::time::WallMs;
use sqlx::PgConnection;

pub(super) async fn identity(store: &PgStore) -> Result<Identity, StoreError> {
    let row = sqlx::query("SELECT server_id, epoch FROM server")
        .fetch_one(&store.pool)
        .await?;
    Ok(Identity {
        server_id: ServerId::new(bytes(&row, "server_id")?),
        epoch: count(&row, "epoch")?,
    })
}

/// The epoch, which nobody raises before this transaction ends.
pub(super) async fn epoch(tx: &mut PgConnection) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT epoch FROM server FOR SHARE")
        .fetch_one(tx)
        .await?;
    count(&row, "epoch")
}

pub(super) async fn raise_epoch(
    store: &PgStore,
    floor: u64,
    why: &str,
    now: WallMs,
) -> Result<u64, StoreError> {
    let mut tx = store.pool.begin().await?;
    let row = sqlx::query("UPDATE server SET epoch = greatest(epoch, $1) + 1 RETURNING epoch")
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
    tx: &mut PgConnection,
    epoch: u64,
    why: &str,
    now: WallMs,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO epoch (epoch, since_ms, why) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind(int(epoch)?)
    .bind(now.0)
    .bind(text(why))
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn note_key(
    store: &PgStore,
    key: &ReceiptKey,
    now: WallMs,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO receipt_key (key_id, public_key, since_ms) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
    )
    .bind(&key.key_id)
    .bind(&key.public_key)
    .bind(now.0)
    .execute(&store.pool)
    .await?;
    Ok(())
}

pub(super) async fn keys(store: &PgStore) -> Result<Vec<ReceiptKey>, StoreError> {
    let rows = sqlx::query("SELECT key_id, public_key FROM receipt_key ORDER BY since_ms, key_id")
        .fetch_all(&store.pool)
        .await?;
    let keys = rows.iter().map(|row| {
        Ok(ReceiptKey {
            key_id: get(row, "key_id")?,
            public_key: get(row, "public_key")?,
        })
    });
    keys.collect()
}
