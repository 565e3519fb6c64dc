//! The data folder: what lies in it, and who may use it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The database.
pub const DATABASE: &str = "xunhe.sqlite";
/// Blobs, and what is small and lies beside them.
pub const BLOBS: &str = "blobs";
/// The key that signs receipts.
pub const RECEIPT_KEY: &str = "receipt.key";
/// How far the feed had come.
pub const HEADS: &str = "heads.json";
/// What the last backup says of itself.
pub const LAST_BACKUP: &str = "last-backup.json";
/// There while a restore is under way; if it stays, the restore did not finish.
pub const UNFINISHED: &str = "RESTORE-UNFINISHED";
const LOCK: &str = "lock";

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read or written.
    #[error("the data folder {} cannot be used: {source}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another program writes in it.
    #[error("another server uses the data folder {}; stop it first", .0.display())]
    InUse(PathBuf),
    /// A restore was cut off.
    #[error(
        "a restore into {} was cut off: nothing in it can be relied on; restore again", .0.display()
    )]
    Unfinished(PathBuf),
}

/// The right to be the only writer, as long as it is held; the system lets go of it even after
/// a crash.
#[derive(Debug)]
pub struct OnlyWriter(File);

impl Drop for OnlyWriter {
    /// Closing the file is not enough: a program that is being started just then has it open,
    /// too, until it has become itself, and would hold the lock for as long.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock of the data folder is let go with the process only");
        }
    }
}

impl OnlyWriter {
    /// Two writers on one folder would each believe to be the only one.
    pub fn of(data: &Path) -> Result<Self, FolderError> {
        let io = |source| FolderError::Io {
            path: data.to_owned(),
            source,
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(data.join(LOCK))
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(data.to_owned())),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

/// Refuses a folder whose restore was cut off.
pub fn finished(data: &Path) -> Result<(), FolderError> {
    match std::fs::exists(data.join(UNFINISHED)) {
        Ok(false) => Ok(()),
        Ok(true) => Err(FolderError::Unfinished(data.to_owned())),
        Err(source) => Err(FolderError::Io {
            path: data.to_owned(),
            source,
        }),
    }
}

/// Makes the entries of a folder durable: names that were made, moved or deleted in it.
pub fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_let_go_keeps_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        let first = OnlyWriter::of(folder.path()).unwrap();
        let second = OnlyWriter::of(folder.path());
        assert!(matches!(second, Err(FolderError::InUse(_))));
        // As a program has it open that is being started in this moment.
        let inherited = first.0.try_clone().unwrap();
        drop(first);
        OnlyWriter::of(folder.path()).unwrap();
        drop(inherited);
    }
}
