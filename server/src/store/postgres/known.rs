use super::codec::{bytes, count, get, hash, id, parse, parse_opt, utf8, uuid};
use crate::store::plan::{KeptEntry, Known, KnownEntry, KnownRecord};
use crate::store::{Arrival, RecordPlace, StoreError, vetting};
use domain::case::Verdict;
use domain::entry::{Entry, Kind};
use domain::ids::{DeviceId, EntryId, LogId, RecordId};
use domain::receipt::HeldEntry;
use domain::time::WallMs;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

/// Everything held that the arrivals touch.
pub(super) async fn load(tx: &mut PgConnection, arrivals: &[Arrival]) -> Result<Known, StoreError> {
    let headers = || arrivals.iter().map(|a| a.entry.header());
    let mut known = Known::default();

    let rows = sqlx::query(
        "SELECT entry_id, hash, received_ms, epoch, quarantine, body IS NULL AS erased FROM entry
         WHERE entry_id = ANY($1)",
    )
    .bind(super::ingest::ids(arrivals))
    .fetch_all(&mut *tx)
    .await?;
    for row in &rows {
        let held = HeldEntry {
            hash: hash(row, "hash")?,
            received_ms: WallMs(get(row, "received_ms")?),
            epoch: count(row, "epoch")?,
        };
        known.entries.insert(
            EntryId::new(uuid(row, "entry_id")?),
            KnownEntry {
                held,
                quarantine: get(row, "quarantine")?,
                erased: get(row, "erased")?,
            },
        );
    }

    let logs: BTreeSet<LogId> = headers().map(|h| h.log_id).collect();
    let logs: Vec<_> = logs.iter().map(|l| l.raw().to_vec()).collect();
    let rows = sqlx::query("SELECT log_id, person, device FROM log WHERE log_id = ANY($1)")
        .bind(logs)
        .fetch_all(&mut *tx)
        .await?;
    for row in &rows {
        let device = DeviceId::new(bytes(row, "device")?);
        known.logs.insert(
            LogId::new(bytes(row, "log_id")?),
            (parse(row, "person")?, device),
        );
    }

    let ids: BTreeSet<RecordId> = headers().map(|h| h.record_id).collect();
    known.records = records(tx, &ids).await?;
    Ok(known)
}

async fn records(
    tx: &mut PgConnection,
    ids: &BTreeSet<RecordId>,
) -> Result<BTreeMap<RecordId, KnownRecord>, StoreError> {
    let mut records: BTreeMap<RecordId, KnownRecord> = BTreeMap::new();
    let ids: Vec<_> = ids.iter().map(|r| id(r.raw())).collect();
    let rows = sqlx::query(
        "SELECT e.record_id, e.header, coalesce(e.body, ''::bytea) AS body, e.received_ms,
            e.quarantine IS NOT NULL AS quarantined, v.word
         FROM entry e LEFT JOIN verdict v USING (entry_id)
         WHERE e.record_id = ANY($1) ORDER BY v.no NULLS FIRST, e.entry_no",
    )
    .bind(&ids)
    .fetch_all(&mut *tx)
    .await?;
    for row in &rows {
        let raw = Entry {
            header: utf8(row, "header")?,
            body: utf8(row, "body")?,
            sig: None,
        };
        let kept = KeptEntry {
            entry: raw
                .check_kept()
                .map_err(|e| StoreError::damaged("entry", e))?,
            quarantined: get(row, "quarantined")?,
            received_ms: WallMs(get(row, "received_ms")?),
            verdict: get::<Option<String>, _>(row, "word")?.map(Verdict::from),
        };
        let id = RecordId::new(uuid(row, "record_id")?);
        records.entry(id).or_default().entries.push(kept);
    }
    for record in records.values_mut() {
        vetting::settle(&mut record.entries);
    }
    if records.is_empty() {
        return Ok(records);
    }

    let rows = sqlx::query(
        "SELECT record_id, author, behalf, kind, division, reach, assignee, outfall,
            ARRAY(SELECT unit FROM record_unit u
                WHERE u.record_id = r.record_id ORDER BY unit) AS units,
            ARRAY(SELECT division FROM record_division d
                WHERE d.record_id = r.record_id ORDER BY division) AS divisions,
            ARRAY(SELECT shard FROM record_shard s
                WHERE s.record_id = r.record_id ORDER BY shard) AS shards
         FROM record r WHERE record_id = ANY($1)",
    )
    .bind(&ids)
    .fetch_all(&mut *tx)
    .await?;
    for row in &rows {
        let record = records
            .entry(RecordId::new(uuid(row, "record_id")?))
            .or_default();
        record.place = Some(RecordPlace {
            author: parse(row, "author")?,
            on_behalf_of: parse_opt(row, "behalf")?,
            kind: Kind::from(get::<String, _>(row, "kind")?),
            division: parse_opt(row, "division")?,
            divisions: set(row, "divisions")?,
            reach: parse_opt(row, "reach")?,
            units: set(row, "units")?,
            assignee: parse_opt(row, "assignee")?,
            outfall: parse_opt(row, "outfall")?,
        });
        record.shards = set(row, "shards")?;
    }
    Ok(records)
}

/// An array of ids.
pub(super) fn set<T>(row: &PgRow, column: &'static str) -> Result<Vec<T>, StoreError>
where
    T: FromStr,
    T::Err: Display,
{
    let words: Vec<String> = get(row, column)?;
    let read = |word: &String| word.parse().map_err(|e| StoreError::damaged(column, e));
    words.iter().map(read).collect()
}
