//! From bytes to a blob that is held: verified, durable, then counted and receipted.

use crate::app::Shared;
use crate::blobs::{Assembled, SNIFF_BYTES, media_type};
use crate::counted;
use crate::http::Failure;
use crate::store::Upload;
use axum::http::StatusCode;
use bytes::Bytes;
use domain::entry::BlobRole;
use domain::hash::Sha256;
use domain::receipt::HeldBlob;
use domain::wire::BlobHeld;

/// A blob that came in one request.
pub(super) async fn keep_whole(
    app: Shared,
    upload: Upload,
    role: String,
    bytes: Bytes,
) -> Result<BlobHeld, Failure> {
    if Sha256::of(&bytes) != upload.sha256 {
        return Err(mismatch());
    }
    let head = &bytes[..bytes.len().min(SNIFF_BYTES)];
    let media = media_type(&BlobRole::from(role), head).ok_or_else(wrong_media)?;
    let erasures = app.store.erasures().await?;
    app.vault.keep(upload.sha256, bytes).await?;
    let held = counted::count(&app, &upload, media, erasures).await?;
    receipted(&app, &upload, held)
}

/// An upload of which every byte is staged.
pub(super) async fn finish(app: &Shared, upload: &Upload) -> Result<BlobHeld, Failure> {
    let named = app
        .store
        .named_blob(&upload.person, upload.entry_id, upload.sha256)
        .await?;
    let named = named.ok_or_else(Failure::not_found)?;
    let chunks = app.store.chunks(upload.upload_id).await?;
    let role = BlobRole::from(named.role);
    let erasures = app.store.erasures().await?;
    let held = match app
        .vault
        .assemble(&chunks, upload.sha256, upload.size, &role)
        .await?
    {
        Assembled::Kept(media) => counted::count(app, upload, media, erasures).await?,
        // What is staged is wrong for good: the upload starts over.
        Assembled::Mismatch => {
            counted::drop(app, upload).await?;
            return Err(mismatch());
        }
        // As if it had never been begun.
        Assembled::Lost => {
            counted::drop(app, upload).await?;
            return Err(Failure::not_found());
        }
        Assembled::WrongMedia => {
            counted::drop(app, upload).await?;
            return Err(wrong_media());
        }
    };
    if let Err(error) = app.vault.unstage(upload.upload_id).await {
        tracing::warn!(%error, upload = %upload.upload_id, "staging objects stay behind");
    }
    receipted(app, upload, held)
}

/// The receipt of a blob that is held.
pub(super) async fn held(app: &Shared, upload: &Upload) -> Result<BlobHeld, Failure> {
    let person = &upload.person;
    let held = app.store.held_blobs(person, &[upload.sha256]).await?;
    receipted(app, upload, held)
}

fn receipted(app: &Shared, upload: &Upload, blobs: Vec<HeldBlob>) -> Result<BlobHeld, Failure> {
    if blobs.is_empty() {
        // The same bytes were erased for another entry in this moment, or this entry was.
        return Err(
            Failure::new(StatusCode::SERVICE_UNAVAILABLE, "erased_meanwhile")
                .because("send the photo once more")
                .retry_after(5),
        );
    }
    let receipt = app.receipts.issue(Vec::new(), blobs)?;
    Ok(BlobHeld {
        sha256: upload.sha256,
        receipt,
    })
}

fn mismatch() -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, "blob_hash_mismatch")
        .because("the bytes are not those that the entry names; send them again from the start")
}

fn wrong_media() -> Failure {
    Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type_not_allowed")
        .because("JPEG, PNG, WebP or HEIC for photos; audio for spoken notes")
}
