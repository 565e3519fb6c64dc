//! The rows of one batch, each table in one statement whatever the size of the batch.

use super::codec::{hex, int, many};
use crate::store::plan::{Plan, Step};
use crate::store::summary::Summary;
use crate::store::{Arrival, HeldBlobRow, Refusal, StoreError};
use domain::hash::Sha256;
use domain::ids::{DeviceId, LogId, RecordId};
use domain::register::{DivisionId, PersonId};
use domain::time::WallMs;
use serde_json::json;
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

pub(super) async fn logs(
    tx: &mut SqliteConnection,
    logs: &[(LogId, PersonId, DeviceId)],
) -> Result<(), StoreError> {
    if logs.is_empty() {
        return Ok(());
    }
    let rows = logs
        .iter()
        .map(|(log, person, device)| (hex(log.raw()), person, device));
    sqlx::query(
        "INSERT INTO log (log_id, person, device)
         SELECT unhex(value ->> 0), value ->> 1, unhex(value ->> 2) FROM json_each(?)",
    )
    .bind(many(rows)?)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn entries(
    tx: &mut SqliteConnection,
    arrivals: &[Arrival],
    plan: &Plan,
    epoch: u64,
    now: WallMs,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(arrivals.len());
    let mut blobs = Vec::new();
    for (arrival, step) in arrivals.iter().zip(&plan.steps) {
        let Step::Keep { quarantine } = step else {
            continue;
        };
        let (header, raw) = (arrival.entry.header(), arrival.entry.raw());
        rows.push(json!([
            hex(header.entry_id.raw()),
            arrival.entry.hash(),
            hex(header.record_id.raw()),
            header.log_id,
            int(header.seq)?,
            header.prev_hash,
            header.author,
            raw.header,
            raw.body,
            raw.sig,
            quarantine,
        ]));
        for (idx, blob) in header.blobs.iter().enumerate() {
            let id = hex(header.entry_id.raw());
            blobs.push(json!([id, idx, blob.sha256, blob.size, blob.role]));
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO entry (entry_id, hash, record_id, log_id, seq, prev_hash, author, header,
            body, sig, quarantine, received_ms, epoch)
         SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), unhex(value ->> 3),
            value ->> 4, unhex(value ->> 5), value ->> 6, CAST(value ->> 7 AS BLOB),
            CAST(value ->> 8 AS BLOB), value ->> 9, value ->> 10, ?2, ?3
         FROM json_each(?1)",
    )
    .bind(many(rows)?)
    .bind(now.0)
    .bind(int(epoch)?)
    .execute(&mut *tx)
    .await?;
    if blobs.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO blob_ref (entry_no, idx, sha256, size, role)
         SELECT e.entry_no, value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4
         FROM json_each(?) JOIN entry e ON e.entry_id = unhex(value ->> 0)",
    )
    .bind(many(blobs)?)
    .execute(tx)
    .await?;
    Ok(())
}

/// `numbers` are the feed numbers that this batch gave to the first entries of records.
pub(super) async fn records(
    tx: &mut SqliteConnection,
    plan: &Plan,
    numbers: &BTreeMap<RecordId, (DivisionId, u64)>,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(plan.records.len());
    let mut with_blobs = Vec::new();
    for (id, record) in &plan.records {
        let Some(s) = Summary::of(*id, record) else {
            continue;
        };
        if s.blobs_named > 0 {
            with_blobs.push(hex(id.raw()));
        }
        let place = record.place.as_ref();
        let number = numbers.get(id);
        rows.push(json!([
            hex(id.raw()),
            number.map_or("", |(shard, _)| shard.as_str()),
            number.map_or(0, |(_, n)| *n),
            s.kind,
            s.problem,
            s.outcome,
            s.author,
            place.and_then(|p| p.on_behalf_of.as_ref()),
            place.and_then(|p| p.division.as_ref()),
            place.and_then(|p| p.reach.as_ref()),
            s.recorded_ms,
            s.received_ms,
            s.comments,
            s.versions,
            i32::from(s.quarantined),
            s.words,
            s.blobs_named,
            s.case.stage,
            s.case.lead,
            s.case.assignee,
            s.case.due,
            s.case.ladder,
            s.case.urged,
            i32::from(s.case.asked),
            s.case.closed_ms,
            s.at.map(|at| at.lat_e7),
            s.at.map(|at| at.lon_e7),
            s.case.escalated,
            place.and_then(|p| p.outfall.as_ref()),
        ]));
    }
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO record (record_id, shard, number, kind, problem, outcome, author, behalf,
            division, reach, recorded_ms, received_ms, comments, versions, quarantined, words,
            blobs_named, blobs_held, stage, lead, assignee, due, ladder, urged, asked, closed_ms,
            lat_e7, lon_e7, escalated, outfall)
         SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4,
            value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10,
            value ->> 11, value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, 0,
            value ->> 17, value ->> 18, value ->> 19, value ->> 20, value ->> 21, value ->> 22,
            value ->> 23, value ->> 24, value ->> 25, value ->> 26, value ->> 27, value ->> 28
         FROM json_each(?) WHERE true
         ON CONFLICT (record_id) DO UPDATE SET problem = excluded.problem,
            outcome = excluded.outcome, division = excluded.division, reach = excluded.reach,
            recorded_ms = excluded.recorded_ms, comments = excluded.comments,
            versions = excluded.versions, quarantined = excluded.quarantined,
            words = excluded.words, blobs_named = excluded.blobs_named, stage = excluded.stage,
            lead = excluded.lead, assignee = excluded.assignee, due = excluded.due,
            ladder = excluded.ladder, urged = excluded.urged, asked = excluded.asked,
            closed_ms = excluded.closed_ms, lat_e7 = excluded.lat_e7,
            lon_e7 = excluded.lon_e7, escalated = excluded.escalated,
            outfall = excluded.outfall",
    )
    .bind(many(rows)?)
    .execute(&mut *tx)
    .await?;
    places(tx, plan).await?;
    units(tx, plan).await?;
    if with_blobs.is_empty() {
        return Ok(());
    }
    super::blobs::count_held(tx, &many(with_blobs)?).await
}

/// Steps that were judged, in the order in which they count.
pub(super) async fn verdicts(tx: &mut SqliteConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.verdicts.is_empty() {
        return Ok(());
    }
    let rows = plan.verdicts.iter();
    let rows = rows.map(|(id, verdict)| (hex(id.raw()), verdict));
    sqlx::query(
        "INSERT INTO verdict (entry_id, word)
         SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?) ORDER BY key",
    )
    .bind(many(rows)?)
    .execute(tx)
    .await?;
    Ok(())
}

/// Units only ever join: who had a case goes on seeing it.
async fn units(tx: &mut SqliteConnection, plan: &Plan) -> Result<(), StoreError> {
    let rows: Vec<_> = plan
        .records
        .iter()
        .filter_map(|(id, record)| Some((hex(id.raw()), record.place.as_ref()?)))
        .flat_map(|(id, place)| place.units.iter().map(move |unit| (id.clone(), unit)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT OR IGNORE INTO record_unit (record_id, unit)
         SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?)",
    )
    .bind(many(rows)?)
    .execute(tx)
    .await?;
    Ok(())
}

async fn places(tx: &mut SqliteConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.placed.is_empty() {
        return Ok(());
    }
    let placed = || {
        plan.placed
            .iter()
            .filter_map(|id| Some((hex(id.raw()), plan.records.get(id)?)))
    };
    let ids = many(placed().map(|(id, _)| id))?;
    let divisions = placed().flat_map(|(id, record)| {
        let place = record.place.iter().flat_map(|p| &p.divisions);
        place.map(move |division| (id.clone(), division))
    });
    let divisions = many(divisions)?;
    let shards = placed()
        .flat_map(|(id, record)| record.shards.iter().map(move |shard| (id.clone(), shard)));
    let shards = many(shards)?;
    for (forget, write, rows) in [
        (
            "DELETE FROM record_division
             WHERE record_id IN (SELECT unhex(value) FROM json_each(?))",
            "INSERT OR IGNORE INTO record_division (record_id, division)
             SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?)",
            divisions,
        ),
        (
            "DELETE FROM record_shard WHERE record_id IN (SELECT unhex(value) FROM json_each(?))",
            "INSERT OR IGNORE INTO record_shard (record_id, shard)
             SELECT unhex(value ->> 0), value ->> 1 FROM json_each(?)",
            shards,
        ),
    ] {
        sqlx::query(forget).bind(&ids).execute(&mut *tx).await?;
        sqlx::query(write).bind(rows).execute(&mut *tx).await?;
    }
    Ok(())
}

pub(super) async fn refusals(
    tx: &mut SqliteConnection,
    refusals: &[Refusal],
    now: WallMs,
) -> Result<(), StoreError> {
    for refusal in refusals {
        let (log, seq) = refusal.place.unzip();
        sqlx::query(
            "INSERT OR IGNORE INTO refused_entry (hash, body_hash, reason, log_id, seq, sender,
                header, body, received_ms)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(refusal.entry.hash().bytes().as_slice())
        .bind(Sha256::of(refusal.entry.body.as_bytes()).bytes().as_slice())
        .bind(&refusal.reason)
        .bind(log.map(|l| l.raw().to_vec()))
        // A place beyond what the engine can count explains no gap.
        .bind(seq.and_then(|n| int(n).ok()))
        .bind(refusal.sender.as_str())
        .bind(refusal.entry.header.as_bytes())
        .bind(refusal.entry.body.as_bytes())
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

pub(super) async fn blobs(
    tx: &mut SqliteConnection,
    blobs: &[HeldBlobRow],
    now: WallMs,
) -> Result<(), StoreError> {
    if blobs.is_empty() {
        return Ok(());
    }
    for blob in blobs {
        // Not if the entry was purged, or the bytes erased, while they were on their way.
        sqlx::query(
            "INSERT OR IGNORE INTO blob_held (sha256, person, size, media_type, received_ms)
             SELECT ?1, ?2, ?3, ?4, ?5
             WHERE EXISTS (SELECT 1 FROM blob_ref r JOIN entry e USING (entry_no)
                    WHERE r.sha256 = ?1 AND e.author = ?2)
                AND NOT EXISTS (SELECT 1 FROM blob_erasure
                    WHERE sha256 = ?1 AND (done IS NULL OR done > ?6))",
        )
        .bind(blob.sha256.bytes().as_slice())
        .bind(blob.person.as_str())
        .bind(int(blob.size)?)
        .bind(&blob.media_type)
        .bind(now.0)
        .bind(int(blob.erasures)?)
        .execute(&mut *tx)
        .await?;
        if let Some(upload) = blob.upload {
            super::uploads::forget(tx, upload).await?;
        }
    }
    super::erase::unnamed(tx, blobs).await?;
    super::blobs::recount(tx, blobs).await
}
