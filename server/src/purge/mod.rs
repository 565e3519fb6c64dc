//! 按规定删除: content goes, the proof that it was there stays. Every purge is an entry in the
//! server's own log and takes effect in the transaction that keeps it.

mod bytes;
mod retention;

pub use bytes::{EraseError, erase_bytes};
pub use retention::expired;
pub(crate) use retention::keep_terms;

use crate::ingest::{Ingest, IngestError, Job};
use crate::own_log::{Note, OwnLog, OwnLogError};
use crate::store::{Purgeable, Store, StoreError, Which};
use domain::ids::EntryId;
use domain::record::{Fields, Purge, PurgeGround};
use domain::wire::EntryStatus;
use std::collections::BTreeSet;

/// Entries of one transaction: phones that send meanwhile wait for no more than that.
const AT_ONCE: u32 = 200;

/// What somebody ordered to be erased.
#[derive(Debug, Clone)]
pub struct Order {
    /// What.
    pub which: Which,
    /// On which ground.
    pub ground: PurgeGround,
    /// In words.
    pub reason: Option<String>,
}

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Records with something to erase.
    pub records: usize,
    /// Entries that lost their body.
    pub entries: u64,
    /// Refused texts that lost their bytes.
    pub refused: u64,
}

/// Why a purge ended early. What was erased before that stays erased, and each part of it is
/// written down; ordered again it goes on.
#[derive(Debug, thiserror::Error)]
pub enum PurgeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The writer.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The entry that says so.
    #[error(transparent)]
    OwnLog(#[from] OwnLogError),
    /// The store kept the order and did not carry it out.
    #[error("a purge was not carried out: {0}")]
    NotTaken(String),
}

/// Erases what is ordered, record by record. The bytes of blobs go afterwards:
/// [`erase_bytes`].
pub async fn purge(
    store: &dyn Store,
    ingest: &Ingest,
    own: &OwnLog,
    order: &Order,
    told: &(dyn Fn(Purged) + Sync),
) -> Result<Purged, PurgeError> {
    let mut done = Purged::default();
    let mut records = BTreeSet::new();
    let mut last = None;
    loop {
        let found = store.purgeable(&order.which, AT_ONCE).await?;
        let Some(first) = first_entry(&found) else {
            break;
        };
        if last.replace(first) == Some(first) {
            return Err(PurgeError::NotTaken(format!(
                "entry {first} is still there"
            )));
        }
        records.extend(found.iter().map(|f| f.record));
        done.entries += found.iter().map(|f| f.entries.len() as u64).sum::<u64>();
        submit(ingest, own, order, found).await?;
        done.records = records.len();
        told(done);
    }
    if let Which::Person { person, .. } = &order.which {
        done.refused = store.erase_refused(person).await?;
    }
    Ok(done)
}

fn first_entry(found: &[Purgeable]) -> Option<EntryId> {
    found.first().and_then(|f| f.entries.first()).copied()
}

async fn submit(
    ingest: &Ingest,
    own: &OwnLog,
    order: &Order,
    found: Vec<Purgeable>,
) -> Result<(), PurgeError> {
    let notes = found.into_iter().map(|one| {
        own.write(Note {
            record: one.record,
            division: one.division,
            reach: one.reach,
            fields: Fields::Purge(Purge {
                entries: one.entries,
                ground: order.ground.clone(),
                reason: order.reason.clone(),
                outfall: one.outfall,
            }),
        })
    });
    let job = Job {
        own: notes.collect::<Result<_, _>>()?,
        ..Job::default()
    };
    for held in ingest.submit(job).await? {
        if held.status != EntryStatus::Accepted {
            let why = held.reason.unwrap_or_default();
            return Err(PurgeError::NotTaken(why));
        }
    }
    Ok(())
}
