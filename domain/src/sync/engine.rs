use super::link::Link;
use super::outbox::Outbox;
use super::retry::Dice;
use super::upkeep::{Finding, Inspection, Upkeep};
use super::upload::Pace;
use super::{
    Answer, BlobKey, Call, Change, Failure, Queue, QueuedBlob, QueuedEntry, RemovablePhotos,
    RemovalWhy, Retry, SessionState,
};
use crate::feed::Block;
use crate::ids::{EntryId, ServerId};
use crate::time::{MonoMs, WallMs};
use litemap::LiteMap;

/// Names one call, question or recording, so that its outcome finds its way back.
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
        /// Whether the strict transaction completed. `false` also where the store is no longer
        /// under the server that the recording names: then nothing was written.
        ok: bool,
    },
    /// A question to the store came back.
    Inspected {
        /// Whose.
        ticket: Ticket,
        /// What was found; `None` if the store could not be read.
        found: Option<Finding>,
    },
    /// The person lets go what [`Status::removal`](super::Status::removal) asked about.
    Allowed(RemovalWhy),
    /// The person wants an entry of the 平台未收 tray offered again.
    OfferAgain(EntryId),
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
    /// The phone's store is four fifths full.
    Crowded,
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
    /// Write all of this in one strict transaction, but nothing if the store is under another
    /// server or epoch than `under`; report with [`Event::Recorded`].
    Record {
        /// Its name.
        ticket: Ticket,
        /// What the store must name as the server that its receipts are from.
        under: Option<(ServerId, u64)>,
        /// What.
        changes: Vec<Change>,
    },
    /// Look into the store, changing nothing; report with [`Event::Inspected`].
    Inspect {
        /// Its name.
        ticket: Ticket,
        /// For what.
        what: Inspection,
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
    /// With how many own entries were on their way then.
    Announce {
        open: u64,
    },
    Push {
        ids: Vec<EntryId>,
        begun: MonoMs,
    },
    Upload {
        key: BlobKey,
        len: u64,
        begun: MonoMs,
        aborted: bool,
    },
    /// With the store's cursor, and whether the server was asked without one.
    Pull {
        after: Option<String>,
        anew: bool,
    },
    Digest,
    Block(Block),
    Verify(RemovablePhotos),
    Inspecting,
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
    /// The server and epoch that the store names.
    pub(super) server: Option<(ServerId, u64)>,
    /// Those that are being recorded: until they are, nothing is sent.
    pub(super) meeting: Option<(ServerId, u64)>,
    pub(super) cursor: Option<String>,
    /// A cursor that the server does not read.
    pub(super) unreadable: Option<String>,
    pub(super) last_sync: Option<WallMs>,
    pub(super) announce_due: bool,
    pub(super) announce_retry: Retry,
    pub(super) pull_due: bool,
    pub(super) pull_retry: Retry,
    pub(super) pulled_at: Option<MonoMs>,
    pub(super) upkeep: Upkeep,
    /// Entries in one push; halved when a whole push is turned down.
    pub(super) batch_cap: usize,
    pub(super) pending: LiteMap<Ticket, Pending>,
    pub(super) out: Vec<Instruction>,
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
            meeting: None,
            cursor: None,
            unreadable: None,
            last_sync: None,
            announce_due: true,
            announce_retry: Retry::default(),
            pull_due: true,
            pull_retry: Retry::default(),
            pulled_at: None,
            upkeep: Upkeep::default(),
            batch_cap: usize::MAX,
            pending: LiteMap::new(),
            out: Vec::new(),
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
            Event::Inspected { ticket, found } => self.inspected(now, ticket, found),
            Event::Allowed(why) => self.upkeep.allow(why),
            Event::OfferAgain(entry_id) => self.record(vec![Change::Unparked { entry_id }]),
        }
        if self.loaded && self.meeting.is_none() {
            self.proceed(now, wall);
        }
        std::mem::take(&mut self.out)
    }

    fn load(&mut self, queue: Queue) {
        if queue.server != self.server {
            // Another tab met another server: what is under way belongs to the old one.
            self.void_calls();
            if self.meeting.is_none() && self.link.met != queue.server {
                self.link.greet_again();
            }
        }
        self.server = queue.server;
        self.cursor.clone_from(&queue.cursor);
        self.last_sync = queue.last_sync;
        self.upkeep.load(&queue);
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
                if self.link.session != SessionState::Good {
                    // Another tab may have signed in meanwhile: hello will tell.
                    self.link = Link::default();
                }
                self.link.retry.reset();
                self.pull_retry.reset();
                self.announce_retry.reset();
                self.upkeep.retry.reset();
                self.outbox.forgive();
                self.pull_due = true;
            }
            Cause::SignedIn => {
                self.link = Link::default();
                self.announce_due = true;
                self.pull_due = true;
                self.outbox.forgive();
            }
            Cause::SignedOut => self.link.session = SessionState::Expired,
            Cause::Crowded => self.upkeep.crowded(),
        }
    }

    fn answered(&mut self, now: MonoMs, ticket: Ticket, result: Result<Answer, Failure>) {
        let Some(pending) = self.pending.remove(&ticket) else {
            return;
        };
        let void = ticket.0 <= self.void_until && !matches!(pending, Pending::Hello);
        let result = if void { Err(Failure::Aborted) } else { result };
        match &result {
            Err(failure) => self.link.failed(now, failure, &mut self.dice),
            Ok(Answer::Hello(_)) => {}
            Ok(_) => self.link.answered(),
        }
        match pending {
            Pending::Hello => self.greeted(now, result),
            Pending::Announce { open } => self.announced(now, open, result),
            Pending::Push { ids, begun } => self.pushed(now, &ids, now.since(begun), result),
            Pending::Upload {
                key,
                len,
                begun,
                aborted,
            } => {
                self.pace.took(len, now.since(begun), &result);
                self.uploaded(now, key, aborted, result);
            }
            Pending::Pull { after, anew } => self.pulled(now, after, anew, result),
            Pending::Digest => self.digested(now, result),
            Pending::Block(block) => self.block_pulled(now, block, result),
            Pending::Verify(found) => self.verified(now, &found, result),
            Pending::Inspecting | Pending::Recording(_) => {}
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
            // Another tab may have been faster: what the store says counts.
            self.out.push(Instruction::Reload);
        }
        for change in changes {
            match change {
                Change::Pulled { cursor, reset, .. } => {
                    self.pull_recorded(now, ok, reset, cursor);
                }
                Change::InOrder { at } if ok => self.last_sync = Some(at),
                Change::Reoffer { .. } | Change::Met { .. } => self.met(now, ok),
                Change::Lacking { .. } | Change::Gaps(_) if ok => {
                    self.out.push(Instruction::Reload);
                }
                other => self.kept_up(now, ok, &other),
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
            if self.link.announced {
                self.push(now);
                self.upload(now);
            }
            if self.link.is_own() {
                self.pull(now);
                self.upkeep(now);
            }
        }
        self.set_alarm(now);
    }

    fn set_alarm(&mut self, now: MonoMs) {
        let next = if self.link.state != super::LinkState::Up {
            Some(self.link.retry.not_before()).filter(|at| *at > now)
        } else if self.link.session == SessionState::Expired {
            None
        } else {
            let news = self.pulled_at.map(|at| at.plus(PULL_EVERY_MS));
            let pull = self.pull_due.then(|| self.pull_retry.not_before());
            let announce = self.announce_due.then(|| self.announce_retry.not_before());
            let upkeep = Some(self.upkeep.retry.not_before());
            [self.outbox.next_try(now), news, pull, announce, upkeep]
                .into_iter()
                .flatten()
                .filter(|at| *at > now)
                .min()
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
            self.out.push(Instruction::Record {
                ticket,
                under: self.server,
                changes,
            });
        }
    }

    pub(super) fn ticket(&mut self, pending: Pending) -> Ticket {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        self.pending.insert(ticket, pending);
        ticket
    }

    /// Whatever comes back from calls made so far says nothing any more.
    pub(super) fn void_calls(&mut self) {
        self.void_until = self.last_ticket;
    }

    /// Whether the server is still in the epoch that the store is under; if not, hello will tell.
    pub(super) fn is_epoch(&mut self, epoch: Option<u64>) -> bool {
        let same = self
            .server
            .is_none_or(|(_, known)| epoch.is_none_or(|epoch| epoch == known));
        if !same {
            self.link.greet_again();
        }
        same
    }
}
