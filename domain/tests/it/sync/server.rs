//! A server in a few lines: it holds what it acknowledges and signs what it holds, knows who may
//! see what, and may be put back from a copy, with a word or without.

use super::kept::Seen;
use std::collections::{BTreeMap, BTreeSet};
use xunhe_domain::entry::Entry;
use xunhe_domain::feed::{Block, BlockHash, FeedOp};
use xunhe_domain::hash::{EntryHash, Sha256};
use xunhe_domain::ids::{EntryId, LogId, RecordId, ServerId, UploadId};
use xunhe_domain::receipt::{HeldBlob, HeldEntry, Receipt, ReceiptKey, Statement};
use xunhe_domain::register::DivisionId;
use xunhe_domain::sync::{Answer, BlobKey, Call, Failure};
use xunhe_domain::time::WallMs;
use xunhe_domain::wire::{
    AnnounceAnswer, BlobHeld, BlockDigest, BlockRows, Digest, EntryStatus, Fault, Gap, Hello,
    Limits, PullAnswer, PulledRow, PushAnswer, PushResult, ShardDigest, VerifyAnswer,
};

/// Reaches 0 and 1 lie in the first county, 2 and 3 in the second.
pub(crate) const REACHES: u8 = 4;
/// Rows of one pull: few, so that snapshots have several pages.
const PAGE: usize = 6;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) person: u8,
    /// Somebody else is signed in; the device vouches.
    pub(crate) lent: bool,
}

#[derive(Debug, Clone)]
struct Row {
    shard: usize,
    op: FeedOp,
    record: RecordId,
    entry: EntryId,
    /// For whom a leaving is news.
    left: Option<u8>,
}

/// Everything that lies in the data folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct Data {
    pub(crate) epoch: u64,
    /// Who made it, and when and in which epoch it was received.
    pub(crate) entries: BTreeMap<EntryId, (u8, HeldEntry)>,
    pub(crate) blobs: BTreeMap<Sha256, HeldBlob>,
    /// Which entry brought each.
    brought: BTreeMap<Sha256, EntryId>,
    pub(crate) backed_up: Option<WallMs>,
    uploads: BTreeMap<UploadId, (BlobKey, u64, u64)>,
    feed: Vec<Row>,
    /// Author and reach.
    records: BTreeMap<RecordId, (u8, u8)>,
}

pub(crate) struct Server {
    pub(crate) data: Data,
    /// Its own clock.
    pub(crate) now: WallMs,
    pub(crate) poison: BTreeSet<EntryId>,
    /// Entries over which it stumbles: the whole push ends in a 500.
    pub(crate) stumbles: BTreeSet<EntryId>,
    /// What it says of an entry instead of taking it as it is.
    pub(crate) says: BTreeMap<EntryId, (EntryStatus, String)>,
    /// The reaches of each person's posts, as bits.
    pub(crate) grants: BTreeMap<u8, u8>,
    /// Every request, in the order in which it took effect.
    pub(crate) log: Vec<Call>,
    backup: Option<Data>,
    /// Every blob of every backup that was ever made.
    pub(crate) in_backups: BTreeSet<Sha256>,
    snapshot: Option<Data>,
    /// It was put back unannounced: what it once signed may be gone.
    pub(crate) rewound: bool,
    key: ed25519_dalek::SigningKey,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            data: Data {
                epoch: 1,
                ..Data::default()
            },
            now: WallMs(1_000_000_000),
            poison: BTreeSet::new(),
            stumbles: BTreeSet::new(),
            says: BTreeMap::new(),
            grants: BTreeMap::new(),
            log: Vec::new(),
            backup: None,
            in_backups: BTreeSet::new(),
            snapshot: None,
            rewound: false,
            key: ed25519_dalek::SigningKey::from_bytes(&[5; 32]),
        }
    }

    /// Restored by its operator from the last backup, or from nothing.
    pub(crate) fn restore(&mut self) {
        let epoch = self.data.epoch + 1;
        self.data = self.backup.clone().unwrap_or_default();
        self.data.epoch = epoch;
    }

    pub(crate) fn back_up(&mut self) {
        self.data.backed_up = Some(self.now);
        self.in_backups.extend(self.data.blobs.keys());
        self.backup = Some(self.data.clone());
    }

    /// The machine is copied, or put back from that copy without a word to anybody.
    pub(crate) fn snapshot(&mut self) {
        self.snapshot = Some(self.data.clone());
    }

    pub(crate) fn rewind(&mut self) {
        if let Some(snapshot) = self.snapshot.clone() {
            self.data = snapshot;
            self.rewound = true;
        }
    }

    /// Somebody else writes about a reach.
    pub(crate) fn others_write(&mut self, n: u32, reach: u8) -> EntryId {
        let id = entry_id(9, n);
        self.keep(9, id, reach);
        id
    }

    /// A record of somebody else is found to belong elsewhere.
    pub(crate) fn others_move(&mut self, which: usize, reach: u8) {
        let theirs = self
            .data
            .records
            .iter()
            .filter(|(_, (author, _))| *author == 9);
        let all: Vec<_> = theirs.map(|(id, (_, reach))| (*id, *reach)).collect();
        let Some((record, old)) = all.get(which % all.len().max(1)).copied() else {
            return;
        };
        if old == reach {
            return;
        }
        let entries = self.data.feed.iter().filter(|r| r.record == record);
        let entries: BTreeSet<_> = entries.map(|r| r.entry).collect();
        for entry in &entries {
            self.append(old, FeedOp::LeaveScope, record, *entry);
        }
        self.data.records.insert(record, (9, reach));
        for entry in entries {
            self.append(reach, FeedOp::Put, record, entry);
        }
    }

    fn append(&mut self, reach: u8, op: FeedOp, record: RecordId, entry: EntryId) {
        let left = (op == FeedOp::LeaveScope).then_some(reach);
        self.data.feed.push(Row {
            shard: usize::from(reach / 2),
            op,
            record,
            entry,
            left,
        });
    }

    fn keep(&mut self, author: u8, id: EntryId, reach: u8) -> EntryStatus {
        if self.data.entries.contains_key(&id) {
            return EntryStatus::Duplicate;
        }
        let held = HeldEntry {
            hash: hash_of(id),
            received_ms: self.now,
            epoch: self.data.epoch,
        };
        self.data.entries.insert(id, (author, held));
        self.data.records.insert(id.as_record(), (author, reach));
        self.append(reach, FeedOp::Put, id.as_record(), id);
        EntryStatus::Accepted
    }

    fn sees(&self, person: u8, record: RecordId) -> bool {
        let grants = self.grants.get(&person).copied().unwrap_or(0);
        let known = self.data.records.get(&record);
        known.is_some_and(|(author, reach)| *author == person || grants & (1 << reach) != 0)
    }

    /// The rows of one shard with their numbers.
    fn shard(&self, shard: usize) -> impl Iterator<Item = (u64, &Row)> {
        (1..).zip(self.data.feed.iter().filter(move |r| r.shard == shard))
    }

    /// The rows of the scope that count: of each entry the last, and none before a leaving.
    fn scope(&self, person: u8, shard: usize) -> BTreeMap<u64, EntryId> {
        let mut counts: BTreeMap<EntryId, u64> = BTreeMap::new();
        for (seq, row) in self.shard(shard) {
            match row.op {
                FeedOp::Put => {
                    counts.insert(row.entry, seq);
                }
                _ => counts.retain(|entry, _| entry.as_record() != row.record),
            }
        }
        let seen = |(entry, seq): (EntryId, u64)| {
            self.sees(person, entry.as_record()).then_some((seq, entry))
        };
        counts.into_iter().filter_map(seen).collect()
    }

    /// What the person's phone should show, wherever it comes from.
    pub(crate) fn view(&self, person: u8) -> BTreeSet<EntryId> {
        let both = (0..2).flat_map(|shard| self.scope(person, shard).into_values());
        both.collect()
    }

    fn raise_epoch(&mut self) {
        // Never one that was in force before, in a past that was forgotten.
        let seconds = u64::try_from(self.now.0 / 1_000).unwrap();
        self.data.epoch = self.data.epoch.max(seconds) + 1;
    }

    pub(crate) fn answer(
        &mut self,
        caller: Caller,
        call: &Call,
        seen: &Seen,
    ) -> Result<Answer, Failure> {
        self.log.push(call.clone());
        match call {
            Call::Hello => Ok(Answer::Hello(self.hello(caller))),
            Call::Announce(_) => Ok(Answer::Announced(self.announce(caller.person, seen))),
            // Another tab signed somebody else in, and this one does not know it yet.
            Call::Push(_) if caller.lent => Err(Failure::SignedOut),
            Call::Push(ids) | Call::PushSigned(ids) => self.push(caller.person, ids),
            Call::BeginUpload { key, size, len } => {
                if self.data.blobs.contains_key(&key.sha256) {
                    return Ok(self.held(key.sha256));
                }
                if !self.data.entries.contains_key(&key.entry_id) {
                    return Err(fault(404, "not_found"));
                }
                let upload = UploadId::new(u128::to_be_bytes(self.log.len() as u128));
                self.data.uploads.insert(upload, (*key, *size, *len));
                Ok(self.progress(upload))
            }
            Call::AskOffset { upload, .. } => {
                let known = self.data.uploads.get(upload).ok_or(Failure::UploadGone)?;
                Ok(Answer::Offset {
                    upload: *upload,
                    offset: known.2,
                })
            }
            Call::SendChunk {
                upload,
                offset,
                len,
                ..
            } => {
                let known = self
                    .data
                    .uploads
                    .get_mut(upload)
                    .ok_or(Failure::UploadGone)?;
                if known.2 != *offset {
                    return Err(Failure::WrongOffset(known.2));
                }
                known.2 += len;
                Ok(self.progress(*upload))
            }
            Call::Pull { .. } | Call::Digest | Call::PullBlock(_) if caller.lent => {
                Err(fault(403, "submit_only"))
            }
            Call::Pull { cursor } if cursor.as_ref().is_some_and(|c| read(c).is_none()) => {
                Err(fault(400, "cursor_unreadable"))
            }
            Call::Pull { cursor } => Ok(Answer::Pulled(self.pull(caller.person, cursor.as_ref()))),
            Call::Digest => Ok(Answer::Digested(self.digest(caller.person))),
            Call::PullBlock(block) => Ok(Answer::Block(self.block(caller.person, block))),
            Call::Verify { entries, blobs } => Ok(self.verify(entries, blobs)),
        }
    }

    fn hello(&self, caller: Caller) -> Hello {
        Hello {
            service: "xunhe".into(),
            server_id: ServerId::new([1; 16]),
            epoch: self.data.epoch,
            time_ms: self.now,
            limits: Limits {
                push_entries: 4,
                ..Limits::default()
            },
            scope_version: 1,
            registers_version: 1,
            receipt_keys: vec![ReceiptKey::of(&self.key)],
            signed_in: true,
            backed_up_ms: self.data.backed_up,
            submit_only: caller.lent,
        }
    }

    fn announce(&mut self, person: u8, seen: &Seen) -> AnnounceAnswer {
        let ahead = |cursor: &String| read(cursor).is_some_and(|c| self.is_ahead(&c));
        let lacks = |receipt: &Receipt| {
            let statement = receipt.verify(&[ReceiptKey::of(&self.key)]).unwrap();
            let entry = |h: &HeldEntry| self.data.entries.values().all(|(_, e)| e.hash != h.hash);
            let blob = |h: &HeldBlob| !self.data.blobs.contains_key(&h.sha256);
            statement.entries.iter().any(entry) || statement.blobs.iter().any(blob)
        };
        let told = &seen.seen;
        let lacking = told.epoch == self.data.epoch && told.receipt.as_ref().is_some_and(lacks);
        if lacking || told.cursor.as_ref().is_some_and(ahead) {
            self.raise_epoch();
        }
        // A refusal explains a place.
        let refused = |id: &EntryId| {
            let said = self.says.get(id);
            said.is_some_and(|(status, _)| *status == EntryStatus::Refused)
        };
        let missing = (1..)
            .zip(&seen.log)
            .filter(|(_, id)| !self.data.entries.contains_key(id) && !refused(id));
        let gap = |(seq, _)| Gap {
            log_id: LogId::new([person; 16]),
            from: seq,
            to: seq,
        };
        AnnounceAnswer {
            gaps: missing.map(gap).collect(),
            epoch: Some(self.data.epoch),
        }
    }

    fn push(&mut self, person: u8, ids: &[EntryId]) -> Result<Answer, Failure> {
        // The worst server: one bad entry, and the whole push is turned down.
        if ids.iter().any(|id| self.poison.contains(id)) {
            return Err(fault(422, "poison"));
        }
        if ids.iter().any(|id| self.stumbles.contains(id)) {
            return Err(fault(500, "server_failed"));
        }
        let mut results = Vec::new();
        for id in ids {
            let said = self.says.get(id).cloned().unzip();
            let refused = said.0 == Some(EntryStatus::Refused);
            let kept = (!refused).then(|| self.keep(person, *id, reach_of(*id)));
            results.push(PushResult {
                entry_hash: hash_of(*id),
                status: said.0.or(kept).unwrap(),
                reason: said.1,
                missing_blobs: vec![],
            });
        }
        let held = ids.iter().filter_map(|id| self.data.entries.get(id));
        let entries = held.map(|(_, held)| held.clone());
        let delivered = self.data.brought.iter().filter(|(_, id)| ids.contains(id));
        let blobs = delivered.map(|(sha256, _)| self.data.blobs[sha256].clone());
        let receipt = Some(self.sign(entries.collect(), blobs.collect()));
        Ok(Answer::Pushed(PushAnswer { results, receipt }))
    }

    fn progress(&mut self, upload: UploadId) -> Answer {
        let (key, size, offset) = self.data.uploads[&upload];
        assert!(offset <= size, "more bytes than the blob has");
        assert!(
            self.data.entries.contains_key(&key.entry_id),
            "a photo came before its text"
        );
        if offset < size {
            return Answer::Offset { upload, offset };
        }
        let held = HeldBlob {
            sha256: key.sha256,
            size,
            received_ms: self.now,
        };
        self.data.blobs.entry(key.sha256).or_insert(held);
        self.data.brought.insert(key.sha256, key.entry_id);
        self.held(key.sha256)
    }

    fn held(&self, sha256: Sha256) -> Answer {
        let blobs = vec![self.data.blobs[&sha256].clone()];
        Answer::BlobHeld(BlobHeld {
            sha256,
            receipt: self.sign(vec![], blobs),
        })
    }

    fn verify(&self, entries: &[EntryHash], blobs: &[BlobKey]) -> Answer {
        let known = self.data.entries.values().map(|(_, held)| held);
        let entries = known.filter(|h| entries.contains(&h.hash)).cloned();
        let blobs = blobs.iter().filter_map(|b| self.data.blobs.get(&b.sha256));
        let receipt = self.sign(entries.collect(), blobs.cloned().collect());
        Answer::Verified(VerifyAnswer { receipt })
    }

    fn is_ahead(&self, [epoch, _, one, two]: &[u64; 4]) -> bool {
        let head = |shard| self.shard(shard).count() as u64;
        *epoch > self.data.epoch || *epoch == self.data.epoch && (*one > head(0) || *two > head(1))
    }

    fn pull(&mut self, person: u8, cursor: Option<&String>) -> PullAnswer {
        let grants = u64::from(self.grants.get(&person).copied().unwrap_or(0));
        let known = cursor.and_then(|c| read(c));
        if known.as_ref().is_some_and(|c| self.is_ahead(c)) {
            self.raise_epoch();
        }
        let valid = |c: &[u64; 4]| c[0] == self.data.epoch && c[1] == grants;
        let reset = known.as_ref().is_some_and(|c| !valid(c));
        let mut at = known
            .filter(valid)
            .unwrap_or([self.data.epoch, grants, 0, 0]);
        let (mut rows, mut more) = (Vec::new(), false);
        for shard in 0..2 {
            for (seq, row) in self.shard(shard) {
                if seq <= at[shard + 2] {
                    continue;
                }
                if rows.len() >= PAGE {
                    more = true;
                    break;
                }
                at[shard + 2] = seq;
                let left = row.left.is_some_and(|reach| grants & (1 << reach) != 0);
                if left || self.sees(person, row.record) {
                    rows.push(self.pulled(shard, seq, row));
                }
            }
        }
        let cursor = at.map(|n| n.to_string()).join(".");
        PullAnswer {
            rows,
            cursor,
            more,
            reset,
            registers_version: None,
            epoch: Some(self.data.epoch),
        }
    }

    fn pulled(&self, shard: usize, seq: u64, row: &Row) -> PulledRow {
        let put = row.op == FeedOp::Put;
        PulledRow {
            shard: division(shard),
            seq,
            op: row.op.clone(),
            record_id: row.record,
            entry: put.then(|| Entry {
                header: row.entry.to_string(),
                body: String::new(),
                sig: None,
            }),
            received_ms: self.now,
            quarantined: false,
            author_name: None,
            post_name: None,
            names: litemap::LiteMap::new(),
            verdict: None,
            judged: None,
        }
    }

    fn digest(&self, person: u8) -> Digest {
        let shard = |shard| {
            let mut blocks: BTreeMap<u64, BlockHash> = BTreeMap::new();
            for (seq, entry) in self.scope(person, shard) {
                let block = blocks.entry(Block::number_of(seq)).or_default();
                block.row(seq, &hash_of(entry));
            }
            ShardDigest {
                shard: division(shard),
                through: self.shard(shard).count() as u64,
                blocks: blocks.into_iter().map(digested).collect(),
            }
        };
        Digest {
            epoch: self.data.epoch,
            shards: (0..2).map(shard).collect(),
        }
    }

    fn block(&self, person: u8, block: &Block) -> BlockRows {
        let Some(shard) = (0..2).find(|shard| division(*shard) == block.shard) else {
            return BlockRows {
                epoch: self.data.epoch,
                through: 0,
                rows: vec![],
            };
        };
        let scope = self.scope(person, shard);
        let rows = self
            .shard(shard)
            .filter(|(seq, _)| scope.contains_key(seq) && Block::number_of(*seq) == block.no);
        BlockRows {
            epoch: self.data.epoch,
            through: self.shard(shard).count() as u64,
            rows: rows
                .map(|(seq, row)| self.pulled(shard, seq, row))
                .collect(),
        }
    }

    fn sign(&self, entries: Vec<HeldEntry>, blobs: Vec<HeldBlob>) -> Receipt {
        let key_id = ReceiptKey::of(&self.key).key_id;
        let statement = Statement {
            v: 1,
            key_id,
            server_id: ServerId::new([1; 16]),
            entries,
            blobs,
        };
        Receipt::sign(&statement, &self.key).unwrap()
    }
}

/// Epoch, grants, and how far each shard was looked through.
fn read(cursor: &str) -> Option<[u64; 4]> {
    let said: Vec<u64> = cursor.split('.').filter_map(|n| n.parse().ok()).collect();
    said.try_into().ok()
}

fn digested((no, block): (u64, BlockHash)) -> BlockDigest {
    let (count, hash) = block.finish();
    BlockDigest { no, count, hash }
}

fn fault(status: u16, code: &str) -> Failure {
    let fault = Fault::new(code);
    Failure::Fault { status, fault }
}

pub(crate) fn division(shard: usize) -> DivisionId {
    ["county-a", "county-b"][shard].parse().unwrap()
}

pub(crate) fn entry_id(person: u8, n: u32) -> EntryId {
    let id = format!("0192f0c1-2b3c-7def-81{person:02x}-{n:012x}");
    id.parse().unwrap()
}

/// Where an entry was made.
fn reach_of(id: EntryId) -> u8 {
    id.raw().as_bytes()[15] % REACHES
}

pub(crate) fn hash_of(id: EntryId) -> Sha256 {
    Sha256::of(id.raw().as_bytes())
}
