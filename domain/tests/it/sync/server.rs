//! A server in a few lines: it holds what it acknowledges and signs what it holds.

use std::collections::{BTreeMap, BTreeSet};
use xunhe_domain::hash::Sha256;
use xunhe_domain::ids::{EntryId, ServerId, UploadId};
use xunhe_domain::receipt::{HeldBlob, HeldEntry, Receipt, ReceiptKey, Statement};
use xunhe_domain::sync::{Answer, BlobKey, Call, Failure};
use xunhe_domain::time::WallMs;
use xunhe_domain::wire::{
    AnnounceAnswer, BlobHeld, EntryStatus, Fault, Hello, Limits, PullAnswer, PushAnswer, PushResult,
};

pub(crate) struct Server {
    pub(crate) epoch: u64,
    pub(crate) entries: BTreeMap<EntryId, u32>,
    pub(crate) blobs: BTreeMap<Sha256, u64>,
    pub(crate) poison: BTreeSet<EntryId>,
    /// Every request, in the order in which it took effect.
    pub(crate) log: Vec<Call>,
    uploads: BTreeMap<UploadId, (BlobKey, u64, u64)>,
    key: ed25519_dalek::SigningKey,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self {
            epoch: 1,
            entries: BTreeMap::new(),
            blobs: BTreeMap::new(),
            poison: BTreeSet::new(),
            log: Vec::new(),
            uploads: BTreeMap::new(),
            key: ed25519_dalek::SigningKey::from_bytes(&[5; 32]),
        }
    }

    /// Restored from an empty copy.
    pub(crate) fn forget(&mut self) {
        self.epoch += 1;
        self.entries.clear();
        self.blobs.clear();
        self.uploads.clear();
    }

    pub(crate) fn answer(&mut self, call: &Call) -> Result<Answer, Failure> {
        self.log.push(call.clone());
        match call {
            Call::Hello => Ok(Answer::Hello(Hello {
                service: "xunhe".into(),
                server_id: ServerId::new([1; 16]),
                epoch: self.epoch,
                time_ms: WallMs(1_000_000),
                limits: Limits {
                    push_entries: 4,
                    ..Limits::default()
                },
                scope_version: 1,
                registers_version: 1,
                receipt_keys: vec![ReceiptKey::of(&self.key)],
                signed_in: true,
            })),
            Call::Announce(_) => Ok(Answer::Announced(AnnounceAnswer { gaps: vec![] })),
            Call::Push(ids) => self.push(ids),
            Call::BeginUpload { key, size, len } => {
                if self.blobs.contains_key(&key.sha256) {
                    return Ok(self.held(key.sha256, *size));
                }
                if !self.entries.contains_key(&key.entry_id) {
                    assert!(self.epoch > 1, "a photo came before its text");
                    return Err(Failure::Fault {
                        status: 404,
                        fault: Fault::new("not_found"),
                    });
                }
                let upload = UploadId::new(u128::to_be_bytes(self.log.len() as u128));
                self.uploads.insert(upload, (*key, *size, *len));
                Ok(self.progress(upload))
            }
            Call::AskOffset { upload, .. } => {
                let known = self.uploads.get(upload).ok_or(Failure::UploadGone)?;
                Ok(Answer::Offset {
                    upload: *upload,
                    offset: known.2,
                })
            }
            Call::SendChunk {
                upload,
                offset,
                len,
                ..
            } => {
                let known = self.uploads.get_mut(upload).ok_or(Failure::UploadGone)?;
                if known.2 != *offset {
                    return Err(Failure::WrongOffset(known.2));
                }
                known.2 += len;
                Ok(self.progress(*upload))
            }
            Call::Pull { .. } => Ok(Answer::Pulled(PullAnswer {
                rows: vec![],
                cursor: "c".into(),
                more: false,
                reset: false,
                registers_version: None,
            })),
        }
    }

    fn push(&mut self, ids: &[EntryId]) -> Result<Answer, Failure> {
        // The worst server: one bad entry, and the whole push is turned down.
        if ids.iter().any(|id| self.poison.contains(id)) {
            return Err(Failure::Fault {
                status: 422,
                fault: Fault::new("poison"),
            });
        }
        let mut results = Vec::new();
        for id in ids {
            let times = self.entries.entry(*id).or_default();
            *times += 1;
            results.push(PushResult {
                entry_hash: hash_of(*id),
                status: if *times == 1 {
                    EntryStatus::Accepted
                } else {
                    EntryStatus::Duplicate
                },
                reason: None,
                missing_blobs: vec![],
            });
        }
        let entries = ids.iter().map(|id| HeldEntry {
            hash: hash_of(*id),
            received_ms: WallMs(7),
            epoch: self.epoch,
        });
        let receipt = Some(self.sign(entries.collect(), vec![]));
        Ok(Answer::Pushed(PushAnswer { results, receipt }))
    }

    fn progress(&mut self, upload: UploadId) -> Answer {
        let (key, size, offset) = self.uploads[&upload];
        assert!(offset <= size, "more bytes than the blob has");
        assert!(
            self.entries.contains_key(&key.entry_id),
            "a photo came before its text"
        );
        if offset < size {
            return Answer::Offset { upload, offset };
        }
        self.blobs.insert(key.sha256, size);
        self.held(key.sha256, size)
    }

    fn held(&self, sha256: Sha256, size: u64) -> Answer {
        let blobs = vec![HeldBlob {
            sha256,
            size,
            received_ms: WallMs(8),
        }];
        Answer::BlobHeld(BlobHeld {
            sha256,
            receipt: self.sign(vec![], blobs),
        })
    }

    fn sign(&self, entries: Vec<HeldEntry>, blobs: Vec<HeldBlob>) -> Receipt {
        let key_id = ReceiptKey::of(&self.key).key_id;
        let statement = Statement {
            v: 1,
            key_id,
            server_id: ServerId::new([1; 16]),
            entries,
            blobs,
        };
        Receipt::sign(&statement, &self.key).unwrap()
    }
}

pub(crate) fn hash_of(id: EntryId) -> Sha256 {
    Sha256::of(id.raw().as_bytes())
}
