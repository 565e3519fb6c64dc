use super::codec::{hex, many};
use super::{SqliteStore, erase, feed, known, own, write};
use crate::store::plan::{Plan, Step};
use crate::store::{Arrival, Batch, Held, Ingested, Judge, Refusal, StoreError, reason};
use domain::hash::Sha256;
use domain::time::WallMs;
use domain::wire::EntryStatus;
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
    let refused = arrivals.iter().zip(&entries).filter_map(refusal);
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
    let numbers = feed::append(tx, &plan.feed).await?;
    write::records(tx, &plan, &numbers).await?;
    erase::recount(tx, &plan).await?;
    outcomes(tx, arrivals, &plan, epoch, now).await
}

async fn outcomes(
    tx: &mut SqliteConnection,
    arrivals: &[Arrival],
    plan: &Plan,
    epoch: u64,
    now: WallMs,
) -> Result<Vec<Held>, StoreError> {
    let place = super::place::of(tx, arrivals).await?;
    let delivered = super::blobs::delivered(tx, arrivals).await?;
    let held = arrivals.iter().zip(&plan.steps).map(|(arrival, step)| {
        let (header, hash) = (arrival.entry.header(), arrival.entry.hash());
        let (status, reason, held) = match step {
            Step::Clash => return Held::refused(reason::ID_REUSED),
            Step::Same(known) => (
                EntryStatus::Duplicate,
                &known.quarantine,
                known.held.clone(),
            ),
            Step::Keep { quarantine } => {
                let status = if quarantine.is_some() {
                    EntryStatus::Quarantined
                } else {
                    EntryStatus::Accepted
                };
                let held = domain::receipt::HeldEntry {
                    hash,
                    received_ms: now,
                    epoch,
                };
                (status, quarantine, held)
            }
        };
        let erased = matches!(step, Step::Same(known) if known.erased);
        let (waiting, forked) = place.get(&header.entry_id).copied().unwrap_or_default();
        let of_author = |sha: &Sha256| delivered.get(&(header.author.clone(), *sha)).cloned();
        Held {
            status,
            reason: reason.clone(),
            held: Some(held),
            blobs: header
                .blobs
                .iter()
                .filter_map(|b| of_author(&b.sha256))
                .collect(),
            missing: Vec::new(),
            waiting,
            forked,
        }
        .without_held(if erased { &[] } else { &header.blobs })
    });
    Ok(held.collect())
}

/// An arrival that the store did not take is kept beside the entries.
fn refusal((arrival, held): (&Arrival, &Held)) -> Option<Refusal> {
    let header = arrival.entry.header();
    (held.status == EntryStatus::Refused).then(|| Refusal {
        entry: arrival.entry.raw().clone(),
        place: Some((header.log_id, header.seq)),
        reason: held.reason.clone().unwrap_or_default(),
        sender: header.author.clone(),
    })
}

/// As one parameter: the ids of the arrivals.
pub(super) fn ids(arrivals: &[Arrival]) -> Result<String, StoreError> {
    many(
        arrivals
            .iter()
            .map(|a| hex(a.entry.header().entry_id.raw())),
    )
}
