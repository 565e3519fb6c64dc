//! What stands in the rows of a person's store. JSON, so that fields may be added; every field
//! added later needs a default.

use super::super::StoreError;
use super::super::disk::{Row, Rows, Write};
use super::super::schema::{Mark, Table};
use domain::case::Verdict;
use domain::entry::{BlobRef, Entry};
use domain::hash::{EntryHash, Sha256};
use domain::ids::{EntryId, RecordId, UploadId};
use domain::register::{DivisionId, PersonId};
use domain::sync::ParkReason;
use domain::time::WallMs;
use domain::wire::PulledRow;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An entry as kept: both exact texts and what is known about it here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EntryRow {
    pub(super) entry: Entry,
    /// The how-manieth entry of this store; orders lists, which clocks may not.
    pub(super) arrival: u64,
    /// Made here.
    pub(super) own: bool,
    /// Device clock when it was stored here.
    pub(super) saved_ms: WallMs,
    /// What the server's feed said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) feed: Option<FeedRow>,
    /// Where the feeds name it, by shard.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) places: BTreeMap<DivisionId, InFeed>,
}

/// Where the feed of a shard names an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InFeed {
    pub(super) seq: u64,
    /// The snapshot that said so.
    pub(super) since: u64,
}

/// What the feed said of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FeedRow {
    pub(super) shard: DivisionId,
    pub(super) seq: u64,
    pub(super) received_ms: WallMs,
    #[serde(default)]
    pub(super) quarantined: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) judged: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) author_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) post_name: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) names: BTreeMap<PersonId, String>,
}

impl FeedRow {
    pub(super) fn of(pulled: &PulledRow) -> Self {
        Self {
            shard: pulled.shard.clone(),
            seq: pulled.seq,
            received_ms: pulled.received_ms,
            quarantined: pulled.quarantined,
            verdict: pulled.verdict.clone(),
            judged: pulled.judged,
            author_name: pulled.author_name.clone(),
            post_name: pulled.post_name.clone(),
            names: pulled.names.clone(),
        }
    }
}

/// What became of an own entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutboxRow {
    pub(super) entry_id: EntryId,
    pub(super) arrival: u64,
    pub(super) hash: EntryHash,
    /// Bytes of both texts.
    pub(super) bytes: usize,
    pub(super) saved_ms: WallMs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) held: Option<Held>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parked: Option<ParkReason>,
    pub(super) blobs: Vec<OutboxBlob>,
    /// What was wrong was put right in another record: nothing of this one waits any more.
    #[serde(default)]
    pub(super) settled: bool,
    /// Erased by law: nothing of it is sent any more, also to a restored server.
    #[serde(default)]
    pub(super) erased: bool,
}

/// The server holds the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    /// SHA-256 of the receipt's statement.
    pub(super) receipt: Sha256,
    pub(super) received_ms: WallMs,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quarantined: Option<String>,
}

/// A blob of an own entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OutboxBlob {
    pub(super) blob: BlobRef,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) upload: Option<UploadId>,
    /// SHA-256 of the statement of the receipt that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) held: Option<Sha256>,
    /// The server's clock in that receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) received_ms: Option<WallMs>,
    /// The bytes went to make room; the server held them then, and a backup of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) let_go: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parked: Option<ParkReason>,
}

impl OutboxRow {
    /// Whether something is still to be received.
    pub(super) fn is_open(&self) -> bool {
        let waits = self.held.is_none() || self.blobs.iter().any(|b| b.held.is_none());
        waits && !self.settled && !self.erased
    }
}

/// A photo, complete or being taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PhotoRow {
    /// Names its chunks.
    pub(super) intake: String,
    pub(super) begun_ms: WallMs,
    /// Set once the bytes were read back and hashed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) done: Option<PhotoDone>,
}

impl PhotoRow {
    /// Removes it and its bytes.
    pub(super) fn remove(self) -> [Write; 2] {
        let chunks = format!("{}/", self.intake);
        [
            Write::DeleteStarting(Table::Chunk, chunks),
            Write::Delete(Table::Photo, self.intake),
        ]
    }
}

/// A complete photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PhotoDone {
    pub(super) sha256: Sha256,
    pub(super) size: u64,
}

/// Digits enough for any count, so that texts sort like numbers.
pub(super) fn ordinal(n: u64) -> String {
    format!("{n:016}")
}

/// Reads the value of a row.
pub(super) fn read<T: DeserializeOwned>(table: Table, row: &Row) -> Result<T, StoreError> {
    parse(&row.value).map_err(|why| StoreError::Unreadable {
        table: table.name(),
        key: row.key.clone(),
        why,
    })
}

/// Reads a stored value by the reader that texts of the server go through: another one would put
/// the code of every type into the app a second time.
pub(super) fn parse<T: DeserializeOwned>(value: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(value).map_err(|e| e.to_string())?;
    domain::json::read_own(text).map_err(|e| e.to_string())
}

/// Reads all values.
pub(super) fn read_all<T: DeserializeOwned>(
    table: Table,
    rows: &Rows,
) -> Result<Vec<T>, StoreError> {
    rows.rows.iter().map(|row| read(table, row)).collect()
}

/// Reads the value of the first row, if there is one.
pub(super) fn read_first<T: DeserializeOwned>(
    table: Table,
    rows: &Rows,
) -> Result<Option<T>, StoreError> {
    rows.rows.first().map(|row| read(table, row)).transpose()
}

/// A row of JSON.
pub(super) fn row<T: Serialize>(
    key: impl Into<String>,
    value: &T,
    marks: Vec<(Mark, String)>,
) -> Result<Row, StoreError> {
    Ok(Row {
        key: key.into(),
        value: serde_json::to_vec(value).map_err(|e| StoreError::BadEntry(e.to_string()))?,
        marks,
    })
}

/// The row of an entry, with the marks that lists go by.
pub(super) fn entry_row(
    entry_id: EntryId,
    record_id: RecordId,
    value: &EntryRow,
) -> Result<Row, StoreError> {
    let arrival = ordinal(value.arrival);
    let mut marks = vec![(Mark::Record, format!("{record_id}/{arrival}"))];
    if entry_id.as_record() == record_id {
        marks.push((Mark::Newest, arrival.clone()));
    }
    if !value.own {
        marks.push((Mark::Foreign, arrival));
    }
    row(entry_id.to_string(), value, marks)
}

/// The row of what became of an entry.
pub(super) fn outbox_row(value: &OutboxRow) -> Result<Row, StoreError> {
    let open = value
        .is_open()
        .then(|| (Mark::Open, ordinal(value.arrival)));
    row(
        value.entry_id.to_string(),
        value,
        open.into_iter().collect(),
    )
}
