//! What lies on a phone, in a few lines: it survives a crash, and several tabs share it.

use super::server::hash_of;
use std::collections::{BTreeMap, BTreeSet};
use xunhe_domain::feed::{Block, BlockHash, FeedOp};
use xunhe_domain::ids::{EntryId, RecordId, ServerId};
use xunhe_domain::receipt::Receipt;
use xunhe_domain::register::DivisionId;
use xunhe_domain::sync::{
    BlobKey, Change, Finding, Inspection, KeepRule, ParkReason, Queue, QueuedBlob, QueuedEntry,
    RemovablePhoto, RemovablePhotos,
};
use xunhe_domain::time::WallMs;
use xunhe_domain::wire::{self, Gap, PulledRow, ShardDigest};

/// What an announcement carries besides its counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// The own log, in its order.
    pub(crate) log: Vec<EntryId>,
    pub(crate) seen: wire::Seen,
}

#[derive(Debug, Clone)]
pub(crate) struct KeptBlob {
    pub(crate) blob: QueuedBlob,
    /// When the server had it, by its receipt.
    pub(crate) held: Option<WallMs>,
    /// Whether the bytes are still here.
    pub(crate) here: bool,
}

/// Where a feed names an entry.
#[derive(Debug, Clone, Copy)]
struct Place {
    record: RecordId,
    entry: EntryId,
    /// Not named by the snapshot, or by the block, that came last.
    stale: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// By number in the log; with whether there is a receipt.
    pub(crate) entries: BTreeMap<u32, (QueuedEntry, bool)>,
    pub(crate) blobs: BTreeMap<BlobKey, KeptBlob>,
    pub(crate) cursor: Option<String>,
    /// Blobs whose bytes went.
    pub(crate) let_go: Vec<BlobKey>,
    server: Option<(ServerId, u64)>,
    witness: Option<Receipt>,
    places: BTreeMap<(DivisionId, u64), Place>,
    foreign: BTreeSet<EntryId>,
    checked: Option<WallMs>,
    sweep_owed: bool,
}

impl Kept {
    pub(crate) fn queue(&self) -> Queue {
        let open = self.entries.values().filter(|e| !e.1);
        let done = self.entries.values().filter(|e| e.1);
        let done = done.filter(|e| self.complete(e.0.entry_id)).count();
        Queue {
            entries: open.map(|e| e.0.clone()).collect(),
            blobs: self
                .blobs
                .values()
                .filter(|b| b.held.is_none())
                .map(|b| b.blob.clone())
                .collect(),
            received: u32::try_from(done).unwrap(),
            server: self.server,
            cursor: self.cursor.clone(),
            last_sync: None,
            checked: self.checked,
            sweep_owed: self.sweep_owed,
        }
    }

    /// The epoch that the receipts are from.
    pub(crate) fn epoch(&self) -> Option<u64> {
        self.server.map(|(_, epoch)| epoch)
    }

    fn complete(&self, id: EntryId) -> bool {
        self.blobs
            .values()
            .all(|b| b.blob.key.entry_id != id || b.held.is_some())
    }

    pub(crate) fn seen(&self) -> Seen {
        Seen {
            log: self.entries.values().map(|e| e.0.entry_id).collect(),
            seen: wire::Seen {
                epoch: self.epoch().unwrap_or(0),
                cursor: self.cursor.clone(),
                receipt: self.witness.clone(),
            },
        }
    }

    /// What the phone shows of its scope: what the feeds name, and what was made here.
    pub(crate) fn view(&self) -> BTreeSet<EntryId> {
        let own = self.entries.values().map(|e| e.0.entry_id);
        self.foreign.iter().copied().chain(own).collect()
    }

    /// Loses a row of the feed, and believes in one that the feed does not have.
    pub(crate) fn spoil(&mut self, nth: usize) {
        let at = self.places.keys().nth(nth).cloned().unwrap();
        let place = self.places.remove(&at).unwrap();
        self.foreign.remove(&place.entry);
        let ghost = super::server::entry_id(8, 1);
        let (record, entry, stale) = (ghost.as_record(), ghost, false);
        self.places.insert(
            at,
            Place {
                record,
                entry,
                stale,
            },
        );
        self.foreign.insert(ghost);
    }

    /// Believes a row to be of a feed that does not exist: its name was changed on the way.
    pub(crate) fn misname(&mut self, nth: usize) {
        let at = self.places.keys().nth(nth).cloned().unwrap();
        let place = self.places.remove(&at).unwrap();
        self.places
            .insert(("county-c".parse().unwrap(), at.1), place);
    }

    pub(crate) fn inspect(&self, what: &Inspection) -> Finding {
        match what {
            Inspection::Stale => Finding::Stale(u32::try_from(self.stale().len()).unwrap()),
            Inspection::Differing(shards) => Finding::Differing(self.differing(shards)),
            Inspection::Removable(rule) => Finding::Removable(self.removable(*rule)),
        }
    }

    /// Everything or nothing.
    pub(crate) fn apply(&mut self, under: Option<(ServerId, u64)>, changes: &[Change]) -> bool {
        let overtaken = changes.iter().any(|change| match change {
            Change::Pulled { after, .. } => *after != self.cursor,
            Change::Sweep { at_most } => self.stale().len() > *at_most as usize,
            _ => false,
        });
        if under != self.server || overtaken {
            return false;
        }
        for change in changes {
            self.write(change);
        }
        true
    }

    fn write(&mut self, change: &Change) {
        match change {
            Change::EntryHeld {
                entry_id, receipt, ..
            } => {
                let entry = self.entry(*entry_id);
                (entry.1, entry.0.parked) = (true, None);
                self.witness = Some(receipt.clone());
            }
            Change::EntryParked { entry_id, reason } => self.park(*entry_id, reason),
            Change::Unparked { entry_id } => self.entry(*entry_id).0.parked = None,
            Change::Upload { key, upload } => self.blob(key).blob.upload = *upload,
            Change::BlobHeld {
                key,
                receipt,
                received_ms,
            } => {
                self.blob(key).held = Some(*received_ms);
                self.witness = Some(receipt.clone());
            }
            Change::BlobParked { key, reason } => {
                self.blob(key).blob.parked = Some(reason.clone());
            }
            Change::Pulled {
                rows,
                cursor,
                reset,
                ..
            } => {
                if *reset {
                    self.places.values_mut().for_each(|p| p.stale = true);
                    self.sweep_owed = true;
                }
                self.cursor = Some(cursor.clone());
                for row in rows {
                    self.take(row);
                }
            }
            Change::Repaired {
                block,
                through,
                rows,
            } => {
                let range = (block.shard.clone(), block.first())
                    ..=(
                        block.shard.clone(),
                        block.last().min(*through).max(block.first()),
                    );
                self.places
                    .range_mut(range)
                    .for_each(|(_, p)| p.stale = true);
                for row in rows {
                    self.take(row);
                }
                self.sweep_owed = true;
            }
            Change::Sweep { .. } => {
                let gone = self.stale();
                self.foreign.retain(|id| !gone.contains(id));
                self.places.retain(|_, p| !p.stale);
                self.sweep_owed = false;
            }
            Change::Checked { at } => self.checked = Some(*at),
            Change::LetGo { photos, rule } => {
                for key in photos {
                    let blob = self.blob(key);
                    if blob.held.is_some_and(|held| rule.lets_go(held)) && blob.here {
                        blob.here = false;
                        self.let_go.push(*key);
                    }
                }
            }
            Change::Lacking { texts, photos } => {
                for id in texts {
                    self.entry(*id).1 = false;
                }
                for key in photos {
                    self.blob(key).held = None;
                }
            }
            Change::Gaps(gaps) => self.reopen(gaps),
            Change::Met { server_id, epoch } => self.server = Some((*server_id, *epoch)),
            Change::Reoffer { server_id, epoch } => {
                self.server = Some((*server_id, *epoch));
                self.entries.values_mut().for_each(|e| e.1 = false);
                for blob in self.blobs.values_mut() {
                    (blob.held, blob.blob.upload) = (None, None);
                }
                (self.cursor, self.witness) = (None, None);
            }
            Change::InOrder { .. } => {}
        }
    }

    /// What was received stays received, whatever another tab heard.
    fn park(&mut self, id: EntryId, reason: &ParkReason) {
        let entry = self.entry(id);
        if !entry.1 {
            entry.0.parked = Some(reason.clone());
        }
    }

    fn reopen(&mut self, gaps: &[Gap]) {
        let missing = |seq: u64| gaps.iter().any(|g| (g.from..=g.to).contains(&seq));
        for (seq, entry) in (1..).zip(self.entries.values_mut()) {
            entry.1 &= !missing(seq);
        }
    }

    fn take(&mut self, row: &PulledRow) {
        let Some(entry) = row.entry.as_ref().filter(|_| row.op == FeedOp::Put) else {
            return self.leave(row);
        };
        let entry: EntryId = entry.header.parse().unwrap();
        let of_shard =
            |(shard, _): &(DivisionId, u64), p: &Place| *shard == row.shard && p.entry == entry;
        self.places
            .retain(|at, p| !of_shard(at, p) || at.1 >= row.seq);
        let mut others = self.places.iter();
        if !others.any(|(at, p)| of_shard(at, p) && at.1 > row.seq && !p.stale) {
            let place = Place {
                record: row.record_id,
                entry,
                stale: false,
            };
            self.places.insert((row.shard.clone(), row.seq), place);
        }
        let own = |e: &(QueuedEntry, bool)| e.0.entry_id == entry;
        if !self.entries.values().any(own) {
            self.foreign.insert(entry);
        }
    }

    fn leave(&mut self, row: &PulledRow) {
        let left = |(shard, seq): &(DivisionId, u64), p: &Place| {
            *shard == row.shard && *seq < row.seq && p.record == row.record_id
        };
        self.places.retain(|at, p| !left(at, p));
        let named: BTreeSet<_> = self.places.values().map(|p| p.entry).collect();
        self.foreign
            .retain(|id| id.as_record() != row.record_id || named.contains(id));
    }

    /// Entries of others that no feed names any more.
    fn stale(&self) -> Vec<EntryId> {
        let named = self.places.values().filter(|p| !p.stale);
        let named: BTreeSet<_> = named.map(|p| p.entry).collect();
        let foreign = self.foreign.iter();
        foreign.filter(|id| !named.contains(id)).copied().collect()
    }

    fn differing(&self, shards: &[ShardDigest]) -> Vec<Block> {
        let mut mine: BTreeMap<Block, BlockHash> = BTreeMap::new();
        let through = |shard: &DivisionId| {
            let said = shards.iter().find(|s| s.shard == *shard);
            said.map_or(u64::MAX, |s| s.through)
        };
        for ((shard, seq), place) in &self.places {
            if !place.stale && *seq <= through(shard) {
                let (shard, no) = (shard.clone(), Block::number_of(*seq));
                let block = mine.entry(Block { shard, no }).or_default();
                block.row(*seq, &hash_of(place.entry));
            }
        }
        let mut theirs = BTreeMap::new();
        for shard in shards {
            for block in &shard.blocks {
                let (shard, no) = (shard.shard.clone(), block.no);
                theirs.insert(Block { shard, no }, (block.count, block.hash));
            }
        }
        let mine: BTreeMap<_, _> = mine.into_iter().map(|(b, h)| (b, h.finish())).collect();
        let all: BTreeSet<_> = mine.keys().chain(theirs.keys()).cloned().collect();
        all.into_iter()
            .filter(|b| mine.get(b) != theirs.get(b))
            .collect()
    }

    fn removable(&self, rule: KeepRule) -> RemovablePhotos {
        let held = |id| self.entries.values().any(|e| e.0.entry_id == id && e.1);
        let may = |b: &&KeptBlob| {
            b.here && b.held.is_some_and(|at| rule.lets_go(at)) && held(b.blob.key.entry_id)
        };
        let all: Vec<_> = self.blobs.values().filter(may).collect();
        let photo = |b: &&KeptBlob| RemovablePhoto {
            key: b.blob.key,
            entry: hash_of(b.blob.key.entry_id),
            size: b.blob.size,
        };
        RemovablePhotos {
            in_all: u32::try_from(all.len()).unwrap(),
            photos: all.iter().take(2).map(photo).collect(),
        }
    }

    fn entry(&mut self, id: EntryId) -> &mut (QueuedEntry, bool) {
        self.entries
            .values_mut()
            .find(|e| e.0.entry_id == id)
            .unwrap()
    }

    fn blob(&mut self, key: &BlobKey) -> &mut KeptBlob {
        self.blobs.get_mut(key).unwrap()
    }
}
