use super::{BlobRef, Body, Entry, Header, Kind, OnBehalfOf};
use crate::hash::{EntryHash, Sha256};
use crate::ids::{EntryId, LogId, RecordId};
use crate::register::{PersonId, PostId};
use serde::{Deserialize, Serialize};

/// The end of a log: what the next entry is chained to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHead {
    /// The log.
    pub log_id: LogId,
    /// Its last `seq`; 0 while it is empty.
    pub seq: u64,
    /// The hash of its last entry.
    pub hash: Option<EntryHash>,
}

impl LogHead {
    /// A log without entries.
    pub const fn empty(log_id: LogId) -> Self {
        Self {
            log_id,
            seq: 0,
            hash: None,
        }
    }
}

/// An entry that is complete but for its place in the log. Sealing is repeated cheaply when the
/// log's head moved before the transaction could be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsealed {
    /// The entry's id.
    pub entry_id: EntryId,
    /// The record; the entry's own for a first entry.
    pub record_id: RecordId,
    /// Who.
    pub author: PersonId,
    /// In which post.
    pub acting_post: Option<PostId>,
    /// For whom.
    pub on_behalf_of: Option<OnBehalfOf>,
    /// What.
    pub kind: Kind,
    /// Blobs it brings along.
    pub blobs: Vec<BlobRef>,
    /// What was recorded.
    pub body: Body,
}

impl Unsealed {
    /// Chains the entry to `head` and fixes both texts.
    ///
    /// # Errors
    /// Only if a number in the body cannot be written as JSON (not finite).
    pub fn seal(&self, head: &LogHead) -> Result<(Entry, LogHead), serde_json::Error> {
        let body = serde_json::to_string(&self.body)?;
        let header = Header {
            v: 1,
            entry_id: self.entry_id,
            record_id: self.record_id,
            log_id: head.log_id,
            seq: head.seq + 1,
            prev_hash: head.hash,
            author: self.author.clone(),
            acting_post: self.acting_post.clone(),
            on_behalf_of: self.on_behalf_of.clone(),
            kind: self.kind.clone(),
            schema: self.kind.schema(),
            body_sha256: Sha256::of(body.as_bytes()),
            blobs: self.blobs.clone(),
        };
        let entry = Entry {
            header: serde_json::to_string(&header)?,
            body,
            sig: None,
        };
        let hash = Some(entry.hash());
        Ok((
            entry,
            LogHead {
                log_id: head.log_id,
                seq: header.seq,
                hash,
            },
        ))
    }
}
