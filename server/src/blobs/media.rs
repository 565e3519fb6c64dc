//! What bytes are, by their first few: the name and type that a client gives count for nothing.

use domain::entry::BlobRole;

/// Bytes that the decision needs.
pub const SNIFF_BYTES: usize = 32;

const IMAGES: &[&str] = &["image/jpeg", "image/png", "image/webp", "image/heic"];

/// The media type of a blob that may have this role; `None` if it may not be stored as one.
///
/// A role of a newer version is opaque: kept, and only ever given out as a download.
pub fn media_type(role: &BlobRole, head: &[u8]) -> Option<&'static str> {
    let found = sniff(head);
    match role {
        BlobRole::Photo | BlobRole::Thumb | BlobRole::Marked => {
            found.filter(|m| IMAGES.contains(m))
        }
        BlobRole::Voice => found.filter(|m| m.starts_with("audio/")),
        BlobRole::Track | BlobRole::Other(_) => Some("application/octet-stream"),
    }
}

fn sniff(head: &[u8]) -> Option<&'static str> {
    let at = |from: usize, magic: &[u8]| head.get(from..).is_some_and(|h| h.starts_with(magic));
    let brand = |brands: &[&[u8]]| at(4, b"ftyp") && brands.iter().any(|b| at(8, b));
    Some(match () {
        () if at(0, b"\xff\xd8\xff") => "image/jpeg",
        () if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        () if at(0, b"RIFF") && at(8, b"WEBP") => "image/webp",
        () if brand(&[
            b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1",
        ]) =>
        {
            "image/heic"
        }
        () if at(0, b"OggS") => "audio/ogg",
        () if at(0, b"\x1a\x45\xdf\xa3") => "audio/webm",
        () if brand(&[b"M4A ", b"mp42", b"isom", b"iso5", b"iso6"]) => "audio/mp4",
        () if at(0, b"RIFF") && at(8, b"WAVE") => "audio/wav",
        () if at(0, b"#!AMR") => "audio/amr",
        () if at(0, b"ID3") || at(0, b"\xff\xfb") || at(0, b"\xff\xf3") => "audio/mpeg",
        () if at(0, b"\xff\xf1") || at(0, b"\xff\xf9") => "audio/aac",
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_role_allows_is_stored() {
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0";
        for (role, head, want) in [
            (
                BlobRole::Photo,
                &b"\xff\xd8\xff\xe0\0\x10JFIF"[..],
                Some("image/jpeg"),
            ),
            (BlobRole::Photo, heic, Some("image/heic")),
            (BlobRole::Thumb, b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
            (
                BlobRole::Photo,
                b"<svg xmlns=\"http://www.w3.org/2000/svg\">",
                None,
            ),
            (BlobRole::Photo, b"<!doctype html>", None),
            (BlobRole::Photo, b"MZ\x90\0", None),
            (BlobRole::Photo, b"OggS\0", None),
            (BlobRole::Photo, b"", None),
            (BlobRole::Voice, b"OggS\0", Some("audio/ogg")),
            (BlobRole::Voice, b"\xff\xd8\xff\xe0", None),
            (BlobRole::Track, b"{}", Some("application/octet-stream")),
        ] {
            assert_eq!(media_type(&role, head), want, "{role:?} {head:?}");
        }
    }
}
