use super::records::visible;
use crate::app::Shared;
use crate::http::headers::UPLOAD_POLICY;
use crate::http::{Caller, Failure};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::ids::EntryId;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct How {
    #[serde(default)]
    inline: u8,
}

/// The bytes of a blob exactly as received, read by its place in an entry, never by hash.
#[utoipa::path(get, path = "/records/{id}/entries/{entry_id}/blobs/{index}", tag = "desk",
    params(
        ("id" = String, Path, description = "record id"),
        ("entry_id" = String, Path, description = "entry id"),
        ("index" = usize, Path, description = "place in the header's list"),
        ("inline" = Option<u8>, Query, description = "1: shown in a page if it is a picture")),
    responses((status = 200, description = "the bytes")))]
pub(super) async fn read(
    caller: Caller,
    State(app): State<Shared>,
    Path((id, entry_id, index)): Path<(String, String, usize)>,
    Query(how): Query<How>,
) -> Result<Response, Failure> {
    let record = visible(&app, &caller, &id).await?;
    let entry_id: EntryId = entry_id.parse().map_err(|_| Failure::not_found())?;
    let stored = record
        .entry(entry_id)
        .and_then(|e| e.blobs.get(index))
        .filter(|b| b.held_ms.is_some())
        .ok_or_else(Failure::not_found)?;
    let (size, bytes) = app.vault.read(stored.blob.sha256).await?;
    let media = stored.media_type.as_deref().unwrap_or_default();
    let (kind, shown) = match shown_inline(media) {
        Some(kind) if how.inline == 1 => (kind, "inline".to_owned()),
        _ => (
            "application/octet-stream",
            attachment(&record.row.number, index, media),
        ),
    };
    let mut response = Body::from_stream(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(UPLOAD_POLICY),
    );
    // The bytes of a place in an entry never change; only this person's browser may keep them.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=86400, immutable"),
    );
    if let Ok(shown) = HeaderValue::from_str(&shown) {
        headers.insert(header::CONTENT_DISPOSITION, shown);
    }
    Ok(response)
}

/// The type under which a page may show it, by its own magic bytes.
fn shown_inline(media: &str) -> Option<&'static str> {
    ["image/jpeg", "image/png", "image/webp"]
        .into_iter()
        .find(|kind| *kind == media)
}

/// A generated name: what a client called a file counts for nothing.
fn attachment(number: &str, index: usize, media: &str) -> String {
    let ending = match media {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/heic" => "heic",
        "audio/mp4" => "m4a",
        "audio/ogg" => "ogg",
        "audio/webm" => "webm",
        _ => "bin",
    };
    format!("attachment; filename=\"{number}-{index}.{ending}\"")
}
