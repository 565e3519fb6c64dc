use super::SqliteStore;
use super::codec::bytes;
use crate::store::StoreError;
use domain::entry::DeviceKey;
use domain::ids::DeviceId;
use domain::register::PersonId;
use domain::time::WallMs;
use sqlx::SqliteConnection;

pub(super) async fn bind(
    store: &SqliteStore,
    device: DeviceId,
    person: &PersonId,
    key: &DeviceKey,
    now: WallMs,
) -> Result<(), StoreError> {
    let mut writer = store.writer.lock().await;
    sqlx::query(
        "INSERT OR IGNORE INTO device_key (device, person, public_key, since_ms)
         VALUES (?, ?, ?, ?)",
    )
    .bind(device.raw().to_vec())
    .bind(person.as_str())
    .bind(key.bytes().as_slice())
    .bind(now.0)
    .execute(&mut *writer)
    .await?;
    Ok(())
}

pub(super) async fn shared(
    store: &SqliteStore,
    device: DeviceId,
    [one, other]: [&PersonId; 2],
) -> Result<Vec<DeviceKey>, StoreError> {
    let rows = sqlx::query(
        "SELECT a.public_key FROM device_key a JOIN device_key b USING (device, public_key)
         WHERE a.device = ? AND a.person = ? AND b.person = ?",
    )
    .bind(device.raw().to_vec())
    .bind(one.as_str())
    .bind(other.as_str())
    .fetch_all(&store.readers)
    .await?;
    rows.iter()
        .map(|row| {
            DeviceKey::new(bytes(row, "public_key")?)
                .map_err(|e| StoreError::damaged("device key", e))
        })
        .collect()
}

/// A person who may do nothing any more cannot be vouched for either.
pub(super) async fn forget(tx: &mut SqliteConnection, person: &PersonId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM device_key WHERE person = ?")
        .bind(person.as_str())
        .execute(tx)
        .await?;
    Ok(())
}
