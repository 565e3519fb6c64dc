//! The English words in a file of their own: whoever reads Chinese does not download them.
//! `app/build.rs` names the file by the same hash.

use super::at;
use crate::Outcome;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Writes `words/en-<hash>.json` into `dist`: the words in the order of their keys.
pub(super) fn write(locale: &Path, dist: &Path) -> Outcome {
    let text = fs::read_to_string(locale).map_err(|e| at(locale, &e))?;
    let words: BTreeMap<String, String> =
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", locale.display()))?;
    let words: Vec<_> = words.values().collect();
    let text = serde_json::to_string(&words).map_err(|e| e.to_string())?;
    let hash = hex::encode(&Sha256::digest(&text)[..8]);
    let dir = dist.join("words");
    fs::create_dir_all(&dir).map_err(|e| at(&dir, &e))?;
    let path = dir.join(format!("en-{hash}.json"));
    fs::write(&path, text).map_err(|e| at(&path, &e))
}
