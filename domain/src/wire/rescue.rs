use crate::receipt::Receipt;
use crate::register::PersonId;
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// `POST /rescues`: what became of what a phone could not deliver. Sent again, the same file
/// changes nothing more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescueTaken {
    /// Whose records these are.
    pub person: PersonId,
    /// What the phone called them.
    pub name: String,
    /// When the file was made, by the phone.
    pub made_ms: WallMs,
    /// Entries stored now, those included that somebody must look at.
    pub stored: u32,
    /// Of these, how many somebody must look at.
    pub quarantined: u32,
    /// Entries that were here before.
    pub known: u32,
    /// Blobs stored now.
    pub blobs: u32,
    /// Blobs that were here before.
    pub blobs_known: u32,
    /// Drafts and their photos inside: for people to read, not taken.
    pub drafts: u32,
    /// Files that were not taken, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RescueRefused>,
    /// What the phone could not read when it made the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<String>,
    /// The file was there to its end.
    pub whole: bool,
    /// Over every entry and blob of the file that is held now; absent if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// A file of a rescue that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescueRefused {
    /// Its name in the archive.
    pub file: String,
    /// Stable code.
    pub reason: String,
}
