use crate::entry::LogHead;
use crate::ids::LogId;
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
}

/// What the server misses of the announced logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnounceAnswer {
    /// Missing runs, per log.
    pub gaps: Vec<Gap>,
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
