use domain::hash::Sha256;
use domain::ids::{EntryId, UploadId};
use domain::register::PersonId;
use domain::time::WallMs;

/// A blob as the header of an entry names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBlob {
    /// Bytes.
    pub size: u64,
    /// Its role's word.
    pub role: String,
    /// When its author had delivered it, if so.
    pub held_ms: Option<WallMs>,
}

/// A resumable upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Chosen by the server.
    pub upload_id: UploadId,
    /// Whose.
    pub person: PersonId,
    /// The entry that names the blob.
    pub entry_id: EntryId,
    /// The blob.
    pub sha256: Sha256,
    /// Bytes of the whole.
    pub size: u64,
    /// Bytes held.
    pub held: u64,
    /// Last use.
    pub touched_ms: WallMs,
}

/// One durable staging object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// First byte.
    pub at: u64,
    /// Bytes.
    pub size: u64,
    /// Key of the object.
    pub object: String,
}

/// What became of a chunk. A refusal is a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// Counted; so much is held now.
    Held(u64),
    /// Another chunk was first; so much is held.
    WrongOffset(u64),
    /// There is no such upload.
    Gone,
}

/// A blob whose bytes are verified and durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBlobRow {
    /// The blob.
    pub sha256: Sha256,
    /// Who delivered it.
    pub person: PersonId,
    /// Bytes.
    pub size: u64,
    /// By its magic bytes.
    pub media_type: String,
    /// How many erasures there had been before the bytes were put ([`Store::erasures`]): were the
    /// same bytes erased since, they are not held.
    ///
    /// [`Store::erasures`]: super::Store::erasures
    pub erasures: u64,
    /// The upload that brought it, forgotten in the same transaction.
    pub upload: Option<UploadId>,
}
