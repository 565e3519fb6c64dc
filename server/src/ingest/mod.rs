//! Group commit: whatever waits goes into one transaction. One disk sync then serves many
//! phones, and a lone push waits for nobody.

mod job;

pub use job::{Accepted, IngestError, Job};

use crate::clock;
use crate::judge::Rules;
use crate::news::News;
use crate::registry::Registry;
use crate::store::{Batch, Held, Store};
use domain::wire::EntryStatus;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Entries and blobs of one commit. A longer one would make those who wait feel it.
const BATCH: usize = 200;
/// Jobs that may wait before senders are held back.
const WAITING: usize = 1024;

/// The way to the writer.
#[derive(Debug, Clone)]
pub struct Ingest {
    jobs: mpsc::Sender<(Job, oneshot::Sender<Accepted>)>,
    over: watch::Sender<bool>,
}

impl Ingest {
    /// Starts the one task that writes. It ends when every [`Ingest`] is gone or one of them is
    /// closed, after it has finished what waits.
    pub fn start(
        store: Arc<dyn Store>,
        registry: Arc<Registry>,
        news: Arc<News>,
    ) -> (Self, JoinHandle<()>) {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let (over, closed) = watch::channel(false);
        (
            Self { jobs, over },
            tokio::spawn(run(store, registry, news, waiting, closed)),
        )
    }

    /// Takes nothing more; what was handed over is finished.
    pub fn close(&self) {
        self.over.send_replace(true);
    }

    /// Hands a job over and waits until it is durable. Once handed over it is finished even if
    /// the caller goes away.
    pub async fn submit(&self, job: Job) -> Accepted {
        let (done, answer) = oneshot::channel();
        self.jobs
            .send((job, done))
            .await
            .map_err(|_| IngestError::Stopping)?;
        answer.await.unwrap_or(Err(IngestError::Stopping))
    }
}

async fn run(
    store: Arc<dyn Store>,
    registry: Arc<Registry>,
    news: Arc<News>,
    mut waiting: mpsc::Receiver<(Job, oneshot::Sender<Accepted>)>,
    mut closed: watch::Receiver<bool>,
) {
    loop {
        let next = tokio::select! {
            next = waiting.recv() => next,
            // Gone or closed: the same to those who wait.
            _ = closed.wait_for(|over| *over), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
        };
        let Some((first, done)) = next else {
            return;
        };
        let mut weight = first.weight();
        let mut jobs = vec![(first, done)];
        // What came while the last commit was synced goes together; nobody waits for more.
        while weight < BATCH {
            let Ok((job, done)) = waiting.try_recv() else {
                break;
            };
            weight += job.weight();
            jobs.push((job, done));
        }
        commit(store.as_ref(), &registry, &news, jobs).await;
    }
}

async fn commit(
    store: &dyn Store,
    registry: &Registry,
    news: &News,
    jobs: Vec<(Job, oneshot::Sender<Accepted>)>,
) {
    let mut batch = Batch {
        now: clock::now(),
        ..Batch::default()
    };
    let mut parts = Vec::with_capacity(jobs.len());
    for (job, done) in jobs {
        parts.push((job.own.len(), job.arrivals.len(), done));
        batch.own.extend(job.own);
        batch.arrivals.extend(job.arrivals);
        batch.refusals.extend(job.refusals);
        batch.blobs.extend(job.blobs);
    }
    match store.ingest(&batch, &Rules(registry.current())).await {
        Ok(ingested) => {
            alarm(&batch, &ingested.entries);
            news.stir(!batch.blobs.is_empty());
            let (mut own, mut held) = (ingested.own.into_iter(), ingested.entries.into_iter());
            for (written, sent, done) in parts {
                let held = own.by_ref().take(written).chain(held.by_ref().take(sent));
                // A caller that hung up asks again and gets the same receipt.
                let _ = done.send(Ok(held.collect()));
            }
        }
        Err(error) => {
            tracing::error!(%error, entries = batch.arrivals.len(), "nothing of a batch was kept");
            for (_, _, done) in parts {
                let _ = done.send(Err(IngestError::from(&error)));
            }
        }
    }
}

/// Says aloud what a supervisor must hear of.
fn alarm(batch: &Batch, held: &[Held]) {
    for (arrival, held) in batch.arrivals.iter().zip(held) {
        let header = arrival.entry.header();
        let (entry, log, author) = (header.entry_id, header.log_id, &header.author);
        if held.forked && held.status != EntryStatus::Duplicate {
            tracing::error!(%entry, %log, seq = header.seq, %author, "a log has forked");
        }
        match (held.status, held.reason.as_deref()) {
            (EntryStatus::Refused, Some(reason)) => {
                tracing::error!(%entry, %log, %author, reason, "entry refused, its bytes are kept");
            }
            (EntryStatus::Quarantined, Some(reason)) => {
                tracing::warn!(%entry, %log, %author, reason, "entry quarantined");
            }
            _ => {}
        }
    }
}
