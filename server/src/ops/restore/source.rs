//! Where a backup is read from: a set in a folder of backups, or an archive.

mod archive;
mod set;

use super::target::Target;
use crate::ops::backup::manifest::{MANIFEST, Manifest, NoManifest};
use crate::ops::backup::sets;
use crate::ops::said;
use crate::ops::terminal::Terminal;
use crate::ops::trouble::Trouble;
use domain::hash::Sha256;
use std::path::{Path, PathBuf};

/// A backup.
#[derive(Debug)]
pub(super) enum Source {
    /// A set and the folder of backups that it lies in.
    Set {
        /// The set.
        set: PathBuf,
        /// The folder of backups.
        depot: PathBuf,
    },
    /// One file.
    Archive(PathBuf),
}

impl Source {
    /// What the operator named: a folder of backups means its newest.
    pub(super) fn find(from: &Path) -> Result<Self, Trouble> {
        let found = std::fs::metadata(from).map_err(|e| Trouble::io(from, &e))?;
        if found.is_file() {
            return Ok(Self::Archive(from.to_owned()));
        }
        if from.join("sets").is_dir() {
            let sets = sets::complete(from).map_err(|e| Trouble::io(from, &e))?;
            let newest = sets
                .into_iter()
                .next_back()
                .ok_or_else(|| no_backup(from))?;
            return Ok(Self::Set {
                set: newest,
                depot: from.to_owned(),
            });
        }
        let depot = std::path::absolute(from)
            .ok()
            .and_then(|set| Some(set.parent()?.parent()?.to_owned()));
        match depot {
            Some(depot) if from.join(MANIFEST).exists() && from.extension().is_none() => {
                Ok(Self::Set {
                    set: from.to_owned(),
                    depot,
                })
            }
            _ => Err(no_backup(from)),
        }
    }

    /// Which backup it is.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Set { set, .. } => set.display().to_string(),
            Self::Archive(file) => file.display().to_string(),
        }
    }

    /// Reads everything in it and compares it with the manifest.
    pub(super) fn check(&self, terminal: &Terminal) -> Result<Manifest, Trouble> {
        let what = said!("核对备份", "checking the backup");
        match self {
            Self::Set { set, depot } => set::check(set, depot, terminal, &what),
            Self::Archive(file) => archive::check(file, terminal, &what),
        }
    }

    /// Copies everything into the data folder, comparing it once more.
    pub(super) fn copy(
        &self,
        manifest: &Manifest,
        target: &Target,
        terminal: &Terminal,
    ) -> Result<(), Trouble> {
        let what = said!("恢复", "restoring");
        let files: u64 = manifest.files.iter().map(|f| f.size).sum();
        let bytes = files + manifest.blob_bytes;
        let progress = terminal.progress(&what, manifest.blobs, bytes);
        match self {
            Self::Set { set, depot } => set::copy(set, depot, manifest, target, &progress),
            Self::Archive(file) => archive::copy(file, manifest, target, &progress),
        }
    }
}

fn no_backup(from: &Path) -> Trouble {
    let at = from.display();
    Trouble::failed(said!(
        "{at} 里没有完整的备份（名字带 .partial 的是没有做完的，不能用）。",
        "there is no complete backup in {at} (what is named .partial was not finished and cannot \
         be used)."
    ))
}

/// Files that belong into the data folder; lists and manifest stay in the backup.
fn belongs_in_data(name: &str) -> bool {
    name == crate::folder::DATABASE || name == crate::folder::RECEIPT_KEY
}

/// A part of the backup is not what the manifest says.
fn damaged(part: &str) -> Trouble {
    Trouble::found(said!(
        "备份坏了：{part} 与清单不符或不见了。什么都没有写。请换一份备份（xunhe restore --check 可以先检查）。",
        "the backup is damaged: {part} is not what the manifest says, or missing. Nothing was \
         written. Take another backup (xunhe restore --check tries one)."
    ))
}

fn no_manifest(error: &NoManifest) -> Trouble {
    Trouble::found(said!(
        "备份的清单不能用（{error}）。什么都没有写。请换一份备份。",
        "the manifest of the backup cannot be used ({error}). Nothing was written. Take another \
         backup."
    ))
}

/// What was copied must be what was checked a moment ago.
fn same(copied: (u64, Sha256), wanted: (u64, Sha256), part: &str) -> Result<(), Trouble> {
    if copied == wanted {
        Ok(())
    } else {
        Err(damaged(part))
    }
}
