use super::archive::{Archive, End};
use super::code;
use super::taking::Taking;
use crate::blobs::Assembled;
use crate::clock;
use crate::http::Failure;
use crate::ingest::Job;
use crate::store::{Appended, HeldBlobRow, Upload};
use bytes::BytesMut;
use domain::entry::BlobRole;
use domain::hash::Sha256;
use domain::ids::UploadId;
use domain::rescue::Head;

/// Bytes of a photo that are in memory at once.
const PIECE: usize = 4 * 1024 * 1024;

/// Takes one blob as an upload of its own: staged, put together, verified, counted.
pub(super) async fn take(
    taking: &mut Taking<'_>,
    archive: &mut Archive,
    head: &Head,
    sha256: Sha256,
) -> Result<Result<(), End>, Failure> {
    let app = taking.app;
    let Some(entry_id) = taking.named.get(&sha256).copied() else {
        // Photos of drafts come along with them.
        if taking.taken.drafts == 0 {
            taking.refuse(head.name.clone(), code::NAMED_BY_NOTHING);
        }
        return Ok(Ok(()));
    };
    if taking.blobs.contains_key(&sha256) {
        taking.taken.blobs_known += 1;
        return Ok(Ok(()));
    }
    let person = taking.taken.person.clone();
    let named = app.store.named_blob(&person, entry_id, sha256).await?;
    let Some(named) = named.filter(|n| n.size == u64::from(head.size)) else {
        taking.refuse(head.name.clone(), code::NAMED_BY_NOTHING);
        return Ok(Ok(()));
    };
    let upload = fresh(taking, entry_id, sha256, named.size).await?;
    let id = upload.upload_id;
    let whole = stage(taking, archive, &upload).await?;
    let erasures = app.store.erasures().await?;
    let kept = if whole.is_ok() {
        let chunks = app.store.chunks(id).await?;
        let role = BlobRole::from(named.role);
        Some(
            app.vault
                .assemble(&chunks, sha256, named.size, &role)
                .await?,
        )
    } else {
        None
    };
    if let Some(Assembled::Kept(media)) = kept {
        count(taking, &upload, media, erasures).await?;
    } else {
        match kept {
            Some(Assembled::WrongMedia) => taking.refuse(head.name.clone(), code::WRONG_MEDIA),
            Some(_) => taking.refuse(head.name.clone(), code::DAMAGED),
            None => {}
        }
        app.store.drop_upload(id).await?;
    }
    app.vault.unstage(id).await?;
    Ok(whole)
}

/// An upload from the first byte: what the phone itself began stays as it is.
async fn fresh(
    taking: &Taking<'_>,
    entry_id: domain::ids::EntryId,
    sha256: Sha256,
    size: u64,
) -> Result<Upload, Failure> {
    let app = taking.app;
    let wanted = || Upload {
        upload_id: UploadId::new(crate::random::bytes()),
        person: taking.taken.person.clone(),
        entry_id,
        sha256,
        size,
        held: 0,
        touched_ms: clock::now(),
    };
    let upload = app.store.open_upload(&wanted()).await?;
    if upload.held == 0 {
        return Ok(upload);
    }
    // The rest is here: what was begun is not waited for. The phone, if it still lives, is told
    // that its upload is gone, asks again, and hears that the blob is held.
    app.store.drop_upload(upload.upload_id).await?;
    app.vault.unstage(upload.upload_id).await?;
    Ok(app.store.open_upload(&wanted()).await?)
}

/// Moves the bytes from the archive into staging; the inner end says that they stopped short.
async fn stage(
    taking: &Taking<'_>,
    archive: &mut Archive,
    upload: &Upload,
) -> Result<Result<(), End>, Failure> {
    let (app, mut at) = (taking.app, 0);
    while at < upload.size {
        let mut piece = BytesMut::new();
        while piece.len() < PIECE {
            match archive.piece(PIECE - piece.len()).await {
                Ok(more) if more.is_empty() => break,
                Ok(more) => piece.extend_from_slice(&more),
                Err(end) => return Ok(Err(end)),
            }
        }
        let (id, bytes) = (upload.upload_id, piece.freeze());
        let chunk = app.vault.stage(id, at, bytes).await?;
        match app.store.append_chunk(id, &chunk, clock::now()).await? {
            Appended::Held(held) => at = held,
            Appended::WrongOffset(_) | Appended::Gone => {
                let why = "another one sends the same photo just now; import the file again";
                return Err(Failure::bad("rescue_in_the_way", why).retry_after(30));
            }
        }
    }
    Ok(Ok(()))
}

async fn count(
    taking: &mut Taking<'_>,
    upload: &Upload,
    media: &str,
    erasures: u64,
) -> Result<(), Failure> {
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
    taking.app.ingest.submit(job).await?;
    let held = taking
        .app
        .store
        .held_blobs(&upload.person, &[upload.sha256])
        .await?;
    // None if the entry, or the same bytes for another one, were purged in this moment.
    taking.taken.blobs += u32::from(!held.is_empty());
    taking.blobs.extend(held.into_iter().map(|b| (b.sha256, b)));
    Ok(())
}
