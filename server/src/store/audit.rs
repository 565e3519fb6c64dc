//! Reading everything there is, in order to check it.
//!
//! A [`Store`](super::Store) answers questions; this gives the rows themselves, as they lie
//! there, sound or not. What is read through one [`Audit`] is of one moment, whatever is written
//! meanwhile.

use super::{FeedHead, Identity, StoreError};
use async_trait::async_trait;
use domain::hash::Sha256;
use domain::ids::{EntryId, LogId, RecordId};
use domain::receipt::ReceiptKey;
use domain::register::{DivisionId, RegisterSet};
use domain::time::WallMs;
use serde_json::Value;
use std::collections::BTreeMap;

/// The rows of one moment.
#[async_trait]
pub trait Audit: Send {
    /// The engine's name and version.
    async fn engine(&mut self) -> Result<String, StoreError>;
    /// What the engine itself finds wrong with its own files; nothing if they are sound. `quick`
    /// leaves out what takes long.
    async fn soundness(&mut self, quick: bool) -> Result<Vec<String>, StoreError>;
    /// Which server it is.
    async fn identity(&mut self) -> Result<Identity, StoreError>;
    /// Every epoch, oldest first.
    async fn epochs(&mut self) -> Result<Vec<EpochNote>, StoreError>;
    /// Every key that receipts were signed with, oldest first.
    async fn keys(&mut self) -> Result<Vec<ReceiptKey>, StoreError>;
    /// Every table with its rows.
    async fn tables(&mut self) -> Result<Vec<(String, u64)>, StoreError>;
    /// The newest version of the registers before `version` (of all if absent).
    async fn registers(
        &mut self,
        before: Option<u64>,
    ) -> Result<Option<(u64, RegisterSet)>, StoreError>;
    /// Where each division lies, as scopes read it.
    async fn divisions(&mut self) -> Result<BTreeMap<String, String>, StoreError>;

    /// The end of every shard's feed as its counter says, and every shard that has rows and no
    /// counter (with number 0).
    async fn heads(&mut self) -> Result<Vec<FeedHead>, StoreError>;
    /// Rows of a shard after `seq`, at most `limit`.
    async fn feed(
        &mut self,
        shard: &DivisionId,
        seq: u64,
        limit: u32,
    ) -> Result<Vec<FeedLine>, StoreError>;
    /// Records after one, by id, at most `limit`, each with everything that belongs to it.
    async fn dossiers(
        &mut self,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<Dossier>, StoreError>;
    /// Lines of lists whose record has no entry.
    async fn lines_of_nothing(&mut self) -> Result<u64, StoreError>;
    /// Blobs that somebody has delivered after one, by hash, with their size, at most `limit`.
    async fn blobs(
        &mut self,
        after: Option<Sha256>,
        limit: u32,
    ) -> Result<Vec<(Sha256, u64)>, StoreError>;
    /// How many blobs somebody has delivered, and their bytes.
    async fn blobs_in_all(&mut self) -> Result<(u64, u64), StoreError>;
    /// Whether somebody has delivered this blob.
    async fn holds(&mut self, blob: Sha256) -> Result<bool, StoreError>;
    /// How the logs of the phones stand.
    async fn logs(&mut self) -> Result<LogStates, StoreError>;
    /// What is on its way or waits for somebody.
    async fn open_work(&mut self) -> Result<OpenWork, StoreError>;
}

/// When and why an epoch began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochNote {
    /// Which.
    pub epoch: u64,
    /// Since when; not known for those before it was written down.
    pub since_ms: Option<WallMs>,
    /// Why.
    pub why: String,
}

/// One feed row beside the entry that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLine {
    /// Its number.
    pub seq: u64,
    /// The entry, by the row.
    pub entry_id: EntryId,
    /// Its hash, by the row.
    pub entry_hash: Sha256,
    /// Its record, by the row.
    pub record_id: RecordId,
    /// The row's own hash.
    pub row_hash: Sha256,
    /// Hash and record by the entry; absent if there is no such entry.
    pub entry: Option<(Sha256, RecordId)>,
}

/// Everything about one record, as it lies there.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Which.
    pub record_id: RecordId,
    /// Its line in lists, by column.
    pub line: Option<BTreeMap<String, Value>>,
    /// The divisions it touches, ascending.
    pub divisions: Vec<String>,
    /// The units that ever had it, ascending.
    pub units: Vec<String>,
    /// The shards whose feed carries it, ascending.
    pub shards: Vec<DivisionId>,
    /// Its entries in the order received.
    pub entries: Vec<KeptRow>,
    /// Its feed rows, by shard and number.
    pub feed: Vec<FeedOf>,
}

impl Dossier {
    /// One with nothing in it yet.
    pub const fn new(record_id: RecordId) -> Self {
        Self {
            record_id,
            line: None,
            divisions: Vec::new(),
            units: Vec::new(),
            shards: Vec::new(),
            entries: Vec::new(),
            feed: Vec::new(),
        }
    }
}

/// A feed row of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedOf {
    /// The shard.
    pub shard: DivisionId,
    /// The number in it.
    pub seq: u64,
    /// Whether it puts, else it leaves.
    pub put: bool,
    /// The entry.
    pub entry_id: EntryId,
}

/// One entry as it lies there.
#[derive(Debug, Clone)]
pub struct KeptRow {
    /// Its place in the order received.
    pub no: u64,
    /// By its column.
    pub entry_id: EntryId,
    /// By its column.
    pub hash: Sha256,
    /// By its column.
    pub log_id: LogId,
    /// By its column.
    pub seq: u64,
    /// By its column.
    pub prev_hash: Option<Sha256>,
    /// By its column.
    pub author: String,
    /// The bytes.
    pub header: Vec<u8>,
    /// The bytes; nothing after a purge.
    pub body: Option<Vec<u8>>,
    /// The server's clock.
    pub received_ms: WallMs,
    /// The epoch of its receipt.
    pub epoch: u64,
    /// Why somebody must look.
    pub quarantined: bool,
    /// What a step does, and its place among the judged.
    pub verdict: Option<(u64, String)>,
    /// Blobs that it names, by their rows.
    pub blobs: Vec<BlobRow>,
    /// The purge that erased it.
    pub erased_by: Option<EntryId>,
}

/// A blob of an entry, by its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// Place in the header.
    pub idx: u64,
    /// Which.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Its role's word.
    pub role: String,
    /// Whether the author has delivered it.
    pub held: bool,
}

/// How the logs of the phones stand. None of it is damage here: it tells of phones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogStates {
    /// How many there are.
    pub logs: u64,
    /// Logs with places that are neither held nor refused: person and how many, most first.
    pub gaps: Vec<(LogId, String, u64)>,
    /// Places that two entries claim: a restored phone.
    pub forks: u64,
    /// Entries whose predecessor is not here.
    pub waiting: u64,
}

/// What is on its way or waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// Entries that somebody must look at.
    pub quarantined: u64,
    /// Texts that were refused.
    pub refused: u64,
    /// Uploads under way.
    pub uploads: u64,
    /// Bytes of them that are here.
    pub upload_bytes: u64,
    /// The longest untouched.
    pub oldest_upload_ms: Option<WallMs>,
    /// Blobs that entries name and nobody has delivered.
    pub blobs_missing: u64,
    /// Blobs whose bytes are still to be erased.
    pub to_erase: u64,
    /// When the newest entry was received.
    pub newest_ms: Option<WallMs>,
    /// Entries whose body was erased.
    pub erased: u64,
}
