//! Where the server's feeds name what this store holds, so that it can be compared with the
//! server's view block by block. A place is a small fact of its own: comparing reads no texts.

use super::super::StoreError;
use super::super::disk::{Read, Row, Rows, Write};
use super::super::schema::{Mark, Table};
use super::{LocalStore, facts, rows};
use domain::feed::{Block, BlockHash};
use domain::hash::{EntryHash, Sha256};
use domain::ids::EntryId;
use domain::register::DivisionId;
use domain::wire::ShardDigest;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const PREFIX: &str = "place/";
/// The snapshot that a store begins with.
pub(super) const FIRST: u64 = 1;

/// What a feed names at one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) entry: EntryId,
    pub(super) hash: EntryHash,
    /// The snapshot that named it last; 0 once a comparison did not name it any more.
    pub(super) since: u64,
}

impl Place {
    pub(super) fn write(&self, shard: &DivisionId, seq: u64) -> Result<Write, StoreError> {
        let row = rows::row(key(shard, seq), self, Vec::new())?;
        Ok(Write::Put(Table::Meta, row))
    }
}

/// Removes a place.
pub(super) fn vacate(shard: &DivisionId, seq: u64) -> Write {
    Write::Delete(Table::Meta, key(shard, seq))
}

/// The question for the places in a block, up to a number.
pub(super) fn ask_block(block: &Block, through: u64) -> Read {
    let end = block.last().min(through).saturating_add(1);
    let first = block.first().min(end);
    Read::all(Table::Meta).between(key(&block.shard, first), key(&block.shard, end))
}

fn ask_all() -> Read {
    Read::all(Table::Meta).starting(PREFIX)
}

fn key(shard: &DivisionId, seq: u64) -> String {
    format!("{PREFIX}{shard}/{}", rows::ordinal(seq))
}

/// Shard and number of a place's row.
pub(super) fn whereabouts(row: &Row) -> Option<(DivisionId, u64)> {
    let (shard, seq) = row.key.strip_prefix(PREFIX)?.rsplit_once('/')?;
    Some((shard.parse().ok()?, seq.parse().ok()?))
}

/// Every place of the store.
struct Places {
    rows: Vec<(DivisionId, u64, Place)>,
    snapshot: u64,
}

impl Places {
    fn of(snapshot: &Rows, found: &Rows) -> Result<Self, StoreError> {
        let mut all = Vec::with_capacity(found.rows.len());
        for row in &found.rows {
            let place: Place = rows::read(Table::Meta, row)?;
            all.extend(whereabouts(row).map(|(shard, seq)| (shard, seq, place)));
        }
        Ok(Self {
            rows: all,
            snapshot: facts::told(snapshot)?.unwrap_or(FIRST),
        })
    }

    fn live(&self) -> impl Iterator<Item = &(DivisionId, u64, Place)> {
        let is_live = |p: &&(DivisionId, u64, Place)| p.2.since == self.snapshot;
        self.rows.iter().filter(is_live)
    }

    /// The keys of entries of others that no feed names any more.
    fn unnamed(&self, foreign: &Rows) -> Vec<String> {
        let named: BTreeSet<EntryId> = self.live().map(|p| p.2.entry).collect();
        let unnamed = |row: &&Row| row.key.parse().is_ok_and(|id| !named.contains(&id));
        let gone = foreign.rows.iter().filter(unnamed);
        gone.map(|row| row.key.clone()).collect()
    }

    fn differing(&self, theirs: &[ShardDigest]) -> Vec<Block> {
        let through: BTreeMap<_, _> = theirs.iter().map(|s| (&s.shard, s.through)).collect();
        let mut mine: BTreeMap<Block, BlockHash> = BTreeMap::new();
        // A shard that the server does not name holds nothing of the scope.
        for (shard, seq, place) in self.live() {
            if through.get(shard).is_none_or(|through| seq <= through) {
                let (shard, no) = (shard.clone(), Block::number_of(*seq));
                let block = mine.entry(Block { shard, no }).or_default();
                block.row(*seq, &place.hash);
            }
        }
        let mine: BTreeMap<Block, (u32, Sha256)> =
            mine.into_iter().map(|(b, h)| (b, h.finish())).collect();
        let mut said = BTreeMap::new();
        for shard in theirs {
            for block in &shard.blocks {
                let (shard, no) = (shard.shard.clone(), block.no);
                said.insert(Block { shard, no }, (block.count, block.hash));
            }
        }
        let all: BTreeSet<_> = mine.keys().chain(said.keys()).cloned().collect();
        all.into_iter()
            .filter(|b| mine.get(b) != said.get(b))
            .collect()
    }
}

/// What a sweep reads.
pub(super) fn sweep_reads() -> [Read; 3] {
    let foreign = Read::marked(Table::Entry, Mark::Foreign);
    [facts::ask(facts::SNAPSHOT), ask_all(), foreign]
}

/// What a sweep removes; `None` if that would be more entries than `at_most`.
pub(super) fn sweep(found: &[Rows], at_most: u32) -> Result<Option<Vec<Write>>, StoreError> {
    let [snapshot, places, foreign] = found else {
        return Ok(None);
    };
    let places = Places::of(snapshot, places)?;
    let gone = places.unnamed(foreign);
    if gone.len() > usize::try_from(at_most).unwrap_or(usize::MAX) {
        return Ok(None);
    }
    let gone = gone.into_iter().map(|key| Write::Delete(Table::Entry, key));
    let stale = places.rows.iter();
    let stale = stale.filter(|(_, _, place)| place.since != places.snapshot);
    let stale = stale.map(|(shard, seq, _)| vacate(shard, *seq));
    let mut writes: Vec<_> = gone.chain(stale).collect();
    writes.push(facts::set(facts::SWEEP_OWED, &false)?);
    Ok(Some(writes))
}

impl LocalStore {
    /// How many entries a sweep would remove.
    pub(super) async fn stale(&self) -> Result<u32, StoreError> {
        let found = self.disk.look(&sweep_reads()).await?;
        let places = Places::of(&found[0], &found[1])?;
        let gone = places.unnamed(&found[2]).len();
        Ok(u32::try_from(gone).unwrap_or(u32::MAX))
    }

    /// In which blocks this view differs from the server's.
    pub(super) async fn differing(&self, theirs: &[ShardDigest]) -> Result<Vec<Block>, StoreError> {
        let reads = [facts::ask(facts::SNAPSHOT), ask_all()];
        let found = self.disk.look(&reads).await?;
        Ok(Places::of(&found[0], &found[1])?.differing(theirs))
    }
}
