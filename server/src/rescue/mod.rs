//! 导出未上传记录, the other end: a file from a phone that cannot deliver. What is in it takes the
//! same way as what a phone sends itself: the same checks, the same writer, the same receipts.

mod archive;
mod blobs;
mod entries;
mod taking;

pub(crate) use archive::Archive;
pub(crate) use taking::Taking;

/// Stable codes of what is not taken from a file.
mod code {
    /// Its bytes are not those that the archive names.
    pub(super) const DAMAGED: &str = "rescue_damaged";
    /// It is of somebody else than the file's person.
    pub(super) const AUTHOR_MISMATCH: &str = "author_mismatch";
    /// No entry of the file names this photo.
    pub(super) const NAMED_BY_NOTHING: &str = "rescue_named_by_nothing";
    /// It is longer than its kind may be.
    pub(super) const TOO_LARGE: &str = "too_large";
    /// No file of a rescue is called so.
    pub(super) const UNKNOWN_FILE: &str = "rescue_unknown_file";
    /// The bytes are of a type that its role may not have.
    pub(super) const WRONG_MEDIA: &str = "media_type_not_allowed";
}
