use super::SqliteStore;
use super::codec::{count, get, hash, hex, int, many, parse, parse_opt, utf8, uuid};
use crate::store::plan::FeedAppend;
use crate::store::{FeedHead, FeedRow, PhoneScope, StoreError};
use domain::case::Verdict;
use domain::entry::Entry;
use domain::feed::{FeedOp, row_hash};
use domain::hash::{EntryHash, Sha256};
use domain::ids::RecordId;
use domain::register::DivisionId;
use domain::time::WallMs;
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeMap;

/// Numbers and chains the rows, shard by shard in ascending order. Gives the numbers of the
/// rows that begin a record, in the first of its shards.
pub(super) async fn append(
    tx: &mut SqliteConnection,
    rows: &[FeedAppend],
) -> Result<BTreeMap<RecordId, (DivisionId, u64)>, StoreError> {
    let mut by_shard: BTreeMap<&DivisionId, Vec<&FeedAppend>> = BTreeMap::new();
    for row in rows {
        by_shard.entry(&row.shard).or_default().push(row);
    }
    let mut numbers = BTreeMap::new();
    for (shard, rows) in by_shard {
        // The row lock of this update is what makes numbers appear in the order of commits.
        let head = sqlx::query(
            "INSERT INTO shard (shard, seq) VALUES (?1, ?2)
             ON CONFLICT (shard) DO UPDATE SET seq = seq + ?2 RETURNING seq, row_hash",
        )
        .bind(shard.as_str())
        .bind(int(rows.len() as u64)?)
        .fetch_one(&mut *tx)
        .await?;
        let last: u64 = count(&head, "seq")?;
        let mut previous = optional_hash(&head, "row_hash")?;
        let mut seq = last - rows.len() as u64;
        let mut written = Vec::with_capacity(rows.len());
        for row in rows {
            seq += 1;
            let chained = row_hash(previous.as_ref(), &row.entry_hash);
            previous = Some(chained);
            if row.entry_id.as_record() == row.record_id {
                numbers
                    .entry(row.record_id)
                    .or_insert_with(|| (shard.clone(), seq));
            }
            written.push(json!([
                seq,
                row.op.as_str(),
                hex(row.record_id.raw()),
                hex(row.entry_id.raw()),
                row.entry_hash,
                chained,
                row.left_reach,
            ]));
        }
        sqlx::query(
            "INSERT INTO feed (shard, seq, op, record_id, entry_id, entry_hash, row_hash,
                left_reach)
             SELECT ?2, value ->> 0, value ->> 1, unhex(value ->> 2), unhex(value ->> 3),
                unhex(value ->> 4), unhex(value ->> 5), value ->> 6 FROM json_each(?1)",
        )
        .bind(many(written)?)
        .bind(shard.as_str())
        .execute(&mut *tx)
        .await?;
        sqlx::query("UPDATE shard SET row_hash = ? WHERE shard = ?")
            .bind(previous.map(|h| h.bytes().to_vec()))
            .bind(shard.as_str())
            .execute(&mut *tx)
            .await?;
    }
    Ok(numbers)
}

pub(super) fn optional_hash(
    row: &SqliteRow,
    column: &'static str,
) -> Result<Option<Sha256>, StoreError> {
    let null = get::<Option<&[u8]>, _>(row, column)?.is_none();
    (!null).then(|| hash(row, column)).transpose()
}

pub(super) async fn heads(store: &SqliteStore) -> Result<Vec<FeedHead>, StoreError> {
    let rows = sqlx::query("SELECT shard, seq, row_hash FROM shard ORDER BY shard")
        .fetch_all(&store.readers)
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

/// One statement, so that what is looked through and what is found are of one moment.
///
/// A remark may overtake the record it belongs to, and is then in nobody's scope yet: the row
/// that begins a record brings along what came before it. That a record left is told to those
/// who carried it, by the reach that it left, and to nobody else. A purge reaches also those who
/// carry an older record than a phone is given today.
pub(super) async fn since(
    store: &SqliteStore,
    scope: &PhoneScope,
    shard: &DivisionId,
    after: u64,
    limit: u32,
) -> Result<(Vec<FeedRow>, u64), StoreError> {
    let rows = sqlx::query(
        "WITH visible AS (
            SELECT f.* FROM feed f JOIN record r USING (record_id)
            WHERE f.shard = ?1 AND f.seq > ?2
              AND (r.author = ?3 OR r.behalf = ?3 OR r.assignee = ?3
                   OR f.left_reach IN (SELECT value FROM json_each(?4))
                   OR (r.reach IN (SELECT value FROM json_each(?4)) AND (r.received_ms >= ?5
                        OR f.entry_id IN (SELECT by_entry FROM erased)))
                   OR EXISTS (SELECT 1 FROM record_unit u JOIN json_each(?7) g
                        ON u.unit = g.value WHERE u.record_id = r.record_id)
                   OR (r.outfall IN (SELECT value FROM json_each(?8))
                        AND EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id)))
            ORDER BY f.seq LIMIT ?6),
         wanted AS (
            SELECT shard, seq FROM visible
            UNION SELECT o.shard, o.seq FROM visible v
                JOIN feed o ON o.record_id = v.record_id AND o.shard = v.shard AND o.seq < v.seq
                WHERE v.entry_id = v.record_id)
         SELECT f.seq, f.op, f.record_id, f.entry_hash, e.header, coalesce(e.body, x'') AS body, e.sig,
            e.received_ms,
            e.author, e.quarantine IS NOT NULL AS quarantined, v.word, v.no,
            (SELECT count(*) FROM visible) AS found,
            (SELECT max(seq) FROM visible) AS last,
            (SELECT seq FROM shard WHERE shard = ?1) AS head
         FROM shard s LEFT JOIN wanted w ON w.shard = s.shard
         LEFT JOIN feed f ON f.shard = w.shard AND f.seq = w.seq
         LEFT JOIN entry e ON e.entry_id = f.entry_id
         LEFT JOIN verdict v ON v.entry_id = f.entry_id
         WHERE s.shard = ?1 ORDER BY f.seq",
    )
    .bind(shard.as_str())
    .bind(int(after)?)
    .bind(scope.person.as_str())
    .bind(many(&scope.reaches)?)
    .bind(scope.since_ms.0)
    .bind(limit)
    .bind(many(&scope.units)?)
    .bind(many(&scope.watched)?)
    .fetch_all(&store.readers)
    .await?;
    let Some(first) = rows.first() else {
        return Ok((Vec::new(), after));
    };
    let found: u32 = count(first, "found")?;
    let through = if found == limit {
        count(first, "last")?
    } else {
        count(first, "head")?
    };
    let put = |row: &&SqliteRow| {
        row.try_get_raw("seq")
            .is_ok_and(|v| !sqlx::ValueRef::is_null(&v))
    };
    let found = rows
        .iter()
        .filter(put)
        .map(feed_row)
        .collect::<Result<_, _>>()?;
    Ok((found, through))
}

pub(super) fn feed_row(row: &SqliteRow) -> Result<FeedRow, StoreError> {
    let op = FeedOp::from(get::<String, _>(row, "op")?);
    let entry = (op == FeedOp::Put)
        .then(|| {
            Ok::<_, StoreError>(Entry {
                header: utf8(row, "header")?,
                body: utf8(row, "body")?,
                sig: get(row, "sig")?,
            })
        })
        .transpose()?;
    Ok(FeedRow {
        seq: count(row, "seq")?,
        op,
        record_id: RecordId::new(uuid(row, "record_id")?),
        entry_hash: hash(row, "entry_hash")?,
        entry,
        received_ms: WallMs(get(row, "received_ms")?),
        quarantined: get(row, "quarantined")?,
        author: parse_opt(row, "author")?,
        verdict: get::<Option<String>, _>(row, "word")?.map(Verdict::from),
        judged: get::<Option<i64>, _>(row, "no")?.and_then(|n| u64::try_from(n).ok()),
    })
}

pub(super) async fn chain(
    store: &SqliteStore,
    shard: &DivisionId,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, EntryHash, Sha256)>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, entry_hash, row_hash FROM feed
         WHERE shard = ? AND seq > ? ORDER BY seq LIMIT ?",
    )
    .bind(shard.as_str())
    .bind(int(after)?)
    .bind(limit)
    .fetch_all(&store.readers)
    .await?;
    let chain = rows.iter().map(|row| {
        Ok((
            count(row, "seq")?,
            hash(row, "entry_hash")?,
            hash(row, "row_hash")?,
        ))
    });
    chain.collect()
}
