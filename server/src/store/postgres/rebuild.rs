use super::codec::id;
use super::registers::divisions;
use super::{PgStore, dossier, quarantine, write};
use crate::store::audit::Dossier;
use crate::store::plan::Plan;
use crate::store::refold::{Judges, read, refold};
use crate::store::{Rebuilt, StoreError};
use domain::ids::RecordId;
use domain::register::{DivisionId, DivisionTree};
use sqlx::PgConnection;
use std::collections::BTreeMap;

/// Records that are in memory at once.
const RUN: u32 = 200;

/// Everything that is derived, made anew in one transaction. What was derived before is read
/// beside it for two things that the entries alone do not say: which version of the registers
/// placed a record, and, where a step was erased, which units had the case.
pub(super) async fn rebuild(
    store: &PgStore,
    tree: &DivisionTree,
    judges: Judges<'_>,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Rebuilt, StoreError> {
    let mut tx = store.pool.begin().await?;
    // Nobody takes in anything meanwhile: every ingest writes here first.
    sqlx::query("LOCK TABLE record_lock IN EXCLUSIVE MODE")
        .execute(&mut *tx)
        .await?;
    divisions(&mut tx, tree).await?;
    let mut done = Rebuilt::default();
    let mut after: Option<RecordId> = None;
    loop {
        let run = dossier::dossiers(&mut tx, after, RUN).await?;
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            break;
        };
        after = Some(last.record_id);
        clear(&mut tx, [first.record_id, last.record_id]).await?;
        done.entries += run.iter().map(|d| d.entries.len() as u64).sum::<u64>();
        done.records += write_run(&mut tx, &run, judges).await?;
        told(done.entries);
    }
    // Lines of records that have no entry. `NOT IN` would compare each with each.
    for sql in [
        "DELETE FROM record r
         WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.record_id = r.record_id)",
        "DELETE FROM record_division d
         WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.record_id = d.record_id)",
        "DELETE FROM record_unit u
         WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.record_id = u.record_id)",
        "DELETE FROM record_shard s
         WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.record_id = s.record_id)",
        "DELETE FROM blob_ref b
         WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.entry_no = b.entry_no)",
        "DELETE FROM vetted v
         WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.entry_no = v.entry_no)",
    ] {
        sqlx::query(sql).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(done)
}

/// Takes what is derived of a run of records away; units are seen to one by one.
async fn clear(tx: &mut PgConnection, span: [RecordId; 2]) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM record WHERE record_id BETWEEN $1 AND $2",
        "DELETE FROM record_division WHERE record_id BETWEEN $1 AND $2",
        "DELETE FROM record_shard WHERE record_id BETWEEN $1 AND $2",
        "DELETE FROM vetted WHERE entry_no IN (
            SELECT entry_no FROM entry WHERE record_id BETWEEN $1 AND $2)",
        "DELETE FROM blob_ref WHERE entry_no IN (
            SELECT entry_no FROM entry WHERE record_id BETWEEN $1 AND $2)",
    ] {
        let mut query = sqlx::query(sql);
        for record in span {
            query = query.bind(id(record.raw()));
        }
        query.execute(&mut *tx).await?;
    }
    Ok(())
}

async fn write_run(
    tx: &mut PgConnection,
    run: &[Dossier],
    judges: Judges<'_>,
) -> Result<u64, StoreError> {
    let mut plan = Plan::default();
    let mut numbers: BTreeMap<RecordId, (DivisionId, u64)> = BTreeMap::new();
    let (mut units_gone, mut named) = (Vec::new(), write::Named::default());
    for dossier in run {
        let mut entries = Vec::with_capacity(dossier.entries.len());
        for row in &dossier.entries {
            let entry = read(row).map_err(|why| StoreError::damaged("entry", why))?;
            named.take(&entry)?;
            entries.push((row, entry));
        }
        let folded = refold(dossier, &entries, judges);
        plan.vetted.extend(folded.rulings());
        if !folded.units_incomplete {
            units_gone.push(id(dossier.record_id.raw()));
        }
        numbers.extend(folded.number.map(|number| (dossier.record_id, number)));
        if folded.line.is_some() {
            plan.placed.push(dossier.record_id);
            plan.records.insert(dossier.record_id, folded.record);
        }
    }
    named.write(tx).await?;
    sqlx::query("DELETE FROM record_unit WHERE record_id = ANY($1)")
        .bind(units_gone)
        .execute(&mut *tx)
        .await?;
    write::records(tx, &plan, &numbers).await?;
    quarantine::vetted(tx, &plan.vetted).await?;
    Ok(plan.records.len() as u64)
}
