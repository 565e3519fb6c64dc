use crate::entry::Entry;
use crate::hash::{EntryHash, Sha256};
use crate::receipt::Receipt;
use serde::{Deserialize, Serialize};

/// `POST /sync/push`: entries, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// At most 200 entries and 512 KB.
    pub entries: Vec<Entry>,
}

/// Answered after the commit, one result per entry in the order sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    /// One per entry.
    pub results: Vec<PushResult>,
    /// One receipt over everything that is held; absent if nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// What became of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResult {
    /// SHA-256 of the header text as it came.
    pub entry_hash: EntryHash,
    /// What became of it.
    pub status: EntryStatus,
    /// Stable code: why it was quarantined or refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Blobs of the entry that the server does not hold yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_blobs: Vec<Sha256>,
}

/// What became of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryStatus {
    /// Stored now.
    Accepted,
    /// Stored before, byte for byte the same.
    Duplicate,
    /// Stored, but somebody must look: 平台已收·待核实.
    Quarantined,
    /// Not stored: not an entry, or from an unknown device or person.
    Refused,
}

impl EntryStatus {
    /// Whether the server holds it.
    pub const fn is_held(self) -> bool {
        !matches!(self, Self::Refused)
    }
}
