use super::SqliteStore;
use super::codec::{bytes, count, get, int, many, parse};
use crate::store::{Announced, OpenLog, StoreError};
use domain::ids::{DeviceId, LogId};
use domain::time::WallMs;
use domain::wire::{ClosedLog, PhoneSaid, Room};
use serde_json::json;
use sqlx::sqlite::SqliteRow;

/// The log of another person is not the caller's to speak of: such a head is left out.
pub(super) async fn announce(store: &SqliteStore, what: &Announced) -> Result<(), StoreError> {
    let heads = what
        .heads
        .iter()
        .map(|h| Ok(json!([h.log_id, int(h.seq)?])))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let mut writer = store.writer.lock().await;
    sqlx::query(
        "INSERT INTO announced (log_id, person, device, seq, unsent, unsent_bytes, oldest_age_ms,
            blobs, blob_bytes, parked, app_version, persisted, heard_ms, used_bytes, allowed_bytes)
         SELECT unhex(value ->> 0), ?2, ?3, value ->> 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
            ?13, ?14
         FROM json_each(?1)
         WHERE NOT EXISTS (SELECT 1 FROM log l
            WHERE l.log_id = unhex(value ->> 0) AND l.person <> ?2)
         ON CONFLICT (log_id) DO UPDATE SET seq = max(seq, excluded.seq),
            unsent = excluded.unsent, unsent_bytes = excluded.unsent_bytes,
            oldest_age_ms = excluded.oldest_age_ms, blobs = excluded.blobs,
            blob_bytes = excluded.blob_bytes, parked = excluded.parked,
            app_version = excluded.app_version, persisted = excluded.persisted,
            heard_ms = excluded.heard_ms, used_bytes = excluded.used_bytes,
            allowed_bytes = excluded.allowed_bytes
         WHERE person = excluded.person",
    )
    .bind(many(heads)?)
    .bind(what.person.as_str())
    .bind(what.device.raw().to_vec())
    .bind(what.unsent)
    .bind(int(what.unsent_bytes)?)
    .bind(int(what.oldest_age_ms)?)
    .bind(what.blobs)
    .bind(int(what.blob_bytes)?)
    .bind(what.parked)
    .bind(&what.app_version)
    .bind(what.persisted)
    .bind(what.now.0)
    .bind(what.room.map(|r| int(r.used)).transpose()?)
    .bind(what.room.map(|r| int(r.allowed)).transpose()?)
    .execute(&mut *writer)
    .await?;
    Ok(())
}

/// Every log that was used or announced, with what of it is missing, or contested, beyond what
/// was closed. A phone announces before it sends: of the blobs that it spoke of then, those that
/// came since are not missing.
macro_rules! logs {
    () => {
        "WITH known AS (SELECT log_id, person, device FROM log
            UNION SELECT log_id, person, device FROM announced a
                WHERE NOT EXISTS (SELECT 1 FROM log l WHERE l.log_id = a.log_id)),
         place AS (SELECT log_id, seq, count(*) AS entries FROM entry GROUP BY log_id, seq),
         explained AS (SELECT log_id, seq FROM place
            UNION SELECT log_id, seq FROM refused_entry
                WHERE log_id IS NOT NULL AND seq IS NOT NULL),
         far AS (SELECT log_id, max(seq) AS seq FROM place GROUP BY log_id),
         come AS (SELECT a.log_id, count(DISTINCT h.sha256) AS blobs
            FROM announced a JOIN entry e ON e.log_id = a.log_id JOIN blob_ref b USING (entry_no)
            JOIN blob_held h ON h.sha256 = b.sha256 AND h.person = a.person
                AND h.received_ms >= a.heard_ms
            WHERE a.blobs > 0 GROUP BY a.log_id),
         state AS (SELECT k.log_id, k.person, k.device, a.heard_ms, a.unsent, a.unsent_bytes,
                a.oldest_age_ms, a.blob_bytes, a.parked, a.app_version, a.persisted,
                a.used_bytes, a.allowed_bytes,
                max(0, coalesce(a.blobs, 0) - coalesce(m.blobs, 0)) AS blobs,
                max(coalesce(a.seq, 0), coalesce(f.seq, 0)) AS seq,
                coalesce((SELECT max(through) FROM closed_log c WHERE c.log_id = k.log_id), 0)
                    AS through
            FROM known k LEFT JOIN announced a USING (log_id) LEFT JOIN far f USING (log_id)
            LEFT JOIN come m USING (log_id)),
         logs AS (SELECT s.*, c.closed_by, c.closed_ms, c.reason,
                max(0, s.seq - s.through - (SELECT count(*) FROM explained e
                    WHERE e.log_id = s.log_id AND e.seq > s.through AND e.seq <= s.seq))
                    AS missing,
                EXISTS (SELECT 1 FROM place p WHERE p.log_id = s.log_id AND p.seq > s.through
                    AND p.entries > 1) AS forked
            FROM state s
            LEFT JOIN closed_log c ON c.log_id = s.log_id AND c.through = s.through)"
    };
}

pub(super) use logs;

/// The longest silent first.
pub(super) async fn open(store: &SqliteStore, limit: u32) -> Result<Vec<OpenLog>, StoreError> {
    let rows = sqlx::query(concat!(
        logs!(),
        "SELECT * FROM logs WHERE missing > 0 OR forked
            OR (blobs > 0 AND (closed_ms IS NULL OR heard_ms > closed_ms))
         ORDER BY heard_ms NULLS FIRST, log_id LIMIT ?"
    ))
    .bind(limit)
    .fetch_all(&store.readers)
    .await?;
    rows.iter().map(read).collect()
}

/// The longest silent first.
pub(super) async fn all(store: &SqliteStore, limit: u32) -> Result<Vec<OpenLog>, StoreError> {
    let rows = sqlx::query(concat!(
        logs!(),
        "SELECT * FROM logs ORDER BY heard_ms NULLS FIRST, log_id LIMIT ?"
    ))
    .bind(limit)
    .fetch_all(&store.readers)
    .await?;
    rows.iter().map(read).collect()
}

pub(super) async fn one(store: &SqliteStore, id: LogId) -> Result<Option<OpenLog>, StoreError> {
    let row = sqlx::query(concat!(logs!(), "SELECT * FROM logs WHERE log_id = ?"))
        .bind(id.raw().to_vec())
        .fetch_optional(&store.readers)
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &SqliteRow) -> Result<OpenLog, StoreError> {
    let heard_ms = get::<Option<i64>, _>(row, "heard_ms")?.map(WallMs);
    let closed = get::<Option<i64>, _>(row, "closed_ms")?
        .map(|at| {
            Ok::<_, StoreError>(ClosedLog {
                by: parse(row, "closed_by")?,
                at_ms: WallMs(at),
                reason: get(row, "reason")?,
                through: count(row, "through")?,
            })
        })
        .transpose()?;
    Ok(OpenLog {
        log_id: LogId::new(bytes(row, "log_id")?),
        person: parse(row, "person")?,
        device: DeviceId::new(bytes(row, "device")?),
        seq: count(row, "seq")?,
        missing: count(row, "missing")?,
        blobs: get(row, "blobs")?,
        heard_ms,
        forked: get(row, "forked")?,
        closed,
        said: heard_ms.map(|heard| said(row, heard)).transpose()?,
    })
}

fn said(row: &SqliteRow, heard_ms: WallMs) -> Result<PhoneSaid, StoreError> {
    let age: i64 = get(row, "oldest_age_ms")?;
    Ok(PhoneSaid {
        heard_ms,
        unsent: get(row, "unsent")?,
        unsent_bytes: count(row, "unsent_bytes")?,
        oldest_ms: WallMs(heard_ms.0.saturating_sub(age)),
        blob_bytes: count(row, "blob_bytes")?,
        parked: get(row, "parked")?,
        app_version: get(row, "app_version")?,
        persisted: get(row, "persisted")?,
        room: room(row)?,
    })
}

fn room(row: &SqliteRow) -> Result<Option<Room>, StoreError> {
    let told: Option<i64> = get(row, "allowed_bytes")?;
    let room = |_| {
        let (used, allowed) = (count(row, "used_bytes")?, count(row, "allowed_bytes")?);
        Ok(Room { used, allowed })
    };
    told.map(room).transpose()
}

/// Said twice of one place, the first reason stays.
pub(super) async fn close(
    store: &SqliteStore,
    id: LogId,
    closed: &ClosedLog,
) -> Result<(), StoreError> {
    let mut writer = store.writer.lock().await;
    sqlx::query(
        "INSERT OR IGNORE INTO closed_log (log_id, through, closed_by, closed_ms, reason)
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(id.raw().to_vec())
    .bind(int(closed.through)?)
    .bind(closed.by.as_str())
    .bind(closed.at_ms.0)
    .bind(&closed.reason)
    .execute(&mut *writer)
    .await?;
    Ok(())
}
