use domain::entry::LogHead;
use domain::ids::{DeviceId, LogId};
use domain::register::PersonId;
use domain::time::WallMs;
use domain::wire::{ClosedLog, Gap, PhoneSaid, Room};

/// What a phone says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Whose entries.
    pub person: PersonId,
    /// The installation.
    pub device: DeviceId,
    /// The ends of its logs.
    pub heads: Vec<LogHead>,
    /// Entries without a receipt.
    pub unsent: u32,
    /// Bytes of their texts.
    pub unsent_bytes: u64,
    /// Age of the oldest, milliseconds by the device.
    pub oldest_age_ms: u64,
    /// Blobs without one.
    pub blobs: u32,
    /// Their bytes.
    pub blob_bytes: u64,
    /// Entries in the 平台未收 tray.
    pub parked: u32,
    /// The app.
    pub app_version: String,
    /// Whether the browser promised not to evict the store.
    pub persisted: bool,
    /// How full the store is, if the phone said so.
    pub room: Option<Room>,
    /// The server's clock.
    pub now: WallMs,
}

/// A log, and what of it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLog {
    /// The log.
    pub log_id: LogId,
    /// Whose.
    pub person: PersonId,
    /// On which installation.
    pub device: DeviceId,
    /// Its last place, as announced or as the newest entry says.
    pub seq: u64,
    /// Places neither held nor refused.
    pub missing: u64,
    /// Blobs that the phone said it still has to send and that did not come since.
    pub blobs: u32,
    /// When the phone was last heard, if ever.
    pub heard_ms: Option<WallMs>,
    /// Two entries have one place.
    pub forked: bool,
    /// That somebody closed it, last.
    pub closed: Option<ClosedLog>,
    /// What else the phone said when it was last heard.
    pub said: Option<PhoneSaid>,
}

impl OpenLog {
    /// Whether something is waited for, or contested.
    pub fn is_open(&self) -> bool {
        self.missing > 0 || self.forked || self.waits_for_blobs()
    }

    /// Whether blobs are still waited for: not if the log was closed after the phone was heard.
    pub fn waits_for_blobs(&self) -> bool {
        let since = |closed: &ClosedLog| self.heard_ms > Some(closed.at_ms);
        self.blobs > 0 && self.closed.as_ref().is_none_or(since)
    }
}

/// The runs of a log up to its announced end that are not among `known`, which is ascending.
pub(crate) fn missing(head: &LogHead, known: &[u64]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut next = 1;
    let gap = |from, to| Gap {
        log_id: head.log_id,
        from,
        to,
    };
    for seq in known.iter().copied().take_while(|seq| *seq <= head.seq) {
        if seq > next {
            gaps.push(gap(next, seq - 1));
        }
        next = seq + 1;
    }
    if next <= head.seq {
        gaps.push(gap(next, head.seq));
    }
    gaps
}
