use super::codec::{count, get, hash, hex, many, parse};
use super::{SqliteStore, ingest};
use crate::store::{Arrival, HeldBlobRow, StoreError};
use domain::hash::Sha256;
use domain::receipt::HeldBlob;
use domain::register::PersonId;
use domain::time::WallMs;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection as _, SqliteConnection};
use std::collections::HashMap;

/// Blobs that the arrivals name and their authors have delivered.
pub(super) async fn delivered(
    tx: &mut SqliteConnection,
    arrivals: &[Arrival],
) -> Result<HashMap<(PersonId, Sha256), HeldBlob>, StoreError> {
    let mut delivered = HashMap::new();
    if arrivals.iter().all(|a| a.entry.header().blobs.is_empty()) {
        return Ok(delivered);
    }
    let rows = sqlx::query(
        "SELECT DISTINCT h.person, h.sha256, h.size, h.received_ms
         FROM json_each(?) JOIN entry e ON e.entry_id = unhex(value)
         JOIN blob_ref r USING (entry_no)
         JOIN blob_held h ON h.sha256 = r.sha256 AND h.person = e.author",
    )
    .bind(ingest::ids(arrivals)?)
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let blob = held(row)?;
        delivered.insert((parse(row, "person")?, blob.sha256), blob);
    }
    Ok(delivered)
}

fn held(row: &SqliteRow) -> Result<HeldBlob, StoreError> {
    Ok(HeldBlob {
        sha256: hash(row, "sha256")?,
        size: count(row, "size")?,
        received_ms: WallMs(get(row, "received_ms")?),
    })
}

pub(super) async fn of_person(
    store: &SqliteStore,
    person: &PersonId,
    blobs: &[Sha256],
) -> Result<Vec<HeldBlob>, StoreError> {
    let rows = sqlx::query(
        "SELECT h.sha256, h.size, h.received_ms
         FROM json_each(?) j JOIN blob_held h ON h.sha256 = unhex(j.value)
         WHERE h.person = ? ORDER BY j.key",
    )
    .bind(many(blobs)?)
    .bind(person.as_str())
    .fetch_all(&store.readers)
    .await?;
    rows.iter().map(held).collect()
}

pub(super) async fn count_all(store: &SqliteStore) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT count(*) AS blobs FROM blob_held")
        .fetch_one(&store.readers)
        .await?;
    count(&row, "blobs")
}

/// Counts again for the records (JSON array of hex ids) how many of their blobs are held.
pub(super) async fn count_held(tx: &mut SqliteConnection, ids: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE record SET blobs_held = (
            SELECT count(*) FROM entry e JOIN blob_ref r USING (entry_no)
            JOIN blob_held h ON h.sha256 = r.sha256 AND h.person = e.author
            WHERE e.record_id = record.record_id)
         WHERE record_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(ids)
    .execute(tx)
    .await?;
    Ok(())
}

/// The records that name one of these blobs.
pub(super) async fn recount(
    tx: &mut SqliteConnection,
    blobs: &[HeldBlobRow],
) -> Result<(), StoreError> {
    let named = many(blobs.iter().map(|b| (b.sha256, &b.person)))?;
    let rows = sqlx::query(
        "SELECT DISTINCT e.record_id FROM json_each(?)
         JOIN blob_ref r ON r.sha256 = unhex(value ->> 0)
         JOIN entry e ON e.entry_no = r.entry_no AND e.author = value ->> 1",
    )
    .bind(named)
    .fetch_all(&mut *tx)
    .await?;
    count_held(tx, &record_ids(&rows)?).await
}

pub(super) async fn lose(store: &SqliteStore, blobs: &[Sha256]) -> Result<(), StoreError> {
    let lost = many(blobs)?;
    let mut writer = store.writer.lock().await;
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("DELETE FROM blob_held WHERE sha256 IN (SELECT unhex(value) FROM json_each(?))")
        .bind(&lost)
        .execute(&mut *tx)
        .await?;
    let rows = sqlx::query(
        "SELECT DISTINCT e.record_id FROM json_each(?) JOIN blob_ref r ON r.sha256 = unhex(value)
         JOIN entry e USING (entry_no)",
    )
    .bind(&lost)
    .fetch_all(&mut *tx)
    .await?;
    count_held(&mut tx, &record_ids(&rows)?).await?;
    Ok(tx.commit().await?)
}

fn record_ids(rows: &[SqliteRow]) -> Result<String, StoreError> {
    let ids = rows
        .iter()
        .map(|row| get::<&[u8], _>(row, "record_id").map(hex));
    many(ids.collect::<Result<Vec<_>, _>>()?)
}
