use super::StoreError;
use domain::case::Verdict;
use domain::entry::{BlobRef, Entry};
use domain::hash::EntryHash;
use domain::ids::{EntryId, RecordId};
use domain::register::{DivisionId, OutfallId, PersonId, UnitId};
use domain::time::WallMs;
use domain::wire::RecordRow;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

/// One page; names of persons are filled in by the caller.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Rows.
    pub rows: Vec<RecordRow>,
    /// The mark of the next page.
    pub next: Option<String>,
    /// How many match in all, as far as they are counted.
    pub total: u64,
    /// Whether there are more than that.
    pub beyond: bool,
}

/// One record.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// As in the list.
    pub row: RecordRow,
    /// The divisions it touches.
    pub divisions: Vec<DivisionId>,
    /// The units it was ever handed to.
    pub units: Vec<UnitId>,
    /// The outfall that it names.
    pub outfall: Option<OutfallId>,
    /// For whom it was made.
    pub on_behalf_of: Option<PersonId>,
    /// In the order received.
    pub entries: Vec<StoredEntry>,
}

/// One entry of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEntry {
    /// Its id.
    pub entry_id: EntryId,
    /// Who made it.
    pub author: PersonId,
    /// The exact texts.
    pub entry: Entry,
    /// Its hash.
    pub hash: EntryHash,
    /// The server's clock.
    pub received_ms: WallMs,
    /// The epoch in which it was received.
    pub epoch: u64,
    /// Why somebody must look.
    pub quarantine: Option<String>,
    /// What it does to its case, if it is a step that was judged.
    pub verdict: Option<Verdict>,
    /// An earlier entry of its log is missing.
    pub waiting: bool,
    /// Another entry has its place in the log.
    pub forked: bool,
    /// Its feed rows.
    pub feed: Vec<(DivisionId, u64)>,
    /// Its blobs in the order of the header.
    pub blobs: Vec<StoredBlob>,
}

/// One blob of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBlob {
    /// As in the header.
    pub blob: BlobRef,
    /// When it was complete, if so.
    pub held_ms: Option<WallMs>,
    /// Its media type by the magic bytes, if it is held.
    pub media_type: Option<String>,
}

impl StoredRecord {
    /// The entry of that id.
    pub fn entry(&self, id: EntryId) -> Option<&StoredEntry> {
        self.entries.iter().find(|e| e.entry_id == id)
    }
    /// The record.
    pub const fn id(&self) -> RecordId {
        self.row.record_id
    }
}

/// Something the map shows below the records, as the operator gave it.
#[derive(Debug, Serialize)]
pub struct MapLayer {
    /// `boundaries`, `rivers`, `waters`.
    pub name: String,
    /// Who drew it, to be shown on the map.
    pub source: String,
    /// A `FeatureCollection`, WGS-84.
    pub data: Box<RawValue>,
}

pub(crate) const PAGE_ROWS: u32 = 50;
pub(crate) const PAGE_ROWS_MAX: u32 = 200;
/// Nobody goes through more rows than that one by one: beyond it they are not counted on, so
/// that a list costs the same however much there is.
pub(crate) const COUNTED: u32 = 10_000;

/// Where the next page begins.
pub(crate) fn write_mark(row: &RecordRow) -> String {
    format!("{}.{}", row.received_ms.0, row.record_id)
}

/// What [`write_mark`] wrote.
pub(crate) fn read_mark(text: &str) -> Result<(i64, Uuid), StoreError> {
    let (at, id) = text.split_once('.').ok_or(StoreError::BadPageMark)?;
    let id: RecordId = id.parse().map_err(|_| StoreError::BadPageMark)?;
    Ok((at.parse().map_err(|_| StoreError::BadPageMark)?, id.raw()))
}
