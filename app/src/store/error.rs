use domain::hash::Sha256;

/// Why the phone's store did not do what was asked. Nothing was written, unless said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room is left on the device. What was saved before is safe; free some space and save
    /// again.
    #[error("the device has no room left")]
    Full,
    /// Another tab holds an older version of the store open. Close it and try again.
    #[error("another tab holds the store open; close it")]
    Blocked,
    /// The store was written by a newer version of the app. Reload to update; nothing is lost.
    #[error("the store belongs to a newer version of the app; reload")]
    Newer,
    /// The connection broke and opening the store again did not help.
    #[error("the connection to the store was lost: {0}")]
    Lost(String),
    /// The browser has no usable store (private window, storage switched off).
    #[error("the browser offers no store: {0}")]
    Unavailable(String),
    /// A row does not read.
    #[error("the row {key:?} of {table} does not read: {why}")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// The row.
        key: String,
        /// What the reader said.
        why: String,
    },
    /// The photo is not wholly stored here: it must be taken or chosen again.
    #[error("the photo {0} is not stored")]
    PhotoMissing(Sha256),
    /// What was read back is not what was written. The photo does not count as saved.
    #[error("the photo read back differs from the one written")]
    PhotoDamaged,
    /// Chunks of a photo came in a wrong size or order.
    #[error("chunk {0} of the photo has a wrong size")]
    BadChunk(u32),
    /// Another tab saved at the same moment, again and again.
    #[error("another tab keeps saving; try again")]
    Contended,
    /// A patrol is under way already; it goes on.
    #[error("a patrol is under way already")]
    UnderWay,
    /// The entry cannot be written as text, or would be over the limits of every server.
    #[error("the entry cannot be written: {0}")]
    BadEntry(String),
    /// Anything else that the browser said.
    #[error("the store failed: {0}")]
    Failed(String),
}

impl StoreError {
    /// Stable code for screens and logs; the words live in the locale files under it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full => "store_full",
            Self::Blocked => "store_blocked",
            Self::Newer => "store_newer",
            Self::Lost(_) => "store_lost",
            Self::Unavailable(_) => "store_unavailable",
            Self::Unreadable { .. } => "store_unreadable",
            Self::PhotoMissing(_) => "photo_missing_here",
            Self::PhotoDamaged => "photo_damaged",
            Self::BadChunk(_) => "photo_bad_chunk",
            Self::Contended => "store_contended",
            Self::UnderWay => "patrol_under_way",
            Self::BadEntry(_) => "bad_entry",
            Self::Failed(_) => "store_failed",
        }
    }
}
