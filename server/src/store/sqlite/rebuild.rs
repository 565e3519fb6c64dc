use super::codec::{hex, int, many};
use super::{SqliteStore, audit, write};
use crate::store::audit::Dossier;
use crate::store::plan::Plan;
use crate::store::refold::{Judges, read, refold};
use crate::store::{Rebuilt, StoreError};
use domain::entry::CheckedEntry;
use domain::ids::RecordId;
use domain::register::{DivisionId, DivisionTree};
use serde_json::json;
use sqlx::{Connection as _, SqliteConnection};
use std::collections::BTreeMap;

/// Records that are in memory at once.
const RUN: u32 = 200;

/// Everything that is derived, made anew in one transaction. What was derived before is read
/// beside it for two things that the entries alone do not say: which version of the registers
/// placed a record, and, where a step was erased, which units had the case.
pub(super) async fn rebuild(
    store: &SqliteStore,
    tree: &DivisionTree,
    judges: Judges<'_>,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Rebuilt, StoreError> {
    let mut writer = store.writer.lock().await;
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    divisions(&mut tx, tree).await?;
    let mut done = Rebuilt::default();
    let mut after: Option<RecordId> = None;
    loop {
        let run = audit::dossiers(&mut tx, after, RUN).await?;
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            break;
        };
        after = Some(last.record_id);
        clear(&mut tx, [first.record_id, last.record_id]).await?;
        done.entries += run.iter().map(|d| d.entries.len() as u64).sum::<u64>();
        done.records += write_run(&mut tx, &run, judges).await?;
        told(done.entries);
    }
    // Lines of records that have no entry.
    for sql in [
        "DELETE FROM record WHERE record_id NOT IN (SELECT record_id FROM entry)",
        "DELETE FROM record_division WHERE record_id NOT IN (SELECT record_id FROM record)",
        "DELETE FROM record_unit WHERE record_id NOT IN (SELECT record_id FROM record)",
        "DELETE FROM record_shard WHERE record_id NOT IN (SELECT record_id FROM record)",
        "DELETE FROM blob_ref WHERE entry_no NOT IN (SELECT entry_no FROM entry)",
    ] {
        sqlx::query(sql).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(done)
}

async fn divisions(tx: &mut SqliteConnection, tree: &DivisionTree) -> Result<(), StoreError> {
    let paths = tree.iter().filter_map(|d| Some((&d.id, tree.path(&d.id)?)));
    sqlx::query("DELETE FROM division")
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO division (id, path) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
    )
    .bind(many(paths)?)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes what is derived of a run of records away; units are seen to one by one.
async fn clear(tx: &mut SqliteConnection, span: [RecordId; 2]) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM record WHERE record_id BETWEEN ? AND ?",
        "DELETE FROM record_division WHERE record_id BETWEEN ? AND ?",
        "DELETE FROM record_shard WHERE record_id BETWEEN ? AND ?",
        "DELETE FROM blob_ref WHERE entry_no IN (
            SELECT entry_no FROM entry WHERE record_id BETWEEN ? AND ?)",
    ] {
        let mut query = sqlx::query(sql);
        for id in span {
            query = query.bind(id.raw().as_bytes().to_vec());
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn write_run(
    tx: &mut SqliteConnection,
    run: &[Dossier],
    judges: Judges<'_>,
) -> Result<u64, StoreError> {
    let mut plan = Plan::default();
    let mut numbers: BTreeMap<RecordId, (DivisionId, u64)> = BTreeMap::new();
    let (mut units_gone, mut blobs) = (Vec::new(), Vec::new());
    for dossier in run {
        let mut entries = Vec::with_capacity(dossier.entries.len());
        for row in &dossier.entries {
            let entry = read(row).map_err(|why| StoreError::damaged("entry", why))?;
            blobs.extend(blob_rows(row.no, &entry)?);
            entries.push((row, entry));
        }
        let folded = refold(dossier, &entries, judges);
        if !folded.units_incomplete {
            units_gone.push(hex(dossier.record_id.raw()));
        }
        numbers.extend(folded.number.map(|number| (dossier.record_id, number)));
        if folded.line.is_some() {
            plan.placed.push(dossier.record_id);
            plan.records.insert(dossier.record_id, folded.record);
        }
    }
    sqlx::query(
        "INSERT INTO blob_ref (entry_no, idx, sha256, size, role)
         SELECT value ->> 0, value ->> 1, unhex(value ->> 2), value ->> 3, value ->> 4
         FROM json_each(?)",
    )
    .bind(many(blobs)?)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "DELETE FROM record_unit WHERE record_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(many(units_gone)?)
    .execute(&mut *tx)
    .await?;
    write::records(tx, &plan, &numbers).await?;
    Ok(plan.records.len() as u64)
}

/// What an entry names; nothing once it is erased.
fn blob_rows(no: u64, entry: &CheckedEntry) -> Result<Vec<serde_json::Value>, StoreError> {
    if entry.is_erased() {
        return Ok(Vec::new());
    }
    let no = int(no)?;
    let rows = entry.header().blobs.iter().enumerate();
    Ok(rows
        .map(|(idx, blob)| json!([no, idx, blob.sha256, blob.size, blob.role]))
        .collect())
}
