use super::PgStore;
use super::codec::{count, get, hash, id, int, parse, parse_opt, utf8, uuid};
use crate::store::plan::FeedAppend;
use crate::store::{FeedHead, FeedRow, PhoneScope, StoreError};
use domain::case::Verdict;
use domain::entry::Entry;
use domain::feed::{FeedOp, row_hash};
use domain::hash::{EntryHash, Sha256};
use domain::ids::RecordId;
use domain::register::DivisionId;
use domain::time::WallMs;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use std::collections::BTreeMap;

/// Numbers and chains the rows, shard by shard in ascending order: the last that a transaction
/// does before it commits, since whoever writes in one of these shards waits from here on. Gives
/// the numbers of the rows that begin a record, in the first of its shards.
pub(super) async fn append(
    tx: &mut PgConnection,
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
            "INSERT INTO shard AS s (shard, seq) VALUES ($1, $2)
             ON CONFLICT (shard) DO UPDATE SET seq = s.seq + $2 RETURNING seq, row_hash",
        )
        .bind(shard.as_str())
        .bind(int(rows.len() as u64)?)
        .fetch_one(&mut *tx)
        .await?;
        let last: u64 = count(&head, "seq")?;
        let mut previous = optional_hash(&head, "row_hash")?;
        let before = last - rows.len() as u64;
        let mut chained = Vec::with_capacity(rows.len());
        for (seq, row) in (before + 1..).zip(&rows) {
            let hash = row_hash(previous.as_ref(), &row.entry_hash);
            previous = Some(hash);
            chained.push(hash.bytes().to_vec());
            if row.entry_id.as_record() == row.record_id {
                numbers
                    .entry(row.record_id)
                    .or_insert_with(|| (shard.clone(), seq));
            }
        }
        let column = |of: fn(&FeedAppend) -> Vec<u8>| rows.iter().map(|row| of(row)).collect();
        let (records, entries, hashes): (Vec<_>, Vec<_>, Vec<_>) = (
            column(|row| id(row.record_id.raw())),
            column(|row| id(row.entry_id.raw())),
            column(|row| row.entry_hash.bytes().to_vec()),
        );
        let ops: Vec<String> = rows.iter().map(|row| row.op.as_str().to_owned()).collect();
        let left = rows.iter().map(|row| row.left_reach.as_ref());
        let left: Vec<_> = left.map(|reach| reach.map(ToString::to_string)).collect();
        sqlx::query(
            "WITH rows AS (
                INSERT INTO feed (shard, seq, op, record_id, entry_id, entry_hash, row_hash,
                    left_reach)
                SELECT $1, $2 + no, op, record_id, entry_id, entry_hash, row_hash, left_reach
                FROM unnest($3::text[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[],
                    $8::text[]) WITH ORDINALITY
                    AS r(op, record_id, entry_id, entry_hash, row_hash, left_reach, no))
             UPDATE shard SET row_hash = $9 WHERE shard = $1",
        )
        .bind(shard.as_str())
        .bind(int(before)?)
        .bind(ops)
        .bind(records)
        .bind(entries)
        .bind(hashes)
        .bind(chained)
        .bind(left)
        .bind(previous.map(|h| h.bytes().to_vec()))
        .execute(&mut *tx)
        .await?;
    }
    Ok(numbers)
}

pub(super) fn optional_hash(
    row: &PgRow,
    column: &'static str,
) -> Result<Option<Sha256>, StoreError> {
    let null = get::<Option<&[u8]>, _>(row, column)?.is_none();
    (!null).then(|| hash(row, column)).transpose()
}

pub(super) async fn heads(store: &PgStore) -> Result<Vec<FeedHead>, StoreError> {
    let rows = sqlx::query("SELECT shard, seq, row_hash FROM shard ORDER BY shard")
        .fetch_all(&store.pool)
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
    store: &PgStore,
    scope: &PhoneScope,
    shard: &DivisionId,
    after: u64,
    limit: u32,
) -> Result<(Vec<FeedRow>, u64), StoreError> {
    let rows = sqlx::query(
        "WITH visible AS (
            SELECT f.* FROM feed f JOIN record r USING (record_id)
            WHERE f.shard = $1 AND f.seq > $2
              AND (r.author = $3 OR r.behalf = $3 OR r.assignee = $3
                   OR f.left_reach = ANY($4)
                   OR (r.reach = ANY($4) AND (r.received_ms >= $5
                        OR f.entry_id IN (SELECT by_entry FROM erased)))
                   OR EXISTS (SELECT 1 FROM record_unit u
                        WHERE u.record_id = r.record_id AND u.unit = ANY($7))
                   OR (r.outfall = ANY($8)
                        AND EXISTS (SELECT 1 FROM record_unit u WHERE u.record_id = r.record_id)))
            ORDER BY f.seq LIMIT $6),
         wanted AS (
            SELECT shard, seq FROM visible
            UNION SELECT o.shard, o.seq FROM visible v
                JOIN feed o ON o.record_id = v.record_id AND o.shard = v.shard AND o.seq < v.seq
                WHERE v.entry_id = v.record_id)
         SELECT f.seq, f.op, f.record_id, f.entry_hash, e.header,
            coalesce(e.body, ''::bytea) AS body, e.sig, e.received_ms,
            e.author, e.quarantine IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vetted w
                WHERE w.entry_no = e.entry_no AND w.accepted) AS quarantined, v.word, v.no,
            (SELECT count(*) FROM visible) AS found,
            (SELECT max(seq) FROM visible) AS last, s.seq AS head
         FROM shard s LEFT JOIN wanted w ON w.shard = s.shard
         LEFT JOIN feed f ON f.shard = w.shard AND f.seq = w.seq
         LEFT JOIN entry e ON e.entry_id = f.entry_id
         LEFT JOIN verdict v ON v.entry_id = f.entry_id
         WHERE s.shard = $1 ORDER BY f.seq",
    )
    .bind(shard.as_str())
    .bind(int(after)?)
    .bind(scope.person.as_str())
    .bind(words(&scope.reaches))
    .bind(scope.since_ms.0)
    .bind(i64::from(limit))
    .bind(words(&scope.units))
    .bind(words(&scope.watched))
    .fetch_all(&store.pool)
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
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        if get::<Option<i64>, _>(row, "seq")?.is_some() {
            found.push(feed_row(row)?);
        }
    }
    Ok((found, through))
}

/// Ids as one parameter.
pub(super) fn words<'a, T: ToString + 'a>(ids: impl IntoIterator<Item = &'a T>) -> Vec<String> {
    ids.into_iter().map(ToString::to_string).collect()
}

pub(super) fn feed_row(row: &PgRow) -> Result<FeedRow, StoreError> {
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
    store: &PgStore,
    shard: &DivisionId,
    after: u64,
    limit: u32,
) -> Result<Vec<(u64, EntryHash, Sha256)>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, entry_hash, row_hash FROM feed
         WHERE shard = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    )
    .bind(shard.as_str())
    .bind(int(after)?)
    .bind(i64::from(limit))
    .fetch_all(&store.pool)
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
