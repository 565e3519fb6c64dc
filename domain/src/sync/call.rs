use super::BlobKey;
use crate::feed::Block;
use crate::hash::EntryHash;
use crate::ids::{EntryId, UploadId};
use crate::wire::{
    AnnounceAnswer, BlobHeld, BlockRows, Digest, Fault, Hello, PullAnswer, PushAnswer, VerifyAnswer,
};

/// A request that the runner makes. It fills in texts and bytes from the phone's store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// `GET /sync/hello`
    Hello,
    /// `POST /sync/announce`, with the log heads from the store and what it has seen of the
    /// server.
    Announce(AnnounceCounts),
    /// `POST /sync/push` of these entries.
    Push(Vec<EntryId>),
    /// The same, each entry signed by the device key: somebody else is signed in.
    PushSigned(Vec<EntryId>),
    /// `POST /blobs` with the first `len` bytes.
    BeginUpload {
        /// Which blob.
        key: BlobKey,
        /// Bytes of the whole.
        size: u64,
        /// Bytes in this request; `size` if it is all.
        len: u64,
    },
    /// `HEAD /blobs/{id}`
    AskOffset {
        /// Which blob.
        key: BlobKey,
        /// Its upload.
        upload: UploadId,
    },
    /// `PATCH /blobs/{id}`
    SendChunk {
        /// Which blob.
        key: BlobKey,
        /// Its upload.
        upload: UploadId,
        /// First byte.
        offset: u64,
        /// Bytes in this request.
        len: u64,
        /// Whether it ends the blob.
        last: bool,
    },
    /// `GET /sync/pull`
    Pull {
        /// Where the last one ended.
        cursor: Option<String>,
    },
    /// `GET /sync/digest`
    Digest,
    /// `GET /sync/digest/{shard}/{no}`
    PullBlock(Block),
    /// `POST /sync/verify`
    Verify {
        /// Entries by hash.
        entries: Vec<EntryHash>,
        /// Blobs by the entry that brought them.
        blobs: Vec<BlobKey>,
    },
}

/// The engine's part of an [`Announce`](crate::wire::Announce).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnnounceCounts {
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
    /// Entries in the tray.
    pub parked: u32,
}

/// A successful answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// To [`Call::Hello`].
    Hello(Hello),
    /// To [`Call::Announce`].
    Announced(AnnounceAnswer),
    /// To [`Call::Push`].
    Pushed(PushAnswer),
    /// The upload is open and holds this much.
    Offset {
        /// The upload.
        upload: UploadId,
        /// Bytes held.
        offset: u64,
    },
    /// The blob is complete, verified and durable.
    BlobHeld(BlobHeld),
    /// To [`Call::Pull`].
    Pulled(PullAnswer),
    /// To [`Call::Digest`].
    Digested(Digest),
    /// To [`Call::PullBlock`].
    Block(BlockRows),
    /// To [`Call::Verify`].
    Verified(VerifyAnswer),
}

/// Why a call brought no answer of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No network, no server, or cut off on the way: nobody knows what arrived.
    Unreachable,
    /// Something answered that is not our server: a captive portal, a proxy's error page.
    NotOurs,
    /// The session is over. Saving goes on; signing in again resumes.
    SignedOut,
    /// The server said no.
    Fault {
        /// HTTP status.
        status: u16,
        /// What it said.
        fault: Fault,
    },
    /// 409: the upload holds another amount than was thought.
    WrongOffset(u64),
    /// 404 or 410: the upload is gone.
    UploadGone,
    /// The phone's own store does not hold what was to be sent.
    MissingHere(Option<EntryId>),
    /// The request was given up on the engine's own word.
    Aborted,
}
