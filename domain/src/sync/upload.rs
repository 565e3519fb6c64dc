//! Photos: in chunks, resumable, always behind texts.

use super::engine::Pending;
use super::outbox::{BlobItem, Stage};
use super::{Answer, BlobKey, Call, Change, Engine, Failure, Instruction, ParkReason};
use crate::time::MonoMs;
use crate::wire::{BlobHeld, Fault};

/// Two at once hide the round trip of a good link; on a bad one they share it.
const UNDER_WAY: usize = 2;
/// A blob that the server turns down this often goes to the tray.
const TURNED_DOWN: u32 = 3;

/// How large a chunk may be: two seconds of measured throughput.
#[derive(Debug, Clone)]
pub(super) struct Pace {
    chunk: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { chunk: 128 * 1024 }
    }
}

impl Pace {
    const SMALLEST: u64 = 32 * 1024;

    /// Learns from a request of `bytes` that took so long. Small ones measure the round trip,
    /// not the link.
    pub(super) fn took(&mut self, bytes: u64, elapsed_ms: u64, result: &Result<Answer, Failure>) {
        if bytes < Self::SMALLEST {
            return;
        }
        let two_seconds = bytes.saturating_mul(2_000) / elapsed_ms.max(1);
        match result {
            Ok(_) => self.chunk = self.chunk.midpoint(two_seconds) / 4096 * 4096,
            // Cut off on the way: the link carries less than this, however much less.
            Err(Failure::Unreachable) if elapsed_ms > 2_000 => {
                self.chunk = (self.chunk / 2).min(two_seconds) / 4096 * 4096;
            }
            // Given up for a text and not through by then: else somebody who saves every few
            // seconds would begin the same chunk for ever.
            Err(Failure::Aborted) if elapsed_ms > 2_000 => {
                self.chunk = self.chunk.min(two_seconds) / 4096 * 4096;
            }
            Err(_) => {}
        }
    }

    fn chunk(&self, most: u64) -> u64 {
        self.chunk.clamp(Self::SMALLEST.min(most), most)
    }
}

impl Engine {
    pub(super) fn upload(&mut self, now: MonoMs) {
        if self.outbox.text_first(now) {
            return;
        }
        let under_way = |e: &Self| {
            e.pending
                .values()
                .filter(|p| matches!(p, Pending::Upload { .. }))
                .count()
        };
        let mut first = None;
        while under_way(self) < UNDER_WAY {
            let chunk = self.pace.chunk(self.link.limits.chunk_bytes);
            let chunk = first.map_or(chunk, |len| uneven(len).min(chunk));
            let Some((key, call, len)) = self.outbox.next_blob(now).map(|b| next_call(b, chunk))
            else {
                return;
            };
            first = Some(len);
            if let Some(item) = self.outbox.blob_mut(&key) {
                item.stage = Stage::Sending;
            }
            self.call(
                Pending::Upload {
                    key,
                    len,
                    begun: now,
                    aborted: false,
                },
                call,
            );
        }
    }

    /// A new text goes first: what of the chunk arrived is asked for later.
    pub(super) fn give_up_chunks(&mut self) {
        for (ticket, pending) in &mut self.pending {
            if let Pending::Upload { aborted, .. } = pending
                && !*aborted
            {
                *aborted = true;
                self.out.push(Instruction::Abort { ticket: *ticket });
            }
        }
    }

    pub(super) fn uploaded(
        &mut self,
        now: MonoMs,
        key: BlobKey,
        aborted: bool,
        result: Result<Answer, Failure>,
    ) {
        let Some(item) = self.outbox.blob_mut(&key) else {
            return;
        };
        match result {
            Ok(Answer::Offset { upload, offset }) => {
                item.stage = Stage::Waiting;
                item.offset = Some(offset.min(item.blob.size));
                item.retry.reset();
                if item.blob.upload.replace(upload) != Some(upload) {
                    self.record(vec![Change::Upload {
                        key,
                        upload: Some(upload),
                    }]);
                }
            }
            Ok(Answer::BlobHeld(held)) => self.blob_held(now, key, held),
            Err(Failure::WrongOffset(offset)) => {
                item.stage = Stage::Waiting;
                item.offset = Some(offset.min(item.blob.size));
            }
            Err(Failure::UploadGone) => {
                item.blob.upload = None;
                self.outbox.blob_failed(&key, now, &mut self.dice, None);
                self.record(vec![Change::Upload { key, upload: None }]);
            }
            Err(Failure::MissingHere(_)) => {
                item.stage = Stage::Recording;
                let reason = ParkReason::MissingHere;
                self.record(vec![Change::BlobParked { key, reason }]);
            }
            // The server does not know the entry that it signed a receipt for: it was restored from
            // a copy. Its next hello tells a new epoch, and everything is offered again.
            Err(Failure::Fault { status: 404, .. }) => {
                self.outbox.blob_failed(&key, now, &mut self.dice, None);
                self.link.greet_again();
            }
            Err(Failure::Fault { status, fault }) => {
                let for_good = (400..500).contains(&status)
                    && !matches!(status, 408 | 425 | 429)
                    && !Fault::is_damage(&fault.code);
                if for_good && item.retry.attempts() + 1 >= TURNED_DOWN {
                    item.stage = Stage::Recording;
                    let reason = ParkReason::Refused(fault.code);
                    self.record(vec![Change::BlobParked { key, reason }]);
                } else {
                    // Sent anew from the start: what is staged may be what is wrong.
                    item.blob.upload = item.blob.upload.filter(|_| !for_good);
                    self.outbox
                        .blob_failed(&key, now, &mut self.dice, fault.retry_after_s);
                }
            }
            // The way failed, or a text went first: nobody knows how much arrived, so ask.
            Err(
                Failure::Aborted | Failure::Unreachable | Failure::NotOurs | Failure::SignedOut,
            ) => {
                debug_assert!(aborted || item.stage == Stage::Sending);
                item.stage = Stage::Waiting;
                item.offset = None;
            }
            Ok(_) => self.outbox.blob_failed(&key, now, &mut self.dice, None),
        }
    }

    fn blob_held(&mut self, now: MonoMs, key: BlobKey, held: BlobHeld) {
        let statement = self.statement(&held.receipt);
        let named = |b: &BlobItem| {
            let blobs = &statement.as_ref()?.blobs;
            let found = blobs.iter().find(|h| h.sha256 == key.sha256);
            Some(found.filter(|h| h.size == b.blob.size)?.received_ms)
        };
        match self.outbox.blob_mut(&key).map(|b| (named(b), b)) {
            Some((Some(received_ms), item)) => {
                item.stage = Stage::Recording;
                self.record(vec![Change::BlobHeld {
                    key,
                    receipt: held.receipt,
                    received_ms,
                }]);
            }
            _ => self.outbox.blob_failed(&key, now, &mut self.dice, None),
        }
    }
}

/// What goes beside a request of `len` bytes that is begun in the same moment. As many bytes would
/// end with it, and while both wait for their answers the link would lie idle, each time anew.
fn uneven(len: u64) -> u64 {
    let half = len / 2;
    if half < Pace::SMALLEST {
        u64::MAX
    } else {
        half
    }
}

fn next_call(item: &BlobItem, chunk: u64) -> (BlobKey, Call, u64) {
    let (key, size) = (item.blob.key, item.blob.size);
    let (call, len) = match (item.blob.upload, item.offset) {
        (None, _) => {
            let len = size.min(chunk);
            (Call::BeginUpload { key, size, len }, len)
        }
        (Some(upload), None) => (Call::AskOffset { key, upload }, 0),
        (Some(upload), Some(offset)) => {
            let len = chunk.min(size - offset);
            let last = offset + len == size;
            (
                Call::SendChunk {
                    key,
                    upload,
                    offset,
                    len,
                    last,
                },
                len,
            )
        }
    };
    (key, call, len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_says_of_the_link_is_believed() {
        let after = |chunk, elapsed_ms, failure| {
            let mut pace = Pace { chunk };
            pace.took(chunk, elapsed_ms, &Err(failure));
            pace.chunk
        };
        let cut = |chunk, elapsed_ms| after(chunk, elapsed_ms, Failure::Unreachable);
        assert_eq!(cut(131_072, 2_000), 131_072, "cut early says nothing");
        assert_eq!(cut(131_072, 2_001), 65_536);
        assert_eq!(cut(131_072, 16_000), 16_384);
        assert_eq!(cut(140_000, 2_001), 69_632, "whole blocks");
        let given_up = |elapsed_ms| after(131_072, elapsed_ms, Failure::Aborted);
        assert_eq!((given_up(2_000), given_up(4_000)), (131_072, 65_536));
    }
}
