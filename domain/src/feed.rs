//! The feed: numbered rows per shard, each chained to the one before. The feed is the audit
//! chain. **\[wire\]**

use crate::hash::{EntryHash, Sha256, Sha256Stream};
use crate::register::DivisionId;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

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

/// Numbers in one [`Block`].
pub const BLOCK_ROWS: u64 = 256;

/// A run of a shard's feed: numbers `256 × no + 1` to `256 × (no + 1)`. Phone and server compare
/// block by block what each holds of a scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Block {
    /// The shard.
    pub shard: DivisionId,
    /// Which run, from 0.
    pub no: u64,
}

impl Block {
    /// The block that a feed number lies in.
    pub const fn number_of(seq: u64) -> u64 {
        seq.saturating_sub(1) / BLOCK_ROWS
    }

    /// Its first number.
    pub const fn first(&self) -> u64 {
        self.no.saturating_mul(BLOCK_ROWS).saturating_add(1)
    }

    /// Its last number.
    pub const fn last(&self) -> u64 {
        self.first().saturating_add(BLOCK_ROWS - 1)
    }
}

/// Takes the rows of a block in ascending order and says how many there were and their hash:
/// SHA-256 over, for each row, its number (8 bytes, big-endian) and its entry's hash.
#[derive(Debug, Clone, Default)]
pub struct BlockHash {
    rows: u32,
    hash: Sha256Stream,
}

impl BlockHash {
    /// Takes the next row.
    pub fn row(&mut self, seq: u64, entry: &EntryHash) {
        self.rows += 1;
        self.hash.update(&seq.to_be_bytes());
        self.hash.update(entry.bytes());
    }

    /// How many rows, and their hash.
    pub fn finish(self) -> (u32, Sha256) {
        (self.rows, self.hash.finish())
    }
}
