use super::at;
use crate::Outcome;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// One file that the server delivers; `assets.json` is the list of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asset {
    /// Below the top, with a leading slash.
    pub(crate) path: String,
    /// Content hash, hex.
    pub(crate) sha256: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Media type.
    pub(crate) mime: String,
    /// The name contains a hash of the content: it may be kept for ever.
    pub(crate) immutable: bool,
    /// Compressed forms lie beside it (`.br`, `.gz`).
    pub(crate) compressed: bool,
}

/// Every file below `dist`, in a fixed order.
pub(crate) fn list(dist: &Path) -> Outcome<Vec<Asset>> {
    let mut found = Vec::new();
    walk(dist, "", &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn walk(dir: &Path, prefix: &str, found: &mut Vec<Asset>) -> Outcome {
    for entry in fs::read_dir(dir).map_err(|e| at(dir, &e))? {
        let path = entry.map_err(|e| at(dir, &e))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let below = format!("{prefix}/{name}");
        if path.is_dir() {
            walk(&path, &below, found)?;
            continue;
        }
        let bytes = fs::read(&path).map_err(|e| at(&path, &e))?;
        found.push(Asset {
            sha256: hex::encode(Sha256::digest(&bytes)),
            size: bytes.len() as u64,
            mime: mime(&name)?.to_owned(),
            immutable: has_hash(&name),
            compressed: false,
            path: below,
        });
    }
    Ok(())
}

fn mime(name: &str) -> Outcome<&'static str> {
    let ending = name.rsplit('.').next().unwrap_or_default();
    Ok(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => return Err(format!("{name}: no media type is known for this ending")),
    })
}

/// Trunk writes `name-<hash>.ext` and `name-<hash>_bg.wasm`; its hash is not zero-padded.
fn has_hash(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end_matches("_bg");
    let hash = stem.rsplit('-').next().unwrap_or_default();
    stem.contains('-') && hash.len() >= 12 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::has_hash;

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        for name in ["phone-b1f97d170e7e9946.js", "phone-b1f97d170e7e994_bg.wasm"] {
            assert!(has_hash(name), "{name}");
        }
        for name in [
            "index.html",
            "sw.js",
            "icon-192.png",
            "manifest.webmanifest",
        ] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
