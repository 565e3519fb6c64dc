use super::codec::{count, get, hash, uuid};
use super::{PgStore, ingest};
use crate::store::logs::missing;
use crate::store::outcome::Places;
use crate::store::{Arrival, StoreError};
use domain::entry::LogHead;
use domain::hash::EntryHash;
use domain::ids::EntryId;
use domain::receipt::HeldEntry;
use domain::register::PersonId;
use domain::time::WallMs;
use domain::wire::Gap;
use sqlx::PgConnection;

/// Whether each arrival waits for a predecessor, and whether its place in the log is contested.
pub(super) async fn of(tx: &mut PgConnection, arrivals: &[Arrival]) -> Result<Places, StoreError> {
    let rows = sqlx::query(
        "SELECT e.entry_id,
            e.prev_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entry p
                WHERE p.log_id = e.log_id AND p.seq = e.seq - 1 AND p.hash = e.prev_hash)
                AS waiting,
            EXISTS (SELECT 1 FROM entry o WHERE o.log_id = e.log_id AND o.seq = e.seq
                AND o.entry_no <> e.entry_no) AS forked
         FROM entry e WHERE e.entry_id = ANY($1)",
    )
    .bind(ingest::ids(arrivals))
    .fetch_all(tx)
    .await?;
    let place = rows.iter().map(|row| {
        let id = EntryId::new(uuid(row, "entry_id")?);
        Ok((id, (get(row, "waiting")?, get(row, "forked")?)))
    });
    place.collect()
}

pub(super) async fn gaps(
    store: &PgStore,
    person: &PersonId,
    heads: &[LogHead],
) -> Result<Vec<Gap>, StoreError> {
    let mut gaps = Vec::new();
    for head in heads {
        let rows = sqlx::query(
            "SELECT seq FROM entry WHERE log_id = $1 AND author = $2
             UNION SELECT seq FROM refused_entry
                WHERE log_id = $1 AND sender = $2 AND seq IS NOT NULL
             ORDER BY seq",
        )
        .bind(head.log_id.raw().to_vec())
        .bind(person.as_str())
        .fetch_all(&store.pool)
        .await?;
        let known = rows.iter().map(|row| count(row, "seq"));
        let known = known.collect::<Result<Vec<u64>, _>>()?;
        gaps.extend(missing(head, &known));
    }
    Ok(gaps)
}

pub(super) async fn held(
    store: &PgStore,
    person: &PersonId,
    hashes: &[EntryHash],
) -> Result<Vec<HeldEntry>, StoreError> {
    let asked: Vec<_> = hashes.iter().map(|h| h.bytes().to_vec()).collect();
    let rows = sqlx::query(
        "SELECT e.hash, e.received_ms, e.epoch
         FROM unnest($1::bytea[]) WITH ORDINALITY AS j(hash, key) JOIN entry e ON e.hash = j.hash
         WHERE e.author = $2 ORDER BY j.key",
    )
    .bind(asked)
    .bind(person.as_str())
    .fetch_all(&store.pool)
    .await?;
    let held = rows.iter().map(|row| {
        Ok(HeldEntry {
            hash: hash(row, "hash")?,
            received_ms: WallMs(get(row, "received_ms")?),
            epoch: count(row, "epoch")?,
        })
    });
    held.collect()
}
