//! One request of the engine, filled with texts and bytes from the phone's store.

use crate::api::{self, Abort, Line, Part};
use crate::device::{clock, key, storage};
use crate::store::{LocalStore, StoreError};
use domain::sync::{AnnounceCounts, Answer, BlobKey, Call, Failure};
use domain::wire::{Announce, Fault, Verify};

pub(super) async fn make(
    store: &LocalStore,
    call: Call,
    abort: Option<&Abort>,
) -> Result<Answer, Failure> {
    let line = Line {
        person: store.person(),
        abort,
    };
    match call {
        Call::Hello => {
            let hello = api::hello(line).await?;
            clock::heard(hello.time_ms);
            Ok(Answer::Hello(hello))
        }
        Call::Announce(counts) => {
            let what = announce(store, counts).await?;
            api::announce(&what, line).await.map(Answer::Announced)
        }
        Call::Push(ids) => {
            let found = store.entries(&ids).await.map_err(|e| unread(&e))?;
            let entries = found.map_err(|id| Failure::MissingHere(Some(id)))?;
            api::push(entries, line).await.map(Answer::Pushed)
        }
        Call::PushSigned(ids) => {
            let found = store.entries(&ids).await.map_err(|e| unread(&e))?;
            let mut entries = found.map_err(|id| Failure::MissingHere(Some(id)))?;
            // Without a key nobody vouches: the person must sign in.
            let signed = key::sign(&mut entries).await;
            signed.ok_or(Failure::SignedOut)?;
            api::push(entries, line).await.map(Answer::Pushed)
        }
        Call::BeginUpload { key, size, len } => {
            let bytes = bytes(store, key, 0, len).await?;
            api::begin_upload(
                &Part {
                    key,
                    size,
                    offset: 0,
                    bytes: &bytes,
                },
                line,
            )
            .await
        }
        Call::AskOffset { upload, .. } => api::ask_offset(upload, line).await,
        Call::SendChunk {
            key,
            upload,
            offset,
            len,
            last,
        } => {
            let bytes = bytes(store, key, offset, len).await?;
            // The engine says whether this ends the blob: then the whole is what it sends.
            let size = if last { offset + len } else { u64::MAX };
            api::send_chunk(
                upload,
                &Part {
                    key,
                    size,
                    offset,
                    bytes: &bytes,
                },
                line,
            )
            .await
        }
        Call::Pull { cursor } => api::pull(cursor.as_deref(), line).await.map(Answer::Pulled),
        Call::Digest => api::digest(line).await.map(Answer::Digested),
        Call::PullBlock(block) => api::pull_block(&block, line).await.map(Answer::Block),
        Call::Verify { entries, blobs } => {
            let blobs = blobs.into_iter().map(|key| (key.entry_id, key.sha256));
            let what = Verify {
                entries,
                blobs: blobs.collect(),
            };
            api::verify(&what, line).await.map(Answer::Verified)
        }
    }
}

async fn announce(store: &LocalStore, counts: AnnounceCounts) -> Result<Announce, Failure> {
    let head = store.log_head().await.map_err(|e| unread(&e))?;
    let seen = store.seen().await.map_err(|e| unread(&e))?;
    Ok(Announce {
        heads: vec![head],
        unsent: counts.unsent,
        unsent_bytes: counts.unsent_bytes,
        oldest_age_ms: counts.oldest_age_ms,
        blobs: counts.blobs,
        blob_bytes: counts.blob_bytes,
        parked: counts.parked,
        app_version: crate::VERSION.to_owned(),
        persisted: storage::is_persisted().await,
        seen,
        room: storage::room().await,
    })
}

/// Exactly `len` bytes. A phone that does not hold them must not send fewer.
async fn bytes(
    store: &LocalStore,
    key: BlobKey,
    offset: u64,
    len: u64,
) -> Result<Vec<u8>, Failure> {
    let found = store
        .photo_bytes(key.sha256, offset, len)
        .await
        .map_err(|e| unread(&e))?;
    found
        .filter(|bytes| bytes.len() as u64 == len)
        .ok_or(Failure::MissingHere(Some(key.entry_id)))
}

/// A store that cannot be read just now is no reason to park anything: it is tried again.
fn unread(error: &StoreError) -> Failure {
    Failure::Fault {
        status: 503,
        fault: Fault::new(error.code()),
    }
}
