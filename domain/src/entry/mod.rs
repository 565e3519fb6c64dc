//! The entry: everything recorded is one, and none is ever edited.
//!
//! An entry is two exact texts. The [`Header`] holds ids and hashes only, the [`Body`] what was
//! recorded. Both travel as JSON strings and are stored as the bytes they are;
//! `entry_hash = SHA-256(header)`, and the header names the body's hash, so erasing a body under
//! the privacy law breaks neither chain nor receipt. Frozen by `domain/tests/wire/` **\[wire\]**.

mod blob;
mod body;
mod check;
mod clock;
mod device_key;
mod header;
mod kind;
pub mod limits;
mod place;
mod seal;

pub use blob::{BlobRef, BlobRole, CapturedVia};
pub use body::{Body, BodyError, Capture, Participant, RawFields};
pub use check::{CheckedEntry, NotAnEntry};
pub use clock::{Clock, ServerTime};
pub use device_key::{BadDeviceKey, DeviceKey};
pub use header::{BehalfManner, Header, OnBehalfOf, SERVER};
pub use kind::Kind;
pub use place::{Fix, FixSource, NoFix, Place};
pub use seal::{LogHead, Unsealed};

use crate::hash::{EntryHash, Sha256};
use serde::{Deserialize, Serialize};

/// An entry as it travels and is stored: two exact texts and an optional signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The exact header text.
    pub header: String,
    /// The exact body text; empty after a purge.
    pub body: String,
    /// P-256 signature of the header by the device key, base64, outside the hash. Required when
    /// the session that sends the entry is not its author's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sig: Option<String>,
}

impl Entry {
    /// The hash that chain, receipts and feed carry.
    pub fn hash(&self) -> EntryHash {
        Sha256::of(self.header.as_bytes())
    }

    /// Bytes of both texts: what limits count.
    pub const fn bytes(&self) -> usize {
        self.header.len() + self.body.len()
    }
}
