use super::PgStore;
use super::codec::{bytes, count, get, hash, int, parse, uuid};
use crate::store::{Appended, Chunk, NamedBlob, StoreError, Upload};
use domain::hash::Sha256;
use domain::ids::{EntryId, UploadId};
use domain::register::PersonId;
use domain::time::WallMs;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;

pub(super) async fn named(
    store: &PgStore,
    person: &PersonId,
    entry: EntryId,
    sha256: Sha256,
) -> Result<Option<NamedBlob>, StoreError> {
    let row = sqlx::query(
        "SELECT r.size, r.role, h.received_ms FROM entry e JOIN blob_ref r USING (entry_no)
         LEFT JOIN blob_held h ON h.sha256 = r.sha256 AND h.person = e.author
         WHERE e.entry_id = $1 AND e.author = $2 AND r.sha256 = $3",
    )
    .bind(entry.raw().as_bytes().as_slice())
    .bind(person.as_str())
    .bind(sha256.bytes().as_slice())
    .fetch_optional(&store.pool)
    .await?;
    row.map(|row| {
        Ok(NamedBlob {
            size: count(&row, "size")?,
            role: get(&row, "role")?,
            held_ms: get::<Option<i64>, _>(&row, "received_ms")?.map(WallMs),
        })
    })
    .transpose()
}

pub(super) async fn open(store: &PgStore, upload: &Upload) -> Result<Upload, StoreError> {
    let row = sqlx::query(
        "INSERT INTO upload (upload_id, person, entry_id, sha256, size, held, touched_ms)
         VALUES ($1, $2, $3, $4, $5, 0, $6)
         ON CONFLICT (person, entry_id, sha256) DO UPDATE SET touched_ms = excluded.touched_ms
         RETURNING *",
    )
    .bind(upload.upload_id.raw().to_vec())
    .bind(upload.person.as_str())
    .bind(upload.entry_id.raw().as_bytes().as_slice())
    .bind(upload.sha256.bytes().as_slice())
    .bind(int(upload.size)?)
    .bind(upload.touched_ms.0)
    .fetch_one(&store.pool)
    .await?;
    read(&row)
}

fn read(row: &PgRow) -> Result<Upload, StoreError> {
    Ok(Upload {
        upload_id: UploadId::new(bytes(row, "upload_id")?),
        person: parse(row, "person")?,
        entry_id: EntryId::new(uuid(row, "entry_id")?),
        sha256: hash(row, "sha256")?,
        size: count(row, "size")?,
        held: count(row, "held")?,
        touched_ms: WallMs(get(row, "touched_ms")?),
    })
}

pub(super) async fn get_one(
    store: &PgStore,
    person: &PersonId,
    id: UploadId,
) -> Result<Option<Upload>, StoreError> {
    sqlx::query("SELECT * FROM upload WHERE upload_id = $1 AND person = $2")
        .bind(id.raw().to_vec())
        .bind(person.as_str())
        .fetch_optional(&store.pool)
        .await?
        .map(|row| read(&row))
        .transpose()
}

pub(super) async fn append(
    store: &PgStore,
    id: UploadId,
    chunk: &Chunk,
    now: WallMs,
) -> Result<Appended, StoreError> {
    let mut tx = store.pool.begin().await?;
    // Held first, and then looked at: a purge that was under way is seen.
    let held = sqlx::query("SELECT held FROM upload WHERE upload_id = $1 FOR UPDATE")
        .bind(id.raw().to_vec())
        .fetch_optional(&mut *tx)
        .await?;
    // Not if the entry was purged: nothing names the blob any more.
    let named = sqlx::query(
        "SELECT 1 FROM upload u JOIN entry e USING (entry_id)
         JOIN blob_ref r ON r.entry_no = e.entry_no AND r.sha256 = u.sha256
         WHERE u.upload_id = $1",
    )
    .bind(id.raw().to_vec())
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = held.filter(|_| named.is_some()) else {
        return Ok(Appended::Gone);
    };
    let held: u64 = count(&row, "held")?;
    if held != chunk.at {
        return Ok(Appended::WrongOffset(held));
    }
    let held = held + chunk.size;
    sqlx::query("UPDATE upload SET held = $1, touched_ms = $2 WHERE upload_id = $3")
        .bind(int(held)?)
        .bind(now.0)
        .bind(id.raw().to_vec())
        .execute(&mut *tx)
        .await?;
    sqlx::query("INSERT INTO upload_chunk (upload_id, at, size, object) VALUES ($1, $2, $3, $4)")
        .bind(id.raw().to_vec())
        .bind(int(chunk.at)?)
        .bind(int(chunk.size)?)
        .bind(&chunk.object)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Appended::Held(held))
}

pub(super) async fn chunks(store: &PgStore, id: UploadId) -> Result<Vec<Chunk>, StoreError> {
    let rows =
        sqlx::query("SELECT at, size, object FROM upload_chunk WHERE upload_id = $1 ORDER BY at")
            .bind(id.raw().to_vec())
            .fetch_all(&store.pool)
            .await?;
    let chunks = rows.iter().map(|row| {
        Ok(Chunk {
            at: count(row, "at")?,
            size: count(row, "size")?,
            object: get(row, "object")?,
        })
    });
    chunks.collect()
}

pub(super) async fn drop(store: &PgStore, id: UploadId) -> Result<(), StoreError> {
    let mut connection = store.pool.acquire().await?;
    forget(&mut connection, id).await
}

/// Its chunks go with it.
pub(super) async fn forget(tx: &mut PgConnection, id: UploadId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM upload WHERE upload_id = $1")
        .bind(id.raw().to_vec())
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn stale(store: &PgStore, before: WallMs) -> Result<Vec<UploadId>, StoreError> {
    let rows = sqlx::query("SELECT upload_id FROM upload WHERE touched_ms < $1 LIMIT 1000")
        .bind(before.0)
        .fetch_all(&store.pool)
        .await?;
    rows.iter()
        .map(|row| Ok(UploadId::new(bytes(row, "upload_id")?)))
        .collect()
}

pub(super) async fn unknown(
    store: &PgStore,
    ids: &[UploadId],
) -> Result<Vec<UploadId>, StoreError> {
    let rows = sqlx::query(
        "SELECT j.upload_id FROM unnest($1::bytea[]) AS j(upload_id)
         WHERE NOT EXISTS (SELECT 1 FROM upload u WHERE u.upload_id = j.upload_id)",
    )
    .bind(ids.iter().map(|id| id.raw().to_vec()).collect::<Vec<_>>())
    .fetch_all(&store.pool)
    .await?;
    rows.iter()
        .map(|row| Ok(UploadId::new(bytes(row, "upload_id")?)))
        .collect()
}
