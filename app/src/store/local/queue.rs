//! What waits for a receipt, as the engine reads it at start.

use super::super::StoreError;
use super::super::disk::Read;
use super::super::schema::{Mark, Table};
use super::rows::OutboxRow;
use super::{LocalStore, facts, rows};
use domain::entry::Entry;
use domain::ids::EntryId;
use domain::sync::{BlobKey, Queue, QueuedBlob, QueuedEntry};

/// An outbox row in the engine's words: only what the server does not hold yet.
pub(super) fn queued(row: &OutboxRow) -> (QueuedEntry, Vec<QueuedBlob>) {
    let entry = QueuedEntry {
        entry_id: row.entry_id,
        hash: row.hash,
        bytes: row.bytes,
        saved_ms: row.saved_ms,
        parked: row.parked.clone(),
    };
    let open = row.blobs.iter().filter(|b| b.held.is_none());
    let blobs = open.map(|b| QueuedBlob {
        key: BlobKey {
            entry_id: row.entry_id,
            sha256: b.blob.sha256,
        },
        size: b.blob.size,
        role: b.blob.role.clone(),
        upload: b.upload,
        parked: b.parked.clone(),
    });
    (entry, blobs.collect())
}

impl LocalStore {
    /// Everything that is not wholly received, oldest first.
    pub async fn queue(&self) -> Result<Queue, StoreError> {
        let reads = [
            Read::marked(Table::Outbox, Mark::Open),
            Read::all(Table::Outbox).counted(),
            facts::ask(facts::SERVER),
            facts::ask(facts::CURSOR),
            facts::ask(facts::LAST_SYNC),
            facts::ask(facts::CHECKED),
            facts::ask(facts::SWEEP_OWED),
        ];
        let found = self.disk.look(&reads).await?;
        let open: Vec<OutboxRow> = rows::read_all(Table::Outbox, &found[0])?;
        let unfinished = u32::try_from(open.len()).unwrap_or(u32::MAX);
        let mut queue = Queue {
            received: found[1].count.saturating_sub(unfinished),
            server: facts::told(&found[2])?,
            cursor: facts::told(&found[3])?,
            last_sync: facts::told(&found[4])?,
            checked: facts::told(&found[5])?,
            sweep_owed: facts::told(&found[6])?.unwrap_or(false),
            ..Queue::default()
        };
        for row in &open {
            let (entry, mut blobs) = queued(row);
            if row.held.is_none() {
                queue.entries.push(entry);
            }
            queue.blobs.append(&mut blobs);
        }
        Ok(queue)
    }

    /// The exact texts of these entries, in the order asked for.
    ///
    /// # Errors
    /// `Ok(Err(id))` names the first that this store does not hold.
    pub async fn entries(
        &self,
        ids: &[EntryId],
    ) -> Result<Result<Vec<Entry>, EntryId>, StoreError> {
        let reads: Vec<_> = ids
            .iter()
            .map(|id| Read::one(Table::Entry, id.to_string()))
            .collect();
        let found = self.disk.look(&reads).await?;
        let mut entries = Vec::with_capacity(ids.len());
        for (id, rows) in ids.iter().zip(&found) {
            match rows::read_first::<super::rows::EntryRow>(Table::Entry, rows)? {
                Some(row) => entries.push(row.entry),
                None => return Ok(Err(*id)),
            }
        }
        Ok(Ok(entries))
    }
}
