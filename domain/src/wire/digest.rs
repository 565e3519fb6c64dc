use super::PulledRow;
use crate::hash::Sha256;
use crate::register::DivisionId;
use serde::{Deserialize, Serialize};

/// `GET /sync/digest`: what the server holds of the caller's phone scope, block by block. A phone
/// that comes to another hash for a block asks for that block and is right again, whatever went
/// wrong before.
///
/// Of each entry the last row in a shard counts, and none that stands before the record's leaving
/// that shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The epoch in force.
    pub epoch: u64,
    /// Every shard that holds something of the scope.
    pub shards: Vec<ShardDigest>,
}

/// One shard of a [`Digest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardDigest {
    /// The shard.
    pub shard: DivisionId,
    /// The feed was looked through up to this number; later rows are not in it.
    pub through: u64,
    /// Blocks that hold something of the scope, ascending.
    pub blocks: Vec<BlockDigest>,
}

/// One [`Block`](crate::feed::Block) of the scope; [`BlockHash`](crate::feed::BlockHash) makes
/// count and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockDigest {
    /// Its number.
    pub no: u64,
    /// Rows of the scope in it.
    pub count: u32,
    /// Their hash.
    pub hash: Sha256,
}

/// `GET /sync/digest/{shard}/{no}`: every row of the scope in one block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRows {
    /// The epoch in force.
    pub epoch: u64,
    /// The feed was looked through up to this number.
    pub through: u64,
    /// As in a pull.
    pub rows: Vec<PulledRow>,
}
