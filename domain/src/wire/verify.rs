use crate::hash::{EntryHash, Sha256};
use crate::ids::EntryId;
use crate::receipt::Receipt;
use serde::{Deserialize, Serialize};

/// `POST /sync/verify`: which of these does the server hold durably now? Asked before anything
/// is deleted from the phone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verify {
    /// Entries by hash; at most 1,000.
    pub entries: Vec<EntryHash>,
    /// Blobs by the entry that brought them; at most 1,000.
    pub blobs: Vec<(EntryId, Sha256)>,
}

/// What is not named in the receipt is not held (or not the caller's).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyAnswer {
    /// Names everything that is held.
    pub receipt: Receipt,
}
