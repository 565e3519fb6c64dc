use crate::hash::Sha256;
use crate::ids::{DeviceId, DraftId};
use crate::register::PersonId;
use crate::time::WallMs;
use serde::{Deserialize, Serialize};

/// What [`Manifest::format`] says.
pub const FORMAT: &str = "xunhe-rescue";

/// The first file: whose records these are, and what was to go in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// 1.
    pub v: u16,
    /// Whose store it was.
    pub person: PersonId,
    /// What the person is called.
    pub name: String,
    /// Of which installation.
    pub device_id: Option<DeviceId>,
    /// Which app made it.
    pub app_version: String,
    /// When, by the device.
    pub made_ms: WallMs,
    /// Entries inside.
    pub entries: u32,
    /// Blobs that were to go in; what could not be read is named at the end.
    pub blobs: u32,
    /// Drafts inside.
    pub drafts: u32,
}

/// What a file of the rescue is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Name {
    /// The manifest.
    Manifest,
    /// At the end: a JSON list of what could not be read, in words.
    Damaged,
    /// The how-manieth entry, from 1.
    Entry(u32),
    /// A blob, by the hash that its bytes must have.
    Blob(Sha256),
    /// A draft: for people to read; no server takes it.
    Draft(DraftId),
}

impl Name {
    /// The file's name.
    pub fn text(self) -> String {
        match self {
            Self::Manifest => "xunhe-rescue.json".to_owned(),
            Self::Damaged => "damaged.json".to_owned(),
            Self::Entry(n) => format!("entries/{n:06}.json"),
            Self::Blob(sha256) => format!("blobs/{sha256}"),
            Self::Draft(id) => format!("drafts/{id}.json"),
        }
    }

    /// Reads a file's name; `None` for one that is not ours.
    pub fn read(text: &str) -> Option<Self> {
        for whole in [Self::Manifest, Self::Damaged] {
            if text == whole.text() {
                return Some(whole);
            }
        }
        let (folder, name) = text.split_once('/')?;
        let stem = || name.strip_suffix(".json");
        match folder {
            "entries" => Some(Self::Entry(stem()?.parse().ok()?)),
            "blobs" => Some(Self::Blob(name.parse().ok()?)),
            "drafts" => Some(Self::Draft(stem()?.parse().ok()?)),
            _ => None,
        }
    }
}
