use super::link::Link;
use super::outbox::Outbox;
use super::retry::Dice;
use super::upload::Pace;
use super::{
    AnnounceCounts, Answer, BlobKey, Call, Change, Failure, Queue, QueuedBlob, QueuedEntry, Retry,
};
use crate::ids::{EntryId, ServerId};
use crate::time::{MonoMs, WallMs};
use std::collections::BTreeMap;

/// Names one call or one recording, so that its outcome finds its way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The store was read: at start, after [`Instruction::Reload`], or when another tab saved.
    Loaded(Queue),
    /// An entry was saved: 已存手机.
    Saved {
        /// The entry.
        entry: QueuedEntry,
        /// What it brings along.
        blobs: Vec<QueuedBlob>,
    },
    /// Something suggests trying now.
    Woken(Cause),
    /// A call came back.
    Answered {
        /// Whose.
        ticket: Ticket,
        /// With what.
        result: Result<Answer, Failure>,
    },
    /// A recording came back.
    Recorded {
        /// Whose.
        ticket: Ticket,
        /// Whether the strict transaction completed.
        ok: bool,
    },
}

/// Why the engine was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The instant of [`Instruction::WakeAt`].
    Timer,
    /// The page became visible.
    Visible,
    /// The browser believes that there is a network: a hint.
    Online,
    /// The person asked for it.
    Asked,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out: saving goes on, sending stops.
    SignedOut,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instruction {
    /// Make this request; report with [`Event::Answered`].
    Call {
        /// Its name.
        ticket: Ticket,
        /// The request.
        call: Call,
    },
    /// Give this request up; it still reports, with [`Failure::Aborted`] unless it was faster.
    Abort {
        /// Which.
        ticket: Ticket,
    },
    /// Write all of this in one strict transaction; report with [`Event::Recorded`].
    Record {
        /// Its name.
        ticket: Ticket,
        /// What.
        changes: Vec<Change>,
    },
    /// Read the queue again; report with [`Event::Loaded`].
    Reload,
    /// Wake me then with [`Cause::Timer`]; replaces any earlier wish.
    WakeAt(MonoMs),
}

/// What a ticket stands for.
#[derive(Debug, Clone)]
pub(super) enum Pending {
    Hello,
    Announce,
    Push(Vec<EntryId>),
    Upload {
        key: BlobKey,
        len: u64,
        begun: MonoMs,
        aborted: bool,
    },
    Pull,
    Recording(Vec<Change>),
}

/// The sync engine of one person's store on one installation.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) loaded: bool,
    pub(super) link: Link,
    pub(super) outbox: Outbox,
    pub(super) pace: Pace,
    pub(super) dice: Dice,
    pub(super) server: Option<(ServerId, u64)>,
    pub(super) cursor: Option<String>,
    pub(super) last_sync: Option<WallMs>,
    pub(super) announce_due: bool,
    pub(super) announce_retry: Retry,
    pub(super) pull_due: bool,
    pub(super) pull_retry: Retry,
    pub(super) pulled_at: Option<MonoMs>,
    /// Entries in one push; halved when a whole push is turned down.
    pub(super) batch_cap: usize,
    pub(super) pending: BTreeMap<Ticket, Pending>,
    pub(super) out: Vec<Instruction>,
    /// A new epoch whose [`Change::Reoffer`] waits for earlier recordings to come back: one of
    /// the old epoch that was written after it would call received what nobody holds.
    reoffer: Option<(ServerId, u64)>,
    /// Calls up to this ticket were made in another epoch.
    void_until: u64,
    last_ticket: u64,
    wake_at: Option<MonoMs>,
}

/// How often a phone that has nothing to send asks for news, milliseconds.
const PULL_EVERY_MS: u64 = 15 * 60 * 1_000;

impl Engine {
    /// An engine that knows nothing yet; `seed` feeds its jitter.
    pub fn new(seed: u64) -> Self {
        Self {
            loaded: false,
            link: Link::default(),
            outbox: Outbox::default(),
            pace: Pace::default(),
            dice: Dice::new(seed),
            server: None,
            cursor: None,
            last_sync: None,
            announce_due: true,
            announce_retry: Retry::default(),
            pull_due: true,
            pull_retry: Retry::default(),
            pulled_at: None,
            batch_cap: usize::MAX,
            pending: BTreeMap::new(),
            out: Vec::new(),
            reoffer: None,
            void_until: 0,
            last_ticket: 0,
            wake_at: None,
        }
    }

    /// Takes what happened and says what to do next. `now` is monotonic within this engine's
    /// life; `wall` is the device's own clock and used for ages only.
    pub fn handle(&mut self, now: MonoMs, wall: WallMs, event: Event) -> Vec<Instruction> {
        match event {
            Event::Loaded(queue) => self.load(queue),
            Event::Saved { entry, blobs } => self.saved(entry, blobs),
            Event::Woken(cause) => self.woken(now, cause),
            Event::Answered { ticket, result } => self.answered(now, ticket, result),
            Event::Recorded { ticket, ok } => self.recorded(now, ticket, ok),
        }
        let recording = |p: &Pending| matches!(p, Pending::Recording(_));
        if !self.pending.values().any(recording)
            && let Some((server_id, epoch)) = self.reoffer.take()
        {
            self.record(vec![Change::Reoffer { server_id, epoch }]);
        }
        if self.loaded {
            self.proceed(now, wall);
        }
        std::mem::take(&mut self.out)
    }

    fn load(&mut self, queue: Queue) {
        self.server = queue.server;
        self.cursor.clone_from(&queue.cursor);
        self.last_sync = queue.last_sync;
        self.outbox.load(queue);
        self.loaded = true;
    }

    fn saved(&mut self, entry: QueuedEntry, blobs: Vec<QueuedBlob>) {
        self.announce_due |= !blobs.is_empty();
        self.outbox.add_entry(entry);
        for blob in blobs {
            self.outbox.add_blob(blob);
        }
    }

    fn woken(&mut self, now: MonoMs, cause: Cause) {
        match cause {
            Cause::Timer => {
                self.wake_at = None;
                self.pull_due |= self
                    .pulled_at
                    .is_some_and(|at| now.since(at) >= PULL_EVERY_MS);
            }
            Cause::Visible | Cause::Online | Cause::Asked => {
                if self.link.session == super::SessionState::Expired {
                    // Another tab may have signed in meanwhile: hello will tell.
                    self.link = Link::default();
                }
                self.link.retry.reset();
                self.pull_retry.reset();
                self.announce_retry.reset();
                self.outbox.forgive();
                self.pull_due = true;
            }
            Cause::SignedIn => {
                self.link = Link::default();
                self.announce_due = true;
                self.pull_due = true;
                self.outbox.forgive();
            }
            Cause::SignedOut => self.link.session = super::SessionState::Expired,
        }
    }

    fn answered(&mut self, now: MonoMs, ticket: Ticket, result: Result<Answer, Failure>) {
        let Some(pending) = self.pending.remove(&ticket) else {
            return;
        };
        let void = ticket.0 <= self.void_until;
        let result = if void { Err(Failure::Aborted) } else { result };
        if let Err(failure) = &result {
            self.link.failed(now, failure, &mut self.dice);
        }
        match pending {
            Pending::Hello => self.greeted(now, result),
            Pending::Announce => {
                if result.is_err() {
                    self.announce_due = true;
                    self.announce_retry.fail(now, &mut self.dice, None);
                } else {
                    self.announce_retry.reset();
                }
            }
            Pending::Push(ids) => self.pushed(now, &ids, result),
            Pending::Upload {
                key,
                len,
                begun,
                aborted,
            } => {
                if result.is_ok() {
                    self.pace.measured(len, now.since(begun));
                }
                self.uploaded(now, key, aborted, result);
            }
            Pending::Pull => self.pulled(now, result),
            Pending::Recording(_) => {}
        }
    }

    fn greeted(&mut self, now: MonoMs, result: Result<Answer, Failure>) {
        self.link.greeting = false;
        let hello = match result {
            Ok(Answer::Hello(hello)) => hello,
            Err(Failure::Unreachable | Failure::NotOurs) => return,
            // A server that says no to hello, or answers something else, is not open to us.
            Ok(_) | Err(_) => {
                self.link.failed(now, &Failure::NotOurs, &mut self.dice);
                return;
            }
        };
        let met = (hello.server_id, hello.epoch);
        self.link.greeted(now, &hello);
        self.announce_due = true;
        match self.server.replace(met) {
            Some(known) if known == met => {}
            // Nothing is sent until it is recorded whose receipts these will be: a receipt that
            // nobody can tell the epoch of would outlive a restored server.
            None => {
                self.loaded = false;
                self.record(vec![Change::Met {
                    server_id: met.0,
                    epoch: met.1,
                }]);
            }
            // Receipts of another epoch are void: everything is offered again, once the store
            // has turned it back into unsent. Answers still on the way belong to the old epoch.
            Some(_) => {
                self.loaded = false;
                self.cursor = None;
                self.void_until = self.last_ticket;
                self.reoffer = Some(met);
            }
        }
    }

    fn recorded(&mut self, now: MonoMs, ticket: Ticket, ok: bool) {
        let Some(Pending::Recording(changes)) = self.pending.remove(&ticket) else {
            return;
        };
        if ok {
            self.outbox.recorded(&changes);
        } else {
            self.outbox.not_recorded(&changes, now, &mut self.dice);
        }
        for change in changes {
            match change {
                Change::Pulled { cursor, .. } => self.pull_recorded(now, ok, cursor),
                Change::InOrder { at } if ok => self.last_sync = Some(at),
                // Not recorded: forget having met, so that hello brings it up again.
                Change::Reoffer { .. } | Change::Met { .. } if !ok => {
                    self.server = None;
                    self.link.state = super::LinkState::Unknown;
                    self.link.retry.fail(now, &mut self.dice, None);
                    self.out.push(Instruction::Reload);
                }
                Change::Reoffer { .. } | Change::Met { .. } => self.out.push(Instruction::Reload),
                _ => {}
            }
        }
    }

    /// Everything that can be begun now is begun.
    fn proceed(&mut self, now: MonoMs, wall: WallMs) {
        if self.link.should_greet(now) {
            self.link.greeting = true;
            self.call(Pending::Hello, Call::Hello);
        } else if self.link.is_open() {
            self.announce(now, wall);
            self.push(now);
            self.upload(now);
            self.pull(now);
        }
        self.set_alarm(now);
    }

    fn announce(&mut self, now: MonoMs, wall: WallMs) {
        let under_way = self
            .pending
            .values()
            .any(|p| matches!(p, Pending::Announce));
        if self.announce_due && !under_way && self.announce_retry.due(now) {
            self.announce_due = false;
            let counts = self.counts(wall);
            self.call(Pending::Announce, Call::Announce(counts));
        }
    }

    fn counts(&self, wall: WallMs) -> AnnounceCounts {
        let status = self.status();
        let entries = &self.outbox.entries;
        let oldest = entries.iter().map(|e| e.entry.saved_ms).min();
        let age = oldest.map_or(0, |oldest| wall.0.saturating_sub(oldest.0));
        AnnounceCounts {
            unsent: status.unsent,
            unsent_bytes: entries.iter().map(|e| e.entry.bytes as u64).sum(),
            oldest_age_ms: u64::try_from(age).unwrap_or(0),
            blobs: status.unsent_blobs,
            blob_bytes: status.unsent_bytes,
            parked: status.parked,
        }
    }

    fn set_alarm(&mut self, now: MonoMs) {
        let next = if self.link.session == super::SessionState::Expired {
            None
        } else if self.link.state == super::LinkState::Up {
            let news = self.pulled_at.map(|at| at.plus(PULL_EVERY_MS));
            let pull = self.pull_due.then(|| self.pull_retry.not_before());
            let announce = self.announce_due.then(|| self.announce_retry.not_before());
            [self.outbox.next_try(), news, pull, announce]
                .into_iter()
                .flatten()
                .filter(|at| *at > now)
                .min()
        } else {
            Some(self.link.retry.not_before()).filter(|at| *at > now)
        };
        if next.is_some() && next != self.wake_at {
            self.wake_at = next;
            self.out.extend(next.map(Instruction::WakeAt));
        }
    }

    pub(super) fn call(&mut self, pending: Pending, call: Call) {
        let ticket = self.ticket(pending);
        self.out.push(Instruction::Call { ticket, call });
    }

    pub(super) fn record(&mut self, changes: Vec<Change>) {
        if !changes.is_empty() {
            let ticket = self.ticket(Pending::Recording(changes.clone()));
            self.out.push(Instruction::Record { ticket, changes });
        }
    }

    fn ticket(&mut self, pending: Pending) -> Ticket {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        self.pending.insert(ticket, pending);
        ticket
    }
}
