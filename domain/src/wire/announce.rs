use crate::entry::LogHead;
use crate::ids::LogId;
use crate::receipt::Receipt;
use serde::{Deserialize, Serialize};

/// `POST /sync/announce`: what is on this phone and not yet on the server. Sent first and small,
/// so that even a phone that is lost a minute later is missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announce {
    /// The end of every log on this installation that the caller wrote.
    pub heads: Vec<LogHead>,
    /// Entries without a receipt.
    pub unsent: u32,
    /// Bytes of their texts.
    pub unsent_bytes: u64,
    /// Age of the oldest, milliseconds by the device.
    pub oldest_age_ms: u64,
    /// Blobs without a receipt.
    pub blobs: u32,
    /// Their bytes.
    pub blob_bytes: u64,
    /// Entries in the 平台未收 tray.
    pub parked: u32,
    /// This app.
    pub app_version: String,
    /// Whether the browser promised not to evict the store.
    pub persisted: bool,
    /// What this phone has seen of the server: proof of a copy that was put back unannounced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// How full the store is, where the browser tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
}

/// The room for the store on a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Bytes in use.
    pub used: u64,
    /// Bytes that the browser allows in all.
    pub allowed: u64,
}

impl Room {
    /// The part in use in whole percent, if it is so much that somebody must act.
    pub fn nearly_full(self) -> Option<u64> {
        let percent = self.used.saturating_mul(100) / self.allowed.max(1);
        (percent >= 80).then_some(percent)
    }
}

/// How far a server was when a phone last heard it, in words that only the server can have said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The epoch that the receipts are from.
    pub epoch: u64,
    /// Where the last pull ended: the highest number of every shard, under the server's own seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// The newest receipt that is small enough to travel along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

impl Seen {
    /// The longest statement of a receipt that goes along: an announcement stays below 2 KB.
    pub const RECEIPT_BYTES: usize = 800;
}

/// What the server misses of the announced logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnounceAnswer {
    /// Missing runs, per log.
    pub gaps: Vec<Gap>,
    /// The epoch in force, raised perhaps by this very announcement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
}

/// A run of entries that the server does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// The log.
    pub log_id: LogId,
    /// First missing `seq`.
    pub from: u64,
    /// Last missing `seq`.
    pub to: u64,
}
