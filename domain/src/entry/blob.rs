use crate::hash::Sha256;
use crate::words::open_words;
use serde::{Deserialize, Serialize};

open_words! {
    /// What a blob is for its entry.
    BlobRole {
        /// The original bytes as the camera or gallery gave them.
        Photo = "photo",
        /// A small copy for lists.
        Thumb = "thumb",
        /// A copy with time, place, person and post burned in.
        Marked = "marked",
        /// A spoken note.
        Voice = "voice",
        /// The fixes of a patrol segment; purgeable alone.
        Track = "track",
    }
}

open_words! {
    /// How the bytes came to the phone: evidence weighs a gallery picture differently.
    CapturedVia {
        /// The app's own camera view.
        InApp = "in_app",
        /// The system camera, opened by a file field with `capture`.
        Camera = "camera",
        /// Chosen from the gallery or the file system.
        Gallery = "gallery",
        /// Imported from a rescue file or another device.
        Import = "import",
        /// Made by the app from another blob (`of`).
        Derived = "derived",
    }
}

/// One blob that an entry brings along, by the hash of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobRef {
    /// SHA-256 of the bytes, taken at the shutter before any processing.
    pub sha256: Sha256,
    /// Bytes; never 0.
    pub size: u64,
    /// Media type by the magic bytes.
    pub mime: String,
    /// What it is for.
    pub role: BlobRole,
    /// The original that this is a copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Sha256>,
    /// How the bytes came to the phone.
    pub captured_via: CapturedVia,
}
