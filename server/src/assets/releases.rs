//! The files of the last releases, kept beside the photos: a phone that still runs an older
//! version, or was cut off in the middle of fetching one, finds its files.

use super::{Found, files, is_hashed};
use crate::app::App;
use crate::blobs::{Vault, VaultError};
use crate::clock;
use domain::hash::Sha256;
use domain::time::WallMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The one that runs, and those before it.
const KEPT: usize = 3;
const LIST: &str = "releases.json";

/// What a release needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Release {
    /// Over names and contents.
    id: String,
    /// When it was started last.
    at_ms: WallMs,
    /// Files with a content hash in their name; the others are always the newest.
    files: BTreeSet<String>,
}

/// Keeps the files of the release that starts, and lets go of those that only releases before
/// the last three need.
pub(crate) async fn keep(app: &App) -> Result<(), VaultError> {
    let mut own = Release {
        id: String::new(),
        at_ms: clock::now(),
        files: BTreeSet::new(),
    };
    let mut hashes = String::new();
    for name in files::names(app.app_folder.as_deref()).await {
        let Some(file) = files::plain(app.app_folder.as_deref(), &name).await else {
            continue;
        };
        hashes.push_str(&file.tag);
        if is_hashed(&name) {
            let kept = app.vault.read_note(&path(&name)).await?;
            if kept.is_none() {
                let bytes = file.bytes.into_owned().into();
                app.vault.write_note(&path(&name), bytes).await?;
            }
            own.files.insert(name);
        }
    }
    own.id = Sha256::of(hashes.as_bytes()).to_string();
    let known = list(&app.vault).await?;
    let (kept, gone) = turn(known, own);
    for name in gone {
        app.vault.remove_note(&path(&name)).await?;
    }
    let list = serde_json::to_vec(&kept).unwrap_or_default();
    app.vault.write_note(LIST, list.into()).await
}

/// A file of an earlier release.
pub(super) async fn find(vault: &Vault, name: &str) -> Option<Found> {
    if !is_hashed(name) {
        return None;
    }
    let bytes = match vault.read_note(&path(name)).await {
        Ok(found) => found?,
        Err(error) => {
            tracing::error!(%error, name, "a file of an earlier release could not be read");
            return None;
        }
    };
    Some(Found {
        tag: Sha256::of(&bytes).to_string(),
        bytes: Vec::from(bytes).into(),
        encoding: None,
    })
}

fn path(name: &str) -> String {
    format!("releases/{name}")
}

async fn list(vault: &Vault) -> Result<Vec<Release>, VaultError> {
    let found = vault.read_note(LIST).await?;
    // A list that does not read is begun anew; files it named stay where they are.
    Ok(found
        .and_then(|text| serde_json::from_slice(&text).ok())
        .unwrap_or_default())
}

/// The releases to keep with `own` among them, newest first, and the files nobody needs.
fn turn(known: Vec<Release>, own: Release) -> (Vec<Release>, Vec<String>) {
    let mut all: Vec<Release> = known.into_iter().filter(|r| r.id != own.id).collect();
    all.push(own);
    all.sort_by_key(|r| std::cmp::Reverse(r.at_ms));
    let gone = all.split_off(all.len().min(KEPT));
    let needed: BTreeSet<&String> = all.iter().flat_map(|r| &r.files).collect();
    let gone: BTreeSet<String> = gone
        .into_iter()
        .flat_map(|r| r.files)
        .filter(|name| !needed.contains(name))
        .collect();
    (all, gone.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(id: &str, at: i64, files: &[&str]) -> Release {
        Release {
            id: id.to_owned(),
            at_ms: WallMs(at),
            files: files.iter().map(|f| (*f).to_owned()).collect(),
        }
    }

    #[test]
    fn three_releases_stay_and_what_they_share() {
        let known = vec![
            release("3", 3, &["c", "all"]),
            release("2", 2, &["b", "all"]),
            release("1", 1, &["a", "all"]),
        ];
        let (kept, gone) = turn(known.clone(), release("4", 4, &["d", "all"]));
        let ids: Vec<_> = kept.iter().map(|r| r.id.as_str()).collect();
        assert_eq!((ids, gone), (vec!["4", "3", "2"], vec!["a".to_owned()]));
        // Started again, or gone back to: no new one, and the newest.
        let (kept, gone) = turn(known, release("1", 9, &["a", "all"]));
        let ids: Vec<_> = kept.iter().map(|r| r.id.as_str()).collect();
        assert_eq!((ids, gone), (vec!["1", "3", "2"], vec![]));
    }
}
