use super::{BlobRef, Kind};
use crate::hash::{EntryHash, Sha256};
use crate::ids::{EntryId, LogId, RecordId};
use crate::register::{PersonId, PostId};
use crate::words::open_words;
use serde::{Deserialize, Serialize};

/// Ids and hashes only: what remains when a body must be erased. **\[wire\]**
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Form of the header itself; 1.
    pub v: u16,
    /// This entry; `UUIDv7` made on the device, the key of idempotency.
    pub entry_id: EntryId,
    /// The record it belongs to; the first entry of a record names itself.
    pub record_id: RecordId,
    /// The person's store on one installation.
    pub log_id: LogId,
    /// Place in that log, from 1, without gaps.
    pub seq: u64,
    /// Hash of the entry before it in the log; `None` for the first.
    pub prev_hash: Option<EntryHash>,
    /// Who made it.
    pub author: PersonId,
    /// The post acted under; one person may hold several.
    pub acting_post: Option<PostId>,
    /// For whom, where not for oneself (代巡, 代录).
    pub on_behalf_of: Option<OnBehalfOf>,
    /// What it is.
    pub kind: Kind,
    /// Version of the kind's body fields; only grows.
    pub schema: u16,
    /// Hash of the exact body text.
    pub body_sha256: Sha256,
    /// What it brings along; derived copies name their original.
    pub blobs: Vec<BlobRef>,
}

/// The author of what the server writes itself, into its own log. Nobody can push under it.
pub const SERVER: &str = "server";

impl Header {
    /// Whether the server wrote it.
    pub fn is_servers(&self) -> bool {
        self.author.as_str() == SERVER
    }
}

/// The person an entry was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBehalfOf {
    /// The person.
    pub person: PersonId,
    /// In which manner.
    pub manner: BehalfManner,
}

open_words! {
    /// In which manner an entry is made for another person.
    BehalfManner {
        /// 代巡: a delegate with own login walked the reach.
        Delegated = "delegated",
        /// 代录: typed in from paper or a telephone call; never a GPS patrol.
        Recorded = "recorded",
    }
}
