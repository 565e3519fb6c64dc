//! What a purge takes away, in the transaction that keeps the purge: bodies, which blobs count
//! as held, and the list of blobs whose bytes nobody may go on keeping.

use super::SqliteStore;
use super::codec::{count, get, hash, hex, many};
use crate::store::plan::Plan;
use crate::store::{HeldBlobRow, StoreError};
use domain::hash::Sha256;
use domain::ids::EntryId;
use domain::register::PersonId;
use sqlx::SqliteConnection;

/// Erases the bodies and lets go of the blobs that only these entries named.
pub(super) async fn bodies(tx: &mut SqliteConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.erased.is_empty() {
        return Ok(());
    }
    let rows = plan.erased.iter();
    let rows = many(rows.map(|(entry, by)| (hex(entry.raw()), hex(by.raw()))))?;
    let let_go = blobs_of(tx, &rows).await?;
    for sql in [
        "INSERT OR IGNORE INTO erased (entry_no, by_entry)
         SELECT e.entry_no, unhex(value ->> 1)
         FROM json_each(?) JOIN entry e ON e.entry_id = unhex(value ->> 0)",
        "UPDATE entry SET body = NULL
         WHERE entry_id IN (SELECT unhex(value ->> 0) FROM json_each(?))",
        "DELETE FROM blob_ref WHERE entry_no IN (SELECT e.entry_no
            FROM json_each(?) JOIN entry e ON e.entry_id = unhex(value ->> 0))",
        // Nobody goes on with it; the sweep takes its staging objects away.
        "UPDATE upload SET touched_ms = 0
         WHERE entry_id IN (SELECT unhex(value ->> 0) FROM json_each(?))",
    ] {
        sqlx::query(sql).bind(&rows).execute(&mut *tx).await?;
    }
    sqlx::query(
        "DELETE FROM blob_held
         WHERE (sha256, person) IN (SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?))
            AND NOT EXISTS (SELECT 1 FROM blob_ref r JOIN entry e USING (entry_no)
                WHERE r.sha256 = blob_held.sha256 AND e.author = blob_held.person)",
    )
    .bind(&let_go)
    .execute(&mut *tx)
    .await?;
    // Also those that never came: they may be on their way.
    list(tx, &let_go).await
}

/// Hash and author of every blob that the entries (first of each pair) name, as JSON.
async fn blobs_of(tx: &mut SqliteConnection, entries: &str) -> Result<String, StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT r.sha256, e.author FROM json_each(?)
         JOIN entry e ON e.entry_id = unhex(value ->> 0) JOIN blob_ref r USING (entry_no)",
    )
    .bind(entries)
    .fetch_all(tx)
    .await?;
    let rows = rows
        .iter()
        .map(|row| Ok((hash(row, "sha256")?, get::<String, _>(row, "author")?)));
    many(rows.collect::<Result<Vec<_>, StoreError>>()?)
}

/// Lists for erasing what nobody holds any more.
async fn list(tx: &mut SqliteConnection, blobs: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO blob_erasure (sha256)
         SELECT DISTINCT unhex(value ->> 0) FROM json_each(?) j
         WHERE NOT EXISTS (SELECT 1 FROM blob_held WHERE sha256 = unhex(j.value ->> 0))
            AND NOT EXISTS (SELECT 1 FROM blob_erasure
                WHERE sha256 = unhex(j.value ->> 0) AND done IS NULL)",
    )
    .bind(blobs)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists bytes that arrived for an entry that was purged meanwhile.
pub(super) async fn unnamed(
    tx: &mut SqliteConnection,
    blobs: &[HeldBlobRow],
) -> Result<(), StoreError> {
    let arrived = many(blobs.iter().map(|b| (b.sha256, &b.person)))?;
    let rows = sqlx::query(
        "SELECT unhex(value ->> 0) AS sha256 FROM json_each(?) j
         WHERE NOT EXISTS (SELECT 1 FROM blob_ref r JOIN entry e USING (entry_no)
            WHERE r.sha256 = unhex(j.value ->> 0) AND e.author = j.value ->> 1)",
    )
    .bind(arrived)
    .fetch_all(&mut *tx)
    .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let unnamed = rows.iter().map(|row| Ok([hash(row, "sha256")?]));
    list(tx, &many(unnamed.collect::<Result<Vec<_>, StoreError>>()?)?).await
}

/// Counts the blobs of the purged records again, where nothing is named any more, too.
pub(super) async fn recount(tx: &mut SqliteConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.erased.is_empty() {
        return Ok(());
    }
    let records = plan.records.keys().map(|id| hex(id.raw()));
    super::blobs::count_held(tx, &many(records)?).await
}

pub(super) async fn is_erased(
    store: &SqliteStore,
    person: &PersonId,
    entry: EntryId,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM entry WHERE entry_id = ? AND author = ? AND body IS NULL)
            AS erased",
    )
    .bind(entry.raw().as_bytes().as_slice())
    .bind(person.as_str())
    .fetch_one(&store.readers)
    .await?;
    get(&row, "erased")
}

pub(super) async fn to_erase(store: &SqliteStore) -> Result<Vec<Sha256>, StoreError> {
    let rows = sqlx::query(
        "SELECT sha256 FROM blob_erasure WHERE done IS NULL GROUP BY sha256
         ORDER BY min(no) LIMIT 1000",
    )
    .fetch_all(&store.readers)
    .await?;
    rows.iter().map(|row| hash(row, "sha256")).collect()
}

pub(super) async fn done(store: &SqliteStore, blob: Sha256) -> Result<(), StoreError> {
    let mut writer = store.writer.lock().await;
    sqlx::query(
        "UPDATE blob_erasure SET done = (SELECT coalesce(max(done), 0) + 1 FROM blob_erasure)
         WHERE no = (SELECT min(no) FROM blob_erasure WHERE sha256 = ? AND done IS NULL)",
    )
    .bind(blob.bytes().as_slice())
    .execute(&mut *writer)
    .await?;
    Ok(())
}

pub(super) async fn count_done(store: &SqliteStore) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT coalesce(max(done), 0) AS done FROM blob_erasure")
        .fetch_one(&store.readers)
        .await?;
    count(&row, "done")
}
