use super::codec::{hex, many};
use super::{SqliteStore, erase, feed, known, own, quarantine, write};
use crate::store::outcome::outcomes;
use crate::store::plan::Plan;
use crate::store::{Arrival, Batch, Held, Ingested, Judge, Refusal, StoreError, outcome, reason};
use domain::time::WallMs;
use sqlx::{Connection as _, SqliteConnection};

pub(super) async fn ingest(
    store: &SqliteStore,
    batch: &Batch,
    judge: &dyn Judge,
) -> Result<Ingested, StoreError> {
    let mut writer = store.writer.lock().await;
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let epoch = super::server::epoch(&mut tx).await?;
    write::blobs(&mut tx, &batch.blobs, batch.now).await?;
    let arrivals = own::with(&mut tx, batch).await?;
    let together = savepoint(&mut tx, &arrivals, epoch, batch.now, judge).await;
    let mut entries = match together {
        Ok(entries) => entries,
        Err(StoreError::DiskFull) => return Err(StoreError::DiskFull),
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

async fn one_by_one(
    tx: &mut SqliteConnection,
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
    tx: &mut SqliteConnection,
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
    tx: &mut SqliteConnection,
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
pub(super) fn ids(arrivals: &[Arrival]) -> Result<String, StoreError> {
    many(
        arrivals
            .iter()
            .map(|a| hex(a.entry.header().entry_id.raw())),
    )
}
