//! News from the server, and the status that a person reads.

use super::engine::Pending;
use super::{Answer, Call, Change, Engine, Failure, Status, UploadProgress};
use crate::time::MonoMs;
use std::collections::BTreeSet;

/// The server's code for a cursor that it did not make.
const BAD_CURSOR: &str = "cursor_unreadable";

impl Engine {
    pub(super) fn pull(&mut self, now: MonoMs) {
        let busy = self.pending.values().any(|p| match p {
            Pending::Pull | Pending::Push(_) => true,
            Pending::Recording(changes) => {
                changes.iter().any(|c| matches!(c, Change::Pulled { .. }))
            }
            _ => false,
        });
        if self.pull_due && !busy && self.pull_retry.due(now) {
            self.pull_due = false;
            self.call(
                Pending::Pull,
                Call::Pull {
                    cursor: self.cursor.clone(),
                },
            );
        }
    }

    pub(super) fn pulled(&mut self, now: MonoMs, result: Result<Answer, Failure>) {
        let Ok(Answer::Pulled(answer)) = result else {
            // A cursor that was damaged on the way, or is of a server that lost its key, will
            // never be read again: everything is asked for anew.
            if matches!(&result, Err(Failure::Fault { fault, .. }) if fault.code == BAD_CURSOR) {
                self.cursor = None;
            }
            self.pull_due = true;
            self.pull_retry.fail(now, &mut self.dice, None);
            return;
        };
        self.link.registers = answer.registers_version.or(self.link.registers);
        let mut changes = vec![Change::Pulled {
            rows: answer.rows,
            cursor: answer.cursor,
            // Who asks without a cursor is told everything: what is not named is not in scope.
            reset: answer.reset || self.cursor.is_none(),
        }];
        self.pull_due |= answer.more;
        if !answer.more && self.status().unsent == 0 {
            changes.extend(self.link.server_now(now).map(|at| Change::InOrder { at }));
        }
        self.record(changes);
    }

    /// The cursor moves only with the rows that it stands behind.
    pub(super) fn pull_recorded(&mut self, now: MonoMs, ok: bool, cursor: String) {
        if ok {
            self.cursor = Some(cursor);
            self.pulled_at = Some(now);
            self.pull_retry.reset();
        } else {
            self.pull_due = true;
            self.pull_retry.fail(now, &mut self.dice, None);
        }
    }

    /// What the phone may say about itself.
    pub fn status(&self) -> Status {
        let entries = &self.outbox.entries;
        let waiting: BTreeSet<_> = entries.iter().map(|e| e.entry.entry_id).collect();
        let mut parked: BTreeSet<_> = entries
            .iter()
            .filter(|e| e.entry.parked.is_some())
            .map(|e| e.entry.entry_id)
            .collect();
        let mut incomplete = BTreeSet::new();
        for blob in self.outbox.blobs.values() {
            let id = blob.blob.key.entry_id;
            if blob.blob.parked.is_some() {
                parked.insert(id);
            }
            if !waiting.contains(&id) {
                incomplete.insert(id);
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
        }
    }
}
