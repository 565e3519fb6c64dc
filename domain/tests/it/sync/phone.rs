//! A phone in a few lines: its store survives a crash, its engine does not.

use super::server::{Server, hash_of};
use std::collections::BTreeMap;
use xunhe_domain::entry::BlobRole;
use xunhe_domain::hash::Sha256;
use xunhe_domain::ids::{EntryId, ServerId, UploadId};
use xunhe_domain::sync::{
    Answer, BlobKey, Call, Cause, Change, Engine, Event, Failure, Instruction, ParkReason, Queue,
    QueuedBlob, QueuedEntry, Ticket,
};
use xunhe_domain::time::{MonoMs, WallMs};

/// What a delivery can suffer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Fine,
    LostOnTheWay,
    AnswerLost,
    Portal,
    ServerError,
    SignedOut,
    /// 200 and the right shape, but no receipt.
    NoReceipt,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    pub(crate) entries: BTreeMap<u32, (QueuedEntry, bool)>,
    pub(crate) blobs: BTreeMap<BlobKey, (QueuedBlob, bool)>,
    server: Option<(ServerId, u64)>,
    cursor: Option<String>,
}

pub(crate) struct Phone {
    pub(crate) engine: Engine,
    pub(crate) kept: Kept,
    pub(crate) now: MonoMs,
    pub(crate) calls: Vec<(Ticket, Call)>,
    pub(crate) records: Vec<(Ticket, Vec<Change>)>,
    pub(crate) aborts: Vec<Ticket>,
    pub(crate) wake: Option<MonoMs>,
    seed: u64,
}

impl Phone {
    pub(crate) fn new(seed: u64) -> Self {
        let mut phone = Self {
            engine: Engine::new(seed),
            kept: Kept::default(),
            now: MonoMs(0),
            calls: vec![],
            records: vec![],
            aborts: vec![],
            wake: None,
            seed,
        };
        phone.start();
        phone
    }

    /// The page is killed and opened again.
    pub(crate) fn crash(&mut self) {
        self.seed += 1;
        self.engine = Engine::new(self.seed);
        (self.calls, self.records, self.aborts, self.wake) = (vec![], vec![], vec![], None);
        self.start();
    }

    fn start(&mut self) {
        let queue = self.queue();
        self.tell(Event::Loaded(queue));
    }

    fn queue(&self) -> Queue {
        let open = |held: &bool| !*held;
        Queue {
            entries: self
                .kept
                .entries
                .values()
                .filter(|e| open(&e.1))
                .map(|e| e.0.clone())
                .collect(),
            blobs: self
                .kept
                .blobs
                .values()
                .filter(|b| open(&b.1))
                .map(|b| b.0.clone())
                .collect(),
            received: u32::try_from(
                self.kept
                    .entries
                    .values()
                    .filter(|e| e.1 && self.complete(e.0.entry_id))
                    .count(),
            )
            .unwrap(),
            server: self.kept.server,
            cursor: self.kept.cursor.clone(),
            last_sync: None,
        }
    }

    fn complete(&self, id: EntryId) -> bool {
        self.kept
            .blobs
            .values()
            .all(|b| b.0.key.entry_id != id || b.1)
    }

    pub(crate) fn save(&mut self, n: u32, photos: &[u64]) -> EntryId {
        let entry_id: EntryId = format!("0192f0c1-2b3c-7def-8123-{n:012x}").parse().unwrap();
        let entry = QueuedEntry {
            entry_id,
            hash: hash_of(entry_id),
            bytes: 1_000,
            saved_ms: WallMs(0),
            parked: None,
        };
        let blobs: Vec<_> = photos
            .iter()
            .enumerate()
            .map(|(i, size)| QueuedBlob {
                key: BlobKey {
                    entry_id,
                    sha256: Sha256::of(format!("{n}/{i}").as_bytes()),
                },
                size: *size,
                role: if i == 0 {
                    BlobRole::Thumb
                } else {
                    BlobRole::Photo
                },
                upload: None,
                parked: None,
            })
            .collect();
        self.kept.entries.insert(n, (entry.clone(), false));
        for blob in &blobs {
            self.kept.blobs.insert(blob.key, (blob.clone(), false));
        }
        self.tell(Event::Saved { entry, blobs });
        entry_id
    }

    pub(crate) fn tell(&mut self, event: Event) {
        for instruction in self.engine.handle(self.now, WallMs(0), event) {
            match instruction {
                Instruction::Call { ticket, call } => self.calls.push((ticket, call)),
                Instruction::Abort { ticket } => self.aborts.push(ticket),
                Instruction::Record { ticket, changes } => self.records.push((ticket, changes)),
                Instruction::WakeAt(at) => self.wake = Some(at),
                Instruction::Reload => {
                    let queue = self.queue();
                    self.tell(Event::Loaded(queue));
                }
            }
        }
    }

    /// One outstanding call meets its fate.
    pub(crate) fn deliver(&mut self, which: usize, server: &mut Server, fate: Fate) {
        let (ticket, call) = self.calls.remove(which % self.calls.len());
        let aborted = self.aborts.contains(&ticket);
        let result = match fate {
            Fate::LostOnTheWay => Err(Failure::Unreachable),
            Fate::Portal => Err(Failure::NotOurs),
            Fate::SignedOut if call != Call::Hello => Err(Failure::SignedOut),
            Fate::ServerError => Err(Failure::Fault {
                status: 503,
                fault: xunhe_domain::wire::Fault::new("busy"),
            }),
            Fate::AnswerLost => {
                let _ = server.answer(&call);
                Err(Failure::Unreachable)
            }
            Fate::NoReceipt => server.answer(&call).map(|answer| match answer {
                Answer::Pushed(mut pushed) => {
                    pushed.receipt = None;
                    Answer::Pushed(pushed)
                }
                other => other,
            }),
            Fate::Fine | Fate::SignedOut => server.answer(&call),
        };
        let result = if aborted {
            Err(Failure::Aborted)
        } else {
            result
        };
        self.tell(Event::Answered { ticket, result });
    }

    /// One outstanding recording completes or fails, wholly.
    pub(crate) fn record(&mut self, which: usize, ok: bool) {
        let (ticket, changes) = self.records.remove(which % self.records.len());
        if ok {
            for change in &changes {
                self.write(change);
            }
        }
        self.tell(Event::Recorded { ticket, ok });
    }

    fn write(&mut self, change: &Change) {
        match change {
            Change::EntryHeld { entry_id, .. } => self.entry(*entry_id).1 = true,
            Change::EntryParked { entry_id, reason } => {
                self.entry(*entry_id).0.parked = Some(reason.clone());
            }
            Change::Upload { key, upload } => self.blob(key).0.upload = *upload,
            Change::BlobHeld { key, .. } => self.blob(key).1 = true,
            Change::BlobParked { key, reason } => self.blob(key).0.parked = Some(reason.clone()),
            Change::Pulled { cursor, .. } => self.kept.cursor = Some(cursor.clone()),
            Change::Met { server_id, epoch } => self.kept.server = Some((*server_id, *epoch)),
            Change::Reoffer { server_id, epoch } => {
                self.kept.server = Some((*server_id, *epoch));
                self.kept.entries.values_mut().for_each(|e| e.1 = false);
                for blob in self.kept.blobs.values_mut() {
                    blob.1 = false;
                    blob.0.upload = None::<UploadId>;
                }
            }
            Change::InOrder { .. } => {}
        }
    }

    fn entry(&mut self, id: EntryId) -> &mut (QueuedEntry, bool) {
        self.kept
            .entries
            .values_mut()
            .find(|e| e.0.entry_id == id)
            .unwrap()
    }

    fn blob(&mut self, key: &BlobKey) -> &mut (QueuedBlob, bool) {
        self.kept.blobs.get_mut(key).unwrap()
    }

    /// Good weather: everything outstanding succeeds and time passes, until nothing is left to
    /// do but to ask for news.
    pub(crate) fn settle(&mut self, server: &mut Server) {
        self.tell(Event::Woken(Cause::Asked));
        for _ in 0..20_000 {
            if !self.records.is_empty() {
                self.record(0, true);
            } else if !self.calls.is_empty() {
                self.now = self.now.plus(40);
                self.deliver(0, server, Fate::Fine);
            } else if self.idle() {
                return;
            } else {
                let wake = self.wake.take().unwrap_or_else(|| {
                    panic!(
                        "work is left and no alarm is set: {:?}",
                        self.engine.status()
                    )
                });
                self.now = self.now.max(wake);
                self.tell(Event::Woken(Cause::Timer));
            }
        }
        panic!("never came to rest: {:?}", self.engine.status());
    }

    fn idle(&self) -> bool {
        let entry = |e: &(QueuedEntry, bool)| e.1 || e.0.parked.is_some();
        let parked = |id| {
            self.kept
                .entries
                .values()
                .any(|e| e.0.entry_id == id && e.0.parked.is_some())
        };
        self.kept.entries.values().all(entry)
            && self
                .kept
                .blobs
                .values()
                .all(|b| b.1 || b.0.parked.is_some() || parked(b.0.key.entry_id))
    }

    pub(crate) fn parked(&self) -> Vec<(EntryId, ParkReason)> {
        let reason = |e: &(QueuedEntry, bool)| Some((e.0.entry_id, e.0.parked.clone()?));
        self.kept.entries.values().filter_map(reason).collect()
    }
}
