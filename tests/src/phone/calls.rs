//! What the engine calls, as requests filled from the phone's store, and what the answers mean.

use super::wire::{Ask, Reply};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::hash::Sha256;
use domain::ids::UploadId;
use domain::sync::{AnnounceCounts, Answer, BlobKey, Call, Failure};
use domain::wire::upload_header as name;
use domain::wire::{AS_PERSON, Announce, Fault, Hello, Push, Verify};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use std::io::Write as _;
use xunhe_app::store::{LocalStore, StoreError};

/// Below this, gzip's frame costs about what it saves.
const WORTH_BYTES: usize = 600;

/// The request of a call, with texts and bytes from the store.
pub async fn ask(store: &LocalStore, call: &Call) -> Result<Ask, Failure> {
    let ask = match call {
        Call::Hello => Ask::new("GET", "/sync/hello"),
        Call::Announce(counts) => {
            let what = announce(store, *counts).await?;
            Ask::new("POST", "/sync/announce").body("application/json", json(&what)?)
        }
        Call::Push(ids) => {
            let found = store.entries(ids).await.map_err(|e| unread(&e))?;
            let entries = found.map_err(|id| Failure::MissingHere(Some(id)))?;
            pushed(json(&Push { entries })?)
        }
        // As in the app: no key of this device was ever given to the server.
        Call::PushSigned(_) => return Err(Failure::SignedOut),
        Call::BeginUpload { key, size, len } => {
            let bytes = bytes(store, *key, 0, *len).await?;
            let ask = Ask::new("POST", "/blobs")
                .header(name::LENGTH, size.to_string())
                .header(name::REPR_DIGEST, digest(&key.sha256))
                .header(name::ENTRY, key.entry_id.to_string());
            part(ask, "application/octet-stream", bytes, len == size)
        }
        Call::AskOffset { upload, .. } => Ask::new("HEAD", format!("/blobs/{upload}")),
        Call::SendChunk {
            key,
            upload,
            offset,
            len,
            last,
        } => {
            let bytes = bytes(store, *key, *offset, *len).await?;
            let ask = Ask::new("PATCH", format!("/blobs/{upload}"))
                .header(name::OFFSET, offset.to_string());
            part(ask, name::PARTIAL, bytes, *last)
        }
        Call::Pull { cursor } => Ask::new(
            "GET",
            cursor
                .as_ref()
                .map_or_else(|| "/sync/pull".into(), |c| format!("/sync/pull?cursor={c}")),
        ),
        Call::Digest => Ask::new("GET", "/sync/digest"),
        Call::PullBlock(block) => {
            Ask::new("GET", format!("/sync/digest/{}/{}", block.shard, block.no))
        }
        Call::Verify { entries, blobs } => {
            let what = Verify {
                entries: entries.clone(),
                blobs: blobs.iter().map(|key| (key.entry_id, key.sha256)).collect(),
            };
            Ask::new("POST", "/sync/verify").body("application/json", json(&what)?)
        }
    };
    Ok(ask
        .header("accept", "application/json")
        .header(AS_PERSON, store.person().as_str()))
}

/// What an answer to the call means.
pub fn answer(call: &Call, reply: &Reply) -> Result<Answer, Failure> {
    match call {
        Call::Hello => {
            let hello: Hello = reply.judged()?.read()?;
            let ours = hello.service == "xunhe";
            ours.then_some(Answer::Hello(hello)).ok_or(Failure::NotOurs)
        }
        Call::Announce(_) => reply.judged()?.read().map(Answer::Announced),
        Call::Push(_) | Call::PushSigned(_) => reply.judged()?.read().map(Answer::Pushed),
        Call::Pull { .. } => reply.judged()?.read().map(Answer::Pulled),
        Call::Digest => reply.judged()?.read().map(Answer::Digested),
        Call::PullBlock(_) => reply.judged()?.read().map(Answer::Block),
        Call::Verify { .. } => reply.judged()?.read().map(Answer::Verified),
        Call::BeginUpload { .. } => progress(reply.judged()?, None),
        Call::AskOffset { upload, .. } => {
            let reply = reply.judged().map_err(of_an_upload)?;
            let offset = reply.number(name::OFFSET).ok_or(Failure::NotOurs)?;
            let upload = *upload;
            Ok(Answer::Offset { upload, offset })
        }
        Call::SendChunk { upload, .. } => {
            if let (409, Some(held)) = (reply.status, reply.number(name::OFFSET)) {
                return Err(Failure::WrongOffset(held));
            }
            progress(reply.judged().map_err(of_an_upload)?, Some(*upload))
        }
    }
}

async fn announce(store: &LocalStore, counts: AnnounceCounts) -> Result<Announce, Failure> {
    let head = store.log_head().await.map_err(|e| unread(&e))?;
    Ok(Announce {
        heads: vec![head],
        unsent: counts.unsent,
        unsent_bytes: counts.unsent_bytes,
        oldest_age_ms: counts.oldest_age_ms,
        blobs: counts.blobs,
        blob_bytes: counts.blob_bytes,
        parked: counts.parked,
        app_version: xunhe_app::VERSION.to_owned(),
        persisted: true,
        seen: store.seen().await.map_err(|e| unread(&e))?,
        room: None,
    })
}

fn pushed(text: Vec<u8>) -> Ask {
    let ask = Ask::new("POST", "/sync/push");
    if text.len() < WORTH_BYTES {
        return ask.body("application/json", text);
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&text).unwrap();
    ask.header("content-encoding", "gzip")
        .body("application/json", gzip.finish().unwrap())
}

fn part(ask: Ask, mime: &str, bytes: Vec<u8>, last: bool) -> Ask {
    let ask = ask
        .header(name::COMPLETE, if last { "?1" } else { "?0" })
        .header(name::CONTENT_DIGEST, digest(&Sha256::of(&bytes)))
        .body(mime, bytes);
    Ask { heavy: true, ..ask }
}

fn progress(reply: &Reply, upload: Option<UploadId>) -> Result<Answer, Failure> {
    let complete = reply.header(name::COMPLETE) == Some("?1");
    let Some(offset) = reply.number(name::OFFSET).filter(|_| !complete) else {
        return reply.read().map(Answer::BlobHeld);
    };
    let named = || reply.header("location")?.rsplit('/').next()?.parse().ok();
    let upload = upload.or_else(named).ok_or(Failure::NotOurs)?;
    Ok(Answer::Offset { upload, offset })
}

fn of_an_upload(failure: Failure) -> Failure {
    match failure {
        Failure::Fault {
            status: 404 | 410, ..
        } => Failure::UploadGone,
        other => other,
    }
}

/// Exactly `len` bytes. A phone that does not hold them must not send fewer.
async fn bytes(
    store: &LocalStore,
    key: BlobKey,
    offset: u64,
    len: u64,
) -> Result<Vec<u8>, Failure> {
    let found = store.photo_bytes(key.sha256, offset, len).await;
    found
        .map_err(|e| unread(&e))?
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

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|_| Failure::NotOurs)
}

/// A digest field of RFC 9530.
pub fn digest(hash: &Sha256) -> String {
    format!("sha-256=:{}:", BASE64.encode(hash.bytes()))
}
