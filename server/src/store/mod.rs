//! What the server keeps, as whole operations named by the work. Every change of a record goes
//! through [`Store::ingest`]; nobody outside this folder sees a transaction or a line of SQL.

mod accounts;
pub mod audit;
mod desk;
mod docket;
mod entries;
mod error;
mod feed;
mod logs;
mod outcome;
mod plan;
pub mod postgres;
mod purge;
mod quarantine;
pub mod refold;
mod search;
pub mod sqlite;
mod summary;
mod uploads;
mod vetting;

pub use accounts::{Account, NewSession, Session};
pub use desk::{MapLayer, Page, StoredBlob, StoredEntry, StoredRecord};
pub use entries::{
    Arrival, Batch, Held, Ingested, Judge, OwnEntry, RecordPlace, Refusal, Verdict, reason,
};
pub use error::StoreError;
pub use feed::{FeedHead, FeedRow, PhoneScope, ScopeRows};
pub use logs::{Announced, OpenLog};
pub use purge::{Purgeable, Which};
pub use quarantine::{Doubt, Doubts};
pub use search::Search;
pub use uploads::{Appended, Chunk, HeldBlobRow, NamedBlob, Upload};

use self::refold::Judges;
use crate::auth::TokenHash;
use async_trait::async_trait;
use domain::access::Scope;
use domain::entry::{DeviceKey, LogHead};
use domain::feed::Block;
use domain::hash::{EntryHash, Sha256};
use domain::ids::{DeviceId, EntryId, LogId, RecordId, ServerId, UploadId};
use domain::receipt::{HeldBlob, HeldEntry, ReceiptKey};
use domain::register::{DivisionId, DivisionTree, PersonId, RegisterSet};
use domain::time::WallMs;
use domain::wire::{ClosedLog, Gap, RecordFilter, RecordMap};

/// Which server this is, and since which restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Drawn at first start.
    pub server_id: ServerId,
    /// Grows when the data went back in time.
    pub epoch: u64,
}

/// What was made anew.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries read.
    pub entries: u64,
    /// Records written.
    pub records: u64,
}

/// The server's memory. Every operation is one transaction, durable when it returns.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Which server this is.
    async fn identity(&self) -> Result<Identity, StoreError>;
    /// Raises the epoch above `floor`: everything received before is asked for again. When and
    /// why is written down.
    async fn raise_epoch(&self, floor: u64, why: &str, now: WallMs) -> Result<u64, StoreError>;
    /// Writes down a key that receipts are signed with from now on, if it is new.
    async fn note_key(&self, key: &ReceiptKey, now: WallMs) -> Result<(), StoreError>;

    /// Every key that receipts were ever signed with.
    async fn keys(&self) -> Result<Vec<ReceiptKey>, StoreError>;

    /// Keeps a new version of the registers and gives its number. Earlier versions stay.
    async fn put_registers(
        &self,
        set: &RegisterSet,
        tree: &DivisionTree,
    ) -> Result<u64, StoreError>;
    /// The newest version of the registers with its number; empty and 0 if there is none.
    async fn registers(&self) -> Result<(u64, RegisterSet), StoreError>;

    /// Its number alone.
    async fn registers_version(&self) -> Result<u64, StoreError>;

    /// Adds accounts, or gives existing ones a new person and password hash.
    async fn put_accounts(&self, accounts: &[Account]) -> Result<(), StoreError>;
    /// The account of that name.
    async fn account(&self, name: &str) -> Result<Option<Account>, StoreError>;
    /// The account of a person.
    async fn account_of(&self, person: &PersonId) -> Result<Option<Account>, StoreError>;
    /// Disables a person's account and ends every session of it.
    async fn disable(&self, person: &PersonId, now: WallMs) -> Result<(), StoreError>;
    /// Opens a session.
    async fn open_session(&self, session: &NewSession) -> Result<(), StoreError>;
    /// The session with that token, if its account is not disabled. Limits are the caller's.
    async fn session(&self, token: &TokenHash) -> Result<Option<Session>, StoreError>;
    /// Notes that the session was used.
    async fn touch_session(&self, token: &TokenHash, now: WallMs) -> Result<(), StoreError>;
    /// Ends a session.
    async fn close_session(&self, token: &TokenHash) -> Result<(), StoreError>;

    /// Notes that a person signed in on an installation that shows this key.
    async fn bind_device(
        &self,
        device: DeviceId,
        person: &PersonId,
        key: &DeviceKey,
        now: WallMs,
    ) -> Result<(), StoreError>;
    /// The keys that both persons have shown on the installation. None after one of them was
    /// disabled.
    async fn device_keys(
        &self,
        device: DeviceId,
        persons: [&PersonId; 2],
    ) -> Result<Vec<DeviceKey>, StoreError>;

    /// Takes a batch in one transaction: entries, their records, feed rows, verified blobs and
    /// refusals. One outcome per arrival, in order. An arrival that the engine rejects is
    /// answered as refused (`not_stored`) and never keeps another from being stored.
    async fn ingest(&self, batch: &Batch, judge: &dyn Judge) -> Result<Ingested, StoreError>;

    /// Runs of the announced logs that are neither held nor refused.
    async fn gaps(&self, person: &PersonId, heads: &[LogHead]) -> Result<Vec<Gap>, StoreError>;
    /// Keeps what a phone says of itself; of its own logs only.
    async fn announce(&self, what: &Announced) -> Result<(), StoreError>;
    /// Logs with something missing, forked, or with blobs still to come; the longest silent first.
    async fn open_logs(&self, limit: u32) -> Result<Vec<OpenLog>, StoreError>;
    /// Every log that was used or announced, at most `limit`, with what of it is missing.
    async fn all_logs(&self, limit: u32) -> Result<Vec<OpenLog>, StoreError>;
    /// A log that was used or announced.
    async fn log(&self, id: LogId) -> Result<Option<OpenLog>, StoreError>;
    /// Notes that nothing is waited for any more up to a place of a log.
    async fn close_log(&self, id: LogId, closed: &ClosedLog) -> Result<(), StoreError>;
    /// Of these hashes, the entries by `person`; in the order asked.
    async fn held_entries(
        &self,
        person: &PersonId,
        hashes: &[EntryHash],
    ) -> Result<Vec<HeldEntry>, StoreError>;
    /// Of these, the blobs that `person` has delivered; in the order asked.
    async fn held_blobs(
        &self,
        person: &PersonId,
        blobs: &[Sha256],
    ) -> Result<Vec<HeldBlob>, StoreError>;

    /// How many photos are held in all; looks at each, so nothing that is asked often.
    async fn count_blobs(&self) -> Result<u64, StoreError>;

    /// The end of every shard's feed, by shard.
    async fn feed_heads(&self) -> Result<Vec<FeedHead>, StoreError>;
    /// Feed rows of a phone's scope in `shard` after `seq`, oldest first, at most `limit`, and
    /// the number up to which the feed was looked through.
    async fn since(
        &self,
        scope: &PhoneScope,
        shard: &DivisionId,
        seq: u64,
        limit: u32,
    ) -> Result<(Vec<FeedRow>, u64), StoreError>;
    /// What a phone's scope holds now, shard by shard: of each entry the last row, without rows
    /// from before its record left the shard. All of one moment.
    async fn scope_rows(&self, scope: &PhoneScope) -> Result<Vec<ScopeRows>, StoreError>;
    /// The same rows of one block, whole, and the shard's last number.
    async fn scope_block(
        &self,
        scope: &PhoneScope,
        block: &Block,
    ) -> Result<(Vec<FeedRow>, u64), StoreError>;
    /// Rows of one shard's feed after `seq`, for checking the chain.
    async fn chain(
        &self,
        shard: &DivisionId,
        seq: u64,
        limit: u32,
    ) -> Result<Vec<(u64, EntryHash, Sha256)>, StoreError>;

    /// The blob that `person` named in an own entry.
    async fn named_blob(
        &self,
        person: &PersonId,
        entry: EntryId,
        sha256: Sha256,
    ) -> Result<Option<NamedBlob>, StoreError>;
    /// Opens an upload; an upload of the same blob for the same entry is opened again.
    async fn open_upload(&self, upload: &Upload) -> Result<Upload, StoreError>;
    /// An upload of `person`.
    async fn upload(&self, person: &PersonId, id: UploadId) -> Result<Option<Upload>, StoreError>;
    /// Counts a chunk whose object is already durable.
    async fn append_chunk(
        &self,
        id: UploadId,
        chunk: &Chunk,
        now: WallMs,
    ) -> Result<Appended, StoreError>;
    /// The chunks of an upload from its first byte.
    async fn chunks(&self, id: UploadId) -> Result<Vec<Chunk>, StoreError>;
    /// Forgets an upload. Its objects are the caller's to delete.
    async fn drop_upload(&self, id: UploadId) -> Result<(), StoreError>;
    /// Uploads that nobody touched since.
    async fn stale_uploads(&self, before: WallMs) -> Result<Vec<UploadId>, StoreError>;

    /// A page of records in the scope of a desk, newest received first.
    async fn records(
        &self,
        scope: &Scope,
        filter: &RecordFilter,
        search: &Search,
    ) -> Result<Page, StoreError>;
    /// What of that has a position.
    async fn map(
        &self,
        scope: &Scope,
        filter: &RecordFilter,
        search: &Search,
    ) -> Result<RecordMap, StoreError>;
    /// Replaces what the map shows below the records.
    async fn put_map_layers(&self, layers: &[MapLayer]) -> Result<(), StoreError>;
    /// What the map shows below the records, the lowest first.
    async fn map_layers(&self) -> Result<Vec<MapLayer>, StoreError>;
    /// The records that `author` made on a patrol, oldest first, at most `limit`.
    async fn made_on(
        &self,
        patrol: RecordId,
        author: &PersonId,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError>;
    /// A record with everything known of it.
    async fn record(&self, id: RecordId) -> Result<Option<StoredRecord>, StoreError>;

    /// What somebody must look at in `scope`, but for what `me` made: the oldest after a mark
    /// first, at most `limit`.
    async fn doubts(
        &self,
        scope: &Scope,
        me: &PersonId,
        after: u64,
        limit: u32,
    ) -> Result<Doubts, StoreError>;
    /// An entry that somebody must look at, or had to.
    async fn doubt(&self, entry: EntryId) -> Result<Option<Doubt>, StoreError>;

    /// Records and their entries that a purge of `which` would erase, at most `limit` entries.
    /// What was erased before is not named again.
    async fn purgeable(&self, which: &Which, limit: u32) -> Result<Vec<Purgeable>, StoreError>;
    /// Erases the bytes of everything that `sender` sent and that was refused. What was refused
    /// stays known.
    async fn erase_refused(&self, sender: &PersonId) -> Result<u64, StoreError>;
    /// Whether the body of this entry of `person` was erased.
    async fn is_erased(&self, person: &PersonId, entry: EntryId) -> Result<bool, StoreError>;
    /// Blobs whose bytes are to be erased, the longest waiting first, at most 1,000.
    async fn blobs_to_erase(&self) -> Result<Vec<Sha256>, StoreError>;
    /// Notes that the bytes of a blob are gone.
    async fn blob_erased(&self, blob: Sha256) -> Result<(), StoreError>;
    /// How many erasures of bytes there were. Asked before bytes are put; see
    /// [`HeldBlobRow::erasures`].
    async fn erasures(&self) -> Result<u64, StoreError>;
    /// Counts these blobs as not held by anybody: their bytes are lost, and whoever offers their
    /// entries again is asked for them.
    async fn lose_blobs(&self, blobs: &[Sha256]) -> Result<(), StoreError>;
    /// Of these uploads, those that are not under way.
    async fn unknown_uploads(&self, ids: &[UploadId]) -> Result<Vec<UploadId>, StoreError>;

    /// Makes everything that is derived from entries anew: what lists, filters and scopes read.
    /// `judges` are the rules over every version of the registers, the newest first, `tree` that
    /// of the newest; `told` hears how many entries are done. In one transaction: cut off it
    /// changes nothing.
    async fn rebuild(
        &self,
        tree: &DivisionTree,
        judges: Judges<'_>,
        told: &(dyn Fn(u64) + Sync),
    ) -> Result<Rebuilt, StoreError>;

    /// Sees to it that what was erased is nowhere in the engine's files, as far as nobody reads
    /// at this moment.
    async fn settle(&self) -> Result<(), StoreError>;

    /// Finishes what is under way and leaves the data in a state that can be copied.
    async fn close(&self) -> Result<(), StoreError>;
}
