//! Resumable uploads by the IETF draft; header names in [`domain::wire::upload_header`].

use super::http::{Line, Reply, Request, Slow};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::hash::Sha256;
use domain::ids::UploadId;
use domain::sync::{Answer, BlobKey, Failure};
use domain::wire::upload_header as name;
use js_sys::Uint8Array;

/// Some bytes of a blob.
#[derive(Debug)]
pub struct Part<'a> {
    /// Which blob.
    pub key: BlobKey,
    /// Bytes of the whole.
    pub size: u64,
    /// First byte.
    pub offset: u64,
    /// The bytes; they were read from the phone's store, never from a `Blob`, which some
    /// browsers upload empty.
    pub bytes: &'a [u8],
}

impl Part<'_> {
    fn request<'a>(&self, method: &'static str, path: String, mime: &str) -> Request<'a> {
        let last = self.offset + self.bytes.len() as u64 == self.size;
        Request::new(method, path)
            .header(name::COMPLETE, if last { "?1" } else { "?0" })
            .header(name::CONTENT_DIGEST, digest(&Sha256::of(self.bytes)))
            .body(mime, Uint8Array::from(self.bytes).into())
            .within(Slow::Chunk)
    }
}

/// `POST /blobs`: begins an upload, or finds that the server holds the blob already.
pub async fn begin_upload(part: &Part<'_>, line: Line<'_>) -> Result<Answer, Failure> {
    let reply = part
        .request("POST", "/blobs".into(), "application/octet-stream")
        .header(name::LENGTH, part.size.to_string())
        .header(name::REPR_DIGEST, digest(&part.key.sha256))
        .header(name::ENTRY, part.key.entry_id.to_string())
        .on(line)
        .send()
        .await?;
    progress(&reply, None).await
}

/// `PATCH /blobs/{id}`.
pub async fn send_chunk(
    upload: UploadId,
    part: &Part<'_>,
    line: Line<'_>,
) -> Result<Answer, Failure> {
    let reply = part
        .request("PATCH", format!("/blobs/{upload}"), name::PARTIAL)
        .header(name::OFFSET, part.offset.to_string())
        .on(line)
        .send_unjudged()
        .await?;
    if let (409, Some(held)) = (reply.status(), number(&reply, name::OFFSET)) {
        return Err(Failure::WrongOffset(held));
    }
    let reply = reply.judged().await.map_err(of_an_upload)?;
    progress(&reply, Some(upload)).await
}

/// `HEAD /blobs/{id}`: how much does the server hold?
pub async fn ask_offset(upload: UploadId, line: Line<'_>) -> Result<Answer, Failure> {
    let request = Request::new("HEAD", format!("/blobs/{upload}")).on(line);
    let reply = request.send().await.map_err(of_an_upload)?;
    match number(&reply, name::OFFSET) {
        Some(offset) => Ok(Answer::Offset { upload, offset }),
        None => Err(Failure::NotOurs),
    }
}

async fn progress(reply: &Reply, upload: Option<UploadId>) -> Result<Answer, Failure> {
    let Some(offset) = number(reply, name::OFFSET) else {
        return reply.read().await.map(Answer::BlobHeld);
    };
    if reply.header(name::COMPLETE).as_deref() == Some("?1") {
        return reply.read().await.map(Answer::BlobHeld);
    }
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

fn number(reply: &Reply, header: &str) -> Option<u64> {
    reply.header(header)?.parse().ok()
}

fn digest(hash: &Sha256) -> String {
    format!("sha-256=:{}:", BASE64.encode(hash.bytes()))
}
