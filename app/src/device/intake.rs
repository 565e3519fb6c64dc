//! A file from camera or gallery becomes stored bytes: piece by piece, hashed as it comes, never
//! whole in memory, before anything else is done with it.

use super::{clock, random};
use crate::store::{CHUNK_BYTES, LocalStore, StoreError, StoredPhoto};
use domain::entry::limits::BLOB_BYTES;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

/// A photo whose original bytes are on the medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// Hash and size.
    pub photo: StoredPhoto,
    /// Media type by its first bytes.
    pub mime: &'static str,
    /// What the person should know.
    pub warning: Option<Warning>,
}

/// The photo is kept, but.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The end of the JPEG is missing.
    Truncated,
    /// HEIC: kept as it is, cannot be shown here.
    Heic,
}

/// Why a file was not taken in. What was recorded before is untouched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// No bytes: the camera gave an empty file.
    #[error("the file is empty")]
    Empty,
    /// More than 50 MB.
    #[error("the file has {0} bytes")]
    TooLarge(u64),
    /// Not a photo.
    #[error("the file is not a photo")]
    NotAPhoto,
    /// The browser could not read it.
    #[error("the file cannot be read")]
    Unreadable,
    /// The phone's store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Warning {
    /// Stable code; the words live in the locale files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated => "photo_truncated",
            Self::Heic => "photo_heic",
        }
    }
}

impl IntakeError {
    /// Stable code; the words live in the locale files.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "photo_empty",
            Self::TooLarge(_) => "photo_too_large",
            Self::NotAPhoto => "photo_not_an_image",
            Self::Unreadable => "photo_unreadable",
            Self::Store(error) => error.code(),
        }
    }
}

/// Stores the bytes of `file`. When this returns they were flushed, read back and hashed.
pub async fn take_in(store: &LocalStore, file: &File) -> Result<TakenIn, IntakeError> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a byte count"
    )]
    let size = file.size() as u64;
    match size {
        0 => return Err(IntakeError::Empty),
        1..=BLOB_BYTES => {}
        _ => return Err(IntakeError::TooLarge(size)),
    }
    let mime = media_type(&piece(file, 0, size.min(32)).await?).ok_or(IntakeError::NotAPhoto)?;
    let mut intake = store.begin_photo(random::bytes(), clock::wall()).await?;
    let (mut at, mut end) = (0, Vec::new());
    while at < size {
        let until = (at + CHUNK_BYTES as u64).min(size);
        let bytes = piece(file, at, until).await?;
        // Some systems hand out a file that is empty after a while: better no photo than a
        // photo of nothing.
        if bytes.len() as u64 != until - at {
            return Err(IntakeError::Unreadable);
        }
        end = bytes[bytes.len().saturating_sub(64)..].to_vec();
        store.put_chunk(&mut intake, bytes).await?;
        at = until;
    }
    let photo = store.finish_photo(intake).await?;
    Ok(TakenIn {
        photo,
        mime,
        warning: warning(mime, &end),
    })
}

async fn piece(file: &File, from: u64, to: u64) -> Result<Vec<u8>, IntakeError> {
    #[allow(clippy::cast_precision_loss, reason = "at most 50 MB")]
    let slice = file.slice_with_f64_and_f64(from as f64, to as f64);
    let promise = slice.map_err(|_| IntakeError::Unreadable)?.array_buffer();
    let buffer = JsFuture::from(promise)
        .await
        .map_err(|_| IntakeError::Unreadable)?;
    Ok(js_sys::Uint8Array::new(&buffer.unchecked_into::<js_sys::ArrayBuffer>()).to_vec())
}

/// By the first bytes; names and declared types lie.
fn media_type(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
            let heic = [b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim"];
            heic.iter()
                .any(|known| brand.starts_with(*known))
                .then_some("image/heic")
        }
        _ => None,
    }
}

fn warning(mime: &str, end: &[u8]) -> Option<Warning> {
    match mime {
        "image/heic" => Some(Warning::Heic),
        // Some cameras write a few bytes behind the end mark.
        "image/jpeg" if !end.windows(2).any(|pair| pair == [0xFF, 0xD9]) => {
            Some(Warning::Truncated)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_known_by_their_first_bytes() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"\xFF\xD8\xFF\xE0rest", Some("image/jpeg")),
            (b"\x89PNG\r\n\x1A\nrest", Some("image/png")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"\0\0\0\x18ftypheic\0\0", Some("image/heic")),
            (b"\0\0\0\x18ftypmp42\0\0", None),
            (b"<html>", None),
        ];
        for (head, mime) in cases {
            assert_eq!(media_type(head), mime, "{head:?}");
        }
    }

    #[test]
    fn a_jpeg_without_its_end_is_kept_with_a_warning() {
        assert_eq!(warning("image/jpeg", b"...\xFF\xD9"), None);
        assert_eq!(warning("image/jpeg", b"...\xFF\xD9\0\0"), None);
        assert_eq!(warning("image/jpeg", b"......"), Some(Warning::Truncated));
        assert_eq!(warning("image/heic", b""), Some(Warning::Heic));
    }
}
