//! The rows of one batch, each table in one statement whatever the size of the batch.

use super::codec::{id, int, text};
use crate::store::plan::{Plan, Step};
use crate::store::summary::{COLUMNS, Summary};
use crate::store::{Arrival, HeldBlobRow, Refusal, StoreError};
use domain::entry::CheckedEntry;
use domain::hash::Sha256;
use domain::ids::{DeviceId, LogId, RecordId};
use domain::register::{DivisionId, PersonId};
use domain::time::WallMs;
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::BTreeMap;

pub(super) async fn logs(
    tx: &mut PgConnection,
    logs: &[(LogId, PersonId, DeviceId)],
) -> Result<(), StoreError> {
    if logs.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = logs.iter().map(|(log, ..)| log.raw().to_vec()).collect();
    let persons: Vec<_> = logs.iter().map(|(_, p, _)| p.to_string()).collect();
    let devices: Vec<_> = logs.iter().map(|(.., d)| d.raw().to_vec()).collect();
    sqlx::query(
        "INSERT INTO log (log_id, person, device)
         SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[])",
    )
    .bind(ids)
    .bind(persons)
    .bind(devices)
    .execute(tx)
    .await?;
    Ok(())
}

/// The columns of the entries of a batch.
#[derive(Default)]
struct Entries {
    ids: Vec<Vec<u8>>,
    hashes: Vec<Vec<u8>>,
    records: Vec<Vec<u8>>,
    logs: Vec<Vec<u8>>,
    seqs: Vec<i64>,
    previous: Vec<Option<Vec<u8>>>,
    authors: Vec<String>,
    headers: Vec<Vec<u8>>,
    bodies: Vec<Vec<u8>>,
    signatures: Vec<Option<String>>,
    quarantine: Vec<Option<String>>,
}

/// The blobs that entries name, column by column.
#[derive(Default)]
pub(super) struct Named {
    entries: Vec<Vec<u8>>,
    places: Vec<i64>,
    hashes: Vec<Vec<u8>>,
    sizes: Vec<i64>,
    roles: Vec<String>,
}

impl Named {
    /// Adds what an entry names: nothing once it is erased.
    pub(super) fn take(&mut self, entry: &CheckedEntry) -> Result<(), StoreError> {
        if entry.is_erased() {
            return Ok(());
        }
        let header = entry.header();
        for (place, blob) in (0_i64..).zip(&header.blobs) {
            self.entries.push(id(header.entry_id.raw()));
            self.places.push(place);
            self.hashes.push(blob.sha256.bytes().to_vec());
            self.sizes.push(int(blob.size)?);
            self.roles.push(text(blob.role.as_str()));
        }
        Ok(())
    }

    /// The entries are written already.
    pub(super) async fn write(self, tx: &mut PgConnection) -> Result<(), StoreError> {
        if self.entries.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO blob_ref (entry_no, idx, sha256, size, role)
             SELECT e.entry_no, b.idx, b.sha256, b.size, b.role
             FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[], $5::text[])
                AS b(entry_id, idx, sha256, size, role) JOIN entry e USING (entry_id)",
        )
        .bind(self.entries)
        .bind(self.places)
        .bind(self.hashes)
        .bind(self.sizes)
        .bind(self.roles)
        .execute(tx)
        .await?;
        Ok(())
    }
}

pub(super) async fn entries(
    tx: &mut PgConnection,
    arrivals: &[Arrival],
    plan: &Plan,
    epoch: u64,
    now: WallMs,
) -> Result<(), StoreError> {
    let (mut rows, mut blobs) = (Entries::default(), Named::default());
    for (arrival, step) in arrivals.iter().zip(&plan.steps) {
        let Step::Keep { quarantine } = step else {
            continue;
        };
        let (header, raw) = (arrival.entry.header(), arrival.entry.raw());
        rows.ids.push(id(header.entry_id.raw()));
        rows.hashes.push(arrival.entry.hash().bytes().to_vec());
        rows.records.push(id(header.record_id.raw()));
        rows.logs.push(header.log_id.raw().to_vec());
        rows.seqs.push(int(header.seq)?);
        rows.previous
            .push(header.prev_hash.map(|h| h.bytes().to_vec()));
        rows.authors.push(header.author.to_string());
        rows.headers.push(raw.header.clone().into_bytes());
        rows.bodies.push(raw.body.clone().into_bytes());
        rows.signatures.push(raw.sig.clone());
        rows.quarantine.push(quarantine.clone());
        blobs.take(&arrival.entry)?;
    }
    if rows.ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO entry (entry_id, hash, record_id, log_id, seq, prev_hash, author, header,
            body, sig, quarantine, received_ms, epoch)
         SELECT entry_id, hash, record_id, log_id, seq, prev_hash, author, header, body, sig,
            quarantine, $12, $13
         FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bigint[],
            $6::bytea[], $7::text[], $8::bytea[], $9::bytea[], $10::text[], $11::text[])
            WITH ORDINALITY AS r(entry_id, hash, record_id, log_id, seq, prev_hash, author,
            header, body, sig, quarantine, no)
         ORDER BY no",
    )
    .bind(rows.ids)
    .bind(rows.hashes)
    .bind(rows.records)
    .bind(rows.logs)
    .bind(rows.seqs)
    .bind(rows.previous)
    .bind(rows.authors)
    .bind(rows.headers)
    .bind(rows.bodies)
    .bind(rows.signatures)
    .bind(rows.quarantine)
    .bind(now.0)
    .bind(int(epoch)?)
    .execute(&mut *tx)
    .await?;
    blobs.write(tx).await
}

/// `numbers` are the feed numbers that this batch gave to the first entries of records.
pub(super) async fn records(
    tx: &mut PgConnection,
    plan: &Plan,
    numbers: &BTreeMap<RecordId, (DivisionId, u64)>,
) -> Result<(), StoreError> {
    let (mut ids, mut shards, mut seqs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut lines, mut with_blobs) = (Vec::new(), Vec::new());
    for (record_id, record) in &plan.records {
        let line = Summary::of(*record_id, record).zip(record.place.as_ref());
        let Some((summary, place)) = line else {
            continue;
        };
        if summary.blobs_named > 0 {
            with_blobs.push(id(record_id.raw()));
        }
        let number = numbers.get(record_id);
        ids.push(id(record_id.raw()));
        shards.push(number.map_or_else(String::new, |(shard, _)| shard.to_string()));
        seqs.push(number.map_or(Ok(0), |(_, n)| int(*n))?);
        lines.push(summary.columns(place));
    }
    if ids.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::query(RECORDS).bind(ids).bind(shards).bind(seqs);
    for name in COLUMNS {
        let column = lines.iter().map(|line| line.get(*name));
        query = if NUMBERS.contains(name) {
            query.bind(
                column
                    .map(|v| v.and_then(Value::as_i64))
                    .collect::<Vec<_>>(),
            )
        } else {
            let word = |v: Option<&Value>| v.and_then(Value::as_str).map(text);
            query.bind(column.map(word).collect::<Vec<_>>())
        };
    }
    query.execute(&mut *tx).await?;
    places(tx, plan).await?;
    units(tx, plan).await?;
    if with_blobs.is_empty() {
        return Ok(());
    }
    super::blobs::count_held(tx, &with_blobs).await
}

/// The columns of [`COLUMNS`] that are numbers or, as numbers, yes and no.
const NUMBERS: &[&str] = &[
    "recorded_ms",
    "received_ms",
    "comments",
    "versions",
    "quarantined",
    "blobs_named",
    "urged",
    "asked",
    "closed_ms",
    "lat_e7",
    "lon_e7",
];

/// Id, shard and number, then [`COLUMNS`] in their order.
const RECORDS: &str = "
    INSERT INTO record (record_id, shard, number, kind, problem, outcome, author, behalf,
        division, reach, recorded_ms, received_ms, comments, versions, quarantined, words,
        blobs_named, blobs_held, stage, lead, assignee, due, ladder, urged, asked, closed_ms,
        lat_e7, lon_e7, escalated, outfall)
    SELECT record_id, shard, number, kind, problem, outcome, author, behalf, division, reach,
        recorded_ms, received_ms, comments, versions, quarantined <> 0, words, blobs_named, 0,
        stage, lead, assignee, due, ladder, urged, asked <> 0, closed_ms, lat_e7::integer,
        lon_e7::integer, escalated, outfall
    FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[],
        $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::bigint[], $18::text[],
        $19::text[], $20::text[], $21::text[], $22::text[], $23::bigint[], $24::bigint[],
        $25::bigint[], $26::bigint[], $27::bigint[], $28::text[], $29::text[])
        AS r(record_id, shard, number, kind, problem, outcome, author, behalf, division, reach,
        recorded_ms, received_ms, comments, versions, quarantined, words, blobs_named, stage,
        lead, assignee, due, ladder, urged, asked, closed_ms, lat_e7, lon_e7, escalated, outfall)
    ON CONFLICT (record_id) DO UPDATE SET problem = excluded.problem,
        outcome = excluded.outcome, division = excluded.division, reach = excluded.reach,
        recorded_ms = excluded.recorded_ms, comments = excluded.comments,
        versions = excluded.versions, quarantined = excluded.quarantined,
        words = excluded.words, blobs_named = excluded.blobs_named, stage = excluded.stage,
        lead = excluded.lead, assignee = excluded.assignee, due = excluded.due,
        ladder = excluded.ladder, urged = excluded.urged, asked = excluded.asked,
        closed_ms = excluded.closed_ms, lat_e7 = excluded.lat_e7,
        lon_e7 = excluded.lon_e7, escalated = excluded.escalated, outfall = excluded.outfall";

/// Steps that were judged, in the order in which they count.
pub(super) async fn verdicts(tx: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    if plan.verdicts.is_empty() {
        return Ok(());
    }
    let verdicts = plan.verdicts.iter();
    let (ids, words): (Vec<_>, Vec<_>) = verdicts
        .map(|(entry, verdict)| (id(entry.raw()), verdict.as_str().to_owned()))
        .unzip();
    sqlx::query(
        "INSERT INTO verdict (entry_id, word)
         SELECT entry_id, word FROM unnest($1::bytea[], $2::text[]) WITH ORDINALITY
            AS v(entry_id, word, no) ORDER BY no",
    )
    .bind(ids)
    .bind(words)
    .execute(tx)
    .await?;
    Ok(())
}

/// Units only ever join: who had a case goes on seeing it.
async fn units(tx: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    let placed = plan.records.iter();
    let placed = placed.filter_map(|(record, known)| Some((record, known.place.as_ref()?)));
    let (records, units): (Vec<_>, Vec<_>) = placed
        .flat_map(|(record, place)| {
            let unit = |unit: &domain::register::UnitId| (id(record.raw()), unit.to_string());
            place.units.iter().map(unit).collect::<Vec<_>>()
        })
        .unzip();
    if records.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO record_unit (record_id, unit)
         SELECT * FROM unnest($1::bytea[], $2::text[]) ON CONFLICT DO NOTHING",
    )
    .bind(records)
    .bind(units)
    .execute(tx)
    .await?;
    Ok(())
}

async fn places(tx: &mut PgConnection, plan: &Plan) -> Result<(), StoreError> {
    let (mut ids, mut divisions, mut shards) = (Vec::new(), Vec::new(), Vec::new());
    for record_id in &plan.placed {
        let Some(record) = plan.records.get(record_id) else {
            continue;
        };
        let key = id(record_id.raw());
        let place = record.place.iter().flat_map(|p| &p.divisions);
        divisions.extend(place.map(|d| (key.clone(), d.to_string())));
        shards.extend(record.shards.iter().map(|s| (key.clone(), s.to_string())));
        ids.push(key);
    }
    if ids.is_empty() {
        return Ok(());
    }
    for (forget, write, rows) in [
        (
            "DELETE FROM record_division WHERE record_id = ANY($1)",
            "INSERT INTO record_division (record_id, division)
             SELECT * FROM unnest($1::bytea[], $2::text[]) ON CONFLICT DO NOTHING",
            divisions,
        ),
        (
            "DELETE FROM record_shard WHERE record_id = ANY($1)",
            "INSERT INTO record_shard (record_id, shard)
             SELECT * FROM unnest($1::bytea[], $2::text[]) ON CONFLICT DO NOTHING",
            shards,
        ),
    ] {
        let (records, words): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        sqlx::query(forget).bind(&ids).execute(&mut *tx).await?;
        sqlx::query(write)
            .bind(records)
            .bind(words)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn refusals(
    tx: &mut PgConnection,
    refusals: &[Refusal],
    now: WallMs,
) -> Result<(), StoreError> {
    for refusal in refusals {
        let (log, seq) = refusal.place.unzip();
        sqlx::query(
            "INSERT INTO refused_entry (hash, body_hash, reason, log_id, seq, sender, header,
                body, received_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(refusal.entry.hash().bytes().as_slice())
        .bind(Sha256::of(refusal.entry.body.as_bytes()).bytes().as_slice())
        .bind(text(&refusal.reason))
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

/// Hash and person of each blob, as two parameters.
pub(super) fn blob_keys(blobs: &[HeldBlobRow]) -> (Vec<Vec<u8>>, Vec<String>) {
    let keys = blobs.iter();
    keys.map(|b| (b.sha256.bytes().to_vec(), b.person.to_string()))
        .unzip()
}

pub(super) async fn blobs(
    tx: &mut PgConnection,
    blobs: &[HeldBlobRow],
    now: WallMs,
) -> Result<(), StoreError> {
    if blobs.is_empty() {
        return Ok(());
    }
    let (hashes, persons) = blob_keys(blobs);
    let sizes = blobs.iter().map(|b| int(b.size));
    let erasures = blobs.iter().map(|b| int(b.erasures));
    // Not if the entry was purged, or the bytes erased, while they were on their way.
    sqlx::query(
        "INSERT INTO blob_held (sha256, person, size, media_type, received_ms)
         SELECT b.sha256, b.person, b.size, b.media_type, $6
         FROM unnest($1::bytea[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
            AS b(sha256, person, size, media_type, erasures)
         WHERE EXISTS (SELECT 1 FROM blob_ref r JOIN entry e USING (entry_no)
                WHERE r.sha256 = b.sha256 AND e.author = b.person)
            AND NOT EXISTS (SELECT 1 FROM blob_erasure x
                WHERE x.sha256 = b.sha256 AND (x.done IS NULL OR x.done > b.erasures))
         ON CONFLICT DO NOTHING",
    )
    .bind(hashes)
    .bind(persons)
    .bind(sizes.collect::<Result<Vec<_>, _>>()?)
    .bind(
        blobs
            .iter()
            .map(|b| text(&b.media_type))
            .collect::<Vec<_>>(),
    )
    .bind(erasures.collect::<Result<Vec<_>, _>>()?)
    .bind(now.0)
    .execute(&mut *tx)
    .await?;
    let uploads = blobs.iter().filter_map(|b| b.upload);
    for upload in uploads {
        super::uploads::forget(tx, upload).await?;
    }
    super::erase::unnamed(tx, blobs).await?;
    let records = super::blobs::named_by(tx, blobs).await?;
    super::blobs::count_held(tx, &records).await
}
