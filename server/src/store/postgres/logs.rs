use super::PgStore;
use super::codec::{bytes, count, get, int, parse, text};
use crate::store::{Announced, OpenLog, StoreError};
use domain::ids::{DeviceId, LogId};
use domain::time::WallMs;
use domain::wire::{ClosedLog, PhoneSaid, Room};
use sqlx::postgres::PgRow;

/// The log of another person is not the caller's to speak of: such a head is left out.
pub(super) async fn announce(store: &PgStore, what: &Announced) -> Result<(), StoreError> {
    let heads = what.heads.iter();
    let logs: Vec<_> = heads.map(|h| h.log_id.raw().to_vec()).collect();
    let seqs = what.heads.iter().map(|h| int(h.seq));
    sqlx::query(
        "INSERT INTO announced AS a (log_id, person, device, seq, unsent, unsent_bytes, oldest_age_ms,
            blobs, blob_bytes, parked, app_version, persisted, heard_ms, used_bytes, allowed_bytes)
         SELECT h.log_id, $2, $3, h.seq, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
         FROM (SELECT log_id, max(seq) AS seq
            FROM unnest($1::bytea[], $15::bigint[]) AS said(log_id, seq)
            GROUP BY log_id ORDER BY log_id) AS h
         WHERE NOT EXISTS (SELECT 1 FROM log l
            WHERE l.log_id = h.log_id AND l.person <> $2)
         ON CONFLICT (log_id) DO UPDATE SET seq = greatest(a.seq, excluded.seq),
            unsent = excluded.unsent, unsent_bytes = excluded.unsent_bytes,
            oldest_age_ms = excluded.oldest_age_ms, blobs = excluded.blobs,
            blob_bytes = excluded.blob_bytes, parked = excluded.parked,
            app_version = excluded.app_version, persisted = excluded.persisted,
            heard_ms = excluded.heard_ms, used_bytes = excluded.used_bytes,
            allowed_bytes = excluded.allowed_bytes
         WHERE a.person = excluded.person",
    )
    .bind(logs)
    .bind(what.person.as_str())
    .bind(what.device.raw().to_vec())
    .bind(i64::from(what.unsent))
    .bind(int(what.unsent_bytes)?)
    .bind(int(what.oldest_age_ms)?)
    .bind(i64::from(what.blobs))
    .bind(int(what.blob_bytes)?)
    .bind(i64::from(what.parked))
    .bind(text(&what.app_version))
    .bind(what.persisted)
    .bind(what.now.0)
    .bind(what.room.map(|r| int(r.used)).transpose()?)
    .bind(what.room.map(|r| int(r.allowed)).transpose()?)
    .bind(seqs.collect::<Result<Vec<_>, _>>()?)
    .execute(&store.pool)
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
                greatest(0, coalesce(a.blobs, 0) - coalesce(m.blobs, 0)) AS blobs,
                greatest(coalesce(a.seq, 0), coalesce(f.seq, 0)) AS seq,
                coalesce((SELECT max(through) FROM closed_log c WHERE c.log_id = k.log_id), 0)
                    AS through
            FROM known k LEFT JOIN announced a USING (log_id) LEFT JOIN far f USING (log_id)
            LEFT JOIN come m USING (log_id)),
         logs AS (SELECT s.*, c.closed_by, c.closed_ms, c.reason,
                greatest(0, s.seq - s.through - (SELECT count(*) FROM explained e
                    WHERE e.log_id = s.log_id AND e.seq > s.through AND e.seq <= s.seq))
                    AS missing,
                EXISTS (SELECT 1 FROM place p WHERE p.log_id = s.log_id AND p.seq > s.through
                    AND p.entries > 1) AS forked
            FROM state s
            LEFT JOIN closed_log c ON c.log_id = s.log_id AND c.through = s.through)"
    };
}

/// The longest silent first.
pub(super) async fn open(store: &PgStore, limit: u32) -> Result<Vec<OpenLog>, StoreError> {
    let rows = sqlx::query(concat!(
        logs!(),
        "SELECT * FROM logs WHERE missing > 0 OR forked
            OR (blobs > 0 AND (closed_ms IS NULL OR heard_ms > closed_ms))
         ORDER BY heard_ms NULLS FIRST, log_id LIMIT $1"
    ))
    .bind(i64::from(limit))
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(read).collect()
}

/// The longest silent first.
pub(super) async fn all(store: &PgStore, limit: u32) -> Result<Vec<OpenLog>, StoreError> {
    let rows = sqlx::query(concat!(
        logs!(),
        "SELECT * FROM logs ORDER BY heard_ms NULLS FIRST, log_id LIMIT $1"
    ))
    .bind(i64::from(limit))
    .fetch_all(&store.pool)
    .await?;
    rows.iter().map(read).collect()
}

pub(super) async fn one(store: &PgStore, id: LogId) -> Result<Option<OpenLog>, StoreError> {
    let row = sqlx::query(concat!(logs!(), "SELECT * FROM logs WHERE log_id = $1"))
        .bind(id.raw().to_vec())
        .fetch_optional(&store.pool)
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &PgRow) -> Result<OpenLog, StoreError> {
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
        blobs: count(row, "blobs")?,
        heard_ms,
        forked: get(row, "forked")?,
        closed,
        said: heard_ms.map(|heard| said(row, heard)).transpose()?,
    })
}

fn said(row: &PgRow, heard_ms: WallMs) -> Result<PhoneSaid, StoreError> {
    let age: i64 = get(row, "oldest_age_ms")?;
    Ok(PhoneSaid {
        heard_ms,
        unsent: count(row, "unsent")?,
        unsent_bytes: count(row, "unsent_bytes")?,
        oldest_ms: WallMs(heard_ms.0.saturating_sub(age)),
        blob_bytes: count(row, "blob_bytes")?,
        parked: count(row, "parked")?,
        app_version: get(row, "app_version")?,
        persisted: get(row, "persisted")?,
        room: room(row)?,
    })
}

fn room(row: &PgRow) -> Result<Option<Room>, StoreError> {
    let told: Option<i64> = get(row, "allowed_bytes")?;
    let room = |_| {
        let (used, allowed) = (count(row, "used_bytes")?, count(row, "allowed_bytes")?);
        Ok(Room { used, allowed })
    };
    told.map(room).transpose()
}

/// Said twice of one place, the first reason stays.
pub(super) async fn close(
    store: &PgStore,
    id: LogId,
    closed: &ClosedLog,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO closed_log (log_id, through, closed_by, closed_ms, reason)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(id.raw().to_vec())
    .bind(int(closed.through)?)
    .bind(closed.by.as_str())
    .bind(closed.at_ms.0)
    .bind(text(&closed.reason))
    .execute(&store.pool)
    .await?;
    Ok(())
}
