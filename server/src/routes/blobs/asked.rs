//! What the headers of an upload say.

use crate::http::Failure;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::hash::Sha256;
use domain::ids::{EntryId, UploadId};
use domain::wire::upload_header as name;

/// A chunk whose digest holds.
pub(super) struct Chunked {
    pub(super) bytes: Bytes,
    /// The sender says that it ends the upload.
    pub(super) last: bool,
}

/// The chunk, if its bytes are those that were sent.
pub(super) fn chunk_of(headers: &HeaderMap, bytes: Bytes) -> Result<Chunked, Failure> {
    let said = digest_of(headers, name::CONTENT_DIGEST)?;
    if said.is_none() && !bytes.is_empty() {
        return Err(Failure::bad(
            "digest_missing",
            "a chunk comes with its Content-Digest",
        ));
    }
    if said.is_some_and(|said| said != Sha256::of(&bytes)) {
        return Err(Failure::bad(
            "digest_mismatch",
            "the chunk was changed on the way; send it again",
        ));
    }
    let last = match text(headers, name::COMPLETE)? {
        Some("?1") => true,
        Some("?0") | None => false,
        Some(_) => return Err(Failure::bad("complete_unreadable", "?0 or ?1")),
    };
    Ok(Chunked { bytes, last })
}

/// The SHA-256 of a digest field (RFC 9530): `sha-256=:base64:`.
pub(super) fn digest_of(
    headers: &HeaderMap,
    field: &'static str,
) -> Result<Option<Sha256>, Failure> {
    let Some(line) = text(headers, field)? else {
        return Ok(None);
    };
    let digest = line.split(',').find_map(|part| {
        let coded = part.trim().strip_prefix("sha-256=:")?.strip_suffix(':')?;
        let raw: [u8; 32] = STANDARD.decode(coded).ok()?.try_into().ok()?;
        Some(Sha256::new(raw))
    });
    digest
        .map(Some)
        .ok_or_else(|| Failure::bad("digest_unreadable", format!("{field}: sha-256=:…:")))
}

/// A number in a header.
pub(super) fn number(headers: &HeaderMap, field: &'static str) -> Result<Option<u64>, Failure> {
    let number = text(headers, field)?.map(str::parse).transpose();
    number.map_err(|_| Failure::bad("number_unreadable", field))
}

/// The entry that brings the blob along.
pub(super) fn entry_id(headers: &HeaderMap) -> Result<EntryId, Failure> {
    let named = text(headers, name::ENTRY)?.and_then(|id| id.parse().ok());
    named.ok_or_else(|| Failure::bad("entry_missing", "Xunhe-Entry names the entry of the blob"))
}

/// An upload's id in a path.
pub(super) fn upload_id(text: &str) -> Result<UploadId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn text<'h>(headers: &'h HeaderMap, field: &'static str) -> Result<Option<&'h str>, Failure> {
    let value = headers.get(field).map(|v| v.to_str()).transpose();
    value.map_err(|_| Failure::bad("header_unreadable", field))
}
