//! Saving: a draft becomes an entry, in one strict transaction.

use super::super::StoreError;
use super::super::disk::{Read, Rows, Write};
use super::super::schema::{Mark, Table};
use super::rows::{EntryRow, OutboxBlob, OutboxRow, entry_row, outbox_row};
use super::{LocalStore, facts, queue, rows};
use domain::entry::{Entry, LogHead, Unsealed};
use domain::ids::{DraftId, RecordId};
use domain::sync::{QueuedBlob, QueuedEntry};
use domain::time::WallMs;
use std::cell::Cell;

/// An entry that is on the medium with everything it refers to: 已存手机.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// What the engine must be told.
    pub entry: QueuedEntry,
    /// And of its blobs.
    pub blobs: Vec<QueuedBlob>,
}

/// How often the head may move between sealing and writing before the person is told.
const ATTEMPTS: usize = 20;

impl LocalStore {
    /// Seals the entry to the end of the log and writes entry, outbox row and the log's new head,
    /// and removes the draft, all in one strict transaction. When this returns, "已存手机" may be
    /// shown. An entry that is already saved is left as it is, so saving twice is harmless.
    ///
    /// # Errors
    /// [`StoreError::PhotoMissing`] if a blob is not complete in this store.
    pub async fn submit(
        &self,
        unsealed: &Unsealed,
        draft: Option<DraftId>,
        now: WallMs,
    ) -> Result<Saved, StoreError> {
        self.submit_with(unsealed, draft, now, Also::default())
            .await
    }

    /// The same, with further changes that must happen together with it or not at all.
    pub(super) async fn submit_with(
        &self,
        unsealed: &Unsealed,
        draft: Option<DraftId>,
        now: WallMs,
        also: Also,
    ) -> Result<Saved, StoreError> {
        let mut gave_up = false;
        for _ in 0..ATTEMPTS {
            let head = self.log_head().await?;
            // Sealed outside the transaction: hashing must not hold it open.
            let (entry, next) = unsealed
                .seal(&head)
                .map_err(|e| StoreError::BadEntry(e.to_string()))?;
            let attempt = Attempt {
                unsealed,
                draft,
                also: &also,
                now,
                head,
                entry,
                next,
            };
            match attempt.write(self).await {
                Ok(Some(saved)) => return Ok(saved),
                Ok(None) => {}
                // What was set aside for this moment goes, once.
                Err(StoreError::Full) if !gave_up && self.give_up_reserve().await? => {
                    gave_up = true;
                }
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Contended)
    }
}

impl LocalStore {
    /// Another record was made in place of this one, which the platform did not take: it leaves
    /// the tray and stays on the phone.
    pub async fn settle(&self, record: RecordId) -> Result<(), StoreError> {
        let entries = Read::marked(Table::Entry, Mark::Record).starting(&format!("{record}/"));
        let own: Vec<_> = self.look(entries).await?.rows;
        let reads: Vec<_> = own
            .iter()
            .map(|row| Read::one(Table::Outbox, row.key.clone()))
            .collect();
        self.strictly(&[Table::Outbox], &reads, &|found| {
            let mut writes = Vec::new();
            for rows in &found {
                let row = rows::read_first::<OutboxRow>(Table::Outbox, rows)?;
                for mut row in row.into_iter().filter(|r| r.held.is_none()) {
                    row.settled = true;
                    writes.push(Write::Put(Table::Outbox, outbox_row(&row)?));
                }
            }
            Ok(writes)
        })
        .await
    }
}

/// What happens together with a saving, or neither.
#[derive(Debug, Default)]
pub(super) struct Also {
    /// Further changes.
    pub(super) writes: Vec<Write>,
    /// Nothing is saved where this fact is known already.
    pub(super) only_without: Option<&'static str>,
}

impl Also {
    pub(super) const fn of(writes: Vec<Write>) -> Self {
        Self {
            writes,
            only_without: None,
        }
    }
}

struct Attempt<'a> {
    unsealed: &'a Unsealed,
    draft: Option<DraftId>,
    also: &'a Also,
    now: WallMs,
    /// What the entry was chained to.
    head: LogHead,
    entry: Entry,
    next: LogHead,
}

impl Attempt<'_> {
    /// `None` if the log's head moved meanwhile: nothing was written then.
    async fn write(&self, store: &LocalStore) -> Result<Option<Saved>, StoreError> {
        // Beyond the limits every server would refuse it for ever.
        self.entry
            .clone()
            .check()
            .map_err(|e| StoreError::BadEntry(e.to_string()))?;
        let mut tables = vec![
            Table::Meta,
            Table::Draft,
            Table::Photo,
            Table::Entry,
            Table::Outbox,
        ];
        let more = self.also.writes.iter().map(Write::table);
        tables.extend(more.filter(|t| *t == Table::Chunk).take(1));
        let mut reads = vec![
            Read::one(Table::Outbox, self.unsealed.entry_id.to_string()),
            facts::ask(facts::HEAD),
            facts::ask(facts::ARRIVALS),
        ];
        reads.extend(self.unsealed.blobs.iter().map(|blob| {
            let hash = blob.sha256.to_string();
            Read::marked(Table::Photo, Mark::Hash).starting(&hash)
        }));
        reads.extend(self.also.only_without.map(facts::ask));
        let saved = Cell::new(None);
        store
            .strictly(&tables, &reads, &|found| {
                let (row, writes) = self.plan(&found)?;
                saved.set(row.map(|row| queue::queued(&row)));
                Ok(writes)
            })
            .await?;
        let saved = saved.into_inner();
        Ok(saved.map(|(entry, blobs)| Saved { entry, blobs }))
    }

    fn plan(&self, found: &[Rows]) -> Result<(Option<OutboxRow>, Vec<Write>), StoreError> {
        let [known, head, arrivals, photos @ ..] = found else {
            return Ok((None, Vec::new()));
        };
        let (photos, without) = photos.split_at(self.unsealed.blobs.len());
        if let Some(row) = rows::read_first::<OutboxRow>(Table::Outbox, known)? {
            return Ok((Some(row), Vec::new()));
        }
        if facts::told::<LogHead>(head)? != Some(self.head) {
            return Ok((None, Vec::new()));
        }
        if without.iter().any(|fact| !fact.rows.is_empty()) {
            return Err(StoreError::UnderWay);
        }
        let missing = |(rows, blob): (&Rows, &domain::entry::BlobRef)| {
            rows.rows.is_empty().then_some(blob.sha256)
        };
        if let Some(sha256) = photos.iter().zip(&self.unsealed.blobs).find_map(missing) {
            return Err(StoreError::PhotoMissing(sha256));
        }
        let arrival = facts::told::<u64>(arrivals)?.unwrap_or(0) + 1;
        let entry = EntryRow {
            entry: self.entry.clone(),
            arrival,
            own: true,
            saved_ms: self.now,
            feed: None,
            places: litemap::LiteMap::new(),
        };
        let outbox = self.outbox(arrival);
        let entry = entry_row(self.unsealed.entry_id, self.unsealed.record_id, &entry)?;
        let mut writes = vec![
            Write::Put(Table::Entry, entry),
            Write::Put(Table::Outbox, outbox_row(&outbox)?),
            facts::set(facts::HEAD, &self.next)?,
            facts::set(facts::ARRIVALS, &arrival)?,
        ];
        writes.extend_from_slice(&self.also.writes);
        writes.extend(
            self.draft
                .map(|id| Write::Delete(Table::Draft, id.to_string())),
        );
        Ok((Some(outbox), writes))
    }

    fn outbox(&self, arrival: u64) -> OutboxRow {
        let blob = |blob: &domain::entry::BlobRef| OutboxBlob {
            blob: blob.clone(),
            upload: None,
            held: None,
            received_ms: None,
            let_go: false,
            parked: None,
        };
        OutboxRow {
            entry_id: self.unsealed.entry_id,
            arrival,
            hash: self.entry.hash(),
            bytes: self.entry.bytes(),
            saved_ms: self.now,
            held: None,
            parked: None,
            settled: false,
            erased: false,
            blobs: self.unsealed.blobs.iter().map(blob).collect(),
        }
    }
}
