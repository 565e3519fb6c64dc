//! What is done when nothing waits to be sent: comparing the view with the server's, removing
//! what left the scope, making room. One thing at a time, always behind people's own work.

use super::engine::Pending;
use super::{Call, Change, Engine, Instruction, KeepRule, Queue, RemovablePhotos, Removal};
use super::{RemovalWhy, Retry};
use crate::feed::Block;
use crate::time::{MonoMs, WallMs};
use crate::wire::ShardDigest;
use std::collections::BTreeSet;

/// More than this does not leave the phone without a word.
pub(super) const WITHOUT_A_WORD: u32 = 100;

/// A question to the phone's store; answering it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inspection {
    /// How many entries would [`Change::Sweep`] remove?
    Stale,
    /// In which blocks does the view differ from these?
    Differing(Vec<ShardDigest>),
    /// Which photos does the rule let go?
    Removable(KeepRule),
}

/// What the store says to an [`Inspection`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// To [`Inspection::Stale`].
    Stale(u32),
    /// To [`Inspection::Differing`].
    Differing(Vec<Block>),
    /// To [`Inspection::Removable`].
    Removable(RemovablePhotos),
}

/// Where the upkeep stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Upkeep {
    pub(super) retry: Retry,
    sweep_owed: bool,
    pub(super) checked: Option<WallMs>,
    pub(super) check_due: bool,
    /// Blocks to be asked for again.
    pub(super) differing: Vec<Block>,
    pub(super) kept_at: Option<MonoMs>,
    pub(super) crowded: bool,
    /// What waits for the person's word.
    pub(super) asks: Option<Removal>,
    pub(super) allowed: BTreeSet<RemovalWhy>,
}

impl Upkeep {
    pub(super) fn load(&mut self, queue: &Queue) {
        self.checked = queue.checked;
        self.sweep_owed |= queue.sweep_owed;
    }

    /// What was found in another epoch, or before a snapshot, says nothing any more.
    pub(super) fn forget(&mut self) {
        self.differing.clear();
    }

    /// A snapshot began: what it does not name must go once it is complete, and then the views
    /// are compared.
    pub(super) fn began_anew(&mut self) {
        self.forget();
        self.sweep_owed = true;
        self.check_due = true;
        self.withdraw(RemovalWhy::Scope);
        self.allowed.remove(&RemovalWhy::Scope);
    }

    /// The person lets something go.
    pub(super) fn allow(&mut self, why: RemovalWhy) {
        self.withdraw(why);
        self.allowed.insert(why);
        if why == RemovalWhy::Room {
            self.kept_at = None;
        }
    }

    fn withdraw(&mut self, why: RemovalWhy) {
        self.asks = self.asks.filter(|asked| asked.why != why);
    }

    pub(super) fn waits_for_word(&self, why: RemovalWhy) -> bool {
        self.asks.is_some_and(|asked| asked.why == why)
    }

    /// Whether so many may go now; if not, the person is asked.
    pub(super) fn may_go(&mut self, why: RemovalWhy, count: u32) -> bool {
        let yes = count <= WITHOUT_A_WORD || self.allowed.contains(&why);
        if !yes {
            self.asks = Some(Removal { why, count });
        }
        yes
    }
}

impl Engine {
    pub(super) fn upkeep(&mut self, now: MonoMs) {
        let busy = self.pending.values().any(|p| match p {
            Pending::Hello | Pending::Announce { .. } | Pending::Upload { .. } => false,
            Pending::Recording(changes) => changes.iter().any(is_of_the_view),
            _ => true,
        });
        // A pull that is due may be the rest of a snapshot.
        if busy || self.pull_due || self.outbox.text_first(now) || !self.upkeep.retry.due(now) {
            return;
        }
        if let Some(block) = self.upkeep.differing.last().cloned() {
            self.call(Pending::Block(block.clone()), Call::PullBlock(block));
        } else if self.upkeep.sweep_owed && !self.upkeep.waits_for_word(RemovalWhy::Scope) {
            self.inspect(Inspection::Stale);
        } else if self.check_due(now) {
            self.call(Pending::Digest, Call::Digest);
        } else if let Some(rule) = self.keep_rule(now) {
            self.inspect(Inspection::Removable(rule));
        }
    }

    fn inspect(&mut self, what: Inspection) {
        let ticket = self.ticket(Pending::Inspecting);
        self.out.push(Instruction::Inspect { ticket, what });
    }

    pub(super) fn inspected(&mut self, now: MonoMs, ticket: super::Ticket, found: Option<Finding>) {
        if !matches!(self.pending.remove(&ticket), Some(Pending::Inspecting)) {
            return;
        }
        match found {
            Some(Finding::Stale(count)) => {
                if self.upkeep.may_go(RemovalWhy::Scope, count) {
                    let at_most = count.max(WITHOUT_A_WORD);
                    self.record(vec![Change::Sweep { at_most }]);
                }
            }
            Some(Finding::Differing(blocks)) => self.differs(now, blocks),
            Some(Finding::Removable(photos)) => self.removable(now, photos),
            None => self.upkeep_failed(now),
        }
    }

    /// What became of a recording of the upkeep.
    pub(super) fn kept_up(&mut self, now: MonoMs, ok: bool, change: &Change) {
        if !ok {
            if is_of_the_view(change) {
                self.upkeep_failed(now);
            }
            return;
        }
        match change {
            Change::Sweep { .. } => {
                self.upkeep.sweep_owed = false;
                self.upkeep.allowed.remove(&RemovalWhy::Scope);
            }
            Change::Repaired { block, .. } => self.repaired(now, block),
            Change::Checked { at } => {
                self.upkeep.checked = Some(*at);
                self.upkeep.retry.reset();
            }
            Change::LetGo { .. } => self.upkeep.retry.reset(),
            _ => {}
        }
    }

    pub(super) fn upkeep_failed(&mut self, now: MonoMs) {
        self.upkeep.retry.fail(now, &mut self.dice, None);
    }

    pub(super) fn owe_sweep(&mut self) {
        self.upkeep.sweep_owed = true;
    }
}

/// Whether a change touches what the upkeep reads.
const fn is_of_the_view(change: &Change) -> bool {
    matches!(
        change,
        Change::Pulled { .. }
            | Change::Repaired { .. }
            | Change::Sweep { .. }
            | Change::Checked { .. }
            | Change::LetGo { .. }
            | Change::Lacking { .. }
    )
}
