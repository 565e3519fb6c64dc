use crate::entry::limits;
use crate::ids::ServerId;
use crate::receipt::ReceiptKey;
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// `GET /sync/hello`: is this our server, and what does it take?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Always `xunhe`: a captive portal does not know the word.
    pub service: String,
    /// Which server.
    pub server_id: ServerId,
    /// Grows when the server was restored from a copy: everything received before is offered
    /// again.
    pub epoch: u64,
    /// The server's clock.
    pub time_ms: WallMs,
    /// What one call may weigh.
    pub limits: Limits,
    /// Changes with the caller's grants; 0 without a session.
    pub scope_version: u64,
    /// Changes with the registers that the caller sees.
    pub registers_version: u64,
    /// Keys that sign receipts, newest first.
    pub receipt_keys: Vec<ReceiptKey>,
    /// Whether the call came with a valid session.
    pub signed_in: bool,
    /// Everything received before this instant is in a backup; absent if there never was one.
    /// The last copy of something may leave a phone only after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backed_up_ms: Option<WallMs>,
    /// The session is somebody else's, and the device vouches for the caller: what the caller
    /// made here may be sent under the device's signature, and nothing is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub submit_only: bool,
}

/// What one call may weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Entries in one push.
    pub push_entries: usize,
    /// Bytes of one push, uncompressed.
    pub push_bytes: usize,
    /// Bytes of one upload chunk.
    pub chunk_bytes: u64,
    /// Bytes of one blob.
    pub blob_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            push_entries: limits::PUSH_ENTRIES,
            push_bytes: limits::PUSH_BYTES,
            chunk_bytes: 512 * 1024,
            blob_bytes: limits::BLOB_BYTES,
        }
    }
}
