//! The feed: numbered rows per shard, each chained to the one before. The feed is the audit
//! chain. **\[wire\]**

use crate::hash::{EntryHash, Sha256};
use crate::words::open_words;

open_words! {
    /// What a feed row says about its record.
    FeedOp {
        /// The entry belongs to this shard.
        Put = "put",
        /// The record moved away: forget it unless it is your own.
        LeaveScope = "leave_scope",
    }
}

/// The hash of a feed row: SHA-256 of the previous row's hash (32 zero bytes before the first)
/// followed by the entry's hash.
pub fn row_hash(previous: Option<&Sha256>, entry: &EntryHash) -> Sha256 {
    let mut both = [0; 64];
    if let Some(previous) = previous {
        both[..32].copy_from_slice(previous.bytes());
    }
    both[32..].copy_from_slice(entry.bytes());
    Sha256::of(&both)
}
