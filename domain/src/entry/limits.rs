//! What an entry may weigh. Beyond these it is refused; the phone checks them before saving.

/// Header text, bytes.
pub const HEADER_BYTES: usize = 24 * 1024;
/// Body text, bytes.
pub const BODY_BYTES: usize = 128 * 1024;
/// Blobs that one entry may carry.
pub const BLOBS: usize = 60;
/// One blob, bytes. A 50-megapixel phone photo stays below; a video does not.
pub const BLOB_BYTES: u64 = 50 * 1024 * 1024;
/// Entries in one push.
pub const PUSH_ENTRIES: usize = 200;
/// One push after decompression, bytes.
pub const PUSH_BYTES: usize = 512 * 1024;
