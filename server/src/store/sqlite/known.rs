use super::codec::{bytes, count, get, hash, hex, many, parse, parse_opt, utf8, uuid};
use crate::store::plan::{KeptEntry, Known, KnownEntry, KnownRecord};
use crate::store::{Arrival, RecordPlace, StoreError};
use domain::case::Verdict;
use domain::entry::{Entry, Kind};
use domain::ids::{DeviceId, EntryId, LogId, RecordId};
use domain::receipt::HeldEntry;
use domain::time::WallMs;
use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;
use std::collections::{BTreeMap, BTreeSet};

/// Everything held that the arrivals touch.
pub(super) async fn load(
    tx: &mut SqliteConnection,
    arrivals: &[Arrival],
) -> Result<Known, StoreError> {
    let headers = || arrivals.iter().map(|a| a.entry.header());
    let mut known = Known::default();

    let ids = many(headers().map(|h| hex(h.entry_id.raw())))?;
    let rows = sqlx::query(
        "SELECT entry_id, hash, received_ms, epoch, quarantine, body IS NULL AS erased FROM entry
         WHERE entry_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(ids)
    .fetch_all(&mut *tx)
    .await?;
    for row in &rows {
        let held = HeldEntry {
            hash: hash(row, "hash")?,
            received_ms: WallMs(get(row, "received_ms")?),
            epoch: count(row, "epoch")?,
        };
        let quarantine = get(row, "quarantine")?;
        known.entries.insert(
            EntryId::new(uuid(row, "entry_id")?),
            KnownEntry {
                held,
                quarantine,
                erased: get(row, "erased")?,
            },
        );
    }

    let logs: BTreeSet<LogId> = headers().map(|h| h.log_id).collect();
    let rows = sqlx::query(
        "SELECT log_id, person, device FROM log
         WHERE log_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(many(logs.iter().map(|l| hex(l.raw())))?)
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
    tx: &mut SqliteConnection,
    ids: &BTreeSet<RecordId>,
) -> Result<BTreeMap<RecordId, KnownRecord>, StoreError> {
    let mut records: BTreeMap<RecordId, KnownRecord> = BTreeMap::new();
    let ids = many(ids.iter().map(|id| hex(id.raw())))?;
    let rows = sqlx::query(
        "SELECT e.record_id, e.header, coalesce(e.body, x'') AS body, e.received_ms,
            e.quarantine IS NOT NULL AS quarantined, v.word
         FROM entry e LEFT JOIN verdict v USING (entry_id)
         WHERE e.record_id IN (SELECT unhex(value) FROM json_each(?))
         ORDER BY v.no NULLS FIRST, e.entry_no",
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
    if records.is_empty() {
        return Ok(records);
    }

    let rows = sqlx::query(
        "SELECT record_id, author, behalf, kind, division, reach, assignee, outfall,
            (SELECT json_group_array(unit ORDER BY unit) FROM record_unit u
             WHERE u.record_id = r.record_id) AS units,
            (SELECT json_group_array(division ORDER BY division) FROM record_division d
             WHERE d.record_id = r.record_id) AS divisions,
            (SELECT json_group_array(shard ORDER BY shard) FROM record_shard s
             WHERE s.record_id = r.record_id) AS shards
         FROM record r WHERE record_id IN (SELECT unhex(value) FROM json_each(?))",
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
            divisions: ids_of(get(row, "divisions")?)?,
            reach: parse_opt(row, "reach")?,
            units: ids_of(get(row, "units")?)?,
            assignee: parse_opt(row, "assignee")?,
            outfall: parse_opt(row, "outfall")?,
        });
        record.shards = ids_of(get(row, "shards")?)?;
    }
    Ok(records)
}

fn ids_of<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::damaged("ids of a record", e))
}
