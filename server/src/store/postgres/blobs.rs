use super::codec::{count, get, hash, parse};
use super::{PgStore, ingest};
use crate::store::outcome::Delivered;
use crate::store::{Arrival, HeldBlobRow, StoreError};
use domain::hash::Sha256;
use domain::receipt::HeldBlob;
use domain::register::PersonId;
use domain::time::WallMs;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;

/// Blobs that the arrivals name and their authors have delivered.
pub(super) async fn delivered(
    tx: &mut PgConnection,
    arrivals: &[Arrival],
) -> Result<Delivered, StoreError> {
    let mut delivered = Delivered::new();
    if arrivals.iter().all(|a| a.entry.header().blobs.is_empty()) {
        return Ok(delivered);
    }
    let rows = sqlx::query(
        "SELECT DISTINCT h.person, h.sha256, h.size, h.received_ms
         FROM entry e JOIN blob_ref r USING (entry_no)
         JOIN blob_held h ON h.sha256 = r.sha256 AND h.person = e.author
         WHERE e.entry_id = ANY($1)",
    )
    .bind(ingest::ids(arrivals))
    .fetch_all(tx)
    .await?;
    for row in &rows {
        let blob = held(row)?;
        delivered.insert((parse(row, "person")?, blob.sha256), blob);
    }
    Ok(delivered)
}

fn held(row: &PgRow) -> Result<HeldBlob, StoreError> {
    Ok(HeldBlob {
        sha256: hash(row, "sha256")?,
        size: count(row, "size")?,
        received_ms: WallMs(get(row, "received_ms")?),
    })
}

/// Hashes as one parameter.
pub(super) fn hashes(blobs: &[Sha256]) -> Vec<Vec<u8>> {
    blobs.iter().map(|b| b.bytes().to_vec()).collect()
}

pub(super) async fn of_person(
    store: &PgStore,
    person: &PersonId,
    blobs: &[Sha256],
) -> Result<Vec<HeldBlob>, StoreError> {
    let rows = sqlx::query(
        "SELECT h.sha256, h.size, h.received_ms
         FROM unnest($1::bytea[]) WITH ORDINALITY AS j(hash, key)
         JOIN blob_held h ON h.sha256 = j.hash
         WHERE h.person = $2 ORDER BY j.key",
    )
    .bind(hashes(blobs))
    .bind(person.as_str())
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(held).collect()
}

pub(super) async fn count_all(store: &PgStore) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT count(*) AS blobs FROM blob_held")
        .fetch_one(&store.pool)
        .await?;
    count(&row, "blobs")
}

/// Counts again for the records how many of their blobs are held.
pub(super) async fn count_held(
    tx: &mut PgConnection,
    records: &[Vec<u8>],
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE record SET blobs_held = (
            SELECT count(*) FROM entry e JOIN blob_ref r USING (entry_no)
            JOIN blob_held h ON h.sha256 = r.sha256 AND h.person = e.author
            WHERE e.record_id = record.record_id)
         WHERE record_id = ANY($1)",
    )
    .bind(records)
    .execute(tx)
    .await?;
    Ok(())
}

/// The records that name one of these blobs.
pub(super) async fn named_by(
    tx: &mut PgConnection,
    blobs: &[HeldBlobRow],
) -> Result<Vec<Vec<u8>>, StoreError> {
    let (hashes, persons) = super::write::blob_keys(blobs);
    let rows = sqlx::query(
        "SELECT DISTINCT e.record_id FROM unnest($1::bytea[], $2::text[]) AS b(sha256, person)
         JOIN blob_ref r ON r.sha256 = b.sha256
         JOIN entry e ON e.entry_no = r.entry_no AND e.author = b.person",
    )
    .bind(hashes)
    .bind(persons)
    .fetch_all(&mut *tx)
    .await?;
    record_ids(&rows)
}

pub(super) async fn lose(store: &PgStore, blobs: &[Sha256]) -> Result<(), StoreError> {
    let lost = hashes(blobs);
    let mut tx = store.pool.begin().await?;
    let rows = sqlx::query(
        "SELECT DISTINCT e.record_id FROM blob_ref r JOIN entry e USING (entry_no)
         WHERE r.sha256 = ANY($1) ORDER BY e.record_id",
    )
    .bind(&lost)
    .fetch_all(&mut *tx)
    .await?;
    let records = record_ids(&rows)?;
    super::ingest::hold(&mut tx, &records).await?;
    sqlx::query("DELETE FROM blob_held WHERE sha256 = ANY($1)")
        .bind(&lost)
        .execute(&mut *tx)
        .await?;
    count_held(&mut tx, &records).await?;
    Ok(tx.commit().await?)
}

fn record_ids(rows: &[PgRow]) -> Result<Vec<Vec<u8>>, StoreError> {
    rows.iter().map(|row| get(row, "record_id")).collect()
}
