//! Texts: batches of entries, two under way at once, always before photos.

use super::engine::Pending;
use super::outbox::Stage;
use super::{Answer, BlobKey, Call, Change, Engine, Failure, ParkReason, SessionState};
use crate::ids::EntryId;
use crate::receipt::{Receipt, Statement};
use crate::time::MonoMs;
use crate::wire::{EntryStatus, Fault, PushAnswer, PushResult};

const UNDER_WAY: usize = 2;
/// What JSON quoting may add to the texts, and the frame of one entry.
const FRAME_BYTES: usize = 64;
/// A push cut off after this long was too large for its link, rather than without one.
pub(super) const SLOW_MS: u64 = 10_000;

impl Engine {
    /// What a receipt states, if this server signed it.
    pub(super) fn statement(&self, receipt: &Receipt) -> Option<Statement> {
        let statement = receipt.verify(&self.link.keys).ok()?;
        let server = self.server.map(|(server_id, _)| server_id);
        (server == Some(statement.server_id)).then_some(statement)
    }

    pub(super) fn push(&mut self, now: MonoMs) {
        loop {
            let pushes = self
                .pending
                .values()
                .filter(|p| matches!(p, Pending::Push { .. }))
                .count();
            if pushes >= UNDER_WAY {
                return;
            }
            let batch = self.next_batch(now);
            if batch.is_empty() {
                return;
            }
            for id in &batch {
                if let Some(item) = self.outbox.entry_mut(*id) {
                    item.stage = Stage::Sending;
                }
            }
            self.give_up_chunks();
            let pending = Pending::Push {
                ids: batch.clone(),
                begun: now,
            };
            let call = match self.link.session {
                SessionState::Lent => Call::PushSigned(batch),
                _ => Call::Push(batch),
            };
            self.call(pending, call);
        }
    }

    fn next_batch(&self, now: MonoMs) -> Vec<EntryId> {
        let limits = &self.link.limits;
        // A quarter is left for the quoting of texts within JSON.
        let mut room = limits.push_bytes / 4 * 3;
        let mut batch = Vec::new();
        let ready =
            self.outbox.entries.iter().filter(|e| {
                e.stage == Stage::Waiting && e.entry.parked.is_none() && e.retry.due(now)
            });
        for item in ready.take(limits.push_entries.min(self.batch_cap).max(1)) {
            let weight = item.entry.bytes + FRAME_BYTES;
            if weight > room && !batch.is_empty() {
                break;
            }
            room = room.saturating_sub(weight);
            batch.push(item.entry.entry_id);
        }
        batch
    }

    pub(super) fn pushed(
        &mut self,
        now: MonoMs,
        ids: &[EntryId],
        took_ms: u64,
        result: Result<Answer, Failure>,
    ) {
        match result {
            Ok(Answer::Pushed(answer)) if answer.results.len() == ids.len() => {
                self.batch_cap = self.batch_cap.saturating_mul(2);
                self.pull_due = true;
                self.settle(now, ids, &answer);
            }
            Err(Failure::MissingHere(Some(id))) => {
                let reason = ParkReason::MissingHere;
                self.hold(id);
                self.record(vec![Change::EntryParked {
                    entry_id: id,
                    reason,
                }]);
                self.wait_again(ids, Some(id));
            }
            // A link on which so much does not come through in time may carry half of it.
            Err(Failure::Unreachable) if took_ms >= SLOW_MS => {
                self.batch_cap = (ids.len() / 2).max(1);
                self.wait_again(ids, None);
            }
            // The way to the server failed, not the entries: they may go as soon as it is back.
            Err(
                Failure::Unreachable | Failure::NotOurs | Failure::SignedOut | Failure::Aborted,
            ) => self.wait_again(ids, None),
            Err(Failure::Fault { status, fault }) => {
                self.turned_down(now, ids, status, fault.code, fault.retry_after_s);
            }
            // An answer that is none: the entries wait and go again.
            Ok(_) | Err(_) => self.push_failed(now, ids, None),
        }
    }

    /// A whole push was turned down: smaller ones find the entry that is to blame, so that one
    /// poison entry never blocks another.
    fn turned_down(
        &mut self,
        now: MonoMs,
        ids: &[EntryId],
        status: u16,
        code: String,
        asked_s: Option<u64>,
    ) {
        if Fault::is_damage(&code) {
            self.push_failed(now, ids, asked_s);
            return;
        }
        let for_good = (400..500).contains(&status) && !matches!(status, 408 | 425 | 429);
        if let ([id], true) = (ids, for_good) {
            self.hold(*id);
            let reason = ParkReason::Refused(code);
            self.record(vec![Change::EntryParked {
                entry_id: *id,
                reason,
            }]);
            return;
        }
        self.batch_cap = (ids.len() / 2).max(1);
        if for_good {
            self.wait_again(ids, None);
        } else {
            self.push_failed(now, ids, asked_s);
        }
    }

    fn settle(&mut self, now: MonoMs, ids: &[EntryId], answer: &PushAnswer) {
        let statement = answer.receipt.as_ref().and_then(|r| self.statement(r));
        let mut changes = Vec::new();
        for (id, result) in ids.iter().zip(&answer.results) {
            match self.verdict(*id, result, answer, statement.as_ref()) {
                Some(mut verdict) => {
                    self.hold(*id);
                    changes.append(&mut verdict);
                }
                // "Accepted" without a receipt that names it is not received.
                None => self.outbox.entry_failed(*id, now, &mut self.dice, None),
            }
        }
        self.record(changes);
    }

    /// What to record of one entry; `None` if the answer proves nothing.
    fn verdict(
        &mut self,
        id: EntryId,
        result: &PushResult,
        answer: &PushAnswer,
        statement: Option<&Statement>,
    ) -> Option<Vec<Change>> {
        let item = self.outbox.entry_mut(id)?;
        let ours = item.entry.hash == result.entry_hash;
        let code = || {
            result
                .reason
                .clone()
                .unwrap_or_else(|| "unexplained".to_owned())
        };
        if result.status == EntryStatus::Refused {
            if Fault::is_damage(&code()) {
                return None;
            }
            let reason = ParkReason::Refused(code());
            return ours.then(|| {
                vec![Change::EntryParked {
                    entry_id: id,
                    reason,
                }]
            });
        }
        let (receipt, statement) = (answer.receipt.as_ref()?, statement?);
        let held = statement
            .entries
            .iter()
            .find(|h| ours && h.hash == result.entry_hash)?;
        let quarantined = (result.status == EntryStatus::Quarantined).then(code);
        let mut changes = vec![Change::EntryHeld {
            entry_id: id,
            receipt: receipt.clone(),
            received_ms: held.received_ms,
            quarantined,
        }];
        let blobs = self.outbox.blobs.iter_mut().map(|(_, blob)| blob);
        for blob in blobs.filter(|b| b.blob.key.entry_id == id) {
            let key: BlobKey = blob.blob.key;
            let named = statement
                .blobs
                .iter()
                .find(|h| h.sha256 == key.sha256 && h.size == blob.blob.size);
            if let (Some(held), Stage::Waiting) = (named, blob.stage) {
                blob.stage = Stage::Recording;
                changes.push(Change::BlobHeld {
                    key,
                    receipt: receipt.clone(),
                    received_ms: held.received_ms,
                });
            }
        }
        Some(changes)
    }

    fn hold(&mut self, id: EntryId) {
        if let Some(item) = self.outbox.entry_mut(id) {
            item.stage = Stage::Recording;
        }
    }

    fn wait_again(&mut self, ids: &[EntryId], except: Option<EntryId>) {
        for id in ids.iter().filter(|id| Some(**id) != except) {
            if let Some(item) = self.outbox.entry_mut(*id) {
                item.stage = Stage::Waiting;
            }
        }
    }

    fn push_failed(&mut self, now: MonoMs, ids: &[EntryId], asked_s: Option<u64>) {
        for id in ids {
            self.outbox.entry_failed(*id, now, &mut self.dice, asked_s);
        }
    }
}
