use crate::store::audit::FeedLine;
use crate::store::sqlite::codec::{count, get, hash, int, parse, uuid};
use crate::store::sqlite::feed::optional_hash;
use crate::store::{FeedHead, StoreError};
use domain::ids::{EntryId, RecordId};
use domain::register::DivisionId;
use sqlx::SqliteConnection;

pub(super) async fn heads(connection: &mut SqliteConnection) -> Result<Vec<FeedHead>, StoreError> {
    let rows = sqlx::query(
        "SELECT shard, seq, row_hash FROM shard
         UNION ALL SELECT DISTINCT f.shard, 0, NULL FROM feed f
            WHERE NOT EXISTS (SELECT 1 FROM shard s WHERE s.shard = f.shard)
         ORDER BY shard",
    )
    .fetch_all(connection)
    .await?;
    let heads = rows.iter().map(|row| {
        Ok(FeedHead {
            shard: parse(row, "shard")?,
            seq: count(row, "seq")?,
            row_hash: optional_hash(row, "row_hash")?,
        })
    });
    heads.collect()
}

pub(super) async fn lines(
    connection: &mut SqliteConnection,
    shard: &DivisionId,
    after: u64,
    limit: u32,
) -> Result<Vec<FeedLine>, StoreError> {
    let rows = sqlx::query(
        "SELECT f.seq, f.entry_id, f.entry_hash, f.record_id, f.row_hash,
            e.hash AS own_hash, e.record_id AS own_record, e.entry_no IS NOT NULL AS there
         FROM feed f LEFT JOIN entry e USING (entry_id)
         WHERE f.shard = ? AND f.seq > ? ORDER BY f.seq LIMIT ?",
    )
    .bind(shard.as_str())
    .bind(int(after)?)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    let lines = rows.iter().map(|row| {
        let entry = if get(row, "there")? {
            let record = RecordId::new(uuid(row, "own_record")?);
            Some((hash(row, "own_hash")?, record))
        } else {
            None
        };
        Ok(FeedLine {
            seq: count(row, "seq")?,
            entry_id: EntryId::new(uuid(row, "entry_id")?),
            entry_hash: hash(row, "entry_hash")?,
            record_id: RecordId::new(uuid(row, "record_id")?),
            row_hash: hash(row, "row_hash")?,
            entry,
        })
    });
    lines.collect()
}
