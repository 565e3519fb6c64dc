//! The queue in memory: what waits, what is under way, what must be tried again when.

use super::retry::Dice;
use super::{BlobKey, Change, Queue, QueuedBlob, QueuedEntry, Retry};
use crate::entry::BlobRole;
use crate::ids::EntryId;
use crate::time::MonoMs;
use litemap::LiteMap;

/// Where an item is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Waiting,
    Sending,
    /// The server holds it; the phone has not yet recorded that.
    Recording,
}

#[derive(Debug, Clone)]
pub(super) struct EntryItem {
    pub(super) entry: QueuedEntry,
    pub(super) stage: Stage,
    pub(super) retry: Retry,
}

#[derive(Debug, Clone)]
pub(super) struct BlobItem {
    pub(super) blob: QueuedBlob,
    pub(super) stage: Stage,
    pub(super) retry: Retry,
    /// How much the server holds, once asked.
    pub(super) offset: Option<u64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Outbox {
    pub(super) entries: Vec<EntryItem>,
    pub(super) blobs: LiteMap<(u8, u64), BlobItem>,
    places: LiteMap<BlobKey, (u8, u64)>,
    arrivals: u64,
    pub(super) received: u32,
}

/// Thumbnails show a supervisor something at once; marked copies can be made again from the
/// originals and go last.
const fn rank(role: &BlobRole) -> u8 {
    match role {
        BlobRole::Thumb => 0,
        BlobRole::Photo | BlobRole::Voice | BlobRole::Track => 1,
        BlobRole::Marked | BlobRole::Other(_) => 2,
    }
}

impl Outbox {
    /// Takes what the store holds. What is under way stays under way.
    pub(super) fn load(&mut self, queue: Queue) {
        let before = std::mem::take(self);
        self.received = queue.received;
        for entry in queue.entries {
            self.add_entry(entry);
        }
        for blob in queue.blobs {
            self.add_blob(blob);
        }
        for old in before.entries {
            if let Some(item) = self.entry_mut(old.entry.entry_id) {
                (item.stage, item.retry) = (old.stage, old.retry);
            }
        }
        for (_, old) in before.blobs {
            if let Some(item) = self.blob_mut(&old.blob.key) {
                (item.stage, item.retry, item.offset) = (old.stage, old.retry, old.offset);
            }
        }
    }

    pub(super) fn add_entry(&mut self, entry: QueuedEntry) {
        if self
            .entries
            .iter()
            .all(|e| e.entry.entry_id != entry.entry_id)
        {
            let item = EntryItem {
                entry,
                stage: Stage::Waiting,
                retry: Retry::default(),
            };
            self.entries.push(item);
        }
    }

    pub(super) fn add_blob(&mut self, blob: QueuedBlob) {
        if self.places.contains_key(&blob.key) {
            return;
        }
        self.arrivals += 1;
        let place = (rank(&blob.role), self.arrivals);
        self.places.insert(blob.key, place);
        let item = BlobItem {
            blob,
            stage: Stage::Waiting,
            retry: Retry::default(),
            offset: None,
        };
        self.blobs.insert(place, item);
    }

    pub(super) fn entry_mut(&mut self, id: EntryId) -> Option<&mut EntryItem> {
        self.entries.iter_mut().find(|e| e.entry.entry_id == id)
    }

    pub(super) fn blob_mut(&mut self, key: &BlobKey) -> Option<&mut BlobItem> {
        self.places
            .get(key)
            .and_then(|place| self.blobs.get_mut(place))
    }

    /// The next blob to work on: its entry's text is held, it is not parked, and it may be tried.
    pub(super) fn next_blob(&self, now: MonoMs) -> Option<&BlobItem> {
        self.blobs.values().find(|b| {
            b.stage == Stage::Waiting
                && b.blob.parked.is_none()
                && b.retry.due(now)
                && !self.holds_entry(b.blob.key.entry_id)
        })
    }

    /// Whether a text could be sent now or is on its way: then photos wait.
    pub(super) fn text_first(&self, now: MonoMs) -> bool {
        self.entries.iter().any(|e| {
            e.entry.parked.is_none()
                && e.stage != Stage::Recording
                && (e.stage == Stage::Sending || e.retry.due(now))
        })
    }

    fn holds_entry(&self, id: EntryId) -> bool {
        self.entries.iter().any(|e| e.entry.entry_id == id)
    }

    /// Takes what the phone's store has recorded.
    pub(super) fn recorded(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::EntryHeld { entry_id, .. } => {
                    let before = self.entries.len();
                    self.entries.retain(|e| e.entry.entry_id != *entry_id);
                    // Else another tab recorded it, and the store was read since.
                    if self.entries.len() < before {
                        self.count_if_complete(*entry_id);
                    }
                }
                Change::EntryParked { entry_id, reason } => {
                    if let Some(item) = self.entry_mut(*entry_id) {
                        item.stage = Stage::Waiting;
                        item.entry.parked = Some(reason.clone());
                    }
                }
                Change::BlobHeld { key, .. } => {
                    if let Some(place) = self.places.remove(key) {
                        self.blobs.remove(&place);
                        self.count_if_complete(key.entry_id);
                    }
                }
                Change::BlobParked { key, reason } => {
                    if let Some(item) = self.blob_mut(key) {
                        item.stage = Stage::Waiting;
                        item.blob.parked = Some(reason.clone());
                    }
                }
                Change::Unparked { entry_id } => self.unpark(*entry_id),
                _ => {}
            }
        }
    }

    /// The person wants it offered again, at once and with everything it brings along.
    fn unpark(&mut self, id: EntryId) {
        if let Some(item) = self.entry_mut(id) {
            item.entry.parked = None;
            item.retry.reset();
        }
        for (_, item) in self.blobs.iter_mut() {
            if item.blob.key.entry_id == id {
                item.blob.parked = None;
                item.retry.reset();
            }
        }
    }

    fn count_if_complete(&mut self, id: EntryId) {
        let open = self.holds_entry(id) || self.blobs.values().any(|b| b.blob.key.entry_id == id);
        self.received += u32::from(!open);
    }

    /// The store could not record it: it will be sent again, which is harmless.
    pub(super) fn not_recorded(&mut self, changes: &[Change], now: MonoMs, dice: &mut Dice) {
        for change in changes {
            match change {
                Change::EntryHeld { entry_id, .. } | Change::EntryParked { entry_id, .. } => {
                    self.entry_failed(*entry_id, now, dice, None);
                }
                Change::BlobHeld { key, .. } | Change::BlobParked { key, .. } => {
                    self.blob_failed(key, now, dice, None);
                }
                _ => {}
            }
        }
    }

    pub(super) fn entry_failed(
        &mut self,
        id: EntryId,
        now: MonoMs,
        dice: &mut Dice,
        asked_s: Option<u64>,
    ) {
        if let Some(item) = self.entry_mut(id) {
            item.stage = Stage::Waiting;
            item.retry.fail(now, dice, asked_s);
        }
    }

    pub(super) fn blob_failed(
        &mut self,
        key: &BlobKey,
        now: MonoMs,
        dice: &mut Dice,
        asked_s: Option<u64>,
    ) {
        if let Some(item) = self.blob_mut(key) {
            item.stage = Stage::Waiting;
            item.offset = None;
            item.retry.fail(now, dice, asked_s);
        }
    }

    /// Everything may be tried at once: a person asked or the network came back.
    pub(super) fn forgive(&mut self) {
        self.entries.iter_mut().for_each(|e| e.retry.reset());
        self.blobs.iter_mut().for_each(|(_, b)| b.retry.reset());
    }

    /// The next instant after `now` at which a waiting item may be tried. What may be tried already
    /// waits for something else, as photos do for their texts.
    pub(super) fn next_try(&self, now: MonoMs) -> Option<MonoMs> {
        let entries = self
            .entries
            .iter()
            .filter(|e| e.stage == Stage::Waiting && e.entry.parked.is_none())
            .map(|e| e.retry.not_before());
        let blobs = self
            .blobs
            .values()
            .filter(|b| b.stage == Stage::Waiting && b.blob.parked.is_none())
            .map(|b| b.retry.not_before());
        entries.chain(blobs).filter(|at| *at > now).min()
    }
}
