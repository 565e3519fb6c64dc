//! From bytes to a blob that is held: verified, durable, then counted and receipted.

use crate::app::Shared;
use crate::blobs::{Assembled, SNIFF_BYTES, media_type};
use crate::http::Failure;
use crate::ingest::Job;
use crate::store::{HeldBlobRow, Upload};
use axum::http::StatusCode;
use bytes::Bytes;
use domain::entry::BlobRole;
use domain::hash::Sha256;
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
    count(&app, &upload, media, erasures).await
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
    let result = match app
        .vault
        .assemble(&chunks, upload.sha256, upload.size, &role)
        .await?
    {
        Assembled::Kept(media) => count(app, upload, media, erasures).await?,
        // What is staged is wrong for good: the upload starts over.
        Assembled::Mismatch => return Err(give_up(app, upload, mismatch()).await?),
        Assembled::WrongMedia => return Err(give_up(app, upload, wrong_media()).await?),
    };
    if let Err(error) = app.vault.unstage(upload.upload_id).await {
        tracing::warn!(%error, upload = %upload.upload_id, "staging objects stay behind");
    }
    Ok(result)
}

async fn give_up(app: &Shared, upload: &Upload, why: Failure) -> Result<Failure, Failure> {
    app.store.drop_upload(upload.upload_id).await?;
    app.vault.unstage(upload.upload_id).await?;
    Ok(why)
}

async fn count(
    app: &Shared,
    upload: &Upload,
    media: &str,
    erasures: u64,
) -> Result<BlobHeld, Failure> {
    let row = HeldBlobRow {
        sha256: upload.sha256,
        person: upload.person.clone(),
        size: upload.size,
        media_type: media.to_owned(),
        erasures,
        upload: Some(upload.upload_id),
    };
    app.ingest
        .submit(Job {
            blobs: vec![row],
            ..Job::default()
        })
        .await?;
    held(app, upload).await
}

/// The receipt of a blob that is held.
pub(super) async fn held(app: &Shared, upload: &Upload) -> Result<BlobHeld, Failure> {
    let blobs = app
        .store
        .held_blobs(&upload.person, &[upload.sha256])
        .await?;
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
