//! Announcing: sent first and small, so that even a phone that is lost a minute later is missed.

use super::engine::Pending;
use super::{AnnounceCounts, Answer, Call, Change, Engine, Failure};
use crate::time::{MonoMs, WallMs};
use crate::wire::Gap;

impl Engine {
    pub(super) fn announce(&mut self, now: MonoMs, wall: WallMs) {
        let under_way = self
            .pending
            .values()
            .any(|p| matches!(p, Pending::Announce { .. }));
        if self.announce_due && !under_way && self.announce_retry.due(now) {
            self.announce_due = false;
            let counts = self.counts(wall);
            // What lies in the tray was refused: the server has an explanation for its place, so
            // it must not stand for something that was lost.
            let open = self
                .outbox
                .entries
                .iter()
                .filter(|e| e.entry.parked.is_none());
            let open = open.count() as u64;
            self.call(Pending::Announce { open }, Call::Announce(counts));
        }
    }

    pub(super) fn announced(&mut self, now: MonoMs, open: u64, result: Result<Answer, Failure>) {
        let Ok(Answer::Announced(answer)) = result else {
            // A server that does not want to hear it keeps nothing else back, but for one that
            // has no time just now: it has none for anything else either.
            let turned_down = |status: u16| status != 503;
            self.link.announced |=
                matches!(result, Err(Failure::Fault { status, .. }) if turned_down(status));
            self.announce_due = true;
            self.announce_retry.fail(now, &mut self.dice, None);
            return;
        };
        self.announce_retry.reset();
        self.link.announced = true;
        // More is missing there than is unsent here: something with a receipt was lost.
        let missing = |gap: &Gap| gap.to.saturating_sub(gap.from).saturating_add(1);
        let missing = answer.gaps.iter().map(missing);
        if self.is_epoch(answer.epoch) && missing.fold(0, u64::saturating_add) > open {
            self.record(vec![Change::Gaps(answer.gaps)]);
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
}
