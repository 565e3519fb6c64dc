use super::again::{ATTEMPTS, is_contended, pause};
use super::codec::id;
use super::{PgStore, erase, feed, known, own, quarantine, server, write};
use crate::store::outcome::outcomes;
use crate::store::plan::Plan;
use crate::store::{Arrival, Batch, Held, Ingested, Judge, Refusal, StoreError, outcome, reason};
use domain::time::WallMs;
use sqlx::PgConnection;
use std::collections::BTreeSet;

pub(super) async fn ingest(
    store: &PgStore,
    batch: &Batch,
    judge: &dyn Judge,
) -> Result<Ingested, StoreError> {
    for attempt in 1..ATTEMPTS {
        match take(store, batch, judge, false).await {
            Err(error) if is_contended(&error) => {
                tracing::debug!(%error, attempt, "contended, once more");
                pause(attempt).await;
            }
            done => return done,
        }
    }
    take(store, batch, judge, true).await
}

/// `last` takes entry by entry what does not go together, whatever the reason.
async fn take(
    store: &PgStore,
    batch: &Batch,
    judge: &dyn Judge,
    last: bool,
) -> Result<Ingested, StoreError> {
    let mut tx = store.pool.begin().await?;
    let epoch = server::epoch(&mut tx).await?;
    own::lock(&mut tx, batch).await?;
    lock(&mut tx, batch).await?;
    write::blobs(&mut tx, &batch.blobs, batch.now).await?;
    let arrivals = own::with(&mut tx, batch).await?;
    let together = savepoint(&mut tx, &arrivals, epoch, batch.now, judge).await;
    let mut entries = match together {
        Ok(entries) => entries,
        Err(StoreError::DiskFull) => return Err(StoreError::DiskFull),
        Err(error) if !last && is_contended(&error) => return Err(error),
        Err(error) => {
            tracing::warn!(%error, entries = arrivals.len(), "batch failed, entry by entry");
            one_by_one(&mut tx, &arrivals, epoch, batch.now, judge).await?
        }
    };
    let refused = arrivals.iter().zip(&entries).filter_map(outcome::refusal);
    let refused: Vec<Refusal> = refused.chain(batch.refusals.iter().cloned()).collect();
    write::refusals(&mut tx, &refused, batch.now).await?;
    tx.commit().await?;
    let others = entries.split_off(batch.own.len());
    Ok(Ingested {
        own: entries,
        entries: others,
    })
}

/// Holds every record that the batch may change, so that what is read from here on is what the
/// last one who changed it has written.
async fn lock(tx: &mut PgConnection, batch: &Batch) -> Result<(), StoreError> {
    let arrivals = batch.arrivals.iter().map(|a| a.entry.header().record_id);
    let own = batch.own.iter().map(|o| o.entry.record_id);
    let mut records: BTreeSet<_> = arrivals.chain(own).map(|r| id(r.raw())).collect();
    if !batch.blobs.is_empty() {
        records.extend(super::blobs::named_by(tx, &batch.blobs).await?);
    }
    hold(tx, &records.into_iter().collect::<Vec<_>>()).await
}

/// Holds records, each in its turn: `records` are in ascending order everywhere.
pub(super) async fn hold(tx: &mut PgConnection, records: &[Vec<u8>]) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO record_lock (record_id) SELECT r FROM unnest($1::bytea[]) AS r ORDER BY r
         ON CONFLICT (record_id) DO UPDATE SET record_id = excluded.record_id",
    )
    .bind(records)
    .execute(tx)
    .await?;
    Ok(())
}

async fn one_by_one(
    tx: &mut PgConnection,
    arrivals: &[Arrival],
    epoch: u64,
    now: WallMs,
    judge: &dyn Judge,
) -> Result<Vec<Held>, StoreError> {
    let mut entries = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let one = std::slice::from_ref(arrival);
        match savepoint(tx, one, epoch, now, judge).await {
            Ok(held) => entries.extend(held),
            Err(StoreError::DiskFull) => return Err(StoreError::DiskFull),
            Err(error) => {
                let entry_id = arrival.entry.header().entry_id;
                tracing::error!(%error, %entry_id, "the database rejects an entry");
                entries.push(Held::refused(reason::NOT_STORED));
            }
        }
    }
    Ok(entries)
}

/// Applies `arrivals` wholly or not at all, inside the transaction.
async fn savepoint(
    tx: &mut PgConnection,
    arrivals: &[Arrival],
    epoch: u64,
    now: WallMs,
    judge: &dyn Judge,
) -> Result<Vec<Held>, StoreError> {
    if arrivals.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query("SAVEPOINT arrivals").execute(&mut *tx).await?;
    let applied = apply(tx, arrivals, epoch, now, judge).await;
    if applied.is_err() {
        sqlx::query("ROLLBACK TO arrivals")
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query("RELEASE arrivals").execute(&mut *tx).await?;
    applied
}

async fn apply(
    tx: &mut PgConnection,
    arrivals: &[Arrival],
    epoch: u64,
    now: WallMs,
    judge: &dyn Judge,
) -> Result<Vec<Held>, StoreError> {
    let known = known::load(tx, arrivals).await?;
    let plan = Plan::make(arrivals, known, judge, now, epoch);
    write::logs(tx, &plan.logs).await?;
    write::entries(tx, arrivals, &plan, epoch, now).await?;
    write::verdicts(tx, &plan).await?;
    erase::bodies(tx, &plan).await?;
    quarantine::vetted(tx, &plan.vetted).await?;
    let numbers = feed::append(tx, &plan.feed).await?;
    write::records(tx, &plan, &numbers).await?;
    erase::recount(tx, &plan).await?;
    let place = super::place::of(tx, arrivals).await?;
    let delivered = super::blobs::delivered(tx, arrivals).await?;
    Ok(outcomes(arrivals, &plan, &place, &delivered, (now, epoch)))
}

/// As one parameter: the ids of the arrivals.
pub(super) fn ids(arrivals: &[Arrival]) -> Vec<Vec<u8>> {
    arrivals
        .iter()
        .map(|a| id(a.entry.header().entry_id.raw()))
        .collect()
}
