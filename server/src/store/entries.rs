use super::{HeldBlobRow, StoreError};
use domain::case::Case;
use domain::entry::{BlobRef, CheckedEntry, Entry, Kind, LogHead, Unsealed};
use domain::hash::Sha256;
use domain::ids::{DeviceId, LogId};
use domain::receipt::{HeldBlob, HeldEntry};
use domain::register::{DivisionId, OutfallId, PersonId, ReachId, UnitId};
use domain::time::WallMs;
use domain::wire::EntryStatus;

/// What one commit takes: everything that waited for it.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// What the server writes itself.
    pub own: Vec<OwnEntry>,
    /// Entries whose sender is their author, oldest first per push.
    pub arrivals: Vec<Arrival>,
    /// What was refused before it came here.
    pub refusals: Vec<Refusal>,
    /// Blobs whose bytes are verified and durable.
    pub blobs: Vec<HeldBlobRow>,
    /// The server's clock.
    pub now: WallMs,
}

/// An entry of the server's own log. It is sealed to the end of that log by the store, inside the
/// transaction: two that are written at once never take one place.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnEntry {
    /// The log.
    pub log: LogId,
    /// The server as an installation.
    pub device: DeviceId,
    /// Complete but for its place.
    pub entry: Unsealed,
}

impl OwnEntry {
    /// Seals it to the end of its log.
    pub(crate) fn seal(&self, head: &LogHead) -> Result<(Arrival, LogHead), StoreError> {
        let damaged = |why| StoreError::damaged("own entry", why);
        let (entry, head) = self.entry.seal(head).map_err(|e| damaged(e.to_string()))?;
        let entry = entry.check().map_err(|e| damaged(e.to_string()))?;
        let device = self.device;
        Ok((Arrival { entry, device }, head))
    }
}

/// An entry and the installation that sent it.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Read and its hashes checked.
    pub entry: CheckedEntry,
    /// The installation of the session.
    pub device: DeviceId,
}

/// Something that came as an entry and was not taken. Kept with its bytes.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// As it came.
    pub entry: Entry,
    /// Its place in its log, if the header could be read.
    pub place: Option<(LogId, u64)>,
    /// Stable code.
    pub reason: String,
    /// Whose session sent it.
    pub sender: PersonId,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ingested {
    /// One per own entry, in order.
    pub own: Vec<Held>,
    /// One per arrival, in order.
    pub entries: Vec<Held>,
}

/// What became of one arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Status as answered.
    pub status: EntryStatus,
    /// Why it was quarantined or refused.
    pub reason: Option<String>,
    /// What a receipt may say; absent if refused.
    pub held: Option<HeldEntry>,
    /// Blobs that its author has delivered before.
    pub blobs: Vec<HeldBlob>,
    /// Blobs still to come.
    pub missing: Vec<Sha256>,
    /// An earlier entry of its log is missing.
    pub waiting: bool,
    /// Another entry has its place in the log: the alarm of a restored phone.
    pub forked: bool,
}

impl Held {
    /// A refusal.
    pub fn refused(reason: &str) -> Self {
        Self {
            status: EntryStatus::Refused,
            reason: Some(reason.to_owned()),
            held: None,
            blobs: Vec::new(),
            missing: Vec::new(),
            waiting: false,
            forked: false,
        }
    }

    /// The blobs of `named` that are not among `self.blobs`.
    pub(crate) fn without_held(mut self, named: &[BlobRef]) -> Self {
        let held = |b: &&BlobRef| self.blobs.iter().all(|h| h.sha256 != b.sha256);
        self.missing = named.iter().filter(held).map(|b| b.sha256).collect();
        self
    }
}

/// Where a record belongs, as the store knows it at the moment of judging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPlace {
    /// Who began it.
    pub author: PersonId,
    /// For whom.
    pub on_behalf_of: Option<PersonId>,
    /// What it is.
    pub kind: Kind,
    /// Its own division.
    pub division: Option<DivisionId>,
    /// The divisions it touches, ascending.
    pub divisions: Vec<DivisionId>,
    /// Its reach.
    pub reach: Option<ReachId>,
    /// The units it was ever handed to, ascending.
    pub units: Vec<UnitId>,
    /// Who works on it by name.
    pub assignee: Option<PersonId>,
    /// The outfall that it names.
    pub outfall: Option<OutfallId>,
}

impl RecordPlace {
    /// With what its case says of who has it.
    pub(crate) fn with(mut self, case: &Case) -> Self {
        self.assignee = case.lead().and_then(|d| d.assignee.clone());
        self.units = case.units.keys().cloned().collect();
        self
    }
}

/// What the rules say of an entry. Made by pure code; the store only applies it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Why somebody must look, if so.
    pub quarantine: Option<String>,
    /// The entry says itself where it belongs, by reach or division.
    pub placed: bool,
    /// Its own division.
    pub division: Option<DivisionId>,
    /// The divisions it touches, ascending.
    pub divisions: Vec<DivisionId>,
    /// Its reach, if that is registered.
    pub reach: Option<ReachId>,
    /// The shards whose feed carries it; never empty, ascending.
    pub shards: Vec<DivisionId>,
}

/// The rules, as the store calls them inside its transaction.
pub trait Judge: Send + Sync {
    /// Judges an entry; `record` is the record it joins, if that is known.
    fn judge(&self, entry: &CheckedEntry, record: Option<&RecordPlace>, now: WallMs) -> Verdict;

    /// Whether the author of a step or ruling may make it, as the record stands when it counts.
    fn permits(&self, entry: &CheckedEntry, record: &RecordPlace, now: WallMs) -> bool;
}

/// Codes that the store itself gives.
pub mod reason {
    /// Same id, other bytes: both are kept, and somebody must look.
    pub const ID_REUSED: &str = "id_reused";
    /// The engine rejected the row.
    pub const NOT_STORED: &str = "not_stored";
    /// The log is bound to another person or installation.
    pub const LOG_OF_ANOTHER: &str = "log_of_another";
}
