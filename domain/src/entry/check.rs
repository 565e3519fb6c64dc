use super::{Body, BodyError, Entry, Header, limits};
use crate::hash::{EntryHash, Sha256};
use crate::json::{self, JsonError};
use crate::record::Fields;

/// An entry whose header was read and whose hashes hold. The only ways in are [`Entry::check`]
/// and, for what was erased since, [`Entry::check_kept`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedEntry {
    header: Header,
    hash: EntryHash,
    raw: Entry,
}

/// Why something that came as an entry is not one. The only grounds on which a server refuses
/// (besides an unknown device or person).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEntry {
    /// The header does not read.
    #[error("the header does not read: {0}")]
    Header(JsonError),
    /// The header's form is newer than this program.
    #[error("header form {0} is not known here")]
    HeaderForm(u16),
    /// The body is not JSON.
    #[error("the body is not JSON: {0}")]
    Body(JsonError),
    /// The body is not the one that the header names.
    #[error("the body was changed: its hash is not the one in the header")]
    BodyHash,
    /// A part is over its limit.
    #[error("{what} is over the limit: {size} > {limit}")]
    TooLarge {
        /// header, body, blobs or blob
        what: &'static str,
        /// As it came.
        size: u64,
        /// What is allowed.
        limit: u64,
    },
    /// A blob of no bytes.
    #[error("a blob of 0 bytes is no evidence")]
    EmptyBlob,
    /// One blob is named twice.
    #[error("one blob is named twice")]
    RepeatedBlob,
    /// `seq` 0, `seq` 1 with a predecessor, or a later one without.
    #[error("seq {seq} and prev_hash contradict each other")]
    Chain {
        /// As it came.
        seq: u64,
    },
}

impl NotAnEntry {
    /// Stable code for screens and logs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Header(_) => "header_unreadable",
            Self::HeaderForm(_) => "header_form_unknown",
            Self::Body(_) => "body_unreadable",
            Self::BodyHash => "body_hash_mismatch",
            Self::TooLarge { .. } => "too_large",
            Self::EmptyBlob => "empty_blob",
            Self::RepeatedBlob => "repeated_blob",
            Self::Chain { .. } => "chain_contradiction",
        }
    }
}

impl Entry {
    /// Reads the header and checks every hash and limit. Whether the entry is *understood* is
    /// another question: see [`CheckedEntry::body`].
    pub fn check(self) -> Result<CheckedEntry, NotAnEntry> {
        within(
            "header",
            self.header.len() as u64,
            limits::HEADER_BYTES as u64,
        )?;
        within("body", self.body.len() as u64, limits::BODY_BYTES as u64)?;
        let header: Header = json::read(&self.header).map_err(NotAnEntry::Header)?;
        if header.v != 1 {
            return Err(NotAnEntry::HeaderForm(header.v));
        }
        if Sha256::of(self.body.as_bytes()) != header.body_sha256 {
            return Err(NotAnEntry::BodyHash);
        }
        json::check(&self.body).map_err(NotAnEntry::Body)?;
        if header.seq == 0 || (header.seq == 1) != header.prev_hash.is_none() {
            return Err(NotAnEntry::Chain { seq: header.seq });
        }
        check_blobs(&header)?;
        Ok(CheckedEntry {
            hash: self.hash(),
            header,
            raw: self,
        })
    }
}

impl Entry {
    /// Reads an entry that was received before: its body may have been erased since, and is then
    /// the empty text. Never for what somebody sends: an entry without its body is not one.
    pub fn check_kept(self) -> Result<CheckedEntry, NotAnEntry> {
        if !self.body.is_empty() {
            return self.check();
        }
        let header: Header = json::read(&self.header).map_err(NotAnEntry::Header)?;
        if header.v != 1 {
            return Err(NotAnEntry::HeaderForm(header.v));
        }
        Ok(CheckedEntry {
            hash: self.hash(),
            header,
            raw: self,
        })
    }
}

fn check_blobs(header: &Header) -> Result<(), NotAnEntry> {
    within("blobs", header.blobs.len() as u64, limits::BLOBS as u64)?;
    for (i, blob) in header.blobs.iter().enumerate() {
        within("blob", blob.size, limits::BLOB_BYTES)?;
        if blob.size == 0 {
            return Err(NotAnEntry::EmptyBlob);
        }
        if header.blobs[..i].iter().any(|b| b.sha256 == blob.sha256) {
            return Err(NotAnEntry::RepeatedBlob);
        }
    }
    Ok(())
}

fn within(what: &'static str, size: u64, limit: u64) -> Result<(), NotAnEntry> {
    if size > limit {
        Err(NotAnEntry::TooLarge { what, size, limit })
    } else {
        Ok(())
    }
}

impl CheckedEntry {
    /// The header as read.
    pub const fn header(&self) -> &Header {
        &self.header
    }
    /// SHA-256 of the header text.
    pub const fn hash(&self) -> EntryHash {
        self.hash
    }
    /// The exact texts.
    pub const fn raw(&self) -> &Entry {
        &self.raw
    }
    /// Gives the exact texts back.
    pub fn into_raw(self) -> Entry {
        self.raw
    }
    /// Whether its body was erased by law: the header, and with it chain and receipt, remain.
    /// No body that was ever received is the empty text.
    pub const fn is_erased(&self) -> bool {
        self.raw.body.is_empty()
    }
    /// What remains of it once its body is erased.
    #[must_use]
    pub fn erased(mut self) -> Self {
        self.raw.body.clear();
        self
    }
    /// Reads the body and the fields of its kind. An error means quarantine, not refusal.
    pub fn body(&self) -> Result<(Body, Fields), BodyError> {
        if self.is_erased() {
            return Err(BodyError::Erased);
        }
        let body = Body::read(&self.raw.body)?;
        let fields = body.fields(&self.header.kind, self.header.schema)?;
        Ok((body, fields))
    }
}
