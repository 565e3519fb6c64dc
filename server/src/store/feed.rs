use domain::case::Verdict;
use domain::entry::Entry;
use domain::feed::FeedOp;
use domain::hash::{EntryHash, Sha256};
use domain::ids::RecordId;
use domain::register::{DivisionId, OutfallId, PersonId, ReachId, UnitId};
use domain::time::WallMs;

/// The end of one shard's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHead {
    /// The shard.
    pub shard: DivisionId,
    /// Its last number.
    pub seq: u64,
    /// The hash of that row.
    pub row_hash: Option<Sha256>,
}

/// What a phone may pull: own records, and those of the reaches of own posts since a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneScope {
    /// The caller.
    pub person: PersonId,
    /// The reaches of the posts that the caller holds.
    pub reaches: Vec<ReachId>,
    /// Records of those reaches received at or after.
    pub since_ms: WallMs,
    /// Cases that were handed to these units, whenever.
    pub units: Vec<UnitId>,
    /// Cases handed to any unit that name these outfalls.
    pub watched: Vec<OutfallId>,
}

/// What a scope holds in one shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRows {
    /// The shard.
    pub shard: DivisionId,
    /// Its last number.
    pub through: u64,
    /// Number and entry hash, ascending.
    pub rows: Vec<(u64, EntryHash)>,
}

/// One feed row with its entry.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedRow {
    /// Its number in the shard.
    pub seq: u64,
    /// Put or leave.
    pub op: FeedOp,
    /// The record.
    pub record_id: RecordId,
    /// The entry's hash.
    pub entry_hash: EntryHash,
    /// The entry, with an empty body after a purge; absent where the record leaves.
    pub entry: Option<Entry>,
    /// The server's clock.
    pub received_ms: WallMs,
    /// Somebody must look.
    pub quarantined: bool,
    /// Who made it.
    pub author: Option<PersonId>,
    /// Of a step that was judged.
    pub verdict: Option<Verdict>,
    /// Its place among the judged.
    pub judged: Option<u64>,
}
