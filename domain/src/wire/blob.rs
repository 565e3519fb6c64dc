use crate::hash::Sha256;
use crate::receipt::Receipt;
use serde::{Deserialize, Serialize};

/// The answer to the chunk that completes a blob: verified, synced, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobHeld {
    /// Its hash.
    pub sha256: Sha256,
    /// A receipt whose statement names the blob.
    pub receipt: Receipt,
}

/// Header names of the resumable upload (IETF draft-ietf-httpbis-resumable-upload) and our two
/// additions.
pub mod upload_header {
    /// `?1` when the body ends the upload.
    pub const COMPLETE: &str = "upload-complete";
    /// First byte of the body, or how much the server holds.
    pub const OFFSET: &str = "upload-offset";
    /// Bytes of the whole.
    pub const LENGTH: &str = "upload-length";
    /// `sha-256=:base64:` of this body.
    pub const CONTENT_DIGEST: &str = "content-digest";
    /// `sha-256=:base64:` of the whole.
    pub const REPR_DIGEST: &str = "repr-digest";
    /// The entry that brings the blob along.
    pub const ENTRY: &str = "xunhe-entry";
    /// The method that a firewall would not let through.
    pub const METHOD_OVERRIDE: &str = "x-http-method-override";
    /// Media type of a PATCH.
    pub const PARTIAL: &str = "application/partial-upload";
}
