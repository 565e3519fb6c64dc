use super::archive::{Archive, End};
use super::{blobs, code, entries};
use crate::app::Shared;
use crate::http::Failure;
use domain::entry::{Entry, limits};
use domain::hash::Sha256;
use domain::ids::{DeviceId, EntryId};
use domain::receipt::{HeldBlob, HeldEntry};
use domain::rescue::{Head, Manifest, Name};
use domain::wire::{RescueRefused, RescueTaken};
use std::collections::{BTreeMap, BTreeSet};

/// The largest text of an entry in a rescue: JSON may escape every character.
const ENTRY_BYTES: usize = 6 * (limits::HEADER_BYTES + limits::BODY_BYTES);
/// Entries of one commit.
const TOGETHER: usize = 100;
/// The largest list of what is damaged.
const LIST_BYTES: u32 = 1024 * 1024;
/// Files that are named one by one when they are not taken.
const NAMED: usize = 1_000;

/// A rescue file on its way into the store.
pub(crate) struct Taking<'a> {
    pub(super) app: &'a Shared,
    pub(super) device: DeviceId,
    pub(super) taken: RescueTaken,
    /// Entries that wait for the next commit, with the names of their files.
    pub(super) waiting: Vec<(String, Entry)>,
    /// Which entry of the file brings a blob.
    pub(super) named: BTreeMap<Sha256, EntryId>,
    pub(super) entries: Vec<HeldEntry>,
    pub(super) blobs: BTreeMap<Sha256, HeldBlob>,
    seen: BTreeSet<String>,
}

impl<'a> Taking<'a> {
    pub(crate) fn new(app: &'a Shared, manifest: Manifest, device: DeviceId) -> Self {
        let taken = RescueTaken {
            person: manifest.person,
            name: manifest.name,
            made_ms: manifest.made_ms,
            stored: 0,
            quarantined: 0,
            known: 0,
            blobs: 0,
            blobs_known: 0,
            drafts: 0,
            refused: Vec::new(),
            damaged: Vec::new(),
            whole: false,
            receipt: None,
        };
        Self {
            app,
            device,
            taken,
            waiting: Vec::new(),
            named: BTreeMap::new(),
            entries: Vec::new(),
            blobs: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Reads to the end, or to where the file is cut off.
    pub(crate) async fn all(mut self, mut archive: Archive) -> Result<RescueTaken, Failure> {
        let end = loop {
            let head = match archive.next().await {
                Ok(head) => head,
                Err(end) => break end,
            };
            match self.file(&mut archive, head).await? {
                Ok(()) => {}
                Err(end) => break end,
            }
        };
        entries::commit(&mut self).await?;
        self.taken.whole = end == End::Whole;
        if !self.entries.is_empty() || !self.blobs.is_empty() {
            let blobs = self.blobs.into_values().collect();
            self.taken.receipt = Some(self.app.receipts.issue(self.entries, blobs)?);
        }
        Ok(self.taken)
    }

    /// One file. The outer failure is the server's, the inner end the archive's.
    async fn file(
        &mut self,
        archive: &mut Archive,
        head: Head,
    ) -> Result<Result<(), End>, Failure> {
        if !self.seen.insert(head.name.clone()) {
            return Ok(Ok(()));
        }
        let size = usize::try_from(head.size).unwrap_or(usize::MAX);
        match Name::read(&head.name) {
            Some(Name::Entry(_)) if size > ENTRY_BYTES => self.refuse(head.name, code::TOO_LARGE),
            Some(Name::Entry(_)) => {
                let bytes = match archive.whole(&head).await {
                    Ok(bytes) => bytes,
                    Err(end) => return Ok(Err(end)),
                };
                self.entry(head.name, bytes);
                if self.waiting.len() >= TOGETHER {
                    entries::commit(self).await?;
                }
            }
            Some(Name::Blob(sha256)) => {
                entries::commit(self).await?;
                return blobs::take(self, archive, &head, sha256).await;
            }
            Some(Name::Draft(_)) => self.taken.drafts += 1,
            Some(Name::Damaged) if head.size <= LIST_BYTES => match archive.whole(&head).await {
                Ok(bytes) => {
                    let list = bytes.and_then(|b| serde_json::from_slice(&b).ok());
                    self.taken.damaged = list.unwrap_or_default();
                }
                Err(end) => return Ok(Err(end)),
            },
            Some(Name::Manifest | Name::Damaged) | None => {
                self.refuse(head.name, code::UNKNOWN_FILE);
            }
        }
        Ok(Ok(()))
    }

    fn entry(&mut self, name: String, bytes: Option<Vec<u8>>) {
        let read = bytes.and_then(|b| serde_json::from_slice(&b).ok());
        match read {
            Some(entry) => self.waiting.push((name, entry)),
            None => self.refuse(name, code::DAMAGED),
        }
    }

    pub(super) fn refuse(&mut self, file: String, reason: &str) {
        tracing::warn!(file, reason, "a file of a rescue was not taken");
        if self.taken.refused.len() < NAMED {
            self.taken.refused.push(RescueRefused {
                file,
                reason: reason.to_owned(),
            });
        }
    }
}
