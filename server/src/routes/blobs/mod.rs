//! Resumable upload of blobs, after the IETF draft `draft-ietf-httpbis-resumable-upload`.

mod asked;
mod finish;

use self::asked::{Chunked, chunk_of, digest_of, number, upload_id};
use self::finish::{finish, keep_whole};
use crate::app::Shared;
use crate::clock;
use crate::http::json::collect;
use crate::http::{Caller, Failure};
use crate::store::{Appended, Upload};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use domain::access::Object;
use domain::ids::{EntryId, UploadId};
use domain::receipt::HeldBlob;
use domain::register::PersonId;
use domain::wire::{BlobHeld, Limits, upload_header as name};

/// Begins an upload, or finishes it at once if the whole blob came along.
#[utoipa::path(post, path = "/blobs", tag = "sync",
    responses(
        (status = 200, description = "wire::BlobHeld: the blob is held", body = serde_json::Value),
        (status = 201, description = "begun; Location, Upload-Offset"),
        (status = 404, description = "no entry of the caller names this blob")))]
pub(super) async fn create(
    caller: Caller,
    State(app): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    caller.may(&Object::Nothing)?;
    let person = caller.signed_in()?.person.clone();
    let entry_id = asked::entry_id(&headers)?;
    let sha256 = digest_of(&headers, name::REPR_DIGEST)?
        .ok_or_else(|| Failure::bad("repr_digest_missing", "Repr-Digest names the blob"))?;
    let bytes = read_body(body).await?;
    let chunk = chunk_of(&headers, bytes)?;
    let named = app.store.named_blob(&person, entry_id, sha256).await?;
    let Some(named) = named else {
        return Err(not_named(&app, &person, entry_id).await?);
    };
    if number(&headers, name::LENGTH)?.is_some_and(|length| length != named.size) {
        return Err(Failure::bad(
            "length_mismatch",
            "Upload-Length is not what the entry says",
        ));
    }
    let upload = Upload {
        upload_id: UploadId::new(crate::random::bytes()),
        person,
        entry_id,
        sha256,
        size: named.size,
        held: 0,
        touched_ms: clock::now(),
    };
    if let Some(received_ms) = named.held_ms {
        let held = HeldBlob {
            sha256,
            size: named.size,
            received_ms,
        };
        if app.vault.holds(&held).await? {
            return finish::held(&app, &upload)
                .await
                .map(IntoResponseHeld::response);
        }
        tracing::error!(%sha256, %entry_id, "a blob that was received is gone; it is taken again");
    }
    if chunk.bytes.len() as u64 == named.size {
        return durable(keep_whole(app, upload, named.role, chunk.bytes))
            .await?
            .map(IntoResponseHeld::response);
    }
    let upload = app.store.open_upload(&upload).await?;
    let offset = durable(begin(Shared::clone(&app), upload.clone(), chunk)).await??;
    let place = format!("/api/v1/blobs/{}", upload.upload_id);
    let mut response = (StatusCode::CREATED, at(offset)).into_response();
    if let Ok(place) = HeaderValue::from_str(&place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// An entry that nobody sent, or one whose content was erased by law: then nothing of it is taken
/// any more, and the phone stops asking.
async fn not_named(app: &Shared, person: &PersonId, entry: EntryId) -> Result<Failure, Failure> {
    if app.store.is_erased(person, entry).await? {
        let status = StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS;
        return Ok(Failure::new(status, "erased"));
    }
    Ok(Failure::not_found())
}

/// Takes the first chunk, unless an earlier try of the same upload has come further already.
async fn begin(app: Shared, upload: Upload, chunk: Chunked) -> Result<u64, Failure> {
    if upload.held > 0 || chunk.bytes.is_empty() {
        return Ok(upload.held);
    }
    match stage(&app, &upload, 0, chunk.bytes).await? {
        Appended::Held(offset) | Appended::WrongOffset(offset) => Ok(offset),
        Appended::Gone => Err(Failure::not_found()),
    }
}

/// How much of an upload is held.
#[utoipa::path(head, path = "/blobs/{id}", tag = "sync",
    params(("id" = String, Path, description = "upload id")),
    responses(
        (status = 204, description = "Upload-Offset, Upload-Complete"),
        (status = 404, description = "there is no such upload")))]
pub(super) async fn state(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let upload = own(&app, &caller, &id).await?;
    Ok((StatusCode::NO_CONTENT, at(upload.held)).into_response())
}

/// Adds a chunk; the one that completes the blob is answered when it is verified and durable.
#[utoipa::path(patch, path = "/blobs/{id}", tag = "sync",
    params(("id" = String, Path, description = "upload id")),
    responses(
        (status = 200, description = "wire::BlobHeld: the blob is held", body = serde_json::Value),
        (status = 204, description = "more to come; Upload-Offset"),
        (status = 409, description = "wrong_offset; Upload-Offset is the right one"),
        (status = 422, description = "blob_hash_mismatch: the upload starts over")))]
pub(super) async fn append(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let upload = own(&app, &caller, &id).await?;
    let offset = number(&headers, name::OFFSET)?.ok_or_else(|| {
        Failure::bad("offset_missing", "Upload-Offset says where the body begins")
    })?;
    if offset != upload.held {
        return Err(wrong_offset(upload.held));
    }
    let chunk = chunk_of(&headers, read_body(body).await?)?;
    let end = offset + chunk.bytes.len() as u64;
    if end > upload.size || (chunk.last && end < upload.size) {
        return Err(Failure::bad(
            "length_mismatch",
            "the upload is not as long as announced",
        ));
    }
    durable(take(app, upload, chunk)).await?
}

async fn take(app: Shared, mut upload: Upload, chunk: Chunked) -> Result<Response, Failure> {
    if !chunk.bytes.is_empty() {
        match stage(&app, &upload, upload.held, chunk.bytes).await? {
            Appended::Held(offset) => upload.held = offset,
            Appended::WrongOffset(offset) => return Err(wrong_offset(offset)),
            Appended::Gone => return Err(Failure::not_found()),
        }
    }
    if upload.held == upload.size {
        finish(&app, &upload).await.map(IntoResponseHeld::response)
    } else {
        Ok((StatusCode::NO_CONTENT, at(upload.held)).into_response())
    }
}

/// Gives an upload up.
#[utoipa::path(delete, path = "/blobs/{id}", tag = "sync",
    params(("id" = String, Path, description = "upload id")),
    responses((status = 204, description = "forgotten")))]
pub(super) async fn cancel(
    caller: Caller,
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let upload = own(&app, &caller, &id).await?;
    app.store.drop_upload(upload.upload_id).await?;
    app.vault.unstage(upload.upload_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn own(app: &Shared, caller: &Caller, id: &str) -> Result<Upload, Failure> {
    let person = &caller.signed_in()?.person;
    let upload = app
        .store
        .upload(person, upload_id(id)?)
        .await?
        .ok_or_else(Failure::not_found)?;
    caller.may(&Object::Upload {
        owner: &upload.person,
    })?;
    Ok(upload)
}

async fn stage(
    app: &Shared,
    upload: &Upload,
    offset: u64,
    bytes: Bytes,
) -> Result<Appended, Failure> {
    let (id, len) = (upload.upload_id, bytes.len());
    let chunk = app.vault.stage(id, offset, bytes).await?;
    let appended = app.store.append_chunk(id, &chunk, clock::now()).await?;
    // The journeys read from this line that nothing confirmed is sent twice.
    tracing::debug!(upload = %id, size = upload.size, offset, len, ?appended, "chunk stored");
    Ok(appended)
}

async fn read_body(body: Body) -> Result<Bytes, Failure> {
    let most = usize::try_from(Limits::default().chunk_bytes).unwrap_or(usize::MAX);
    collect(body, most).await
}

/// Goes on even if the phone hangs up: what it sent is not asked for again.
async fn durable<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Failure> {
    Ok(tokio::spawn(work).await?)
}

fn at(offset: u64) -> [(HeaderName, HeaderValue); 2] {
    [
        (
            HeaderName::from_static(name::OFFSET),
            HeaderValue::from(offset),
        ),
        (
            HeaderName::from_static(name::COMPLETE),
            HeaderValue::from_static("?0"),
        ),
    ]
}

fn wrong_offset(held: u64) -> Failure {
    Failure::new(StatusCode::CONFLICT, "wrong_offset").with(
        HeaderName::from_static(name::OFFSET),
        HeaderValue::from(held),
    )
}

/// How a held blob is answered.
trait IntoResponseHeld {
    fn response(self) -> Response;
}

impl IntoResponseHeld for BlobHeld {
    fn response(self) -> Response {
        let complete = HeaderValue::from_static("?1");
        (
            [(HeaderName::from_static(name::COMPLETE), complete)],
            Json(self),
        )
            .into_response()
    }
}
