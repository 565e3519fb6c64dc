//! A folder of backups: one set for each, and the blobs of all of them once.
//!
//! ```text
//! DEPOT/sets/2026-11-25T105107-042-ab12/          a backup: database, key, lists, manifest
//! DEPOT/sets/2026-11-25T105107-042-ab12.partial/  one that is being made, or was cut off
//! DEPOT/blobs/ab/abcd…                            blobs by hash, for all sets
//! ```

use super::Job;
use super::blobs::{Taken, take};
use super::manifest::{MANIFEST, Manifest, SEAL, Why};
use crate::folder;
use crate::ops::trouble::Trouble;
use crate::ops::{files, said, stamp};
use crate::{clock, random};
use domain::hash::Sha256;
use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

const SETS: &str = "sets";
const BLOBS: &str = "blobs";
/// What is not a backup, or no longer.
const PARTIAL: &str = "partial";

/// A folder of backups that nobody else writes in.
#[derive(Debug)]
pub(crate) struct Depot {
    path: PathBuf,
    _lock: File,
}

impl Depot {
    /// Opens or makes the folder, and clears away what an interrupted backup left.
    pub(super) fn open(path: &Path) -> Result<Self, Trouble> {
        let io = |e: io::Error| Trouble::io(path, &e);
        if path.join(folder::DATABASE).exists() {
            let at = path.display();
            return Err(Trouble::failed(said!(
                "{at} 是数据目录，不能备份到它里面。请换一个目录，最好在另一块磁盘上。",
                "{at} is a data folder; a backup does not belong there. Name another folder, best \
                 on another disk."
            )));
        }
        files::make_folder(&path.join(SETS)).map_err(io)?;
        files::make_folder(&path.join(BLOBS)).map_err(io)?;
        let lock = File::create(path.join("lock")).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let at = path.display();
                return Err(Trouble::failed(said!(
                    "另一个备份正在写 {at}，等它做完再执行。",
                    "another backup writes to {at}; wait for it."
                )));
            }
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let depot = Self {
            path: path.to_owned(),
            _lock: lock,
        };
        depot.clear().map_err(io)?;
        Ok(depot)
    }

    fn sets(&self) -> PathBuf {
        self.path.join(SETS)
    }

    /// Everything that was begun and not finished; whoever wrote it is gone.
    fn clear(&self) -> io::Result<()> {
        for set in std::fs::read_dir(self.sets())? {
            let set = set?.path();
            if set.extension().is_some_and(|e| e == PARTIAL) {
                std::fs::remove_dir_all(set)?;
            }
        }
        Ok(())
    }

    /// The backups, oldest first.
    pub(super) fn complete(&self) -> io::Result<Vec<PathBuf>> {
        complete(&self.path)
    }

    /// Takes a backup away; from the first moment on it is none any more.
    pub(super) fn remove(&self, set: &Path) -> io::Result<()> {
        let gone = set.with_extension(PARTIAL);
        std::fs::rename(set, &gone)?;
        folder::sync(&self.sets())?;
        std::fs::remove_dir_all(gone)
    }

    /// The folder of blobs.
    pub(super) fn blobs(&self) -> PathBuf {
        self.path.join(BLOBS)
    }
}

/// The complete sets of a depot, oldest first.
pub(crate) fn complete(depot: &Path) -> io::Result<Vec<PathBuf>> {
    let mut sets = Vec::new();
    for set in std::fs::read_dir(depot.join(SETS))? {
        let set = set?.path();
        if set.extension().is_none() && set.join(MANIFEST).exists() {
            sets.push(set);
        }
    }
    sets.sort();
    Ok(sets)
}

/// Where a blob lies in a depot.
pub(crate) fn blob_in(depot: &Path, sha256: Sha256) -> PathBuf {
    let hex = sha256.to_string();
    depot.join(BLOBS).join(&hex[..2]).join(&hex)
}

/// Makes a backup; gives its manifest and its folder.
pub(super) async fn make(job: &Job<'_>, depot: &Depot) -> Result<(Manifest, PathBuf), Trouble> {
    let suffix = hex::encode(random::bytes::<2>());
    let name = format!("{}-{suffix}", stamp::name(clock::now()));
    let set = depot.sets().join(name);
    let partial = set.with_extension(PARTIAL);
    let io = |e: io::Error| Trouble::io(&partial, &e);
    files::make_folder(&partial).map_err(io)?;
    let mut manifest = job.begin(&partial).await?;
    let mut touched = BTreeSet::new();
    let taken = take(job, &partial, &mut manifest, |sha256, size| {
        copy(job, depot, &mut touched, sha256, size)
    });
    taken.await?;
    for folder in &touched {
        folder::sync(folder).map_err(io)?;
    }
    folder::sync(&depot.blobs()).map_err(io)?;
    job.accept(&manifest)?;
    let (text, seal) = manifest.write().map_err(|e| io(e.into()))?;
    files::write_from(&mut seal.as_bytes(), &partial.join(SEAL), |_| ()).map_err(io)?;
    files::write_from(&mut text.as_slice(), &partial.join(MANIFEST), |_| ()).map_err(io)?;
    folder::sync(&partial).map_err(io)?;
    std::fs::rename(&partial, &set).map_err(io)?;
    folder::sync(&depot.sets()).map_err(io)?;
    Ok((manifest, set))
}

/// One blob into the depot, unless it is there. The name is taken last: what bears it is whole.
fn copy(
    job: &Job<'_>,
    depot: &Depot,
    touched: &mut BTreeSet<PathBuf>,
    sha256: Sha256,
    size: u64,
) -> Result<Taken, Trouble> {
    let target = blob_in(&depot.path, sha256);
    if std::fs::metadata(&target).is_ok_and(|m| m.len() == size) {
        return Ok(Taken::Kept);
    }
    let io = |e: io::Error| Trouble::io(&target, &e);
    if let Some(folder) = target.parent() {
        files::make_folder(folder).map_err(io)?;
        touched.insert(folder.to_owned());
    }
    let source = job.data.blob(sha256);
    let draft = target.with_extension(PARTIAL);
    if let Err(error) = std::fs::File::open(&source) {
        return match error.kind() {
            io::ErrorKind::NotFound => Ok(Taken::Lost(Why::Missing)),
            _ => Err(Trouble::io(&source, &error)),
        };
    }
    let copied = files::copy(&source, &draft, |_| ()).map_err(io)?;
    if copied != (size, sha256) {
        std::fs::remove_file(&draft).map_err(io)?;
        return Ok(Taken::Lost(Why::Damaged));
    }
    std::fs::rename(&draft, &target).map_err(io)?;
    Ok(Taken::Kept)
}
