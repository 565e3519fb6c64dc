//! Making room: bytes of photos may leave the phone once the server has just proved to hold them
//! and has a newer backup. Texts stay: a year of them weighs less than four photos, and they are
//! what is offered again when a server turns out to have been restored.

use super::engine::Pending;
use super::{Answer, BlobKey, Call, Change, Engine, Failure, RemovalWhy};
use crate::hash::{EntryHash, Sha256};
use crate::receipt::Statement;
use crate::time::{MonoMs, WallMs};
use std::collections::BTreeSet;

/// How long the bytes of a received photo stay unless room is short, by the server's clock.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// A backup must be newer than a receipt by this much: clocks of one house differ.
const MARGIN_MS: i64 = 60 * 60 * 1_000;
/// How often the phone looks for what may go.
const EVERY_MS: u64 = 24 * 60 * 60 * 1_000;
/// The same while room is short.
const CROWDED_MS: u64 = 10 * 60 * 1_000;

/// Which photos may leave the phone. The device's clock has no say in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepRule {
    /// Received before this is old enough.
    pub aged_before: WallMs,
    /// Received before this is in a backup of the server.
    pub in_backup_before: WallMs,
    /// Room is short: age does not matter.
    pub crowded: bool,
}

impl KeepRule {
    /// Whether what was received then may go.
    pub fn lets_go(&self, received_ms: WallMs) -> bool {
        received_ms < self.in_backup_before && (self.crowded || received_ms < self.aged_before)
    }
}

/// A photo whose bytes could go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovablePhoto {
    /// Which.
    pub key: BlobKey,
    /// The hash of the entry that brought it: the server must hold that, too.
    pub entry: EntryHash,
    /// Bytes.
    pub size: u64,
}

/// What a store found removable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemovablePhotos {
    /// The first of them, at most [`RemovablePhotos::MOST`].
    pub photos: Vec<RemovablePhoto>,
    /// How many there are in all.
    pub in_all: u32,
}

impl RemovablePhotos {
    /// As many as one question to the server names.
    pub const MOST: usize = 200;

    fn are_all(&self) -> bool {
        usize::try_from(self.in_all).is_ok_and(|all| all <= self.photos.len())
    }
}

impl Engine {
    /// The rule in force, if it is time to look for what it lets go.
    pub(super) fn keep_rule(&self, now: MonoMs) -> Option<KeepRule> {
        let keep = &self.upkeep;
        let pause = if keep.crowded { CROWDED_MS } else { EVERY_MS };
        let early = keep.kept_at.is_some_and(|at| now.since(at) < pause);
        if early || keep.waits_for_word(RemovalWhy::Room) {
            return None;
        }
        let (server_now, backed_up) = (self.link.server_now(now)?, self.link.backed_up?);
        Some(KeepRule {
            aged_before: WallMs(server_now.0.saturating_sub(KEPT_MS)),
            in_backup_before: WallMs(backed_up.0.saturating_sub(MARGIN_MS)),
            crowded: keep.crowded,
        })
    }

    pub(super) fn removable(&mut self, now: MonoMs, found: RemovablePhotos) {
        if found.photos.is_empty() {
            self.upkeep.kept(now);
        } else if self.upkeep.may_go(RemovalWhy::Room, found.in_all) {
            let entries: BTreeSet<EntryHash> = found.photos.iter().map(|p| p.entry).collect();
            let call = Call::Verify {
                entries: entries.into_iter().collect(),
                blobs: found.photos.iter().map(|p| p.key).collect(),
            };
            self.call(Pending::Verify(found), call);
        }
    }

    pub(super) fn verified(
        &mut self,
        now: MonoMs,
        found: &RemovablePhotos,
        result: Result<Answer, Failure>,
    ) {
        let statement = match result {
            Ok(Answer::Verified(answer)) => self.statement(&answer.receipt),
            _ => None,
        };
        let (Some(statement), Some(rule)) = (statement, self.keep_rule(now)) else {
            self.upkeep_failed(now);
            return;
        };
        let held = Held::of(&statement);
        let photos = found.photos.iter().copied();
        let (gone, lacking): (Vec<RemovablePhoto>, Vec<_>) = photos.partition(|p| held.whole(p));
        let mut changes = Vec::new();
        if !lacking.is_empty() {
            let texts = lacking.iter().filter(|p| !held.texts.contains(&p.entry));
            let texts: BTreeSet<_> = texts.map(|p| p.key.entry_id).collect();
            let photos = lacking.iter().filter(|p| !held.photos(p));
            changes.push(Change::Lacking {
                texts: texts.into_iter().collect(),
                photos: photos.map(|p| p.key).collect(),
            });
        }
        if found.are_all() || gone.is_empty() {
            self.upkeep.kept(now);
        }
        if !gone.is_empty() {
            let photos = gone.iter().map(|p| p.key).collect();
            changes.push(Change::LetGo { photos, rule });
        }
        self.record(changes);
    }
}

/// What a statement names.
struct Held {
    texts: BTreeSet<EntryHash>,
    blobs: BTreeSet<(Sha256, u64)>,
}

impl Held {
    fn of(statement: &Statement) -> Self {
        Self {
            texts: statement.entries.iter().map(|e| e.hash).collect(),
            blobs: statement.blobs.iter().map(|b| (b.sha256, b.size)).collect(),
        }
    }

    fn photos(&self, photo: &RemovablePhoto) -> bool {
        self.blobs.contains(&(photo.key.sha256, photo.size))
    }

    fn whole(&self, photo: &RemovablePhoto) -> bool {
        self.texts.contains(&photo.entry) && self.photos(photo)
    }
}

impl super::upkeep::Upkeep {
    pub(super) fn crowded(&mut self) {
        self.crowded = true;
    }

    /// Nothing more goes for now.
    fn kept(&mut self, now: MonoMs) {
        self.kept_at = Some(now);
        self.crowded = false;
        self.allowed.remove(&RemovalWhy::Room);
        self.retry.reset();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_and_backup_decide_and_room_only_shortens_the_age() {
        let rule = |crowded| KeepRule {
            aged_before: WallMs(100),
            in_backup_before: WallMs(200),
            crowded,
        };
        for (received, ample, crowded) in
            [(99, true, true), (100, false, true), (200, false, false)]
        {
            assert_eq!(rule(false).lets_go(WallMs(received)), ample, "{received}");
            assert_eq!(rule(true).lets_go(WallMs(received)), crowded, "{received}");
        }
    }
}
