use super::KeepRule;
use crate::entry::BlobRole;
use crate::feed::Block;
use crate::hash::{EntryHash, Sha256};
use crate::ids::{EntryId, ServerId, UploadId};
use crate::receipt::Receipt;
use crate::time::WallMs;
use crate::wire::{Gap, PulledRow};
use serde::{Deserialize, Serialize};

/// What the phone's store holds that is not yet wholly received, read at start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// Entries without a recorded receipt, oldest first.
    pub entries: Vec<QueuedEntry>,
    /// Blobs without one.
    pub blobs: Vec<QueuedBlob>,
    /// Entries with a recorded receipt, text and all photos.
    pub received: u32,
    /// The server and epoch that the receipts are from.
    pub server: Option<(ServerId, u64)>,
    /// Where the last pull ended.
    pub cursor: Option<String>,
    /// When everything was last in order, by the server's clock.
    pub last_sync: Option<WallMs>,
    /// When this view was last compared with the server's, by the server's clock.
    pub checked: Option<WallMs>,
    /// The view may hold what the server's scope no longer has: a [`Change::Sweep`] is owed.
    pub sweep_owed: bool,
}

/// An entry waiting for its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// Its hash: what a receipt must name.
    pub hash: EntryHash,
    /// Bytes of both texts.
    pub bytes: usize,
    /// When it was saved, by the device.
    pub saved_ms: WallMs,
    /// In the 平台未收 tray, if so.
    pub parked: Option<ParkReason>,
}

/// A blob of one entry. The same picture in two entries is sent for each; the server stores it
/// once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlobKey {
    /// The entry that brings it along.
    pub entry_id: EntryId,
    /// Its hash.
    pub sha256: Sha256,
}

/// A blob waiting for its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedBlob {
    /// Which.
    pub key: BlobKey,
    /// Bytes.
    pub size: u64,
    /// Thumbnails go first.
    pub role: BlobRole,
    /// An upload that was begun.
    pub upload: Option<UploadId>,
    /// In the 平台未收 tray, if so.
    pub parked: Option<ParkReason>,
}

/// Why something lies in the 平台未收 tray. Nothing leaves the phone because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why", content = "code")]
pub enum ParkReason {
    /// The server refused it, with its code.
    Refused(String),
    /// The phone's own store no longer holds the bytes.
    MissingHere,
}

/// What the runner must write to the phone's store, all changes of one [`Instruction`] in one
/// strict transaction.
///
/// [`Instruction`]: super::Instruction
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The server holds the entry: 平台已收.
    EntryHeld {
        /// Which.
        entry_id: EntryId,
        /// Verified.
        receipt: Receipt,
        /// By the server's clock.
        received_ms: WallMs,
        /// 待核实, with its code.
        quarantined: Option<String>,
    },
    /// The entry goes to the 平台未收 tray.
    EntryParked {
        /// Which.
        entry_id: EntryId,
        /// Why.
        reason: ParkReason,
    },
    /// An upload was begun, or (`None`) is gone on the server.
    Upload {
        /// Which blob.
        key: BlobKey,
        /// Its upload.
        upload: Option<UploadId>,
    },
    /// The server holds the blob.
    BlobHeld {
        /// Which.
        key: BlobKey,
        /// Verified.
        receipt: Receipt,
        /// By the server's clock.
        received_ms: WallMs,
    },
    /// The blob goes to the 平台未收 tray.
    BlobParked {
        /// Which.
        key: BlobKey,
        /// Why.
        reason: ParkReason,
    },
    /// Rows from the server, and where the next pull begins: in one transaction, or the cursor
    /// would run ahead of the rows.
    Pulled {
        /// The cursor that was asked with. Where the store has another by now, another tab was
        /// faster, and nothing of this may be written.
        after: Option<String>,
        /// As they came.
        rows: Vec<PulledRow>,
        /// The next cursor.
        cursor: String,
        /// A snapshot of the scope begins: what it does not name goes with the next sweep,
        /// except what was made here.
        reset: bool,
    },
    /// Every row of the scope in one block: what the view has there besides them goes with the
    /// next sweep.
    Repaired {
        /// The block.
        block: Block,
        /// Rows beyond this number were not looked at.
        through: u64,
        /// As they came.
        rows: Vec<PulledRow>,
    },
    /// Removes what no feed names any more, except what was made here; nothing at all if that
    /// would be more than this many entries.
    Sweep {
        /// The bound.
        at_most: u32,
    },
    /// The view is the server's.
    Checked {
        /// By the server's clock.
        at: WallMs,
    },
    /// The bytes of photos that the server just proved to hold go. The store looks again at each
    /// whether the rule lets it, and writes down what went. Texts never go for their age.
    LetGo {
        /// Which.
        photos: Vec<BlobKey>,
        /// What lets them go.
        rule: KeepRule,
    },
    /// The server does not hold these although it gave receipts: they are offered again.
    Lacking {
        /// Entries.
        texts: Vec<EntryId>,
        /// Blobs.
        photos: Vec<BlobKey>,
    },
    /// The same, as the runs of a log that the server misses.
    Gaps(Vec<Gap>),
    /// The person wants this entry of the tray offered again.
    Unparked {
        /// Which.
        entry_id: EntryId,
    },
    /// Another server, or one restored from a copy: everything received becomes unsent again,
    /// and the queue is loaded anew.
    Reoffer {
        /// The server.
        server_id: ServerId,
        /// Its epoch.
        epoch: u64,
    },
    /// The first meeting with this server.
    Met {
        /// The server.
        server_id: ServerId,
        /// Its epoch.
        epoch: u64,
    },
    /// Everything was in order at this time.
    InOrder {
        /// By the server's clock.
        at: WallMs,
    },
}
