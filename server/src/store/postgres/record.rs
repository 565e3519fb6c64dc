use super::PgStore;
use super::codec::{count, get, hash, parse, parse_opt, utf8, uuid};
use super::desk::{record_row, row_columns};
use super::known::set;
use crate::store::{StoreError, StoredBlob, StoredEntry, StoredRecord};
use domain::case::Verdict;
use domain::entry::{Entry, Header};
use domain::hash::Sha256;
use domain::ids::{EntryId, RecordId};
use domain::register::{DivisionId, PersonId};
use domain::time::WallMs;
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

pub(super) async fn read(
    store: &PgStore,
    id: RecordId,
) -> Result<Option<StoredRecord>, StoreError> {
    // One snapshot, or a blob that arrives in between would be counted and not shown.
    let mut tx = store
        .pool
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let key = id.raw().as_bytes().to_vec();
    let row = sqlx::query(concat!(
        "SELECT ",
        row_columns!(),
        ", r.outfall, ARRAY(SELECT division FROM record_division d
            WHERE d.record_id = r.record_id ORDER BY division) AS divisions,
           ARRAY(SELECT unit FROM record_unit u
            WHERE u.record_id = r.record_id ORDER BY unit) AS units
         FROM record r WHERE r.record_id = $1"
    ))
    .bind(&key)
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(StoredRecord {
        row: record_row(&row)?,
        divisions: set(&row, "divisions")?,
        units: set(&row, "units")?,
        outfall: parse_opt(&row, "outfall")?,
        on_behalf_of: parse_opt(&row, "behalf")?,
        entries: entries(&mut tx, &key).await?,
    }))
}

/// Reads all that one person recorded, some thousands at most: an index for the few sheets that
/// ask would cost every report.
pub(super) async fn made_on(
    store: &PgStore,
    patrol: RecordId,
    author: &PersonId,
    limit: u32,
) -> Result<Vec<RecordId>, StoreError> {
    let mut rows = sqlx::query(
        "SELECT r.record_id, coalesce(e.body, ''::bytea) AS body
         FROM record r JOIN entry e ON e.entry_id = r.record_id
         WHERE r.author = $1 ORDER BY r.recorded_ms, r.record_id",
    )
    .bind(author.as_str())
    .fetch(&store.pool);
    let mut found = Vec::new();
    while found.len() < limit as usize
        && let Some(row) = rows.try_next().await?
    {
        // The engine's own reading of JSON fails at texts that phones may send.
        let body = domain::json::read::<OnPatrol>(&utf8(&row, "body")?);
        if body.is_ok_and(|body| body.patrol == Some(patrol)) {
            found.push(RecordId::new(uuid(&row, "record_id")?));
        }
    }
    Ok(found)
}

/// Of a body, the patrol on which it was made.
#[derive(Deserialize)]
struct OnPatrol {
    #[serde(default)]
    patrol: Option<RecordId>,
}

async fn entries(tx: &mut PgConnection, record: &[u8]) -> Result<Vec<StoredEntry>, StoreError> {
    let mut feed: HashMap<EntryId, Vec<(DivisionId, u64)>> = HashMap::new();
    let rows = sqlx::query(
        "SELECT entry_id, shard, seq FROM feed WHERE record_id = $1 AND op = 'put'
         ORDER BY shard, seq",
    )
    .bind(record)
    .fetch_all(&mut *tx)
    .await?;
    for row in &rows {
        let id = EntryId::new(uuid(row, "entry_id")?);
        feed.entry(id)
            .or_default()
            .push((parse(row, "shard")?, count(row, "seq")?));
    }

    let mut held: HashMap<(EntryId, Sha256), (WallMs, String)> = HashMap::new();
    let rows = sqlx::query(
        "SELECT e.entry_id, h.sha256, h.received_ms, h.media_type
         FROM entry e JOIN blob_ref b USING (entry_no)
         JOIN blob_held h ON h.sha256 = b.sha256 AND h.person = e.author
         WHERE e.record_id = $1",
    )
    .bind(record)
    .fetch_all(&mut *tx)
    .await?;
    for row in &rows {
        let key = (EntryId::new(uuid(row, "entry_id")?), hash(row, "sha256")?);
        held.insert(
            key,
            (WallMs(get(row, "received_ms")?), get(row, "media_type")?),
        );
    }

    let rows = sqlx::query(
        "SELECT e.entry_id, e.hash, e.author, e.header, coalesce(e.body, ''::bytea) AS body, e.sig,
            e.received_ms, e.epoch, v.word,
            CASE WHEN NOT EXISTS (SELECT 1 FROM vetted w
                WHERE w.entry_no = e.entry_no AND w.accepted) THEN e.quarantine END AS quarantine,
            e.prev_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entry p
                WHERE p.log_id = e.log_id AND p.seq = e.seq - 1 AND p.hash = e.prev_hash)
                AS waiting,
            EXISTS (SELECT 1 FROM entry o WHERE o.log_id = e.log_id AND o.seq = e.seq
                AND o.entry_no <> e.entry_no) AS forked
         FROM entry e LEFT JOIN verdict v USING (entry_id)
         WHERE e.record_id = $1 ORDER BY v.no NULLS FIRST, e.entry_no",
    )
    .bind(record)
    .fetch_all(&mut *tx)
    .await?;
    rows.iter()
        .map(|row| entry(row, &mut feed, &held))
        .collect()
}

fn entry(
    row: &PgRow,
    feed: &mut HashMap<EntryId, Vec<(DivisionId, u64)>>,
    held: &HashMap<(EntryId, Sha256), (WallMs, String)>,
) -> Result<StoredEntry, StoreError> {
    let entry_id = EntryId::new(uuid(row, "entry_id")?);
    let raw = Entry {
        header: utf8(row, "header")?,
        body: utf8(row, "body")?,
        sig: get(row, "sig")?,
    };
    let header: Header =
        domain::json::read(&raw.header).map_err(|e| StoreError::damaged("header", e))?;
    let blobs = header.blobs.into_iter().map(|blob| {
        let held = held.get(&(entry_id, blob.sha256)).cloned();
        let (held_ms, media_type) = held.unzip();
        StoredBlob {
            blob,
            held_ms,
            media_type,
        }
    });
    Ok(StoredEntry {
        entry_id,
        author: parse(row, "author")?,
        entry: raw,
        hash: hash(row, "hash")?,
        received_ms: WallMs(get(row, "received_ms")?),
        epoch: count(row, "epoch")?,
        quarantine: get(row, "quarantine")?,
        verdict: get::<Option<String>, _>(row, "word")?.map(Verdict::from),
        waiting: get(row, "waiting")?,
        forked: get(row, "forked")?,
        feed: feed.remove(&entry_id).unwrap_or_default(),
        blobs: blobs.collect(),
    })
}
