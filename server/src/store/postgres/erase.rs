//! What a purge takes away, in the transaction that keeps the purge: bodies, which blobs count
//! as held, and the list of blobs whose bytes nobody may go on keeping.

use super::PgStore;
use super::again::{ATTEMPTS, is_contended, pause};
use super::codec::{count, get, hash, id};
use crate::store::plan::Plan;
use crate::store::{HeldBlobRow, StoreError};
use domain::hash::Sha256;
use domain::ids::EntryId;
use domain::register::PersonId;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;

/// Erases the bodies and lets go of the blobs that only these entries named.
pub(super) async fn bodies(tx: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.erased.is_empty() {
        return Ok(());
    }
    let (entries, by): (Vec<_>, Vec<_>) = plan
        .erased
        .iter()
        .map(|(entry, by)| (id(entry.raw()), id(by.raw())))
        .unzip();
    let (blobs, authors) = blobs_of(tx, &entries).await?;
    sqlx::query(
        "INSERT INTO erased (entry_no, by_entry)
         SELECT e.entry_no, x.by_entry FROM unnest($1::bytea[], $2::bytea[]) AS x(entry_id, by_entry)
         JOIN entry e USING (entry_id) ON CONFLICT DO NOTHING",
    )
    .bind(&entries)
    .bind(by)
    .execute(&mut *tx)
    .await?;
    for sql in [
        "UPDATE entry SET body = NULL WHERE entry_id = ANY($1)",
        "DELETE FROM blob_ref WHERE entry_no IN
            (SELECT entry_no FROM entry WHERE entry_id = ANY($1))",
        // Nobody goes on with it; the sweep takes its staging objects away.
        "UPDATE upload SET touched_ms = 0 WHERE entry_id = ANY($1)",
    ] {
        sqlx::query(sql).bind(&entries).execute(&mut *tx).await?;
    }
    sqlx::query(
        "DELETE FROM blob_held h USING unnest($1::bytea[], $2::text[]) AS gone(sha256, person)
         WHERE h.sha256 = gone.sha256 AND h.person = gone.person
            AND NOT EXISTS (SELECT 1 FROM blob_ref r JOIN entry e USING (entry_no)
                WHERE r.sha256 = h.sha256 AND e.author = h.person)",
    )
    .bind(&blobs)
    .bind(authors)
    .execute(&mut *tx)
    .await?;
    // Also those that never came: they may be on their way.
    list(tx, &blobs).await
}

/// Hash and author of every blob that the entries name.
async fn blobs_of(
    tx: &mut PgConnection,
    entries: &[Vec<u8>],
) -> Result<(Vec<Vec<u8>>, Vec<String>), StoreError> {
    let rows = sqlx::query(
        "SELECT DISTINCT r.sha256, e.author FROM entry e JOIN blob_ref r USING (entry_no)
         WHERE e.entry_id = ANY($1)",
    )
    .bind(entries)
    .fetch_all(tx)
    .await?;
    let pair = |row: &PgRow| Ok((get(row, "sha256")?, get(row, "author")?));
    rows.iter().map(pair).collect()
}

/// Lists for erasing what nobody holds any more.
async fn list(tx: &mut PgConnection, blobs: &[Vec<u8>]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO blob_erasure (sha256)
         SELECT DISTINCT j.sha256 FROM unnest($1::bytea[]) AS j(sha256)
         WHERE NOT EXISTS (SELECT 1 FROM blob_held h WHERE h.sha256 = j.sha256)
            AND NOT EXISTS (SELECT 1 FROM blob_erasure b
                WHERE b.sha256 = j.sha256 AND b.done IS NULL)",
    )
    .bind(blobs)
    .execute(tx)
    .await?;
    Ok(())
}

/// Lists bytes that arrived for an entry that was purged meanwhile.
pub(super) async fn unnamed(
    tx: &mut PgConnection,
    blobs: &[HeldBlobRow],
) -> Result<(), StoreError> {
    let (hashes, persons) = super::write::blob_keys(blobs);
    let rows = sqlx::query(
        "SELECT j.sha256 FROM unnest($1::bytea[], $2::text[]) AS j(sha256, person)
         WHERE NOT EXISTS (SELECT 1 FROM blob_ref r JOIN entry e USING (entry_no)
            WHERE r.sha256 = j.sha256 AND e.author = j.person)",
    )
    .bind(hashes)
    .bind(persons)
    .fetch_all(&mut *tx)
    .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let unnamed = rows.iter().map(|row| get(row, "sha256"));
    list(tx, &unnamed.collect::<Result<Vec<_>, StoreError>>()?).await
}

/// Counts the blobs of the purged records again, where nothing is named any more, too.
pub(super) async fn recount(tx: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.erased.is_empty() {
        return Ok(());
    }
    let records: Vec<_> = plan.records.keys().map(|r| id(r.raw())).collect();
    super::blobs::count_held(tx, &records).await
}

pub(super) async fn is_erased(
    store: &PgStore,
    person: &PersonId,
    entry: EntryId,
) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM entry WHERE entry_id = $1 AND author = $2 AND body IS NULL)
            AS erased",
    )
    .bind(id(entry.raw()))
    .bind(person.as_str())
    .fetch_one(&store.pool)
    .await?;
    get(&row, "erased")
}

pub(super) async fn to_erase(store: &PgStore) -> Result<Vec<Sha256>, StoreError> {
    let rows = sqlx::query(
        "SELECT sha256 FROM blob_erasure WHERE done IS NULL GROUP BY sha256
         ORDER BY min(no) LIMIT 1000",
    )
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(|row| hash(row, "sha256")).collect()
}

/// Two servers may draw one number; `done` is unique, and the second draws again.
pub(super) async fn done(store: &PgStore, blob: Sha256) -> Result<(), StoreError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let noted = sqlx::query(
            "UPDATE blob_erasure SET done = (SELECT coalesce(max(done), 0) + 1 FROM blob_erasure)
             WHERE no = (SELECT min(no) FROM blob_erasure WHERE sha256 = $1 AND done IS NULL)",
        )
        .bind(blob.bytes().as_slice())
        .execute(&store.pool)
        .await
        .map_err(StoreError::from);
        match noted {
            Err(error) if attempt < ATTEMPTS && is_contended(&error) => pause(attempt).await,
            done => return done.map(drop),
        }
    }
}

pub(super) async fn count_done(store: &PgStore) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT coalesce(max(done), 0) AS done FROM blob_erasure")
        .fetch_one(&store.pool)
        .await?;
    count(&row, "done")
}
