//! News from the server, and the status that a person reads.

use super::engine::Pending;
use super::{Answer, Call, Change, Engine, Failure, Status, UploadProgress};
use crate::order::{Set, set_of};
use crate::time::MonoMs;

/// The server's code for a cursor that it did not make.
const BAD_CURSOR: &str = "cursor_unreadable";

impl Engine {
    pub(super) fn pull(&mut self, now: MonoMs) {
        let busy = self.pending.values().any(|p| match p {
            Pending::Pull { .. } | Pending::Push { .. } | Pending::Block(_) => true,
            Pending::Recording(changes) => changes
                .iter()
                .any(|c| matches!(c, Change::Pulled { .. } | Change::Repaired { .. })),
            _ => false,
        });
        if self.pull_due && !busy && self.pull_retry.due(now) {
            self.pull_due = false;
            let after = self.cursor.clone();
            let cursor = after
                .clone()
                .filter(|c| self.unreadable.as_ref() != Some(c));
            let anew = cursor.is_none();
            self.call(Pending::Pull { after, anew }, Call::Pull { cursor });
        }
    }

    pub(super) fn pulled(
        &mut self,
        now: MonoMs,
        after: Option<String>,
        anew: bool,
        result: Result<Answer, Failure>,
    ) {
        let Ok(Answer::Pulled(answer)) = result else {
            // Damaged on the way, or of a server that lost its key: it will never be read again,
            // so everything is asked for anew. The store still knows it as the last one.
            if matches!(&result, Err(Failure::Fault { fault, .. }) if fault.code == BAD_CURSOR) {
                self.unreadable = after;
            }
            self.pull_failed(now);
            return;
        };
        if !self.is_epoch(answer.epoch) {
            self.pull_due = true;
            return;
        }
        self.link.registers = answer.registers_version.or(self.link.registers);
        // Who asks without a cursor is told everything: what is not named is not in scope.
        let reset = answer.reset || anew;
        let mut changes = vec![Change::Pulled {
            after,
            rows: answer.rows,
            cursor: answer.cursor,
            reset,
        }];
        self.pull_due |= answer.more;
        if !answer.more && self.status().unsent == 0 {
            changes.extend(self.link.server_now(now).map(|at| Change::InOrder { at }));
        }
        self.record(changes);
    }

    /// The cursor moves only with the rows that it stands behind.
    pub(super) fn pull_recorded(&mut self, now: MonoMs, ok: bool, reset: bool, cursor: String) {
        if !ok {
            self.pull_failed(now);
            return;
        }
        self.cursor = Some(cursor);
        self.pulled_at = Some(now);
        self.pull_retry.reset();
        if reset {
            self.upkeep.began_anew();
        }
    }

    fn pull_failed(&mut self, now: MonoMs) {
        self.pull_due = true;
        self.pull_retry.fail(now, &mut self.dice, None);
    }

    /// What the phone may say about itself.
    pub fn status(&self) -> Status {
        let entries = &self.outbox.entries;
        let waiting = set_of(entries.iter().map(|e| e.entry.entry_id));
        let parked = entries.iter().filter(|e| e.entry.parked.is_some());
        let mut parked = set_of(parked.map(|e| e.entry.entry_id));
        let mut incomplete = Set::new();
        for blob in self.outbox.blobs.values() {
            let id = blob.blob.key.entry_id;
            if blob.blob.parked.is_some() {
                parked.insert(id, ());
            }
            if !waiting.contains_key(&id) {
                incomplete.insert(id, ());
            }
        }
        let uploads = self.pending.values().filter_map(|p| match p {
            Pending::Upload { key, .. } => self.outbox.blobs.values().find(|b| b.blob.key == *key),
            _ => None,
        });
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Status {
            unsent: count(entries.iter().filter(|e| e.entry.parked.is_none()).count()),
            incomplete: count(incomplete.len()),
            unsent_blobs: count(self.outbox.blobs.len()),
            unsent_bytes: self.outbox.blobs.values().map(|b| b.blob.size).sum(),
            parked: count(parked.len()),
            received: self.outbox.received,
            last_sync: self.last_sync,
            link: self.link.state,
            session: self.link.session,
            registers: self.link.registers,
            uploads: uploads
                .map(|b| UploadProgress {
                    key: b.blob.key,
                    sent: b.offset.unwrap_or(0),
                    size: b.blob.size,
                })
                .collect(),
            removal: self.upkeep.asks,
        }
    }
}
