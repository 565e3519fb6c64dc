//! A verified blob becomes a held one: counted in the store, so that it can be receipted.

use crate::app::Shared;
use crate::http::Failure;
use crate::ingest::Job;
use crate::store::{HeldBlobRow, Upload};
use domain::receipt::HeldBlob;

/// What of a blob was counted; nothing if the entry that named it, or the same bytes for another
/// one, were erased by law in this moment. `erasures` is how many there had been before the bytes
/// were put into the vault.
pub(crate) async fn count(
    app: &Shared,
    upload: &Upload,
    media: &str,
    erasures: u64,
) -> Result<Vec<HeldBlob>, Failure> {
    let row = HeldBlobRow {
        sha256: upload.sha256,
        person: upload.person.clone(),
        size: upload.size,
        media_type: media.to_owned(),
        erasures,
        upload: Some(upload.upload_id),
    };
    let job = Job {
        blobs: vec![row],
        ..Job::default()
    };
    app.ingest.submit(job).await?;
    let wanted = [upload.sha256];
    Ok(app.store.held_blobs(&upload.person, &wanted).await?)
}

/// Forgets an upload whose bytes are wrong for good, or that is not gone on with.
pub(crate) async fn drop(app: &Shared, upload: &Upload) -> Result<(), Failure> {
    app.store.drop_upload(upload.upload_id).await?;
    Ok(app.vault.unstage(upload.upload_id).await?)
}
