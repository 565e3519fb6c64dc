//! Records for the screens: newest first in pages, or one with all its entries.

use super::super::StoreError;
use super::super::disk::Read;
use super::super::schema::{Mark, Table};
use super::rows::{EntryRow, OutboxRow, ordinal};
use super::{LocalStore, rows};
use domain::case::{self, Case, Told, Verdict};
use domain::entry::{BlobRef, CheckedEntry, Kind};
use domain::hash::Sha256;
use domain::ids::{EntryId, RecordId};
use domain::receipt::Receipt;
use domain::record::{self, Record};
use domain::register::{DivisionId, PersonId};
use domain::sync::ParkReason;
use domain::time::WallMs;
use std::collections::BTreeMap;

/// One record with every entry that this phone holds of it, in the order of arrival.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordEntries {
    /// The record.
    pub record_id: RecordId,
    /// Its entries.
    pub entries: Vec<LocalEntry>,
}

/// One entry and what is known of it here.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalEntry {
    /// The exact texts, checked again as they were read.
    pub entry: CheckedEntry,
    /// Device clock when it was stored here.
    pub saved_ms: WallMs,
    /// What became of it; absent for entries that were not made in this store.
    pub delivery: Option<Delivery>,
    /// What the server's feed said, once it was pulled.
    pub feed: Option<FeedFacts>,
}

/// What became of an own entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The server's clock at the receipt of the text: 平台已收.
    pub received_ms: Option<WallMs>,
    /// SHA-256 of the statement of that receipt; see [`LocalStore::receipt`].
    pub receipt: Option<Sha256>,
    /// 待核实, with its code.
    pub quarantined: Option<String>,
    /// 平台未收, with its reason.
    pub parked: Option<ParkReason>,
    /// Another record was made in its place.
    pub settled: bool,
    /// Each blob of the header, in its order.
    pub blobs: Vec<DeliveryBlob>,
}

/// What became of a blob of an own entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryBlob {
    /// As in the header.
    pub blob: BlobRef,
    /// SHA-256 of the statement of the receipt that names it, once received.
    pub receipt: Option<Sha256>,
    /// 平台未收, with its reason.
    pub parked: Option<ParkReason>,
}

/// What the feed said of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedFacts {
    /// The shard.
    pub shard: DivisionId,
    /// Its number there.
    pub seq: u64,
    /// The server's clock when it was received.
    pub received_ms: WallMs,
    /// 待核实.
    pub quarantined: bool,
    /// What the server said a step does to its case.
    pub verdict: Option<Verdict>,
    /// The place of a judged step among all.
    pub judged: Option<u64>,
    /// What its author was called then.
    pub author_name: Option<String>,
    /// What the post was called that its author acted under.
    pub post_name: Option<String>,
    /// What persons were called whom it names.
    pub names: BTreeMap<PersonId, String>,
}

/// A page of records, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPage {
    /// The records.
    pub records: Vec<RecordEntries>,
    /// Ask with this for the next page; absent after the last.
    pub next: Option<u64>,
    /// Records in all.
    pub total: u32,
}

impl RecordEntries {
    /// The record folded from its entries; `None` while the first of them is missing here.
    ///
    /// What this phone's person wrote counts here even while somebody must look at it.
    pub fn fold(&self) -> Option<Record> {
        let counts = |e: &&LocalEntry| match e.entry.header().kind {
            Kind::Ruling => e.verdict().is_some_and(Verdict::counts),
            _ => e.delivery.is_some() || !e.is_quarantined(),
        };
        let mut counted: Vec<_> = self.entries.iter().filter(counts).collect();
        // As they came, and then what the server judged, in its order.
        counted.sort_by_key(|e| e.feed.as_ref().and_then(|f| f.judged));
        record::fold(self.record_id, counted.into_iter().map(|e| &e.entry))
    }
}

impl LocalEntry {
    /// Whether somebody must look at it before it counts.
    fn is_quarantined(&self) -> bool {
        let by_receipt = self
            .delivery
            .as_ref()
            .is_some_and(|d| d.quarantined.is_some());
        by_receipt || self.feed.as_ref().is_some_and(|f| f.quarantined)
    }

    /// What the server said that it does, once it did.
    fn verdict(&self) -> Option<&Verdict> {
        self.feed.as_ref()?.verdict.as_ref()
    }
}

impl RecordEntries {
    /// Whether something of it was erased by law.
    pub fn is_erased(&self) -> bool {
        self.entries.iter().any(|e| e.entry.is_erased())
    }

    /// What a person who wrote in it or is named in it is called, as far as the server said it.
    pub fn name_of(&self, person: &PersonId) -> Option<&str> {
        fn name<'a>(e: &'a LocalEntry, person: &PersonId) -> Option<&'a str> {
            let feed = e.feed.as_ref()?;
            let named = feed.names.get(person).map(String::as_str);
            let wrote = e.entry.header().author == *person;
            named.or_else(|| feed.author_name.as_deref().filter(|_| wrote))
        }
        self.entries.iter().find_map(|e| name(e, person))
    }

    /// The record with its case: what the server told in the order in which it counts, then what
    /// waits on this phone in the order made.
    pub fn case(&self) -> Option<(Record, Case)> {
        let first = |e: &LocalEntry| e.entry.header().entry_id.as_record() == self.record_id;
        let mut counted: Vec<&LocalEntry> = self
            .entries
            .iter()
            .filter(|e| first(e) || !e.is_quarantined())
            .collect();
        // Reports and remarks first, as they came; then what the server judged, in its order.
        counted.sort_by_key(|e| match &e.feed {
            Some(feed) => feed.judged.unwrap_or(0),
            None => u64::MAX,
        });
        case::fold(
            self.record_id,
            counted.into_iter().map(|e| Told {
                entry: &e.entry,
                verdict: e.verdict(),
                received: e.feed.as_ref().map(|f| f.received_ms),
            }),
        )
    }
}

impl Delivery {
    /// Whether text and all blobs are received.
    pub fn is_complete(&self) -> bool {
        self.received_ms.is_some() && self.blobs.iter().all(|b| b.receipt.is_some())
    }
}

impl LocalStore {
    /// Up to `limit` records, those that came last first; `before` is the `next` of the page
    /// before. Reads an index, so the length of the whole list does not matter.
    pub async fn records(&self, before: Option<u64>, limit: u32) -> Result<RecordPage, StoreError> {
        let newest = || Read::marked(Table::Entry, Mark::Newest);
        let page = match before {
            Some(before) => newest().between("", ordinal(before)),
            None => newest(),
        };
        let found = self
            .disk
            .look(&[page.newest_first(limit), newest().counted()])
            .await?;
        let first: Vec<EntryRow> = rows::read_all(Table::Entry, &found[0])?;
        let full = first.len() == usize::try_from(limit).unwrap_or(usize::MAX);
        let next = first.last().filter(|_| full).map(|row| row.arrival);
        // A beginning entry's key is its record's id.
        let ids: Vec<RecordId> = found[0]
            .rows
            .iter()
            .filter_map(|row| row.key.parse().ok())
            .collect();
        Ok(RecordPage {
            records: self.with_entries(&ids).await?,
            next,
            total: found[1].count,
        })
    }

    /// One record, if this phone holds anything of it.
    pub async fn record(&self, id: RecordId) -> Result<Option<RecordEntries>, StoreError> {
        let mut found = self.with_entries(&[id]).await?;
        Ok(found.pop().filter(|r| !r.entries.is_empty()))
    }

    /// Records of which something is not wholly received, oldest first: the outbox.
    pub async fn unfinished(&self) -> Result<Vec<RecordEntries>, StoreError> {
        let open = self.look(Read::marked(Table::Outbox, Mark::Open)).await?;
        let reads: Vec<_> = open
            .rows
            .iter()
            .map(|row| Read::one(Table::Entry, row.key.clone()))
            .collect();
        let mut ids = Vec::new();
        for rows in self.disk.look(&reads).await? {
            if let Some(row) = rows::read_first::<EntryRow>(Table::Entry, &rows)? {
                let id = checked(row.entry, &rows.rows[0].key)?.header().record_id;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        self.with_entries(&ids).await
    }

    /// A receipt by the SHA-256 of its statement.
    pub async fn receipt(&self, statement: Sha256) -> Result<Option<Receipt>, StoreError> {
        let key = statement.to_string();
        let found = self.look(Read::one(Table::Receipt, key)).await?;
        rows::read_first(Table::Receipt, &found)
    }

    async fn with_entries(&self, ids: &[RecordId]) -> Result<Vec<RecordEntries>, StoreError> {
        let reads: Vec<_> = ids
            .iter()
            .map(|id| Read::marked(Table::Entry, Mark::Record).starting(&format!("{id}/")))
            .collect();
        let found = self.disk.look(&reads).await?;
        let mut records = Vec::with_capacity(ids.len());
        for (record_id, rows) in ids.iter().zip(&found) {
            let mut entries = Vec::new();
            for row in &rows.rows {
                let stored: EntryRow = rows::read(Table::Entry, row)?;
                entries.push((checked(stored.entry.clone(), &row.key)?, stored));
            }
            records.push((*record_id, entries));
        }
        let own: Vec<EntryId> = records
            .iter()
            .flat_map(|(_, entries)| entries)
            .filter(|(_, row)| row.own)
            .map(|(entry, _)| entry.header().entry_id)
            .collect();
        let mut deliveries = self.deliveries(&own).await?.into_iter();
        let mut with = |(entry, row): (CheckedEntry, EntryRow)| LocalEntry {
            entry,
            saved_ms: row.saved_ms,
            delivery: row.own.then(|| deliveries.next()).flatten().flatten(),
            feed: row.feed.map(|f| FeedFacts {
                shard: f.shard,
                seq: f.seq,
                received_ms: f.received_ms,
                quarantined: f.quarantined,
                verdict: f.verdict,
                judged: f.judged,
                author_name: f.author_name,
                post_name: f.post_name,
                names: f.names,
            }),
        };
        let record = |(record_id, entries): (RecordId, Vec<_>)| RecordEntries {
            record_id,
            entries: entries.into_iter().map(&mut with).collect(),
        };
        Ok(records.into_iter().map(record).collect())
    }

    async fn deliveries(&self, own: &[EntryId]) -> Result<Vec<Option<Delivery>>, StoreError> {
        let reads: Vec<_> = own
            .iter()
            .map(|id| Read::one(Table::Outbox, id.to_string()))
            .collect();
        let found = self.disk.look(&reads).await?;
        found
            .iter()
            .map(|rows| Ok(rows::read_first(Table::Outbox, rows)?.and_then(delivery)))
            .collect()
    }
}

fn checked(entry: domain::entry::Entry, key: &str) -> Result<CheckedEntry, StoreError> {
    entry.check_kept().map_err(|e| StoreError::Unreadable {
        table: Table::Entry.name(),
        key: key.to_owned(),
        why: e.to_string(),
    })
}

/// None of what was erased before its receipt came: there is nothing left to deliver.
fn delivery(row: OutboxRow) -> Option<Delivery> {
    if row.erased && row.held.is_none() {
        return None;
    }
    let held = row.held;
    Some(Delivery {
        received_ms: held.as_ref().map(|h| h.received_ms),
        receipt: held.as_ref().map(|h| h.receipt),
        quarantined: held.and_then(|h| h.quarantined),
        parked: row.parked,
        settled: row.settled,
        blobs: row
            .blobs
            .into_iter()
            .map(|b| DeliveryBlob {
                blob: b.blob,
                receipt: b.held,
                parked: b.parked,
            })
            .collect(),
    })
}
