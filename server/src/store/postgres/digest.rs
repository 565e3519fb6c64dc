use super::PgStore;
use super::codec::{count, get, hash, int, parse};
use super::feed::{feed_row, words};
use crate::store::{FeedRow, PhoneScope, ScopeRows, StoreError};
use domain::feed::Block;
use domain::hash::EntryHash;

/// The records of a scope by their indexes, and of each entry in it the last row of a shard, but
/// none from before the record left that shard. What was erased keeps its place.
///
/// The same scope as in [`super::feed::since`], which asks row by row what this asks at once.
macro_rules! live {
    () => {
        "mine AS (
            SELECT record_id FROM record WHERE author = $1
            UNION SELECT record_id FROM record WHERE behalf = $1
            UNION SELECT record_id FROM record WHERE assignee = $1
            UNION SELECT record_id FROM record WHERE reach = ANY($2) AND received_ms >= $3
            UNION SELECT record_id FROM record_unit WHERE unit = ANY($4)
            UNION SELECT r.record_id FROM record r JOIN record_unit u USING (record_id)
                WHERE r.outfall = ANY($5)),
         live AS (
            SELECT f.shard, f.seq, f.entry_hash FROM mine JOIN feed f USING (record_id)
            WHERE f.op = 'put' AND NOT EXISTS (SELECT 1 FROM feed n
                WHERE n.record_id = f.record_id AND n.shard = f.shard AND n.seq > f.seq
                  AND (n.op = 'leave_scope' OR n.entry_id = f.entry_id)))"
    };
}

macro_rules! scoped {
    ($query:expr, $scope:expr) => {{
        // Named one by one: whatever a scope gains must be asked for here, too.
        let PhoneScope {
            person,
            reaches,
            since_ms,
            units,
            watched,
        } = $scope;
        $query
            .bind(person.as_str())
            .bind(words(reaches))
            .bind(since_ms.0)
            .bind(words(units))
            .bind(words(watched))
    }};
}

/// One statement, so that heads and rows are of one moment.
pub(super) async fn rows(
    store: &PgStore,
    scope: &PhoneScope,
) -> Result<Vec<ScopeRows>, StoreError> {
    let query = sqlx::query(concat!(
        "WITH ",
        live!(),
        " SELECT s.shard, s.seq AS head, l.seq, l.entry_hash
          FROM shard s LEFT JOIN live l ON l.shard = s.shard ORDER BY s.shard, l.seq"
    ));
    let found = scoped!(query, scope).fetch_all(&store.pool).await?;
    let mut shards: Vec<ScopeRows> = Vec::new();
    for row in &found {
        let shard = parse(row, "shard")?;
        if shards.last().is_none_or(|s| s.shard != shard) {
            shards.push(ScopeRows {
                shard,
                through: count(row, "head")?,
                rows: Vec::new(),
            });
        }
        let seq: Option<i64> = get(row, "seq")?;
        if let (Some(last), Some(_)) = (shards.last_mut(), seq) {
            let entry: EntryHash = hash(row, "entry_hash")?;
            last.rows.push((count(row, "seq")?, entry));
        }
    }
    Ok(shards)
}

pub(super) async fn block(
    store: &PgStore,
    scope: &PhoneScope,
    block: &Block,
) -> Result<(Vec<FeedRow>, u64), StoreError> {
    let query = sqlx::query(concat!(
        "WITH ",
        live!(),
        " SELECT f.seq, f.op, f.record_id, f.entry_hash, e.header, coalesce(e.body, ''::bytea) AS body, e.sig, e.received_ms,
            e.author, e.quarantine IS NOT NULL AND NOT EXISTS (SELECT 1 FROM vetted w
                WHERE w.entry_no = e.entry_no AND w.accepted) AS quarantined, v.word, v.no, s.seq AS head
          FROM shard s LEFT JOIN live l ON l.shard = s.shard AND l.seq BETWEEN $7 AND $8
          LEFT JOIN feed f ON f.shard = l.shard AND f.seq = l.seq
          LEFT JOIN entry e ON e.entry_id = f.entry_id
          LEFT JOIN verdict v ON v.entry_id = f.entry_id
          WHERE s.shard = $6 ORDER BY f.seq"
    ));
    let found = scoped!(query, scope)
        .bind(block.shard.as_str())
        .bind(int(block.first())?)
        .bind(int(block.last())?)
        .fetch_all(&store.pool)
        .await?;
    let through = found.first().map(|row| count(row, "head")).transpose()?;
    let mut rows = Vec::new();
    for row in &found {
        if get::<Option<i64>, _>(row, "seq")?.is_some() {
            rows.push(feed_row(row)?);
        }
    }
    Ok((rows, through.unwrap_or(0)))
}
