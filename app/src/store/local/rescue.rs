//! Everything that the server does not hold, read as far as it can be read: a damaged row costs
//! itself and nothing else.

use super::super::disk::{Read, Row};
use super::super::schema::{Mark, Table};
use super::rows::{EntryRow, OutboxRow};
use super::{LocalStore, rows};
use domain::entry::{BlobRef, Entry};
use domain::hash::Sha256;
use domain::ids::{DraftId, EntryId, RecordId};
use std::collections::BTreeMap;

/// What a rescue file is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rescue {
    /// Entries, oldest first.
    pub entries: Vec<Entry>,
    /// Blobs that entries or drafts name and the server does not hold, each once.
    pub blobs: Vec<RescueBlob>,
    /// Drafts as they stand in the store.
    pub drafts: Vec<(DraftId, Vec<u8>)>,
    /// What could not be read.
    pub damaged: Vec<String>,
}

/// A blob by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RescueBlob {
    /// Its hash.
    pub sha256: Sha256,
    /// Bytes, as far as known.
    pub size: u64,
}

impl LocalStore {
    /// Gathers what is not wholly received: of one record, or everything with the drafts.
    pub async fn rescue(&self, only: Option<RecordId>) -> Rescue {
        let mut found = Found::default();
        let open = Read::marked(Table::Outbox, Mark::Open);
        for row in self.rows_or_note(open, &mut found).await {
            self.take(&row, only, &mut found).await;
        }
        if only.is_none() {
            let drafts = Read::all(Table::Draft);
            for row in self.rows_or_note(drafts, &mut found).await {
                found.draft(row);
            }
        }
        found.rescue.blobs = found
            .blobs
            .into_iter()
            .map(|(sha256, size)| RescueBlob { sha256, size })
            .collect();
        found.rescue
    }

    async fn rows_or_note(&self, read: Read, found: &mut Found) -> Vec<Row> {
        match self.look(read).await {
            Ok(rows) => rows.rows,
            Err(error) => {
                found.rescue.damaged.push(error.to_string());
                Vec::new()
            }
        }
    }

    async fn take(&self, row: &Row, only: Option<RecordId>, found: &mut Found) {
        let outbox: Option<OutboxRow> = rows::read(Table::Outbox, row).ok();
        let read = Read::one(Table::Entry, row.key.clone());
        let entry = match self.look(read).await {
            Ok(entry) => rows::read_first::<EntryRow>(Table::Entry, &entry),
            Err(error) => Err(error),
        };
        let entry = match entry {
            Ok(Some(row)) => row.entry,
            Ok(None) => return found.lost(&row.key, "no text"),
            Err(error) => return found.lost(&row.key, &error.to_string()),
        };
        let Ok(checked) = entry.clone().check() else {
            return found.lost(&row.key, "the text is not what was saved");
        };
        if only.is_some_and(|id| checked.header().record_id != id) {
            return;
        }
        // Without its outbox row nobody knows what is held: then everything goes along.
        let held = |blob: &BlobRef| {
            let all = outbox.iter().flat_map(|o| &o.blobs);
            let mut same = all.filter(|b| b.blob.sha256 == blob.sha256);
            same.any(|b| b.held.is_some())
        };
        for blob in checked.header().blobs.iter().filter(|b| !held(b)) {
            found.blobs.insert(blob.sha256, blob.size);
        }
        found.rescue.entries.push(entry);
    }
}

#[derive(Default)]
struct Found {
    rescue: Rescue,
    blobs: BTreeMap<Sha256, u64>,
}

impl Found {
    fn lost(&mut self, key: &str, why: &str) {
        let what = key
            .parse::<EntryId>()
            .map_or_else(|_| key.to_owned(), |id| id.to_string());
        self.rescue.damaged.push(format!("entry {what}: {why}"));
    }

    fn draft(&mut self, row: Row) {
        #[derive(serde::Deserialize)]
        struct Photos {
            draft: domain::record::Draft,
        }
        let Ok(id) = row.key.parse::<DraftId>() else {
            return;
        };
        if let Ok(Photos { draft }) = rows::parse(&row.value) {
            let photos = draft.photos.iter().map(|p| (p.sha256, p.size));
            self.blobs.extend(photos);
        }
        // A draft that does not read any more may still tell a person something.
        self.rescue.drafts.push((id, row.value));
    }
}
