//! The server's own log: what it records itself stands in the same chain, feed and fold as what
//! people record.

use crate::receipts::Receipts;
use crate::store::OwnEntry;
use crate::{clock, random};
use domain::entry::{Body, Clock, SERVER, Unsealed};
use domain::hash::Sha256;
use domain::ids::{BadId, BootId, DeviceId, EntryId, LogId, RecordId, ServerId};
use domain::record::Fields;
use domain::register::{DivisionId, ReachId};
use domain::time::MonoMs;
use std::time::Instant;
use uuid::Uuid;

/// A pen that writes in the server's name.
#[derive(Debug, Clone)]
pub struct OwnLog {
    log: LogId,
    device: DeviceId,
    boot: BootId,
    begun: Instant,
}

/// Why something could not be written in the server's name.
#[derive(Debug, thiserror::Error)]
pub enum OwnLogError {
    /// Its fields.
    #[error("an entry of the server cannot be written: {0}")]
    Fields(#[from] serde_json::Error),
    /// Its author.
    #[error(transparent)]
    Author(#[from] BadId),
}

/// What the server records, and of which record.
#[derive(Debug, Clone)]
pub struct Note {
    /// The record that it joins.
    pub record: RecordId,
    /// Where that belongs.
    pub division: Option<DivisionId>,
    /// Where that belongs.
    pub reach: Option<ReachId>,
    /// What.
    pub fields: Fields,
}

impl OwnLog {
    /// The log of an epoch. Its id comes from the key that signs receipts and so lies in every
    /// backup with it; nobody else can guess it and write into the log first. A restored server
    /// begins a new log: it cannot know how far the old one had come.
    pub fn of(receipts: &Receipts, server: ServerId, epoch: u64) -> Self {
        let secret = receipts.derived_secret(&format!("own log {epoch}"));
        let mut log = [0; 16];
        log.copy_from_slice(&Sha256::of(&secret).bytes()[..16]);
        Self {
            log: LogId::new(log),
            device: DeviceId::new(server.raw()),
            boot: BootId::new(random::bytes()),
            begun: Instant::now(),
        }
    }

    /// An entry, complete but for its place in the log, which the store gives it.
    pub fn write(&self, note: Note) -> Result<OwnEntry, OwnLogError> {
        let passed = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let body = Body {
            salt: hex::encode(random::bytes::<16>()),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            clock: Clock {
                wall_ms: clock::now(),
                mono_ms: MonoMs(passed),
                boot_id: self.boot,
                server: None,
                gps_ms: None,
            },
            reach: note.reach,
            division: note.division,
            place: None,
            participants: Vec::new(),
            basis: None,
            patrol: None,
            captures: Vec::new(),
            fields: note.fields.write()?,
        };
        Ok(OwnEntry {
            log: self.log,
            device: self.device,
            entry: Unsealed {
                entry_id: EntryId::new(draw_id()),
                record_id: note.record,
                author: SERVER.parse()?,
                acting_post: None,
                on_behalf_of: None,
                kind: note.fields.kind(),
                blobs: Vec::new(),
                body,
            },
        })
    }
}

/// A `UUIDv7`, as devices draw them.
fn draw_id() -> Uuid {
    let ms = u64::try_from(clock::now().0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &random::bytes::<10>()).into_uuid()
}
