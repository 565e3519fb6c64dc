use crate::blobs::{Vault, VaultError};
use crate::store::{StoredBlob, StoredRecord};
use bytes::Bytes;
use domain::entry::BlobRole;
use domain::hash::Sha256;
use domain::register::PersonId;
use rust_xlsxwriter::Image;
use std::collections::HashMap;

/// A small copy of a phone has 320 pixels and 10 to 40 KB. What is larger is none, whatever its
/// entry calls it.
const PICTURE_BYTES: u64 = 256 * 1024;

/// What Excel draws: `WebP` and HEIC are not among it.
const DRAWN: [&str; 2] = ["image/jpeg", "image/png"];

/// The pictures of one state of a record: one of them is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pictures {
    /// How many there are.
    count: usize,
    /// The small copy to show, the first that is held.
    shown: Option<Shown>,
    /// What is said if none can be shown.
    instead: String,
}

/// A small copy that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    sha256: Sha256,
    size: u64,
}

impl Pictures {
    /// The pictures of these originals by one person, or why there are none. Only small copies
    /// are shown: an original is never opened here, for it would have to be decoded. What others
    /// call a copy of it counts for nothing.
    pub(super) fn of(
        record: &StoredRecord,
        author: &PersonId,
        originals: &[Sha256],
        none: Option<&str>,
    ) -> Self {
        let own = || record.entries.iter().filter(|e| e.author == *author);
        let blobs = || own().flat_map(|e| &e.blobs);
        let copies = |of: Sha256| {
            blobs().filter(move |b| b.blob.role == BlobRole::Thumb && b.blob.of == Some(of))
        };
        let held = |b: &StoredBlob| b.held_ms.is_some();
        let drawn = |b: &&StoredBlob| {
            let media = b.media_type.as_deref().unwrap_or_default();
            held(b) && DRAWN.contains(&media) && b.blob.size <= PICTURE_BYTES
        };
        let mut each = originals.iter();
        let shown = each.find_map(|original| copies(*original).find(drawn));
        let arrived = |original: &Sha256| {
            let mut itself = blobs().filter(|b| b.blob.sha256 == *original);
            itself.any(held) || copies(*original).any(held)
        };
        let instead = match (originals, none) {
            ([], Some(why)) => format!("无：{why}"),
            ([], None) => String::new(),
            (some, _) if some.iter().any(arrived) => "见平台".to_owned(),
            _ => "照片未到".to_owned(),
        };
        Self {
            count: originals.len(),
            shown: shown.map(|b| Shown {
                sha256: b.blob.sha256,
                size: b.blob.size,
            }),
            instead,
        }
    }

    /// The copy that should be shown.
    pub(super) const fn shown(&self) -> Option<Shown> {
        self.shown
    }

    /// What the cell says below a picture that is drawn: how many there are, if more than one.
    pub(super) fn below(&self) -> String {
        match self.count {
            0 | 1 => String::new(),
            count => format!("共{count}张"),
        }
    }

    /// What the cell says without a picture.
    pub(super) fn instead(&self, album: &Album) -> String {
        let words = match self.shown {
            Some(_) if !album.open => return format!("{}张", self.count),
            Some(shown) if album.has(shown) => "见平台",
            Some(_) => "未附",
            None => &self.instead,
        };
        match self.count {
            0 | 1 => words.to_owned(),
            count => format!("{words}（共{count}张）"),
        }
    }
}

/// The bytes of pictures, read before a workbook is written.
#[derive(Debug, Default)]
pub struct Album {
    open: bool,
    held: HashMap<Sha256, Bytes>,
    left_out: usize,
}

impl Album {
    /// No pictures: cells only say how many there are.
    pub fn closed() -> Self {
        Self::default()
    }

    /// Reads what should be shown, in this order, as long as there is room; in bytes.
    pub(super) async fn fill(vault: &Vault, wanted: Vec<Shown>, mut room: u64) -> Self {
        let mut album = Self {
            open: true,
            ..Self::default()
        };
        for Shown { sha256, size } in wanted {
            if album.held.contains_key(&sha256) {
                continue;
            }
            let Some(rest) = room.checked_sub(size) else {
                album.left_out += 1;
                continue;
            };
            match vault.whole(sha256, PICTURE_BYTES).await {
                Ok(bytes) => {
                    room = rest;
                    album.held.insert(sha256, bytes.unwrap_or_default());
                }
                // One picture must not cost an office its ledger.
                Err(error) => album.unreadable(sha256, &error),
            }
        }
        album
    }

    fn unreadable(&mut self, sha256: Sha256, error: &VaultError) {
        tracing::error!(%sha256, %error, "a picture is missing in a ledger: its bytes cannot be read");
        self.held.insert(sha256, Bytes::new());
    }

    /// The picture, if it was read and can be drawn.
    pub(super) fn picture(&self, shown: Shown) -> Option<Image> {
        let bytes = self.held.get(&shown.sha256)?;
        Image::new_from_buffer(bytes).ok()
    }

    /// How many pictures found no room.
    pub(super) const fn left_out(&self) -> usize {
        self.left_out
    }

    /// Whether there was room for it, whatever its bytes are.
    fn has(&self, shown: Shown) -> bool {
        self.held.contains_key(&shown.sha256)
    }
}
