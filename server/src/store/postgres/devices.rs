use super::PgStore;
use super::codec::bytes;
use crate::store::StoreError;
use domain::entry::DeviceKey;
use domain::ids::DeviceId;
use domain::register::PersonId;
use domain::time::WallMs;
use sqlx::PgConnection;

pub(super) async fn bind(
    store: &PgStore,
    device: DeviceId,
    person: &PersonId,
    key: &DeviceKey,
    now: WallMs,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO device_key (device, person, public_key, since_ms)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(device.raw().to_vec())
    .bind(person.as_str())
    .bind(key.bytes().as_slice())
    .bind(now.0)
    .execute(&store.pool)
    .await?;
    Ok(())
}

pub(super) async fn shared(
    store: &PgStore,
    device: DeviceId,
    [one, other]: [&PersonId; 2],
) -> Result<Vec<DeviceKey>, StoreError> {
    let rows = sqlx::query(
        "SELECT a.public_key FROM device_key a JOIN device_key b USING (device, public_key)
         WHERE a.device = $1 AND a.person = $2 AND b.person = $3",
    )
    .bind(device.raw().to_vec())
    .bind(one.as_str())
    .bind(other.as_str())
    .fetch_all(&store.pool)
    .await?;
    rows.iter()
        .map(|row| {
            DeviceKey::new(bytes(row, "public_key")?)
                .map_err(|e| StoreError::damaged("device key", e))
        })
        .collect()
}

/// A person who may do nothing any more cannot be vouched for either.
pub(super) async fn forget(tx: &mut PgConnection, person: &PersonId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM device_key WHERE person = $1")
        .bind(person.as_str())
        .execute(tx)
        .await?;
    Ok(())
}
