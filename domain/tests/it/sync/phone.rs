//! One tab of the app: its engine dies with it, what is kept does not.

use super::kept::{Kept, KeptBlob};
use super::server::{Caller, Server, entry_id, hash_of};
use std::cell::RefCell;
use std::rc::Rc;
use xunhe_domain::entry::BlobRole;
use xunhe_domain::hash::Sha256;
use xunhe_domain::ids::{EntryId, ServerId};
use xunhe_domain::sync::{
    Answer, BlobKey, Call, Cause, Change, Engine, Event, Failure, Inspection, Instruction,
    ParkReason, QueuedBlob, QueuedEntry, Ticket,
};
use xunhe_domain::time::{MonoMs, WallMs};
use xunhe_domain::wire::Fault;

/// What a delivery can suffer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Fine,
    LostOnTheWay,
    AnswerLost,
    /// Something on the way repeats the request.
    Twice,
    Portal,
    ServerError,
    SignedOut,
    /// 200 and the right shape, but no receipt.
    NoReceipt,
}

/// Work for the phone's store.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    Record(Ticket, Option<(ServerId, u64)>, Vec<Change>),
    Inspect(Ticket, Inspection),
}

pub(crate) struct Phone {
    pub(crate) engine: Engine,
    pub(crate) kept: Rc<RefCell<Kept>>,
    pub(crate) person: u8,
    /// Somebody else is signed in on this phone.
    pub(crate) lent: bool,
    pub(crate) now: MonoMs,
    /// The device's own clock, right or wrong.
    pub(crate) wall: WallMs,
    pub(crate) calls: Vec<(Ticket, Call)>,
    pub(crate) work: Vec<Work>,
    pub(crate) aborts: Vec<Ticket>,
    pub(crate) wake: Option<MonoMs>,
    seed: u64,
}

impl Phone {
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(1, seed)
    }

    /// A phone of that person.
    pub(crate) fn of(person: u8, seed: u64) -> Self {
        Self::over(Rc::default(), person, seed)
    }

    /// A second tab over the same store.
    pub(crate) fn beside(&self, seed: u64) -> Self {
        Self::over(Rc::clone(&self.kept), self.person, seed)
    }

    fn over(kept: Rc<RefCell<Kept>>, person: u8, seed: u64) -> Self {
        let mut phone = Self {
            engine: Engine::new(seed),
            kept,
            person,
            lent: false,
            now: MonoMs(0),
            wall: WallMs(0),
            calls: vec![],
            work: vec![],
            aborts: vec![],
            wake: None,
            seed,
        };
        phone.reload();
        phone
    }

    /// The page is killed and opened again.
    pub(crate) fn crash(&mut self) {
        self.seed += 1;
        self.engine = Engine::new(self.seed);
        (self.calls, self.work, self.aborts, self.wake) = (vec![], vec![], vec![], None);
        self.reload();
    }

    /// The store is read, as it is when a tab becomes visible.
    pub(crate) fn reload(&mut self) {
        let queue = self.kept.borrow().queue();
        self.tell(Event::Loaded(queue));
    }

    pub(crate) fn save(&mut self, photos: &[u64]) -> EntryId {
        let n = u32::try_from(self.kept.borrow().entries.len()).unwrap() + 1;
        let entry_id = entry_id(self.person, n);
        let entry = QueuedEntry {
            entry_id,
            hash: hash_of(entry_id),
            bytes: 1_000,
            saved_ms: self.wall,
            parked: None,
        };
        let blobs: Vec<_> = photos
            .iter()
            .enumerate()
            .map(|(i, size)| QueuedBlob {
                key: BlobKey {
                    entry_id,
                    sha256: Sha256::of(format!("{entry_id}/{i}").as_bytes()),
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
        let mut kept = self.kept.borrow_mut();
        kept.entries.insert(n, (entry.clone(), false));
        for blob in &blobs {
            let blob = KeptBlob {
                blob: blob.clone(),
                held: None,
                here: true,
            };
            kept.blobs.insert(blob.blob.key, blob);
        }
        drop(kept);
        self.tell(Event::Saved { entry, blobs });
        entry_id
    }

    pub(crate) fn tell(&mut self, event: Event) {
        for instruction in self.engine.handle(self.now, self.wall, event) {
            match instruction {
                Instruction::Call { ticket, call } => self.calls.push((ticket, call)),
                Instruction::Abort { ticket } => self.aborts.push(ticket),
                Instruction::Record {
                    ticket,
                    under,
                    changes,
                } => self.work.push(Work::Record(ticket, under, changes)),
                Instruction::Inspect { ticket, what } => {
                    self.work.push(Work::Inspect(ticket, what));
                }
                Instruction::WakeAt(at) => self.wake = Some(at),
                Instruction::Reload => self.reload(),
            }
        }
    }

    /// One outstanding call meets its fate.
    pub(crate) fn deliver(&mut self, which: usize, server: &mut Server, fate: Fate) {
        let (ticket, call) = self.calls.remove(which % self.calls.len());
        let aborted = self.aborts.contains(&ticket);
        let caller = Caller {
            person: self.person,
            lent: self.lent,
        };
        let mut answer = || match self.lacks(&call) {
            Some(id) => Err(Failure::MissingHere(Some(id))),
            None => server.answer(caller, &call, &self.kept.borrow().seen()),
        };
        let result = match fate {
            Fate::LostOnTheWay => Err(Failure::Unreachable),
            Fate::Portal => Err(Failure::NotOurs),
            Fate::SignedOut if call != Call::Hello => Err(Failure::SignedOut),
            Fate::ServerError => Err(Failure::Fault {
                status: 503,
                fault: Fault::new("busy"),
            }),
            Fate::AnswerLost => {
                let _ = answer();
                Err(Failure::Unreachable)
            }
            Fate::Twice => {
                let _ = answer();
                answer()
            }
            Fate::NoReceipt => answer().map(|answer| match answer {
                Answer::Pushed(mut pushed) => {
                    pushed.receipt = None;
                    Answer::Pushed(pushed)
                }
                other => other,
            }),
            Fate::Fine | Fate::SignedOut => answer(),
        };
        let result = if aborted {
            Err(Failure::Aborted)
        } else {
            result
        };
        self.tell(Event::Answered { ticket, result });
    }

    /// Bytes that are wanted and went.
    fn lacks(&self, call: &Call) -> Option<EntryId> {
        let (Call::BeginUpload { key, .. } | Call::SendChunk { key, .. }) = call else {
            return None;
        };
        let here = self.kept.borrow().blobs[key].here;
        (!here).then_some(key.entry_id)
    }

    /// One outstanding piece of work for the store completes or fails, wholly.
    pub(crate) fn record(&mut self, which: usize, ok: bool) {
        match self.work.remove(which % self.work.len()) {
            Work::Record(ticket, under, changes) => {
                let ok = ok && self.kept.borrow_mut().apply(under, &changes);
                self.tell(Event::Recorded { ticket, ok });
            }
            Work::Inspect(ticket, what) => {
                let found = ok.then(|| self.kept.borrow().inspect(&what));
                self.tell(Event::Inspected { ticket, found });
            }
        }
    }

    /// Good weather: everything outstanding succeeds and time passes, until nothing is left to
    /// do but to ask for news.
    pub(crate) fn settle(&mut self, server: &mut Server) {
        self.tell(Event::Woken(Cause::Asked));
        for _ in 0..20_000 {
            if !self.work.is_empty() {
                self.record(0, true);
            } else if !self.calls.is_empty() {
                self.pass(40, server);
                self.deliver(0, server, Fate::Fine);
            } else if self.idle() {
                return;
            } else {
                self.until_woken(server);
            }
        }
        panic!("never came to rest: {:?}", self.engine.status());
    }

    /// Time goes on until the engine wants to be woken.
    pub(crate) fn until_woken(&mut self, server: &mut Server) {
        let status = self.engine.status();
        let wake = self.wake.take();
        let wake = wake.unwrap_or_else(|| panic!("work is left and no alarm is set: {status:?}"));
        self.pass(wake.since(self.now), server);
        self.tell(Event::Woken(Cause::Timer));
    }

    /// Time goes on, for the phone and for the server.
    pub(crate) fn pass(&mut self, ms: u64, server: &mut Server) {
        self.now = self.now.plus(ms);
        server.now.0 += i64::try_from(ms).unwrap();
    }

    pub(crate) fn idle(&self) -> bool {
        let kept = self.kept.borrow();
        let parked = |id| {
            let mut entries = kept.entries.values();
            entries.any(|e| e.0.entry_id == id && e.0.parked.is_some())
        };
        kept.entries.values().all(|e| e.1 || e.0.parked.is_some())
            && kept
                .blobs
                .values()
                .all(|b| b.held.is_some() || b.blob.parked.is_some() || parked(b.blob.key.entry_id))
    }

    pub(crate) fn parked(&self) -> Vec<(EntryId, ParkReason)> {
        let reason = |e: &(QueuedEntry, bool)| Some((e.0.entry_id, e.0.parked.clone()?));
        self.kept
            .borrow()
            .entries
            .values()
            .filter_map(reason)
            .collect()
    }
}
