use super::Failure;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use domain::entry::limits;
use domain::json::{self, JsonError};
use flate2::read::GzDecoder;
use http_body_util::{BodyExt as _, Limited};
use serde::de::DeserializeOwned;
use std::io::Read as _;

/// A request body read strictly: JSON, perhaps gzipped, bounded before *and* after
/// decompression, without duplicate keys.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// Bytes of a body, compressed or not: the largest push with every character escaped.
const BODY_BYTES: usize = 2 * limits::PUSH_BYTES + 64 * 1024;

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let gzipped = is_gzipped(request.headers())?;
        if !has_media_type(request.headers(), "application/json") {
            return Err(Failure::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "json_wanted",
            ));
        }
        let sent = collect(request.into_body(), BODY_BYTES).await?;
        let plain = if gzipped {
            inflate(&sent)?
        } else {
            sent.into()
        };
        let text = std::str::from_utf8(&plain)
            .map_err(|e| Failure::bad("json_unreadable", e.to_string()))?;
        json::read(text).map(Self).map_err(|error| {
            let code = match &error {
                JsonError::Syntax(_) => "json_unreadable",
                JsonError::DuplicateKey(_) => "json_duplicate_key",
                JsonError::Shape(_) => "json_wrong_form",
            };
            Failure::bad(code, error.to_string())
        })
    }
}

/// Reads a body of at most `limit` bytes.
pub(crate) async fn collect(body: Body, limit: usize) -> Result<bytes::Bytes, Failure> {
    let collected = Limited::new(body, limit).collect().await;
    collected
        .map(http_body_util::Collected::to_bytes)
        .map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                too_large(limit)
            } else {
                Failure::bad("body_cut_off", error.to_string())
            }
        })
}

fn inflate(sent: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut plain = Vec::new();
    let read = GzDecoder::new(sent)
        .take(BODY_BYTES as u64 + 1)
        .read_to_end(&mut plain);
    match read {
        Ok(length) if length > BODY_BYTES => Err(too_large(BODY_BYTES)),
        Ok(_) => Ok(plain),
        Err(error) => Err(Failure::bad("gzip_unreadable", error.to_string())),
    }
}

fn too_large(limit: usize) -> Failure {
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large").because(format!(
        "a body may have {limit} bytes, before and after decompression"
    ))
}

fn is_gzipped(headers: &HeaderMap) -> Result<bool, Failure> {
    match headers
        .get(header::CONTENT_ENCODING)
        .map(axum::http::HeaderValue::as_bytes)
    {
        None | Some(b"identity") => Ok(false),
        Some(b"gzip") => Ok(true),
        Some(_) => {
            let detail = "a body may be gzip or identity";
            Err(
                Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "encoding_unknown")
                    .because(detail),
            )
        }
    }
}

/// Whether the content type is `wanted`, parameters aside.
pub(crate) fn has_media_type(headers: &HeaderMap, wanted: &str) -> bool {
    let sent = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    sent.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case(wanted)
}
